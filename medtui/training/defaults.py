"""The recipe that a practice's answers, data, model and machine lead to. Light: it reads headers, no weights."""

import dataclasses
import functools
import json
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from medtui.errors import Refusal
from medtui.examples.tokens import ChatTokenizer
from medtui.model import division, fit, folder, measure, resolve, suggestion
from medtui.model.memory import Settings
from medtui.training import provenance
from medtui.training import recipe as recipes
from medtui.training.fields import BY_KEY
from medtui.training.recipe import Recipe, check
from medtui.workspace import Workspace

# A toy such as the demo model: its adapters have so few weights that they need large steps.
TINY_PARAMETERS = 50_000_000
# QLoRA halves the learning rate for its larger models (33B and 65B).
LARGE_PARAMETERS = 30_000_000_000

# Lengths are counted on every n-th example of more than so many.
MOST_COUNTED = 1000

THOROUGHNESS = ("demo", "short", "normal", "long")
STRENGTH = ("gentle", "normal", "strong")
LENGTH = ("all", "most", "half")
QUESTIONS = {"thoroughness", "strength", "length"}

_EPOCHS = {"demo": 3.0, "short": 1.0, "normal": 3.0, "long": 5.0}
# Fewer steps than this teach no form, however little data there is; but seeing reports more often than this only
# teaches them by heart.
_FEWEST_STEPS = {"demo": 0, "short": 60, "normal": 150, "long": 300}
_MOST_EPOCHS = {"demo": 3.0, "short": 5.0, "normal": 10.0, "long": 15.0}
# Of the ten checks, so many without improvement end a run; the best state is kept either way.
PATIENCE = 4
# Learning rates where not an adapter learns from instructions: TRL's advice for preferences with adapters, and the
# usual one for all weights (Taori et al. 2023, Alpaca).
_OTHER_RATES = {"dpo": 5e-6, "full": 2e-5}
_SHARE = {"most": 0.95, "half": 0.5}
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


def resolve_recipe(workspace: Workspace, **instead: Any) -> Recipe:
    """Work out the recipe of a practice.

    Args:
        workspace: with the answers of the training step: `thoroughness`, `strength`, `length`, any key of a recipe.
        instead: answers to work it out with instead of those that are saved, such as `thoroughness="long"`.

    Raises:
        Refusal: the model or the examples are missing, or an answer is impossible.
    """
    answers = {**workspace.answers("training"), **instead}
    expert = _expert(answers)
    model = model_folder(workspace)
    parameters = parameter_count(model)
    thoroughness = _choice(answers, "thoroughness", THOROUGHNESS, suggested_thoroughness(parameters))
    strength = _choice(answers, "strength", STRENGTH, "normal")
    values: dict[str, Any] = {
        "model": str(model),
        "dataset": str(workspace.dataset),
        **_longest(workspace, model, _choice(answers, "length", LENGTH, "all")),
        **_schedule(example_count(workspace, expert), thoroughness, parameters),
        "rank": _RANK[strength],
        "alpha": 2 * _RANK[strength],
    }
    kind = "full" if expert.get("method") == "full" else str(expert.get("objective", ""))
    if parameters >= TINY_PARAMETERS:
        values["learning_rate"] = _OTHER_RATES.get(kind, values["learning_rate"])
        values |= {"patience": PATIENCE, **_fitted(workspace, model, {**values, **expert})}
    values["learning_rate"] *= _RATE[strength]
    values["gpu"] = _gpus(workspace, int({**values, **expert}.get("processes", 1)))
    values["probe"] = parameters >= TINY_PARAMETERS
    recipe = dataclasses.replace(Recipe(**values), **expert)
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
        if key in QUESTIONS:
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
        return {**DEMO, "steps": DEMO["steps"] * scale, "checkpointing": False}
    accumulation = 4 if rows >= 1000 else 2 if rows >= 300 else 1
    per_epoch = -(-rows // (4 * accumulation))
    enough = min(_MOST_EPOCHS[thoroughness], _FEWEST_STEPS[thoroughness] / max(1, per_epoch))
    epochs = max(_EPOCHS[thoroughness], enough)
    return {
        "steps": 0,
        "epochs": round(epochs, 2),
        "batch": 4,
        "accumulation": accumulation,
        "checkpointing": True,
        "learning_rate": 1e-4 if parameters >= LARGE_PARAMETERS else 2e-4,
    }


def _gpus(workspace: Workspace, wanted: int) -> str:
    """Name the card that the machine step settled on, and further ones of the machine where several work together.

    Raises:
        Refusal: there are not so many.
    """
    chosen = str(workspace.answers("machine").get("gpu", ""))
    if not chosen and wanted > 1:
        chosen = str((workspace.result("machine") or {}).get("gpu", ""))
    if chosen in {"", "none"}:
        return ""
    others = [str(gpu["uuid"]) for gpu in (workspace.result("machine") or {}).get("gpus", [])]
    cards = [chosen, *(uuid for uuid in others if uuid != chosen)]
    if len(cards) < wanted:
        raise Refusal(
            f"`processes` is {wanted}, but this machine has {len(cards)} GPUs; set it to {len(cards)} or less."
        )
    return ",".join(cards[:wanted])


def _fitted(workspace: Workspace, model: Path, values: Mapping[str, Any]) -> dict[str, Any]:
    """Take batch and checkpointing from the memory plan of the GPU that was surveyed; nothing without one."""
    survey = workspace.result("machine")
    if not suggestion.surveyed_gib(survey):
        return {}
    method = str(values.get("method", "qlora"))
    found = suggestion.for_folder(
        model,
        survey,
        int(values["max_length"]),
        method=method,
        rank=int(values["rank"]),
        examples_per_step=int(values["batch"]) * int(values["accumulation"]),
    )
    if found.level == fit.DOES_NOT_FIT and (shared := _divided(model, survey, values)):
        return shared
    fitted = {"batch": found.batch, "accumulation": found.accumulation, "checkpointing": found.checkpointing}
    return fitted if found.method == method else {"batch": 1, "accumulation": found.accumulation * found.batch}


def _divided(model: Path, survey: Mapping[str, Any] | None, values: Mapping[str, Any]) -> dict[str, Any]:
    """Divide a model that does not fit one card among several; nothing where that is impossible or answered already."""
    asked = int(values.get("processes", 0))
    if asked == 1 or "sharded" in values:
        return {}
    micro_batches = int(values["batch"]) * int(values["accumulation"])
    settings = Settings(str(values.get("method", "qlora")), int(values["rank"]), int(values["max_length"]))
    shape = measure.read(folder.check(model))
    found = division.divided(shape, survey, division.frugal(settings), micro_batches)
    chosen: dict[str, Any] = {"batch": 1, "accumulation": micro_batches, "checkpointing": True, "sharded": True}
    if found is None or (asked and (asked < found.cards or micro_batches % asked)):
        return {}
    chosen["processes"] = asked or found.cards
    return {} if recipes.contradictions({**values, **chosen}) else chosen


def _longest(workspace: Workspace, model: Path, length: str) -> dict[str, Any]:
    """Settle the limit of an example and what happens to longer ones."""
    examples = workspace.result("examples") or {}
    if length == "all":
        longest = int((examples.get("tokens") or {}).get("longest") or 0) or int(BY_KEY["max_length"].default)
        return {"max_length": _within(longest, model)}
    lengths = example_lengths(workspace.dataset / "train.jsonl", model)
    share = lengths[min(len(lengths) - 1, int(_SHARE[length] * len(lengths)))] if lengths else 0
    return {"max_length": _within(share, model), "over_length": "leave_out"}


def _within(tokens: int, model: Path) -> int:
    """Round up to 64 tokens for the GPU's tiles, within the model's context."""
    wanted, context = -(-max(1, tokens) // 64) * 64, context_length(model)
    return min(wanted, context) if context else wanted


def example_lengths(path: Path, model: Path) -> tuple[int, ...]:
    """Count the tokens of the examples in a file, shortest first; every n-th one of more than a thousand.

    Raises:
        Refusal: the file or the model's tokenizer cannot be read.
    """
    try:
        told = path.stat()
    except OSError as error:
        raise Refusal("There are no examples yet; do the examples step first.") from error
    return _lengths(path, model, told.st_mtime_ns, told.st_size)


@functools.lru_cache(maxsize=4)
def _lengths(path: Path, model: Path, _changed: int, _size: int) -> tuple[int, ...]:
    tokenizer = ChatTokenizer(model)
    with path.open(encoding="utf-8") as stream:
        lines = [line for line in stream if line.strip()]
    chosen = lines[:: -(-len(lines) // MOST_COUNTED) or 1]
    try:
        rows = map(json.loads, chosen)
        return tuple(sorted(len(tokenizer.encode(row["prompt"], row["completion"]).ids) for row in rows))
    except (ValueError, KeyError, TypeError) as error:
        raise Refusal(f"{path} is damaged; make the examples again.") from error


def example_count(workspace: Workspace, chosen: Mapping[str, Any]) -> int:
    """Count the examples to learn from: those of the examples step, or the lines of another objective's file.

    Raises:
        Refusal: there are none yet.
    """
    told = (workspace.result("examples") or {}).get("train")
    if told and chosen.get("objective", "instruction") == "instruction":
        return int(told)
    recipe = Recipe("", str(workspace.dataset), objective=str(chosen.get("objective", "instruction")))
    return _count_rows(provenance.folder(recipe) / "train.jsonl")


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
