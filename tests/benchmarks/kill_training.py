"""Kill a training run again and again: `python -m tests.benchmarks.kill_training --kills 25 --seed N [--json]`.

A run is killed with SIGKILL at random moments (before training, between steps, while a checkpoint is staged, while an
event is written) and continued until it is done. It must end with the weights and the curve of an undisturbed run.
"""

import argparse
import contextlib
import hashlib
import json
import random
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from medtui.errors import Refusal
from medtui.process import FINISHED, LOST, RUNNING
from medtui.training import curves, runs
from medtui.workspace import Workspace
from tests.training import tiny

MOMENTS = ("loading", "step", "checkpoint", "event")
ANSWERS = {"dropout": 0.1, "accumulation": 2, "batch": 2, "evaluate_every": 10, "save_every": 5}


def practice(folder: Path, steps: int, model: str | None = None) -> Workspace:
    """Make a practice that trains the tiny model, or another one, for some steps."""
    workspace = Workspace.create(folder, "Kill test")
    tiny.write_examples(workspace.dataset)
    if model is None:
        tiny.write_model(folder.parent / "model")
    workspace.save_answer("model", "model", model or str(folder.parent / "model"))
    for key, value in {**ANSWERS, "steps": steps}.items():
        workspace.save_answer("training", key, value)
    return workspace


def digest(run: runs.Run) -> str:
    """Hash the weights that a run published."""
    return hashlib.sha256((run.folder / "adapter" / "adapter_model.safetensors").read_bytes()).hexdigest()


def kill_at(run: runs.Run, moment: str, chance: random.Random) -> bool:
    """Wait for a moment of the running worker and kill it.

    Returns:
        Whether it was killed; a run that ended before was not.
    """
    if moment == "loading":
        time.sleep(chance.uniform(0.0, 3.0))
    else:
        begun = curves.read(run.folder).step
        known = run.curves()
        while run.status() == RUNNING and (known.step <= begun or known.phase != "Training"):
            run.curves(known)
        _wait_for(run, moment, chance)
    with contextlib.suppress(Refusal, ProcessLookupError):
        run.job.signal(signal.SIGKILL)
    while run.status() == RUNNING:
        time.sleep(0.001)
    return run.status() == LOST


def _wait_for(run: runs.Run, moment: str, chance: random.Random) -> None:
    folder, events = run.folder / "checkpoints", run.job.events_path
    if moment == "step":
        time.sleep(chance.uniform(0.0, 0.5))
    elif moment == "checkpoint":
        while run.status() == RUNNING and not any(path.name.startswith(".staged-") for path in folder.iterdir()):
            pass
        time.sleep(chance.uniform(0.0, 0.05))
    else:
        size = events.stat().st_size
        while run.status() == RUNNING and events.stat().st_size == size:
            pass


def disturbed(workspace: Workspace, kills: int, seed: int) -> tuple[runs.Run, list[str]]:
    """Run to the end while killing.

    Returns:
        The finished run, and the moments at which it was killed.
    """
    chance = random.Random(seed)
    moments = [MOMENTS[number % len(MOMENTS)] for number in range(kills)]
    chance.shuffle(moments)
    run = runs.start(workspace)
    killed = []
    for moment in moments:
        if kill_at(run, moment, chance):
            killed.append(moment)
        elif run.status() == FINISHED:
            break
        runs.resume(run)
    if run.status() != FINISHED:
        runs.follow(run)
    return run, killed


def compare(reference: runs.Run, run: runs.Run) -> dict[str, Any]:
    """Compare weights and curves bit by bit."""
    left, right = reference.curves(), run.curves()
    steps = list(right.train.steps)
    return {
        "same_weights": digest(reference) == digest(run),
        "same_train_curve": left.train == right.train,
        "same_validation_curve": left.validation == right.validation,
        "no_step_twice": steps == sorted(set(steps)) and steps == list(range(1, right.total + 1)),
        "same_result": _figures(reference) == _figures(run),
    }


def _figures(run: runs.Run) -> dict[str, Any]:
    return {key: value for key, value in (run.result() or {}).items() if key not in {"run", "adapter"}}


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what was found; 1 when the disturbed run differs or was killed less often than asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=25)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--steps", type=int, default=0, help="steps of the run; by default ten a kill")
    parser.add_argument("--model", help="a model folder, or `demo`; by default a tiny random model")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    steps = options.steps or max(40, 10 * options.kills)
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        (root / "one").mkdir()
        (root / "other").mkdir()
        reference = runs.start(practice(root / "one" / "workspace", steps, options.model))
        runs.follow(reference)
        model = options.model or str(root / "one" / "model")
        run, killed = disturbed(practice(root / "other" / "workspace", steps, model), options.kills, options.seed)
        found = {"kills": len(killed), "moments": {one: killed.count(one) for one in MOMENTS}, "steps": steps}
        found |= compare(reference, run)
        found |= {"warnings": run.curves().warnings, "seconds": round(time.monotonic() - begun, 1)}
    print(json.dumps(found) if options.json else found)  # noqa: T201
    return 0 if _all(found, options.kills) else 1


def _all(found: dict[str, Any], kills: int) -> bool:
    identical = all(found[key] for key in ("same_weights", "same_train_curve", "same_validation_curve", "same_result"))
    return identical and bool(found["no_step_twice"]) and found["kills"] == kills


if __name__ == "__main__":
    sys.exit(main())
