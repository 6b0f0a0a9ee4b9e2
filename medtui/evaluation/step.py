"""The evaluation step: base against tuned model on examples of patients that the training never saw."""

import json
from pathlib import Path
from typing import Any

from medtui.errors import Refusal
from medtui.evaluation import heldout
from medtui.evaluation.request import Request
from medtui.process import Job
from medtui.progress import Progress, silent
from medtui.training import runs
from medtui.workspace import Workspace

WORKER = "medtui.evaluation.worker"


def request(workspace: Workspace) -> Request:
    """Describe the evaluation of the practice's finished run.

    Raises:
        Refusal: nothing was trained yet.
    """
    training, model = workspace.result("training"), workspace.result("model")
    if not training or not model:
        raise Refusal(f"{workspace.practice} has no tuned model yet; finish the training step first.")
    adapter = Path(training["adapter"])
    return Request(
        str(training["run"]), _model(workspace, training, model), adapter, training["quantization"],
        workspace.dataset / "test.jsonl",
    )  # fmt: skip


def _model(workspace: Workspace, training: dict[str, Any], model: dict[str, Any]) -> Path:
    """Take the model that the run was trained on, also when another one was chosen since."""
    known = {run.id: run for run in runs.runs(workspace)}
    return Path(known[training["run"]].recipe().model) if training["run"] in known else Path(model["path"])


def job(workspace: Workspace, run: str) -> Job:
    """Give the job that evaluates a run."""
    return Job(workspace.evaluations / run)


def report(workspace: Workspace, run: str) -> dict[str, Any] | None:
    """Read the report of an evaluated run with its figures for single examples; None when there is none."""
    try:
        return dict(json.loads((workspace.evaluations / run / "report.json").read_text()))
    except (OSError, ValueError):
        return None


def run(workspace: Workspace, progress: Progress = silent) -> dict[str, Any]:
    """Measure base and tuned model on the test split and say which is better.

    Returns:
        `base`, `tuned`, `items`, `difference` with its interval, `outcome`, `verdict`, `tasks`.

    Raises:
        Refusal: nothing was trained, or the worker could not measure.
    """
    return accept(workspace, begin(workspace).follow(progress))


def begin(workspace: Workspace) -> Job:
    """Give the job that measures the newest run, started unless it runs already.

    Raises:
        Refusal: nothing was trained yet.
    """
    asked = request(workspace)
    working = job(workspace, asked.run)
    if working.status() != "running":
        # Bad examples are refused at once, not after the seconds in which a worker loads torch.
        heldout.read(asked)
        working.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        asked.save(working.folder)
        gpu = workspace.answers("machine").get("gpu")
        pinned = {"CUDA_VISIBLE_DEVICES": "" if gpu == "none" else str(gpu)} if gpu else {}
        working.start(WORKER, environment=pinned)
    return working


def accept(workspace: Workspace, measured: dict[str, Any]) -> dict[str, Any]:
    """Take what a finished job measured as the step's result."""
    result = {"run": request(workspace).run, **measured}
    workspace.finish("evaluation", result)
    workspace.audit("evaluation finished", run=result["run"], outcome=result["outcome"], items=result["items"])
    return result
