"""A dialog with one field to type into."""

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from medtui.ui.widgets.plain import PlainStatic
from medtui.workspace import Workspace


class FieldDialog(ModalScreen[bool]):
    """Has a field `typed` and a line `said` about what came of it; Esc gives back False."""

    CSS_PATH = "dialog.tcss"
    DEFAULT_CSS = """
    FieldDialog { align: center middle; background: $background 60%; & PlainInput { margin: 1 0; } }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(False)", "Cancel", show=False)]

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self._workspace = workspace

    def on_mount(self) -> None:
        """Put the focus into the field."""
        self.query_one("#typed").focus()

    def say(self, words: str) -> None:
        """Say what came of what was typed."""
        self.query_one("#said", PlainStatic).update(words)
