"""Asks for the passphrase of an encrypted vault, once a session."""

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message

from medtui import vault
from medtui.errors import Refusal
from medtui.text import sanitize_line
from medtui.ui.screens.field_dialog import FieldDialog
from medtui.ui.widgets.plain import PlainInput, PlainStatic
from medtui.vault_key import passphrase


class Tried(Message):
    """A passphrase was tried."""

    def __init__(self, refusal: str) -> None:
        super().__init__()
        self.refusal = refusal


class PassphraseDialog(FieldDialog):
    """Gives back whether the vault is open now."""

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

    def on_input_submitted(self, event: PlainInput.Submitted) -> None:
        """Try the passphrase; deriving the key takes a moment."""
        event.stop()
        secret = passphrase(event.value)
        self.query_one("#typed", PlainInput).clear()
        self.say("Opening…")
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
            self.say(message.refusal)
        else:
            self.dismiss(True)
