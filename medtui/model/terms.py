"""What the syllables in a model's name mean, and what a size in gigabytes means in parameters."""

import json
import re
from dataclasses import dataclass
from functools import cache

from medtui import assets
from medtui.model.memory import INT8_BYTES, NF4_BYTES


@dataclass(frozen=True)
class Term:
    """One explained syllable."""

    term: str
    pattern: str
    text: str


@cache
def terms() -> tuple[Term, ...]:
    """Read the shipped explanations."""
    return tuple(Term(**entry) for entry in json.loads(assets.path("catalogue", "terms.json").read_text()))


def explain(name: str) -> list[Term]:
    """List the syllables of a model's name that have a meaning."""
    bare = name.rpartition("/")[2].lower()
    return [term for term in terms() if re.search(term.pattern, bare)]


def parameters_of(gigabytes: float) -> dict[str, float]:
    """Translate the size of a model's files into billions of parameters, by the precision they are stored in.

    Args:
        gigabytes: decimal gigabytes of weight files.
    """
    per_parameter = {"float32": 4.0, "16 bits": 2.0, "8 bits": INT8_BYTES, "4 bits (NF4)": NF4_BYTES}
    return {precision: gigabytes / size for precision, size in per_parameter.items()}
