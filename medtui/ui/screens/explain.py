"""The help page: what the present page is for, and every key."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen

from medtui.ui.widgets.plain import PlainStatic, title

KEYS = (
    ("Enter", "accept what is chosen and go on"),
    ("Esc", "go back one page; work that is going on goes on"),
    ("↑ ↓  j k", "choose"),
    ("Tab", "move between answers, list of steps and buttons"),
    ("?  F1", "this help"),
    ("Ctrl+P", "find any action by its name"),
    ("Ctrl+Q", "quit; work that is going on goes on"),
    ("mouse", "click a step on the left, an answer or a button"),
)


class Explain(ModalScreen[None]):
    """Explains the page beneath it."""

    CSS_PATH = "explain.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,question_mark,f1,enter,q", "dismiss", "Close"),
        Binding("j,down", "scroll('down')", "Down", show=False),
        Binding("k,up", "scroll('up')", "Up", show=False),
    ]

    def __init__(self, heading: str, text: str, keys: tuple[tuple[str, str], ...]) -> None:
        super().__init__()
        self._heading = heading
        self._text = text
        self._keys = keys

    def compose(self) -> ComposeResult:
        """Lay out the explanation and the keys."""
        rows = (*self._keys, *KEYS)
        width = max(len(key) for key, _ in rows)
        keys = [Content.assemble((key.ljust(width + 3), "bold $primary"), words) for key, words in rows]
        with VerticalScroll(id="explain"):
            yield PlainStatic(self._heading, classes="title")
            yield PlainStatic(self._text)
            yield PlainStatic(Content("\n").join(keys), classes="keys")

    def on_mount(self) -> None:
        """Say on the frame how the page is left, where a long explanation cannot push it out of sight."""
        title(self.query_one("#explain"), "", "Esc closes this page")

    def action_scroll(self, direction: str) -> None:
        """Scroll the explanation."""
        self.query_one("#explain").scroll_relative(y=1 if direction == "down" else -1, animate=False)
