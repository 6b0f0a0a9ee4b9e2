"""What every command shares: the workspace, JSON output, progress on the terminal."""

import contextlib
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from medtui.progress import Progress
from medtui.text import sanitize
from medtui.workspace import Workspace


def _open(_context: click.Context, _parameter: click.Parameter, value: Path | None) -> Workspace | None:
    return Workspace.open(value) if value is not None else None


workspace_option = click.option(
    "--workspace",
    type=click.Path(path_type=Path, file_okay=False),
    callback=_open,
    help="The practice's folder. Required where the command works on a practice.",
)

json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of text.")


def required(workspace: Workspace | None) -> Workspace:
    """Insist on `--workspace`.

    Raises:
        click.UsageError: it was not given.
    """
    if workspace is None:
        raise click.UsageError("Say which practice: --workspace DIR (see `medtui` for the list).")
    return workspace


def print_result(result: Mapping[str, Any], as_json: bool, render: Callable[[Mapping[str, Any]], str]) -> None:
    """Print a step's result: one JSON object on one line, or plain text that no terminal obeys."""
    click.echo(json.dumps(result, ensure_ascii=True) if as_json else sanitize(render(result)))


@contextlib.contextmanager
def terminal_progress() -> Iterator[Progress]:
    """Show progress on standard error: a bar on a terminal, a line per new message in a pipe."""
    if not sys.stderr.isatty():
        yield _PipeProgress()
        return
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TimeRemainingColumn())
    with Bar(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("", total=None)

        def show(done: int, total: int, message: str) -> None:
            bar.update(task, completed=done, total=total or None, description=sanitize(message))

        yield show


class _PipeProgress:
    def __init__(self) -> None:
        self._last = ("", -1)

    def __call__(self, done: int, total: int, message: str) -> None:
        tenth = 10 * done // total if total else 0
        if (message, tenth) != self._last:
            self._last = (message, tenth)
            click.echo(f"  {sanitize(message)} {f'{done}/{total}' if total else ''}".rstrip(), err=True)
