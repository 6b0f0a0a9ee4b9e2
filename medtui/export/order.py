"""What to export: worked out from the workspace without loading a model, handed to the worker as a file."""

import dataclasses
import json
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from medtui.deid.profile import stated
from medtui.errors import Refusal
from medtui.training import defaults, runs
from medtui.workspace import Workspace, write_atomic

# A 16-bit weight, once in memory while merging and once on the disk.
BYTES_PER_WEIGHT = 2
_ROOM = 1.1


@dataclass(frozen=True)
class Order:
    """One export.

    Attributes:
        run: name of the training run.
        model: folder of the base model.
        adapter: folder of the run's adapter.
        test: test split that the merged model is checked on.
        merged: also write a merged 16-bit model.
        facts: figures for the card; no patient text, no path.
    """

    run: str
    model: str
    adapter: str
    test: str
    merged: bool
    facts: dict[str, Any] = field(default_factory=dict)


def prepare(workspace: Workspace) -> Order:
    """Work out the export of the practice's newest finished run.

    Raises:
        Refusal: nothing was trained, or disk or memory do not suffice.
    """
    trained = workspace.result("training")
    if not trained or not Path(str(trained["adapter"])).is_dir():
        raise Refusal("There is no tuned model to export; finish the training step first.")
    run = runs.find(workspace, str(trained["run"]))
    recipe = run.recipe()
    # A model that was trained as a whole has no adapter to keep alone.
    merged = trained.get("method") == "full" or bool(workspace.answers("export").get("merged", True))
    order = Order(
        run=run.id,
        model=recipe.model,
        adapter=str(trained["adapter"]),
        test=str(workspace.dataset / "test.jsonl"),
        merged=merged,
        facts=_facts(workspace, run, trained),
    )
    _check_room(workspace, order)
    return order


def _facts(workspace: Workspace, run: runs.Run, trained: dict[str, Any]) -> dict[str, Any]:
    recipe = dataclasses.asdict(run.recipe())
    evaluated = workspace.result("evaluation")
    return {
        "base": Path(recipe["model"]).name,
        "parameters": defaults.parameter_count(Path(recipe["model"])),
        "examples": workspace.result("examples") or {},
        "deid": workspace.result("deid") or {},
        "deid_profile": stated(workspace.result("deid") or {}),
        "recipe": {key: value for key, value in recipe.items() if key not in {"model", "adapter", "dataset", "gpu"}},
        "training": {key: value for key, value in trained.items() if key != "adapter"},
        "evaluation": evaluated if workspace.state("evaluation") == "done" else None,
    }


def _check_room(workspace: Workspace, order: Order) -> None:
    needed = sum(path.stat().st_size for path in Path(order.adapter).iterdir())
    if order.merged:
        weights = int(order.facts["parameters"]) * BYTES_PER_WEIGHT
        needed += weights
        available = psutil.virtual_memory().available
        if available < weights * _ROOM:
            raise Refusal(
                f"Merging needs {weights * _ROOM / 2**30:.1f} GiB of memory but {available / 2**30:.1f} GiB are "
                "available; close other programs, or export the adapter alone."
            )
    free = shutil.disk_usage(workspace.path).free
    if free < needed * _ROOM:
        raise Refusal(
            f"The export needs {needed * _ROOM / 2**30:.1f} GiB but the disk has {free / 2**30:.1f} GiB free; "
            "make space."
        )


def save(order: Order, folder: Path) -> None:
    """Write the order where the worker finds it."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_atomic(folder / "order.json", json.dumps(dataclasses.asdict(order), indent=1))


def load(folder: Path) -> Order:
    """Read the order of an export folder.

    Raises:
        Refusal: it is missing or damaged.
    """
    try:
        return Order(**json.loads((folder / "order.json").read_text()))
    except (OSError, ValueError, TypeError) as error:
        raise Refusal(f"{folder / 'order.json'} cannot be read; start the export again.") from error
