"""What to change when a run does not fit into memory, gentlest first. Light: pure functions."""

import dataclasses
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from medtui.training.recipe import Recipe
from medtui.workspace import write_atomic

# In the middle of a run memory may run out this often before the run ends.
MOST_FALLS = 3
SHORTEST, SMALLEST_RANK = 256, 4


@dataclass(frozen=True)
class Rung:
    """One change of a recipe that saves memory.

    Attributes:
        changes: settings and their new values.
        sentence: what changes for the user.
        in_the_middle: it was needed after training had begun.
    """

    changes: dict[str, Any]
    sentence: str
    in_the_middle: bool = False

    def apply(self, recipe: Recipe) -> Recipe:
        """Give the recipe with this change."""
        return dataclasses.replace(recipe, **self.changes)


def in_the_middle(rung: Rung) -> Rung:
    """Give the same change, marked as needed after training had begun."""
    return dataclasses.replace(rung, in_the_middle=True)


def next_rung(recipe: Recipe, lengths: Sequence[int] = (), *, before_start: bool, gpu: bool) -> Rung | None:
    """Find the next change that saves memory.

    Args:
        recipe: what did not fit.
        lengths: tokens of each training example, to tell what a shorter limit costs.
        before_start: nothing is trained yet, so that optimizer, length and rank may still change.
        gpu: 8-bit paged optimizer states exist on a GPU only.

    Returns:
        The gentlest change left, `None` when there is none.
    """
    if not recipe.checkpointing:
        return Rung({"checkpointing": True}, "Activations are computed twice instead of kept: about a third slower.")
    if recipe.batch > 1:
        effective = recipe.batch * recipe.accumulation
        batch = max(size for size in range(1, recipe.batch // 2 + 1) if effective % size == 0)
        return Rung(
            {"batch": batch, "accumulation": effective // batch},
            f"{batch} instead of {recipe.batch} examples at a time; a step still sees {effective}, but takes longer.",
        )
    return _before_start(recipe, lengths, gpu=gpu) if before_start else None


def _before_start(recipe: Recipe, lengths: Sequence[int], *, gpu: bool) -> Rung | None:
    # Its state cannot be put together again where the model is divided.
    if gpu and not recipe.sharded and recipe.optimizer != "paged_adamw_8bit":
        return Rung({"optimizer": "paged_adamw_8bit"}, "The optimizer keeps its memory in 8 bits: hardly a difference.")
    if recipe.over_length == "leave_out" and recipe.max_length // 2 >= SHORTEST:
        limit = recipe.max_length // 2
        lost = sum(length > limit for length in lengths)
        return Rung({"max_length": limit}, f"At most {limit} tokens an example: {lost} examples are left out.")
    fresh = recipe.method != "full" and not recipe.adapter
    if fresh and recipe.rank // 2 >= SMALLEST_RANK:
        changes = {"rank": recipe.rank // 2, "alpha": max(1, recipe.alpha // 2)}
        return Rung(changes, f"Rank {recipe.rank // 2} instead of {recipe.rank}: less can be learnt.")
    return None


def _path(run: Path) -> Path:
    return run / "rungs.json"


def load(run: Path) -> list[Rung]:
    """Read the changes that a run has needed so far."""
    try:
        return [Rung(**one) for one in json.loads(_path(run).read_text())]
    except (OSError, ValueError, KeyError, TypeError):
        return []


def save(run: Path, rungs: Sequence[Rung]) -> None:
    """Keep the changes that a run has needed."""
    write_atomic(_path(run), json.dumps([dataclasses.asdict(rung) for rung in rungs], indent=1))


def apply(recipe: Recipe, rungs: Sequence[Rung]) -> Recipe:
    """Give the recipe with all these changes."""
    for rung in rungs:
        recipe = rung.apply(recipe)
    return recipe
