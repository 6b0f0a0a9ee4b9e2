"""What screens share that read the vault in a thread of their own."""

from typing import ClassVar

from textual.message import Message
from textual.screen import Screen, ScreenResultType

from medtui.ui.vault_thread import VaultThread
from medtui.ui.widgets.plain import PlainStatic
from medtui.workspace import Workspace


class VaultRefused(Message):
    """The vault cannot be read or written."""

    def __init__(self, reason: str) -> None:
        super().__init__()
        self.reason = reason


class VaultScreen(Screen[ScreenResultType]):
    """Has the thread from `open_vault` on until it is left; what was given to the thread is finished first.

    It comes after the base that gives a screen its look: Textual applies the style of the first base only.
    """

    # The line that says why the vault cannot be read.
    SAYS: ClassVar[str] = "#said"

    def open_vault(self, workspace: Workspace) -> None:
        """Start the thread."""
        self._vault = VaultThread(workspace, lambda reason: self.post_message(VaultRefused(reason)))

    def on_unmount(self) -> None:
        """Finish what was begun and end the thread."""
        self._vault.close()

    def on_vault_refused(self, message: VaultRefused) -> None:
        """Say why nothing can be done."""
        self.query_one(self.SAYS, PlainStatic).update(message.reason)
