"""Lets training start although something is left, for those who type in full that they answer for it."""

import sqlite3

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message

from medtui.deid import gate
from medtui.deid.gate import Gate
from medtui.errors import Refusal
from medtui.text import sanitize_line
from medtui.ui.screens.field_dialog import FieldDialog
from medtui.ui.screens.vault_screen import VaultScreen
from medtui.ui.widgets.plain import PlainInput, PlainStatic


class TypedInput(PlainInput):
    """A field that takes keys only: what somebody answers for is not pasted."""

    class Pasted(Message):
        """Something was to be pasted."""

    def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        self.post_message(self.Pasted())


class Looked(Message):
    """Whether the gate is open, and what a sentence that was typed led to."""

    def __init__(self, state: Gate, refusal: str = "") -> None:
        super().__init__()
        self.state, self.refusal = state, refusal


class OverrideDialog(FieldDialog, VaultScreen[bool]):
    """Shows what is left and the sentence; gives back whether training may start now."""

    DEFAULT_CSS = """
    OverrideDialog {
        & .sentence { margin: 1 0; text-style: bold; color: $text-warning; }
        & PlainInput { margin: 0 0 1 0; }
    }
    """

    def compose(self) -> ComposeResult:
        """Lay out what is left, the sentence and the field."""
        with Vertical(id="dialog"):
            yield PlainStatic("Start training all the same?", classes="title")
            yield PlainStatic("Looking…", id="reasons")
            yield PlainStatic("", id="sentence", classes="sentence")
            yield TypedInput(id="typed", placeholder="Type the sentence above, word by word")
            yield PlainStatic(
                "Your name and the time go into the audit trail. Esc goes back; nothing has changed.", id="said"
            )

    def on_mount(self) -> None:
        """Look whether the gate is open."""
        self.open_vault(self._workspace)
        self._vault.do(lambda connection: self.post_message(Looked(gate.gate(connection))))

    def on_looked(self, message: Looked) -> None:
        """Show what is left, or leave when training may start."""
        state = message.state
        if state.open:
            self.dismiss(True)
            return
        reasons = (state.unfinished,) if state.unfinished else state.reasons
        safer = "The safe way is to decide the doubts in the review and to run this step again."
        self.query_one("#reasons", PlainStatic).update("\n".join([*map(sanitize_line, reasons), safer]))
        self.query_one("#sentence", PlainStatic).update("" if state.unfinished else state.sentence)
        self.query_one("#typed").display = not state.unfinished
        if message.refusal:
            self.say(message.refusal)

    def on_typed_input_pasted(self, _message: TypedInput.Pasted) -> None:
        """Say that it must be typed."""
        self.say("Please type the sentence; it cannot be pasted.")

    def on_input_submitted(self, event: PlainInput.Submitted) -> None:
        """Take the sentence."""
        event.stop()
        typed = event.value

        def take(connection: sqlite3.Connection) -> None:
            refusal = ""
            try:
                gate.override(connection, self._workspace, typed)
            except Refusal:
                refusal = "This is not the sentence word by word; training stays closed."
            self.post_message(Looked(gate.gate(connection), refusal))

        self._vault.do(take)
