"""A training recipe: one TOML file that replays a run. Mistakes are told one sentence each, with their line."""

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import tomlkit
from tomlkit.exceptions import ParseError

from medtui.errors import Refusal
from medtui.training.fields import BY_KEY, FIELDS, Field
from medtui.workspace import write_atomic


@dataclass(frozen=True)
class Recipe:
    """All settings of one run; `fields.FIELDS` explains each."""

    model: str
    dataset: str
    method: str = "qlora"
    adapter: str = ""
    precision: str = "auto"
    gpu: str = ""
    objective: str = "instruction"
    max_length: int = 2048
    over_length: str = "refuse"
    packing: bool = False
    rank: int = 16
    alpha: int = 32
    dropout: float = 0.05
    target_modules: str = "all-linear"
    learning_rate: float = 2e-4
    schedule: str = "cosine"
    warmup: float = 0.03
    epochs: float = 3.0
    steps: int = 0
    batch: int = 4
    accumulation: int = 4
    optimizer: str = "auto"
    weight_decay: float = 0.0
    beta: float = 0.1
    max_grad_norm: float = 1.0
    seed: int = 42
    checkpointing: bool = True
    evaluate_every: int = 0
    save_every: int = 0
    patience: int = 0
    probe: bool = True
    processes: int = 1
    sharded: bool = False
    tensorboard: bool = False

    @property
    def quantization(self) -> Literal["nf4", "int8", "none"]:
        """How the base model is held."""
        kinds: dict[str, Literal["nf4", "int8"]] = {"qlora": "nf4", "lora8": "int8"}
        return kinds.get(self.method, "none")

    def total_steps(self, rows: int) -> int:
        """Give the number of optimizer steps.

        Args:
            rows: rows that the trainer sees in one epoch (packed rows when packing).
        """
        if self.steps:
            return self.steps
        micro_batches = -(-rows // self.batch)
        return max(1, round(self.epochs * -(-micro_batches // self.accumulation)))


def check(value: Any, field: Field) -> str:
    """Say what is wrong with a value, as the end of a sentence; empty when it is fine."""
    number = field.kind is float and isinstance(value, int) and not isinstance(value, bool)
    if type(value) is not field.kind and not number:
        expected = {str: "text", int: "a whole number", float: "a number", bool: "true or false"}[field.kind]
        return f"must be {expected}"
    if field.choices and value not in field.choices:
        return f"must be one of {', '.join(field.choices)}"
    if field.minimum is not None and not field.minimum <= value <= (field.maximum or float("inf")):
        return f"must lie between {field.minimum:g} and {field.maximum:g}"
    return ""


def read_value(text: str, field: Field) -> Any:
    """Read what a person typed for a setting.

    Raises:
        Refusal: it is no such value, in one sentence that says what would be.
    """
    typed = text.strip()
    words = {"true": True, "yes": True, "false": False, "no": False}
    value: Any = typed
    if field.kind is bool:
        value = words.get(typed.lower(), typed)
    elif field.kind in {int, float}:
        try:
            value = field.kind(typed.replace(",", "") if field.kind is int else typed)
        except ValueError:
            value = typed
    if problem := check(value, field):
        raise Refusal(f"{field.title} {problem}.")
    return value


def contradictions(values: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Find settings that exclude each other.

    Args:
        values: settings by key; those that are not given have their defaults.

    Returns:
        For each the key to change, and a sentence.
    """
    chosen = {field.key: field.default for field in FIELDS} | dict(values)
    preferences, full = chosen["objective"] == "dpo", chosen["method"] == "full"
    shared, method = chosen["sharded"], chosen["method"]
    excluded = [
        ("packing", preferences and chosen["packing"], "cannot be true with `objective` dpo; set it to false."),
        ("over_length", preferences and chosen["over_length"] == "split", "cannot be split with `objective` dpo."),
        ("method", preferences and full, "cannot be full with `objective` dpo; choose qlora or lora."),
        ("adapter", full and bool(chosen["adapter"]), "cannot be given with `method` full; leave it empty."),
        (
            "sharded",
            shared and chosen["processes"] < 2,
            "needs `processes` of 2 or more: the GPUs that share the model.",
        ),
        ("method", shared and method not in {"qlora", "lora"}, "must be qlora or lora where `sharded` is true."),
        ("objective", shared and preferences, "cannot be dpo where `sharded` is true: choose a smaller model for it."),
        ("adapter", shared and bool(chosen["adapter"]), "cannot be given where `sharded` is true; leave it empty."),
        (
            "optimizer",
            shared and "8bit" in chosen["optimizer"],
            "cannot keep 8 bits where `sharded` is true; use auto.",
        ),
        ("precision", shared and chosen["precision"] == "fp16", "cannot be fp16 where `sharded` is true; use bf16."),
    ]
    return [(key, f"`{key}` {sentence}") for key, wrong, sentence in excluded if wrong]


def parse(text: str, name: str = "recipe.toml") -> Recipe:
    """Read a recipe.

    Args:
        text: TOML.
        name: what to call it in messages.

    Raises:
        Refusal: one sentence a line, each with its line number, when anything is wrong.
    """
    try:
        tables = tomlkit.parse(text).unwrap()
    except ParseError as error:
        raise Refusal(f"{name} line {error.line}: this is not TOML; correct the line.") from error
    mistakes: list[tuple[int, str]] = []
    values: dict[str, Any] = {}
    for section, table in tables.items():
        if not isinstance(table, dict):
            mistakes.append(
                (_line(text, "", section), f"`{section}` stands outside a section such as [data]; move it.")
            )
            continue
        for key, value in table.items():
            field = BY_KEY.get(key)
            if field is None or field.section != section:
                advice = f"it belongs in [{field.section}]" if field else "remove it"
                mistakes.append((_line(text, section, key), f"`{key}` is not a setting of [{section}]; {advice}."))
            elif problem := check(value, field):
                mistakes.append((_line(text, section, key), f"`{key}` {problem}."))
            else:
                values[key] = field.kind(value)
    mistakes += [(_line(text, BY_KEY[key].section, key), sentence) for key, sentence in contradictions(values)]
    mistakes += [
        (1, f"`{key}` is missing in [{BY_KEY[key].section}].") for key in ("model", "dataset") if not values.get(key)
    ]
    if mistakes:
        raise Refusal("\n".join(f"{name} line {line}: {sentence}" for line, sentence in sorted(mistakes)))
    return Recipe(**values)


def _line(text: str, section: str, key: str) -> int:
    current = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if header := re.match(r"\s*\[\s*([^\]]+?)\s*\]", line):
            current = header[1]
            if current == key and not section:
                return number
        elif current == section and re.match(rf"\s*[\"']?{re.escape(key)}[\"']?\s*[=.]", line):
            return number
    return 1


def load(path: Path) -> Recipe:
    """Read a recipe file.

    Raises:
        Refusal: it cannot be read, or holds mistakes.
    """
    try:
        text = path.read_text()
    except (OSError, UnicodeDecodeError) as error:
        raise Refusal(f"Cannot read the recipe {path}: {type(error).__name__}; check the file.") from error
    return parse(text, path.name)


def render(recipe: Recipe) -> str:
    """Write a recipe as TOML, each setting with its meaning as a comment."""
    document = tomlkit.document()
    values = dataclasses.asdict(recipe)
    for field in FIELDS:
        if field.section not in document:
            document.add(field.section, tomlkit.table())
        item = tomlkit.item(values[field.key])
        item.comment(field.title)
        document[field.section].add(field.key, item)
    return tomlkit.dumps(document)


def save(recipe: Recipe, path: Path) -> None:
    """Write a recipe file whole or not at all."""
    write_atomic(path, render(recipe))
