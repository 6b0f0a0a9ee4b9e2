"""How a long piece of work tells how far it is."""

from typing import Protocol


class Progress(Protocol):
    """Receives progress; called from the thread that does the work."""

    def __call__(self, done: int, total: int, message: str) -> None:
        """Report progress.

        Args:
            done: units finished.
            total: units in all, 0 when unknown.
            message: what happens now, in plain words, never patient text.
        """


def silent(done: int, total: int, message: str) -> None:
    """Ignore progress."""
