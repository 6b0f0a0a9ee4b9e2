"""`medtui run` and `medtui demo`: the whole journey without pressing a key."""

import importlib
import sys
from pathlib import Path

import click

from medtui.errors import Refusal
from medtui.journey.demo import default_folder, demo_workspace
from medtui.journey.run import run_all
from medtui.journey.summary import in_words, summary
from medtui.options import json_option, print_result, required, terminal_progress, workspace_option
from medtui.workspace import Workspace


@click.command("run")
@workspace_option
@json_option
@click.option("--yes", is_flag=True, help="Go on without asking; required where nobody can be asked.")
@click.option("--again", is_flag=True, help="Run finished steps again, too.")
def run(workspace: Workspace | None, as_json: bool, yes: bool, again: bool) -> None:
    """Replay a practice's saved answers: every step in order, defaults where nothing was answered."""
    practice = required(workspace)
    if not yes and not _agreed(practice):
        raise Refusal("Nothing was started; add --yes to go on without being asked.")
    _journey(practice, as_json, again=again)


def _agreed(practice: Workspace) -> bool:
    if not sys.stdin.isatty():
        raise Refusal("Nobody can be asked here; add --yes to replay the saved answers.")
    return click.confirm(f"Run all open steps of {practice.practice} in {practice.path}?", default=True)


@click.command("demo")
@click.option("--headless", is_flag=True, help="Without the screen; chosen by itself where there is no terminal.")
@click.option(
    "--workspace",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where the demo's files go. [default: demo below the medtui data folder]",
)
@json_option
def demo(headless: bool, folder: Path | None, as_json: bool) -> None:
    """Walk through everything with a fictional practice and a tiny model; nothing is downloaded."""
    practice = demo_workspace(folder or default_folder())
    if headless or as_json or not (sys.stdin.isatty() and sys.stdout.isatty()):
        _journey(practice, as_json, again=True)
    else:
        importlib.import_module("medtui.ui.app").open_app(practice.path)


def _journey(practice: Workspace, as_json: bool, *, again: bool) -> None:
    with terminal_progress() as progress:
        results, seconds = run_all(practice, progress, again=again)
    print_result(summary(results, seconds), as_json, in_words)
