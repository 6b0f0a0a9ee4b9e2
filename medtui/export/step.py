"""The export step: the adapter, and a merged model that loads anywhere, with cards that say what was measured."""

from typing import Any

from medtui.export import order
from medtui.process import RUNNING, Job
from medtui.progress import Progress, silent
from medtui.workspace import Workspace

WORKER = "medtui.export.worker"


def run(workspace: Workspace, progress: Progress = silent) -> dict[str, Any]:
    """Export the newest tuned model of the practice.

    Returns:
        `adapter` and `merged` (each or null): the folders; `check`: figures of the merge check.

    Raises:
        Refusal: there is nothing to export, no room, or the merged model was wrong.
    """
    return accept(workspace, begin(workspace).follow(progress))


def begin(workspace: Workspace) -> Job:
    """Give the job that exports the newest run, started unless it runs already.

    Raises:
        Refusal: there is nothing to export, or no room.
    """
    wanted = order.prepare(workspace)
    job = Job(workspace.exports / wanted.run)
    if job.status() != RUNNING:
        order.save(wanted, job.folder)
        job.start(WORKER)
    return job


def accept(workspace: Workspace, result: dict[str, Any]) -> dict[str, Any]:
    """Take what a finished job wrote as the step's result."""
    workspace.finish("export", result)
    run = str((workspace.result("training") or {}).get("run", ""))
    workspace.audit("model exported", run=run, merged=bool(result.get("merged")))
    return result
