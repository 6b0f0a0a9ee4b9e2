"""Try two steps on the longest examples before a long run, and measure what they need. Imported by workers only."""

import json
import shutil
import statistics
from pathlib import Path
from typing import Any

import torch

from medtui import process
from medtui.errors import Refusal
from medtui.training import assembly
from medtui.training.recipe import Recipe
from medtui.training.recorder import Recorder, is_first, memory_bytes, world_size
from medtui.workspace import write_atomic

STEPS = 2
# The newest two checkpoints, the best one, and one being written.
CHECKPOINTS = 4


def done(run: Path) -> bool:
    """Tell whether this run was tried out already."""
    return (run / "probe.json").is_file()


def lengths(run: Path) -> list[int]:
    """Give the tokens of each training example, as the last trial found them."""
    try:
        return [int(length) for length in json.loads((run / "lengths.json").read_text())]
    except (OSError, ValueError):
        return []


def measure(run: Path, recipe: Recipe, loaded: tuple[Any, Any], splits: assembly.Splits) -> dict[str, Any]:
    """Train two steps, evaluate and save once, all on the longest examples.

    Returns:
        `peak_bytes`, `step_seconds`, `evaluation_seconds`, `checkpoint_bytes`, `total_steps`, `seconds` for the whole
        run at this pace, at most; nothing in the other processes of a run.

    Raises:
        Refusal: the disk has no room for the checkpoints.
    """
    if is_first():
        write_atomic(run / "lengths.json", json.dumps(splits.train.lengths))
    total = recipe.total_steps(splits.units(recipe))
    trial = Recipe(**{**recipe.__dict__, "steps": STEPS, "evaluate_every": STEPS, "save_every": STEPS, "patience": 0})
    folder = run / ".probe"
    if is_first():
        shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, exist_ok=world_size() > 1)
    if torch.cuda.is_available():
        torch.cuda.reset_peak_memory_stats()
    recorder = Recorder(process.silent_emit, lambda: False, 0)
    try:
        longest = splits.longest(recipe.batch * recipe.accumulation)
        trainer = assembly.make_trainer(folder, trial, loaded, longest, recorder)
        trainer.train()
        if not is_first():
            return {}
        saved = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    finally:
        if is_first():
            shutil.rmtree(folder, ignore_errors=True)
    found = _figures(recipe, recorder, total, saved)
    free = shutil.disk_usage(run).free
    if free < CHECKPOINTS * saved:
        raise Refusal(
            f"Checkpoints need {CHECKPOINTS * saved / 2**30:.1f} GiB but the disk has {free / 2**30:.1f} GiB free; "
            "make space and continue the run."
        )
    write_atomic(run / "probe.json", json.dumps(found, indent=1))
    return found


def _figures(recipe: Recipe, recorder: Recorder, total: int, saved: int) -> dict[str, Any]:
    step = statistics.fmean(recorder.step_seconds[1:] or recorder.step_seconds)
    checks = total // recipe.evaluate_every if recipe.evaluate_every else assembly.EVALUATIONS
    return {
        "peak_bytes": memory_bytes(),
        "step_seconds": round(step, 4),
        "evaluation_seconds": round(recorder.evaluation_seconds, 4),
        "checkpoint_bytes": saved,
        "total_steps": total,
        "seconds": round(total * step + checks * recorder.evaluation_seconds, 1),
    }
