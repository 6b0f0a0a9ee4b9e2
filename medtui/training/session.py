"""One training run from top to bottom: load, prepare, try out, train, save. Imported by the worker only."""

import errno
import json
import os
import sys
import threading
import warnings
from collections.abc import Callable
from pathlib import Path

import torch
from transformers.trainer_utils import set_seed

from medtui import process
from medtui.errors import Refusal
from medtui.process import Emit
from medtui.training import assembly, checkpoints, curves, ladder, probe, publish, ranks
from medtui.training import recipe as recipes
from medtui.training.recipe import Recipe
from medtui.training.recorder import Recorder, is_first, no_longer_improving

RESERVE_BYTES = 256 << 10
GRACE_SECONDS = 5.0


def train(
    run: Path,
    emit: Emit,
    stop: Callable[[], bool],
    alone: Callable[[], None] = lambda: None,
    *,
    only_probe: bool = False,
) -> None:
    """Do the run of this folder, going on from its newest whole checkpoint when there is one.

    Args:
        run: folder with recipe.toml.
        emit: writes one event.
        stop: tells whether the user asked to stop.
        alone: ends the other processes of the run.
        only_probe: try two steps, tell what they need, and end.

    Raises:
        Refusal: the recipe, the model, the examples, the memory or the disk do not allow it.
    """
    reserve = run / f".reserve{os.environ.get('RANK', '')}"
    reserve.write_bytes(bytes(RESERVE_BYTES))
    recipe = ladder.apply(recipes.load(run / "recipe.toml"), ladder.load(run))
    try:
        _train(run, recipe, emit, stop, alone, only_probe=only_probe)
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        raise Refusal(f"The disk is full; make space in {run.parent} and continue the run.") from error
    except (RuntimeError, MemoryError) as error:
        if out_of_memory(error):
            if not is_first():
                sys.exit(ranks.OUT_OF_MEMORY)
            alone()
            _step_down(run, recipe, emit)
        if recipe.processes > 1 and is_first():
            # Another process may have ended before: the thread that watches it knows why.
            threading.Event().wait(GRACE_SECONDS)
        raise
    finally:
        # Freed first, so that a full disk still has room for the run's last words.
        reserve.unlink(missing_ok=True)


def follower_lost(run: Path, emit: Emit, code: int) -> None:
    """Go on with less memory when another process of the run ran out of it, else end the run with a sentence.

    Args:
        run: the run's folder.
        emit: writes one event.
        code: exit code of the process that was lost.
    """
    if code == ranks.OUT_OF_MEMORY:
        recipe = ladder.apply(recipes.load(run / "recipe.toml"), ladder.load(run))
        try:
            _step_down(run, recipe, emit)
        except Refusal as refusal:
            emit("end", status=process.FAILED, reason=str(refusal))
    else:
        # What went wrong there mostly goes wrong here as well, and is told better.
        threading.Event().wait(2 * GRACE_SECONDS)
        reason = f"One of the {run.name} processes ended unexpectedly (code {code}); see worker.log, then continue."
        emit("end", status=process.FAILED, reason=reason)
    os._exit(2)


def out_of_memory(error: BaseException) -> bool:
    """Tell whether an error means that memory ran out, on a GPU or in main memory."""
    if isinstance(error, torch.OutOfMemoryError | MemoryError):
        return True
    words = str(error)
    return any(sign in words for sign in ("out of memory", "DefaultCPUAllocator", "std::bad_alloc"))


def _train(
    run: Path,
    recipe: Recipe,
    emit: Emit,
    stop: Callable[[], bool],
    alone: Callable[[], None],
    *,
    only_probe: bool,
) -> None:
    start = _starting_point(run, emit)
    told = curves.read(run)
    early = start is not None and _had_ended_early(start, recipe, told.total)
    if start is not None and (early or 0 < told.total <= start.step):
        # Killed between the last checkpoint and the last word: the trainer would do steps too many.
        if is_first():
            alone()
            _finish(run, recipe, emit, ended_early=early)
        return
    emit("phase", phase="load", message="Loading the base model")
    set_seed(recipe.seed)
    loaded = assembly.load_model(recipe)
    emit("phase", phase="prepare", message="Reading the examples")
    splits = assembly.read_splits(run, recipe, loaded[1], emit)
    if only_probe or (recipe.probe and start is None and not probe.done(run)):
        emit("phase", phase="probe", message="Trying two steps on the longest examples")
        found = probe.measure(run, recipe, loaded, splits)
        if not is_first():
            return
        emit("probe", **found)
        alone()
        if only_probe:
            emit("end", status="finished", result={**found, "rungs": [one.sentence for one in ladder.load(run)]})
            return
        # The trial has changed weights and random states: the run itself begins in a fresh process.
        process.start_again(run)
    recorder = Recorder(emit, stop, recipe.patience, told.validation.values)
    trainer = assembly.make_trainer(run / "checkpoints", recipe, loaded, splits, recorder)
    if trainer.shared:
        emit("sharded", processes=recipe.processes, **trainer.shared)
    trainer.args.eval_on_start = start is None
    # Torch only warns where a kernel drops the gradient; such a run would learn in some layers and not in others.
    warnings.filterwarnings("error", message=".*autograd kernel was not registered.*")
    emit("phase", phase="train", message="Training")
    if not stop():
        trainer.train(resume_from_checkpoint=str(start.folder) if start else None)
    if recorder.stopped or trainer.state.global_step == 0:
        emit("end", status="stopped", reason=f"Stopped as asked at step {trainer.state.global_step}; it can go on.")
        return
    if is_first():
        alone()
        _finish(run, recipe, emit, ended_early=recorder.ended_early)


def _had_ended_early(start: checkpoints.Checkpoint, recipe: Recipe, total: int) -> bool:
    """Tell whether the run had ended early with this checkpoint when it was killed before it could say so."""
    state = json.loads((start.folder / "trainer_state.json").read_text())
    every = assembly.cadence(recipe, total)
    return no_longer_improving(start.step, state.get("best_global_step"), every, recipe.patience)


def _finish(run: Path, recipe: Recipe, emit: Emit, *, ended_early: bool) -> None:
    emit("phase", phase="save", message="Saving what was learnt")
    emit("end", status="finished", result=publish.result(run, recipe, ended_early=ended_early))


def _starting_point(run: Path, emit: Emit) -> checkpoints.Checkpoint | None:
    folder = run / "checkpoints"
    folder.mkdir(mode=0o700, exist_ok=True)
    checkpoints.sweep(folder)
    start, passed_over = checkpoints.newest_whole(folder)
    for sentence in passed_over:
        emit("warning", message=f"A checkpoint was passed over: {sentence}")
    told = curves.read(run)
    if start is not None or told.train.steps or told.validation.steps:
        emit("resume", step=start.step if start else -1)
    return start


def _step_down(run: Path, recipe: Recipe, emit: Emit) -> None:
    """Change the recipe so that it needs less memory, and begin again in a fresh process.

    Raises:
        Refusal: nothing is left to change, or memory ran out too often.
    """
    rungs = ladder.load(run)
    begun = curves.read(run).step > 0
    rung = ladder.next_rung(recipe, probe.lengths(run), before_start=not begun, gpu=torch.cuda.is_available())
    if rung is None or (begun and sum(one.in_the_middle for one in rungs) >= ladder.MOST_FALLS):
        raise Refusal(
            "There is not enough memory for this run, even with the changes listed among its warnings; choose a "
            "smaller model, a shorter length of examples, or end other programs."
        )
    ladder.save(run, [*rungs, ladder.in_the_middle(rung) if begun else rung])
    emit("warning", message=f"Memory ran out. {rung.sentence}")
    process.start_again(run)
