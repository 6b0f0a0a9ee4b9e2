"""Finds the screen of a step; each is imported when it is first shown."""

import importlib
from pathlib import Path
from typing import Any

from textual.app import App

from medtui import vault
from medtui.errors import Refusal
from medtui.process import FINISHED
from medtui.ui import following
from medtui.ui.running import JOB_STEPS, job_of, running_steps
from medtui.wizard.journey import Journey
from medtui.workspace import DONE, STEPS, Workspace


def screen_for(workspace: Workspace, journey: Journey) -> Any:
    """Give the screen of the journey's present step."""
    step = journey.place.step
    module = importlib.import_module(f"medtui.ui.screens.{step}")
    return getattr(module, f"{step.capitalize()}Screen")(workspace, journey)


def settle(workspace: Workspace) -> None:
    """Take the results of long work that finished while no screen watched it."""
    for step in JOB_STEPS:
        job = job_of(workspace, step)
        if job is None or workspace.state(step) == DONE or job.status() != FINISHED:
            continue
        end = following.end_of(job.events()[0])
        result = dict((end or {}).get("result") or {})
        # A result that is known already was made from earlier answers and does not count again.
        known = workspace.result(step) or {}
        if result and not result.items() <= known.items():
            importlib.import_module(f"medtui.{step}.step").accept(workspace, *_run(workspace, step, result), result)


def _run(workspace: Workspace, step: str, result: dict[str, Any]) -> tuple[Any, ...]:
    if step != "training":
        return ()
    return (importlib.import_module("medtui.training.runs").find(workspace, str(result["run"])),)


def journey_of(workspace: Workspace) -> Journey:
    """Read from disk where a practice stands."""
    settle(workspace)
    return Journey.resume({step: workspace.state(step) for step in STEPS}, running_steps(workspace))


def open_workspace(app: App[Any], path: Path, *, replace: bool = False) -> None:
    """Open a practice where it was left.

    Args:
        app: the app.
        path: the workspace's folder.
        replace: put it in place of the present screen.
    """
    try:
        workspace = Workspace.open(path)
        if vault.is_locked(workspace) and not _unlocked(workspace):
            _ask(app, workspace, replace)
            return
        for step in STEPS:
            workspace.answers(step)
        screen = screen_for(workspace, journey_of(workspace))
    except Refusal as refusal:
        app.notify(str(refusal), title="This practice cannot be opened", severity="error", timeout=30, markup=False)
        return
    if replace:
        app.switch_screen(screen)
    else:
        app.push_screen(screen)


def _unlocked(workspace: Workspace) -> bool:
    """Open a vault with what the command line gave."""
    try:
        vault.key(workspace)
    except Refusal:
        return False
    return True


def _ask(app: App[Any], workspace: Workspace, replace: bool) -> None:
    from medtui.ui.screens.passphrase import PassphraseDialog  # shown for encrypted vaults alone

    def go_on(is_open: bool | None) -> None:
        if is_open:
            open_workspace(app, workspace.path, replace=replace)

    app.push_screen(PassphraseDialog(workspace), go_on)
