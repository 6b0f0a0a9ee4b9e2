"""The recipe that a practice's answers, data, model and machine lead to. Light: it reads headers, no weights."""

import dataclasses
import json
import struct
from pathlib import Path
from typing import Any

from medtui.errors import Refusal
from medtui.model import resolve
from medtui.training import recipe as recipes
from medtui.training.fields import BY_KEY
from medtui.training.recipe import Recipe, check
from medtui.workspace import Workspace

# A toy such as the demo model: its adapters have so few weights that they need large steps.
TINY_PARAMETERS = 50_000_000
# QLoRA halves the learning rate for its larger models (33B and 65B).
LARGE_PARAMETERS = 30_000_000_000

THOROUGHNESS = ("demo", "short", "normal", "long")
STRENGTH = ("gentle", "normal", "strong")

_EPOCHS = {"demo": 3.0, "short": 1.0, "normal": 3.0, "long": 5.0}
# Fewer steps than this teach no form, however little data there is.
_FEWEST_STEPS = {"demo": 0, "short": 60, "normal": 150, "long": 300}
_RANK = {"gentle": 8, "normal": 16, "strong": 32}
_RATE = {"gentle": 0.5, "normal": 1.0, "strong": 1.0}
# What the demo model needs to learn the demo practice's form in under two minutes on two cores.
DEMO = {
    "steps": 160,
    "batch": 4,
    "accumulation": 1,
    "learning_rate": 5e-3,
    "warmup": 0.05,
    "dropout": 0.0,
    "evaluate_every": 32,
}


def suggested_thoroughness(parameters: int) -> str:
    """Give the thoroughness that is taken when nothing was answered."""
    return "demo" if parameters < TINY_PARAMETERS else "normal"


def resolve_recipe(workspace: Workspace, thoroughness: str | None = None) -> Recipe:
    """Work out the recipe of a practice.

    Args:
        workspace: with the answers of the training step: `thoroughness`, `strength`, and any key of a recipe.
        thoroughness: what it would be with this answer instead.

    Raises:
        Refusal: the model or the examples are missing, or an answer is impossible.
    """
    answers = workspace.answers("training")
    model = model_folder(workspace)
    parameters = parameter_count(model)
    if thoroughness is None:
        thoroughness = _choice(answers, "thoroughness", THOROUGHNESS, suggested_thoroughness(parameters))
    strength = _choice(answers, "strength", STRENGTH, "normal")
    examples = workspace.result("examples") or {}
    rows = int(examples.get("train") or _count_rows(workspace.dataset / "train.jsonl"))
    values: dict[str, Any] = {
        "model": str(model),
        "dataset": str(workspace.dataset),
        "gpu": _gpu(workspace),
        "max_length": _length(examples, model),
        **_schedule(rows, thoroughness, parameters),
        "rank": _RANK[strength],
        "alpha": 2 * _RANK[strength],
    }
    values["learning_rate"] *= _RATE[strength]
    values["checkpointing"] = values["probe"] = parameters >= TINY_PARAMETERS
    recipe = dataclasses.replace(Recipe(**values), **_expert(answers))
    if mistakes := recipes.contradictions(dataclasses.asdict(recipe)):
        raise Refusal(f"The training setting {mistakes[0][1]}")
    return recipe


def model_folder(workspace: Workspace) -> Path:
    """Give the folder of the practice's base model.

    Raises:
        Refusal: it is not on this disk, or incomplete.
    """
    chosen = workspace.result("model") or {}
    return resolve.resolve(str(chosen.get("path") or workspace.answers("model").get("model", "demo")))


def _choice(answers: dict[str, Any], key: str, choices: tuple[str, ...], default: str) -> str:
    value = str(answers.get(key, default))
    if value not in choices:
        raise Refusal(f"The answer `{key}` of the training step must be one of {', '.join(choices)}, not {value!r}.")
    return value


def _expert(answers: dict[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for key, value in answers.items():
        field = BY_KEY.get(key)
        if key in {"thoroughness", "strength"}:
            continue
        if field is None:
            raise Refusal(f"The training step knows no setting `{key}`; remove it from workspace.toml.")
        if problem := check(value, field):
            raise Refusal(f"The training setting `{key}` {problem}; correct it in workspace.toml.")
        values[key] = field.kind(value)
    return values


def _schedule(rows: int, thoroughness: str, parameters: int) -> dict[str, Any]:
    if parameters < TINY_PARAMETERS:
        scale = {"demo": 1, "short": 1, "normal": 2, "long": 4}[thoroughness]
        return {**DEMO, "steps": DEMO["steps"] * scale}
    accumulation = 4 if rows >= 1000 else 2 if rows >= 300 else 1
    per_epoch = -(-rows // (4 * accumulation))
    epochs = max(_EPOCHS[thoroughness], _FEWEST_STEPS[thoroughness] / max(1, per_epoch))
    return {
        "steps": 0,
        "epochs": round(epochs, 2),
        "batch": 4,
        "accumulation": accumulation,
        "learning_rate": 1e-4 if parameters >= LARGE_PARAMETERS else 2e-4,
    }


def _gpu(workspace: Workspace) -> str:
    answer = str(workspace.answers("machine").get("gpu", ""))
    return "" if answer == "none" else answer


def _length(examples: dict[str, Any], model: Path) -> int:
    """Take the longest example, rounded up to 64 tokens for the GPU's tiles, within the model's context."""
    longest = int((examples.get("tokens") or {}).get("longest") or 0)
    wanted = -(-longest // 64) * 64 if longest else int(BY_KEY["max_length"].default)
    context = context_length(model)
    return min(wanted, context) if context else wanted


def context_length(model: Path) -> int:
    """Give the number of positions that a model folder's config.json states, 0 when it states none."""
    try:
        config = json.loads((model / "config.json").read_text())
    except (OSError, ValueError):
        return 0
    nested = config.get("text_config")
    stated = (nested if isinstance(nested, dict) else config).get("max_position_embeddings", 0)
    return int(stated or 0)


def parameter_count(model: Path) -> int:
    """Count a model folder's parameters from the headers of its safetensors files.

    Raises:
        Refusal: a file is damaged.
    """
    total = 0
    for path in sorted(model.glob("*.safetensors")):
        try:
            with path.open("rb") as stream:
                (size,) = struct.unpack("<Q", stream.read(8))
                header = json.loads(stream.read(min(size, 100 << 20)))
            shapes = [entry["shape"] for name, entry in header.items() if name != "__metadata__"]
        except (OSError, ValueError, KeyError, struct.error) as error:
            raise Refusal(f"{path} is damaged; copy the model again.") from error
        for shape in shapes:
            count = 1
            for extent in shape:
                count *= int(extent)
            total += count
    return total


def _count_rows(path: Path) -> int:
    try:
        with path.open("rb") as stream:
            return sum(1 for line in stream if line.strip())
    except OSError as error:
        raise Refusal("There are no examples yet; do the examples step first.") from error
