"""Asks for the passphrase of an encrypted vault, once a session."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.screen import ModalScreen

from medtui import vault
from medtui.errors import Refusal
from medtui.text import sanitize_line
from medtui.ui.widgets.plain import PlainInput, PlainStatic
from medtui.vault_key import passphrase
from medtui.workspace import Workspace


class Tried(Message):
    """A passphrase was tried."""

    def __init__(self, refusal: str) -> None:
        super().__init__()
        self.refusal = refusal


class PassphraseDialog(ModalScreen[bool]):
    """Gives back whether the vault is open now."""

    CSS_PATH = "dialog.tcss"
    DEFAULT_CSS = """
    PassphraseDialog { align: center middle; background: $background 60%; & PlainInput { margin: 1 0; } }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(False)", "Cancel", show=False)]

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self._workspace = workspace

    def compose(self) -> ComposeResult:
        """Lay out the question and its field."""
        with Vertical(id="dialog"):
            yield PlainStatic("The vault is locked", classes="title")
            yield PlainStatic(
                f"The reports of {sanitize_line(self._workspace.practice)} are encrypted. The passphrase stays in the "
                "memory of this program and of the work it starts, until you leave; it is never written down."
            )
            yield PlainInput(id="typed", password=True, placeholder="Passphrase")
            yield PlainStatic("Enter opens the vault, Esc goes back.", id="said")

    def on_mount(self) -> None:
        """Put the focus into the field."""
        self.query_one("#typed").focus()

    def on_input_submitted(self, event: PlainInput.Submitted) -> None:
        """Try the passphrase; deriving the key takes a moment."""
        event.stop()
        secret = passphrase(event.value)
        self.query_one("#typed", PlainInput).clear()
        self.query_one("#said", PlainStatic).update("Opening…")
        self.run_worker(lambda: self._try(secret), thread=True, exclusive=True)

    def _try(self, secret: bytes) -> None:
        try:
            vault.unlock(self._workspace, secret)
            self.post_message(Tried(""))
        except Refusal as refusal:
            self.post_message(Tried(str(refusal)))

    def on_tried(self, message: Tried) -> None:
        """Leave, or say what is wrong."""
        if message.refusal:
            self.query_one("#said", PlainStatic).update(message.refusal)
        else:
            self.dismiss(True)
