"""What every screen has: a heading, a footer with the keys that work, and a word when the terminal is too small."""

from typing import Any, ClassVar

from textual import events
from textual._path import CSSPathType
from textual.app import ComposeResult, SystemCommand
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget

from medtui.text import sanitize_line
from medtui.ui.widgets.key_bar import KeyBar
from medtui.ui.widgets.plain import PlainStatic

SMALLEST = (80, 24)


class Frame(Screen[Any]):
    """A screen with heading, body and footer."""

    CSS_PATH: ClassVar[CSSPathType | None] = ["frame.tcss"]
    # Declared by Textual as an instance's attribute, read from the class.
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (120, "-wide")]  # noqa: RUF012
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Back", tooltip="Go back one page; work that is going on goes on"),
        Binding("question_mark,f1", "app.explain", "Help", key_display="?", tooltip="What this page is, and all keys"),
    ]

    def compose(self) -> ComposeResult:
        """Lay out heading, body and footer, and the word for small terminals."""
        yield PlainStatic(id="heading")
        yield from self.body()
        yield KeyBar()
        yield PlainStatic(id="too-small")

    def body(self) -> ComposeResult:
        """Give what stands between heading and footer."""
        yield from ()

    def heading(self, left: str, right: str = "") -> None:
        """Write the top line."""
        width = max(0, self.size.width - 2)
        left = sanitize_line(left)[: max(0, width - len(right) - 12)]
        gap = " " * max(1, width - len("medtui") - 3 - len(left) - len(right))
        text = Content.assemble(("medtui", "bold $primary"), (f"   {left}{gap}", ""), (right, "$muted"))
        self.query_one("#heading", PlainStatic).update(text)

    def status_line(self) -> str:
        """Say what goes on, for a terminal too small to show the screen."""
        return ""

    def on_resize(self, event: events.Resize) -> None:
        """Cover the screen with a word when it is too small to be read."""
        small = event.size.width < SMALLEST[0] or event.size.height < SMALLEST[1]
        self.set_class(small, "-too-small")
        if small:
            needed = f"{SMALLEST[0]} columns and {SMALLEST[1]} lines"
            words = f"Please enlarge the terminal: medtui needs {needed}; this one has {event.size.width} and "
            self.query_one("#too-small", PlainStatic).update(
                "\n\n".join(filter(None, [f"{words}{event.size.height}.", self.status_line(), "Ctrl+Q quits."]))
            )
        self.resized()

    def resized(self) -> None:
        """Draw anew what depends on the width."""

    def help_text(self) -> tuple[str, str]:
        """Give heading and explanation for the help page."""
        return "medtui", "Choose with the arrows, accept with Enter, go back with Esc."

    def commands(self) -> list[SystemCommand]:
        """Give further actions for the palette, beyond the keys."""
        return []

    def action_back(self) -> None:
        """Leave this screen."""
        self.dismiss()


def put(parent: Widget, page: Widget) -> None:
    """Show a page in place of the one that is shown."""
    with parent.app.batch_update():
        parent.remove_children()
        parent.mount(page)
