"""GPUs by name, for planning on a machine that does not have them."""

import csv
import difflib
import re
from dataclasses import dataclass
from functools import cache

from medtui import assets
from medtui.errors import Refusal

# What is not free on an idle card: the driver's own share and, on server cards, error correction.
RESERVED_GIB = 0.5
_BRANDS = re.compile(r"\b(nvidia|geforce|quadro|tesla|graphics|gpu|laptop|edition)\b", re.I)


@dataclass(frozen=True)
class Card:
    """A GPU model; None where no source was found. Tflops are dense, without sparsity."""

    name: str
    architecture: str
    compute_capability: str
    memory_gib: float | None
    bandwidth_gbs: float | None
    tflops: float | None
    note: str

    @property
    def free_gib(self) -> float | None:
        """Memory that is free when nothing else runs on it."""
        return None if self.memory_gib is None else self.memory_gib - RESERVED_GIB


@cache
def cards() -> tuple[Card, ...]:
    """Read the shipped list."""
    with assets.path("catalogue", "gpus.csv").open(newline="", encoding="utf-8") as stream:
        return tuple(_card(row) for row in csv.DictReader(stream))


def _card(row: dict[str, str]) -> Card:
    def number(key: str) -> float | None:
        return float(row[key]) if row[key] else None

    return Card(
        name=row["name"],
        architecture=row["architecture"],
        compute_capability=row["compute_capability"],
        memory_gib=number("memory_gib"),
        bandwidth_gbs=number("bandwidth_gbs"),
        tflops=number("bf16_dense_tflops") or number("fp16_dense_tflops"),
        note=row["note"],
    )


def _words(name: str) -> tuple[str, ...]:
    spaced = re.sub(r"(\d)\s*(gi?b)\b", r"\1gb", _BRANDS.sub(" ", name.lower()))
    # Drivers name the SXM form of a card by its memory.
    return tuple("sxm" if word.startswith("hbm3") else word for word in re.findall(r"[a-z0-9]+", spaced))


def find(name: str) -> Card:
    """Find a GPU by name, as people and drivers write it ("4090", "NVIDIA GeForce RTX 4090").

    Raises:
        Refusal: none or several match; the nearest names are given.
    """
    asked = set(_words(name))
    by_words = [(card, set(_words(card.name))) for card in cards()]
    exact = [card for card, words in by_words if words == asked]
    longer = [card for card, words in by_words if asked and asked <= words]
    # A driver's name may say more than the list does ("A100-SXM4-80GB"): then the fullest match is meant.
    contained = sorted(((len(words), card) for card, words in by_words if words <= asked), key=lambda pair: -pair[0])
    # "RTX 4080" and "RTX 4080 SUPER": the bare number means the first. Cards that only differ in memory must be named.
    plain = [card for card, words in by_words if longer and all(words <= set(_words(other.name)) for other in longer)]
    matches = (
        exact
        or [card for card in plain if card in longer]
        or longer
        or [card for size, card in contained if size == contained[0][0]]
    )
    if len(matches) == 1:
        return matches[0]
    if matches:
        raise Refusal(f"Several GPUs are called {name}: {', '.join(card.name for card in matches)}; name one of them.")
    near = difflib.get_close_matches(name.lower(), {card.name.lower(): card for card in cards()}, n=3, cutoff=0.4)
    listed = [card.name for card in cards() if card.name.lower() in near]
    hint = f" Did you mean {' or '.join(listed)}?" if listed else ""
    raise Refusal(f"No GPU called {name} is known here; give its memory instead, such as --vram 24.{hint}")


def known(name: str) -> Card | None:
    """Find the card that a driver's name belongs to, None when it is not listed."""
    try:
        return find(name)
    except Refusal:
        return None
