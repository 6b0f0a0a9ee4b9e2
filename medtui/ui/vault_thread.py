"""One thread with one connection to the vault, so that a screen never waits for the disk."""

import queue
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing

from medtui import vault
from medtui.errors import Refusal
from medtui.workspace import Workspace

Work = Callable[[sqlite3.Connection], object]
# More than any single piece of work needs; a screen that ends must not hang the terminal.
_LONGEST_END = 10.0


class VaultThread:
    """Does one piece of work after the other, in the order given."""

    def __init__(self, workspace: Workspace, refused: Callable[[str], object]) -> None:
        """Start the thread.

        Args:
            workspace: whose vault.
            refused: called in the thread with a sentence when a piece of work cannot be done.
        """
        self._workspace = workspace
        self._refused = refused
        self._waiting: queue.SimpleQueue[Work | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._serve, name="vault", daemon=True)
        self._thread.start()

    def do(self, work: Work) -> None:
        """Let a piece of work be done as soon as those before it are."""
        self._waiting.put(work)

    def close(self) -> None:
        """Finish what was given so far, then end."""
        self._waiting.put(None)
        self._thread.join(_LONGEST_END)

    def _serve(self) -> None:
        try:
            with closing(vault.connect(self._workspace)) as connection:
                while (work := self._waiting.get()) is not None:
                    try:
                        work(connection)
                    except Refusal as refusal:
                        self._refused(str(refusal))
                    except vault.errors() as error:
                        self._refused(str(error))
        except Refusal as refusal:
            self._refused(str(refusal))
