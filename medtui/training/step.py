"""The training step: one run from start to finish, carried on where it was interrupted."""

from typing import Any

from medtui.process import FAILED, FINISHED, LOST, RUNNING, STOPPED
from medtui.progress import Progress, silent
from medtui.training import defaults, provenance, runs
from medtui.workspace import OPEN, Workspace


def run(workspace: Workspace, progress: Progress = silent) -> dict[str, Any]:
    """Train the practice's adapter and wait for it.

    A run that goes on is followed; one with the same recipe that was stopped, failed or was lost is continued; else one
    starts.

    Raises:
        Refusal: it cannot start, failed, or was stopped.
    """
    current = begin(workspace)
    return accept(workspace, current, runs.follow(current, progress))


def begin(workspace: Workspace) -> runs.Run:
    """Give the run that goes on: the one at work, an interrupted one with the same recipe continued, or a new one.

    Raises:
        Refusal: it cannot start.
    """
    current = _unfinished(workspace)
    if current is None:
        return runs.start(workspace)
    if current.status() != RUNNING:
        runs.resume(current)
    return current


def _unfinished(workspace: Workspace) -> runs.Run | None:
    known = runs.runs(workspace)
    if not known:
        return None
    status = known[-1].status()
    if status == RUNNING:
        return known[-1]
    recipe = defaults.resolve_recipe(workspace)
    same = known[-1].recipe() == recipe and provenance.unchanged(known[-1].folder, recipe)
    return known[-1] if same and status in {FAILED, LOST, STOPPED} else None


def accept(workspace: Workspace, finished: runs.Run, result: dict[str, Any]) -> dict[str, Any]:
    """Take a finished run as the step's result."""
    workspace.finish("training", result)
    workspace.audit("training finished", run=finished.id, steps=result["steps"], status=FINISHED)
    return result


def settle(workspace: Workspace) -> bool:
    """Take the newest run as the step's result when it finished while nobody watched.

    Returns:
        Whether it was taken just now.
    """
    known = runs.runs(workspace)
    result = known[-1].result() if known else None
    if result is None or workspace.state("training") != OPEN:
        return False
    accept(workspace, known[-1], result)
    return True
