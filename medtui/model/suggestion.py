"""How a model is best trained in the memory at hand: the plan's answers as settings of a training recipe."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from medtui.model import fit, folder, measure, memory
from medtui.model.architecture import Architecture
from medtui.model.memory import GIB, Settings


@dataclass(frozen=True)
class Suggestion:
    """Settings that use the memory well; sizes in GiB.

    Attributes:
        asked: the method that was preferred, a key of `memory.METHODS`.
        method: the one to take: the preferred one, or "qlora" where only that fits.
        batch: examples at a time.
        accumulation: micro-batches a step, so that a step still sees as many examples as were asked for.
        checkpointing: whether activations are computed twice to save memory.
        level: the verdict of `fit` on these settings.
        peak_gib: estimated peak.
        needed_gib: with CUDA context and reserve.
        free_gib: what was planned for, 0 without a GPU.
        faster_method: "lora" where 16-bit LoRA would fit with the same batch, else None.
    """

    asked: str
    method: str
    batch: int
    accumulation: int
    checkpointing: bool
    level: str
    peak_gib: float
    needed_gib: float
    free_gib: float
    faster_method: str | None

    def to_dict(self) -> dict[str, Any]:
        """Give the settings and their reason, JSON-able."""
        chosen = {"method": self.method, "batch": self.batch, "checkpointing": self.checkpointing}
        return {**chosen, "fits": self.level, "faster_method": self.faster_method, "sentence": self.sentence}

    @property
    def sentence(self) -> str:
        """Say in plain words what is suggested and why."""
        if not self.free_gib:
            return "There is no graphics card to plan for: one example at a time takes the least memory."
        room = f"{self.needed_gib:.1f} GiB with reserve, {self.free_gib:.1f} GiB are free"
        if self.level != fit.FITS:
            return f"One example at a time and the least memory that is possible ({room}); it is tried out first."
        instead = "" if self.method == self.asked else f"In 4 bits, because {memory.METHODS[self.asked]} does not fit: "
        many = "One example" if self.batch == 1 else f"{self.batch} examples"
        twice = "computed twice to save memory" if self.checkpointing else "kept in memory, which is faster"
        many = f"{instead}{many.lower() if instead else many}"
        return f"{many} at a time, intermediate results {twice} ({room})."


def suggested(
    model: Architecture,
    free_gib: float,
    sequence_length: int,
    *,
    method: str = "qlora",
    rank: int = 16,
    examples_per_step: int = 16,
    largest_batch: int = 4,
) -> Suggestion:
    """Choose method, batch and checkpointing for a model in so much free memory.

    The batch comes first, because a GPU is busy only with enough tokens at once; then checkpointing is left out where
    there is room, which saves about a quarter of the time.

    Args:
        model: its shape.
        free_gib: free memory of the GPU, 0 when there is none.
        sequence_length: tokens of the longest example.
        method: what is preferred, a key of `memory.METHODS`.
        rank: of the adapter.
        examples_per_step: how many examples a step sees; the batch divides it.
        largest_batch: examples at a time that bring all the speed there is; more only pad.

    Returns:
        The fastest settings that certainly fit; where none does, those that need the least memory.

    Raises:
        Refusal: a value is out of range.
    """
    asked = Settings(method, rank, sequence_length)
    sizes = [size for size in range(min(largest_batch, examples_per_step), 0, -1) if examples_per_step % size == 0]
    frugal = replace(asked, method="qlora") if method != "full" else asked
    for settings in (asked, frugal):
        for size in sizes:
            if _fits(model, replace(settings, batch=size), free_gib):
                return _suggestion(model, replace(settings, batch=size), free_gib, examples_per_step, method)
    return _suggestion(model, frugal, free_gib, examples_per_step, method)


def for_folder(path: Path, survey: Mapping[str, Any] | None, sequence_length: int, **wanted: Any) -> Suggestion:
    """Suggest for a model folder and the result of the machine step.

    The memory is what was free when the machine was surveyed, so that a recipe worked out twice is the same recipe.

    Args:
        path: folder of the model.
        survey: result of the machine step, None when it was not done.
        sequence_length: tokens of the longest example.
        wanted: `method`, `rank`, `examples_per_step`, `largest_batch` of `suggested`.

    Raises:
        Refusal: the folder cannot be used.
    """
    return suggested(measure.read(folder.check(path)), surveyed_gib(survey), sequence_length, **wanted)


def surveyed_gib(survey: Mapping[str, Any] | None) -> float:
    """Give the free memory of the GPU that the machine step settled on, in GiB; 0 without one."""
    found = survey or {}
    chosen = [gpu["free_bytes"] or 0 for gpu in found.get("gpus", ()) if gpu["uuid"] == found.get("gpu")]
    return sum(chosen[:1]) / GIB


def _fits(model: Architecture, settings: Settings, free_gib: float) -> bool:
    return fit.judge(memory.breakdown(model, settings).peak / GIB, free_gib).level == fit.FITS


def _suggestion(
    model: Architecture, settings: Settings, free_gib: float, examples_per_step: int, asked: str
) -> Suggestion:
    open_handed = replace(settings, checkpointing=False)
    chosen = open_handed if _fits(model, open_handed, free_gib) else settings
    verdict = fit.judge(memory.breakdown(model, chosen).peak / GIB, free_gib)
    faster = chosen.method in {"qlora", "lora8"} and _fits(model, replace(settings, method="lora"), free_gib)
    return Suggestion(
        asked=asked,
        method=chosen.method,
        batch=chosen.batch,
        accumulation=examples_per_step // chosen.batch,
        checkpointing=chosen.checkpointing,
        level=verdict.level,
        peak_gib=verdict.peak_gib,
        needed_gib=verdict.needed_gib,
        free_gib=free_gib,
        faster_method="lora" if faster else None,
    )
