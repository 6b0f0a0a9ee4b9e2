"""Asks for passwords on the terminal; what is typed is neither shown nor kept."""

import os
from contextlib import ExitStack
from types import TracebackType
from typing import Any, Self

import click

from medtui.options import terminal_progress
from medtui.progress import Progress
from medtui.reports.protected import ARCHIVED, MOST_WRONG, Group
from medtui.text import sanitize_line

_OFFICE = "encrypted-office"


class Terminal:
    """Progress and questions on one terminal, never both at once."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._show: Progress | None = None
        self._told = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._quiet()

    def __call__(self, done: int, total: int, message: str) -> None:
        """Show progress."""
        if self._show is None:
            self._show = self._stack.enter_context(terminal_progress())
        self._show(done, total, message)

    def _quiet(self) -> None:
        self._show = None
        self._stack.close()

    def password(self, group: Group, wrong: int) -> str:
        """Ask for the password of a group, empty to leave its files out; where no terminal is, say so once."""
        self._quiet()
        if not os.isatty(0):
            if not self._told:
                said = "Files protected by a password are left out: nobody can be asked, because this is no terminal. "
                click.echo(f"{said}Start the command in a terminal, or save the files without a password.", err=True)
            self._told = True
            return ""
        again = "The password opened none of them. " if wrong else ""
        tries = f" (try {wrong + 1} of {MOST_WRONG})" if wrong else ""
        click.echo(f"{again}{_named(group)} protected; Enter alone leaves them out.", err=True)
        typed: Any = click.prompt(f"Password{tries}", hide_input=True, err=True, default="", show_default=False)
        return str(typed)

    def left_out(self, group: Group) -> None:
        """Say that a group is left out because no password opened its files."""
        self._quiet()
        click.echo(f"{MOST_WRONG} passwords opened none of them. {_named(group)} left out.", err=True)


def _named(group: Group) -> str:
    if group.format == ARCHIVED:
        kind = "{} inside archives"
    else:
        kind = f"{'Office' if group.format == _OFFICE else sanitize_line(group.format.upper())} {{}}"
    noun, verb = ("file", "is") if group.files == 1 else ("files", "are")
    return f"{group.files} {kind.format(noun)} in {sanitize_line(group.place)} {verb}"
