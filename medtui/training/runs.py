"""The runs of a practice: start, list, stop, continue. A run is a folder, and a job of its own session."""

import json
import secrets
import shutil
import signal
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from medtui import journal
from medtui.deid import gate
from medtui.errors import Refusal
from medtui.machine import detached
from medtui.process import FINISHED, RUNNING, Job
from medtui.progress import Progress, silent
from medtui.training import checkpoints, curves, defaults, provenance, publish
from medtui.training import recipe as recipes
from medtui.training.recipe import Recipe
from medtui.workspace import NEEDS_ANOTHER_LOOK, Workspace, write_atomic

WORKER = "medtui.training.worker"
LOOK_SECONDS = 0.2
ABANDONED = "abandoned"
_STAMP = "%Y%m%d-%H%M%S"

# A checkpoint holds the adapter and two moments in float32, and three can exist while one is replaced.
_BYTES_PER_WEIGHT, _CHECKPOINTS = 12, 4


@dataclass(frozen=True)
class Run:
    """One training run."""

    folder: Path

    @property
    def id(self) -> str:
        """Its name: when it was started."""
        return self.folder.name

    @property
    def job(self) -> Job:
        """The process behind it."""
        return Job(self.folder)

    def status(self) -> str:
        """Tell `new`, `running`, `finished`, `failed`, `stopped`, `lost` or `abandoned`."""
        return self.job.status()

    def recipe(self) -> Recipe:
        """Read the run's recipe."""
        return recipes.load(self.folder / "recipe.toml")

    def curves(self, known: curves.Curves | None = None) -> curves.Curves:
        """Read what the run has told, continuing from `known`."""
        return curves.read(self.folder, known)

    def result(self) -> dict[str, Any] | None:
        """Give the figures of a finished run."""
        end = self.curves().end
        return dict(end["result"]) if end.get("status") == FINISHED else None


def start(workspace: Workspace, recipe: Recipe | None = None, *, queue: bool = False) -> Run:
    """Start a run of this practice.

    Args:
        workspace: the practice.
        recipe: what to do; worked out from the answers unless given.
        queue: begin when the runs that go on have ended, instead of refusing.

    Raises:
        Refusal: another run goes on, an identifier may be left in the reports, the recipe is impossible, or the disk is
            too full.
    """
    going = [run.id for run in runs(workspace) if run.status() == RUNNING]
    if going and not queue:
        raise Refusal(f"Training run {going[0]} is still going on; watch it or stop it first.")
    if workspace.state("examples") == NEEDS_ANOTHER_LOOK:
        raise Refusal("The examples are out of date, because an earlier step has changed; do the examples step again.")
    gate.check_training(workspace)
    chosen = recipe or defaults.resolve_recipe(workspace)
    _check_disk(workspace, chosen)
    run = prepare(workspace, chosen)
    workspace.audit("training started", run=run.id, method=chosen.method)
    _launch(run)
    return run


def prepare(workspace: Workspace, recipe: Recipe, folder: Path | None = None) -> Run:
    """Make the folder of a run without starting it.

    Args:
        workspace: the practice; what its examples step promised is written beside the recipe.
        recipe: what to do.
        folder: where; a new one among the practice's runs unless given.
    """
    folder = folder or workspace.runs / f"{_stamp(workspace)}-{secrets.token_hex(2)}"
    folder.mkdir(mode=0o700)
    examples = workspace.result("examples") or {}
    promised = {name: examples[name] for name in ("train", "validation") if isinstance(examples.get(name), int)}
    if recipe.objective != "instruction":
        promised = {}
    begun = {"version": 1, "created": int(time.time()), "promised": promised, "sha256": provenance.digests(recipe)}
    write_atomic(folder / "run.json", json.dumps(begun))
    recipes.save(recipe, folder / "recipe.toml")
    return Run(folder)


def _stamp(workspace: Workspace) -> str:
    """Give the time as the beginning of a run's name, after every earlier run's even if the clock was set back."""
    now = time.strftime(_STAMP)
    newest = max((run.id.rpartition("-")[0] for run in runs(workspace)), default="")
    if now > newest:
        return now
    try:
        return time.strftime(_STAMP, time.localtime(time.mktime(time.strptime(newest, _STAMP)) + 1))
    except ValueError:
        return now


def _launch(run: Run, *arguments: str) -> None:
    recipe = run.recipe()
    pinned = {"CUDA_DEVICE_ORDER": "PCI_BUS_ID", **({"CUDA_VISIBLE_DEVICES": recipe.gpu} if recipe.gpu else {})}
    launcher, caution = detached.launcher()
    run.job.start(WORKER, *arguments, environment=pinned, launcher=launcher)
    if caution:
        journal.append(run.job.events_path, {"event": "warning", "message": caution})


def probe(workspace: Workspace, progress: Progress = silent) -> dict[str, Any]:
    """Try two steps on the longest examples, and tell what they need and what had to be changed to fit.

    Returns:
        `peak_bytes`, `step_seconds`, `evaluation_seconds`, `checkpoint_bytes`, `total_steps`, `seconds` of the run
        at most, and `rungs`: a sentence for each change that was needed.

    Raises:
        Refusal: it does not fit, whatever is changed.
    """
    folder = workspace.jobs / "probe"
    if Job(folder).status() != RUNNING:
        shutil.rmtree(folder, ignore_errors=True)
        _launch(prepare(workspace, defaults.resolve_recipe(workspace), folder), "--probe")
    return follow(Run(folder), progress)


def _check_disk(workspace: Workspace, recipe: Recipe) -> None:
    weights = defaults.parameter_count(Path(recipe.model))
    # All-linear adapters of rank r hold about r/256 of a model's weights (Llama 8B: 42 million at rank 16).
    trained = weights if recipe.method == "full" else weights * recipe.rank / 256 / 12
    needed = int(trained * _BYTES_PER_WEIGHT * _CHECKPOINTS) + (50 << 20)
    free = shutil.disk_usage(workspace.path).free
    if free < needed:
        raise Refusal(
            f"Checkpoints need about {needed / 2**30:.1f} GiB but the disk has {free / 2**30:.1f} GiB free; make space."
        )


def runs(workspace: Workspace) -> list[Run]:
    """List the runs, oldest first."""
    if not workspace.runs.is_dir():
        return []
    return [Run(path) for path in sorted(workspace.runs.iterdir()) if (path / "recipe.toml").is_file()]


def find(workspace: Workspace, name: str | None = None) -> Run:
    """Find a run by its name, the newest when none is given.

    Raises:
        Refusal: there is none.
    """
    known = runs(workspace)
    if not known:
        raise Refusal("There is no training run yet; start one with `medtui training start`.")
    if name is None:
        return known[-1]
    for run in known:
        if run.id == name:
            return run
    raise Refusal(f"There is no training run {name!r}; see `medtui training list`.")


def resume(run: Run) -> None:
    """Go on with a run that was stopped, failed or was lost, from its newest whole checkpoint.

    Raises:
        Refusal: it runs or has finished, or an identifier may be left in the reports.
    """
    if run.status() in {FINISHED, ABANDONED}:
        raise Refusal(f"Training run {run.id} has ended for good; start a new one instead.")
    gate.check_training(Workspace(run.folder.parents[1]))
    _launch(run)


def last_checkpoint(run: Run) -> int | None:
    """Give the step of a run's newest checkpoint, None when it has none; whether it is whole shows on continuing."""
    known = checkpoints.found(run.folder / "checkpoints")
    return known[-1].step if known else None


def stop(run: Run, *, wait: bool = True) -> None:
    """Ask a run to save a checkpoint and stop; it can be continued.

    Args:
        run: a running run.
        wait: until it has stopped.

    Raises:
        Refusal: it does not run.
    """
    run.job.signal(signal.SIGTERM)
    while wait and run.status() == RUNNING:
        time.sleep(LOOK_SECONDS)


def keep(run: Run) -> dict[str, Any]:
    """End a run for good and keep the best that it has learnt so far.

    Args:
        run: a run that goes on, was stopped, failed or was lost.

    Returns:
        Its result; `ended_early` is true.

    Raises:
        Refusal: it has finished already, or has no whole checkpoint yet.
    """
    if run.status() == RUNNING:
        stop(run)
    if run.status() == FINISHED:
        raise Refusal(f"Training run {run.id} has finished already.")
    if last_checkpoint(run) is None:
        raise Refusal(
            f"Training run {run.id} is stopped, but it had saved no checkpoint yet, so there is nothing to keep: "
            "`medtui training continue` begins it again from its first step, `medtui training stop --abandon` gives "
            "it up."
        )
    result = publish.result(run.folder, run.recipe(), ended_early=True)
    journal.append(run.job.events_path, {"event": "end", "status": FINISHED, "result": result}, durable=True)
    return result


def abandon(run: Run) -> None:
    """End a run and delete its checkpoints; its curve and recipe stay.

    Raises:
        Refusal: it has finished, so that its adapter may be in use.
    """
    if run.status() == RUNNING:
        stop(run)
    if run.status() == FINISHED:
        raise Refusal(f"Training run {run.id} has finished; its model may be in use.")
    for name in ("checkpoints", ".probe"):
        shutil.rmtree(run.folder / name, ignore_errors=True)
    reason = "Abandoned as asked; its checkpoints are deleted."
    journal.append(run.job.events_path, {"event": "end", "status": ABANDONED, "reason": reason}, durable=True)


def follow(run: Run, progress: Progress = silent) -> dict[str, Any]:
    """Wait until a run ends, telling its progress.

    Returns:
        Its result.

    Raises:
        Refusal: it failed, was stopped, or was lost.
    """
    known: curves.Curves | None = None
    while True:
        alive = run.status() == RUNNING
        known = run.curves(known)
        if known.step and alive:
            left = known.seconds_left
            rest = f", {_duration(left)} left" if left is not None else ""
            progress(known.step, known.total, f"{known.phase}{rest}")
        elif alive:
            progress(0, 0, known.phase)
        else:
            return run.job.follow()
        time.sleep(LOOK_SECONDS)


def _duration(seconds: float) -> str:
    minutes = max(1, round(seconds / 60))
    return f"about {minutes} min" if minutes < 90 else f"about {minutes / 60:.1f} h"
