"""A question that must be decided before anything else; its safe answer has the focus."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen

from medtui.ui.widgets.plain import PlainButton, PlainStatic


class Dialog(ModalScreen[str]):
    """Offers a safe answer and others; gives back the chosen one's name, "" for Esc."""

    CSS_PATH = "dialog.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss('')", "Cancel", show=False),
        Binding("left,h", "app.focus_previous", "Previous", show=False),
        Binding("right,l", "app.focus_next", "Next", show=False),
    ]

    def __init__(self, heading: str, text: str, safe: tuple[str, str], *others: tuple[str, str]) -> None:
        super().__init__()
        self._heading = heading
        self._text = text
        self._answers = (safe, *others)

    def compose(self) -> ComposeResult:
        """Lay out the question and its answers."""
        with Vertical(id="dialog"):
            yield PlainStatic(self._heading, classes="title")
            yield PlainStatic(self._text)
            with Horizontal(classes="buttons"):
                for name, label in self._answers:
                    yield PlainButton(label, id=name)

    def on_mount(self) -> None:
        """Put the focus on the safe answer."""
        self.query(PlainButton).first().focus()

    def on_button_pressed(self, event: PlainButton.Pressed) -> None:
        """Give back the answer."""
        event.stop()
        self.dismiss(str(event.button.id))
