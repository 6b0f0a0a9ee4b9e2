"""Turn a run's best checkpoint into its `adapter` folder and its result. Light: no weights are loaded."""

import shutil
from pathlib import Path
from typing import Any

from medtui.errors import Refusal
from medtui.training import checkpoints, curves
from medtui.training.recipe import Recipe

_NOT_PUBLISHED = {"trainer_state.json", checkpoints.MANIFEST}


def best(run: Path) -> tuple[checkpoints.Checkpoint, bool]:
    """Find the whole checkpoint with the lowest validation loss, else the newest whole one.

    Returns:
        The checkpoint, and whether it is the one with the lowest loss of all that were measured.

    Raises:
        Refusal: no checkpoint is whole.
    """
    validation = curves.read(run).validation
    losses = dict(zip(validation.steps, validation.values, strict=True))
    ranked = sorted(
        checkpoints.found(run / "checkpoints"), key=lambda one: (losses.get(one.step, float("inf")), -one.step)
    )
    for checkpoint in ranked:
        if not checkpoints.problem(checkpoint):
            measured = [loss for step, loss in losses.items() if step > 0]
            return checkpoint, not measured or losses.get(checkpoint.step) == min(measured)
    raise Refusal("No checkpoint of this run is whole; start the training again.")


def adapter(run: Path, chosen: checkpoints.Checkpoint) -> Path:
    """Copy a checkpoint's weights, tokenizer and template to `adapter`, whole or not at all."""
    target, staged = run / "adapter", run / ".adapter"
    shutil.rmtree(staged, ignore_errors=True)
    staged.mkdir(mode=0o700)
    for path in chosen.folder.iterdir():
        if path.suffix in {".safetensors", ".json", ".jinja"} and path.name not in _NOT_PUBLISHED:
            shutil.copy2(path, staged / path.name)
    shutil.rmtree(target, ignore_errors=True)
    staged.rename(target)
    return target


def result(run: Path, recipe: Recipe, *, ended_early: bool) -> dict[str, Any]:
    """Publish the best checkpoint and sum the run up.

    Returns:
        `run`, `quantization`, `method`, `objective`, `steps`, `best_step`, `is_best`, `ended_early`, first and last
        train loss, first and best validation loss (the best is that of the published weights), and the `adapter`
        folder, which holds the whole model when all weights were trained.

    Raises:
        Refusal: no checkpoint is whole.
    """
    chosen, is_best = best(run)
    folder = adapter(run, chosen)
    told = curves.read(run)
    losses = dict(zip(told.validation.steps, told.validation.values, strict=True))
    return {
        "run": run.name,
        "quantization": recipe.quantization,
        "method": recipe.method,
        "objective": recipe.objective,
        "steps": told.step,
        "best_step": chosen.step,
        "is_best": is_best,
        "ended_early": ended_early,
        "train_loss_first": told.train.first,
        "train_loss_last": told.train.last,
        "validation_loss_first": told.validation.first,
        "validation_loss_best": losses.get(chosen.step, told.validation.best),
        "adapter": str(folder),
    }
