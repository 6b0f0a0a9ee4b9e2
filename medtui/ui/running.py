"""Which steps' work is going on right now, whoever started it."""

from medtui.process import RUNNING, Job
from medtui.workspace import Workspace

JOB_STEPS = ("deid", "training", "evaluation", "export")


def job_of(workspace: Workspace, step: str) -> Job | None:
    """Give the job that does a step's work: the newest run, or what was started for the finished one.

    Returns:
        None when there is none yet.
    """
    if step == "deid":
        return Job(workspace.jobs / step)
    if step in {"evaluation", "export"}:
        run = str((workspace.result("training") or {}).get("run") or "")
        return Job((workspace.evaluations if step == "evaluation" else workspace.exports) / run) if run else None
    folders = [folder for folder in workspace.runs.iterdir() if (folder / "recipe.toml").is_file()]
    newest = max(folders, key=lambda folder: (folder.stat().st_ctime, folder.name), default=None)
    return Job(newest) if newest else None


def running_steps(workspace: Workspace) -> frozenset[str]:
    """Tell which steps are at work, by their locks."""
    jobs = {step: job_of(workspace, step) for step in JOB_STEPS}
    return frozenset(step for step, job in jobs.items() if job is not None and job.status() == RUNNING)
