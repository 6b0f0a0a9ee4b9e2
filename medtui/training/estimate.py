"""What a run will take in memory and time: as measured on this machine, else as calculated. Light."""

import json
from dataclasses import dataclass
from pathlib import Path

from medtui.errors import Refusal
from medtui.machine import cards
from medtui.model import division, folder, measure, memory, pace
from medtui.training import defaults, runs
from medtui.training.recipe import Recipe
from medtui.workspace import Workspace

MEASURED, CALCULATED, UNKNOWN = "measured", "calculated", "unknown"
# torchtune's published figures for an 8B model on one RTX 4090, packed rows of 2,048 tokens, compiled: 3,083 tokens a
# second with 16-bit LoRA, 2,413 with QLoRA.
FASTER_IN_16_BIT = 3083 / 2413
# An evaluation only runs forward: a third of a training step's arithmetic with checkpointing.
_FORWARD_SHARE = 1 / 3
# What decides memory and pace; runs that agree in these are alike.
_ALIKE = (
    "model", "method", "precision", "objective", "max_length", "packing", "rank", "batch", "checkpointing", "sharded",
)  # fmt: skip


@dataclass(frozen=True)
class Estimate:
    """Memory and time of a run.

    Attributes:
        source: "measured" by a trial or an earlier run on this machine, "calculated", or "unknown".
        peak_bytes: memory at the peak, None when unknown.
        seconds: shortest and longest time to expect, None when unknown.
    """

    source: str
    peak_bytes: int | None = None
    seconds: tuple[float, float] | None = None


def estimate(workspace: Workspace, recipe: Recipe) -> Estimate:
    """Estimate a run of this practice."""
    tokens = trained_tokens(workspace, recipe)
    return _measured(workspace, recipe, tokens) or _calculated(workspace, recipe, tokens) or Estimate(UNKNOWN)


def trained_tokens(workspace: Workspace, recipe: Recipe) -> float:
    """Count the tokens that a run computes on, evaluations included at their share of the arithmetic."""
    examples = workspace.result("examples") or {}
    median = min(recipe.max_length, int((examples.get("tokens") or {}).get("median") or recipe.max_length))
    try:
        rows = defaults.example_count(workspace, {"objective": recipe.objective})
    except Refusal:
        rows = 0
    total = recipe.total_steps(rows)
    # Ten evaluations and the one before the first step.
    checks = 1 + (total // recipe.evaluate_every if recipe.evaluate_every else 10)
    seen = total * recipe.batch * recipe.accumulation
    return median * (seen + checks * _FORWARD_SHARE * int(examples.get("validation") or 0))


def _measured(workspace: Workspace, recipe: Recipe, tokens: float) -> Estimate | None:
    for run in [runs.Run(workspace.jobs / "probe"), *reversed(runs.runs(workspace))]:
        try:
            other = run.recipe()
        except Refusal:
            continue
        if any(getattr(other, key) != getattr(recipe, key) for key in _ALIKE):
            continue
        latest = run.curves().latest
        if latest.get("tokens_per_second") and latest.get("memory_bytes"):
            seconds = tokens / float(latest["tokens_per_second"])
            return Estimate(MEASURED, int(latest["memory_bytes"]), (seconds, 1.3 * seconds))
        tried = _tried(run.folder)
        if tried:
            # A trial takes the longest examples there are, so this is an upper bound.
            steps = recipe.total_steps(defaults.example_count(workspace, {"objective": recipe.objective}))
            seconds = float(tried["seconds"]) * steps / max(1.0, tried["total_steps"])
            return Estimate(MEASURED, int(tried["peak_bytes"]), (0.5 * seconds, seconds))
    return None


def _tried(run: Path) -> dict[str, float]:
    try:
        return dict(json.loads((run / "probe.json").read_text()))
    except (OSError, ValueError, TypeError):
        return {}


def _calculated(workspace: Workspace, recipe: Recipe, tokens: float) -> Estimate | None:
    survey = workspace.result("machine") or {}
    chosen = next((gpu for gpu in survey.get("gpus", []) if gpu["uuid"] == survey.get("gpu")), None)
    if chosen is None:
        return None
    try:
        shape = measure.read(folder.check(Path(recipe.model)))
    except Refusal:
        return None
    sequences = 2 if recipe.objective == "dpo" else 1
    settings = memory.Settings(
        recipe.method, recipe.rank, recipe.max_length, recipe.batch * sequences, recipe.checkpointing
    )
    peak = int(memory.breakdown(shape, settings).peak)
    if recipe.sharded:
        # How much the parts that travel between the cards slow it down depends on what joins them: it is measured.
        return Estimate(CALCULATED, int(division.peak_bytes(shape, settings, recipe.processes)))
    rates = pace.tokens_per_second(shape, cards.known(str(chosen["name"])))
    if rates is None:
        return Estimate(CALCULATED, peak)
    # The pace is that of 4-bit training with checkpointing, which computes a third of everything once more.
    faster = (FASTER_IN_16_BIT if recipe.method in {"lora", "full"} else 1.0) * (1.0 if recipe.checkpointing else 4 / 3)
    return Estimate(CALCULATED, peak, (tokens * sequences / rates[1] / faster, tokens * sequences / rates[0] / faster))
