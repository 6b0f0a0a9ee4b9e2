"""Measures findings against a gold standard."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import sqrt
from typing import Any

# 95 % two-sided quantile of the normal distribution.
_Z = 1.959963984540054


def wilson_lower(hits: int, total: int) -> float:
    """Give the lower end of the 95 % confidence interval of a proportion (E. B. Wilson, 1927); 0 without data."""
    if not total:
        return 0.0
    share = hits / total
    centre = share + _Z * _Z / (2 * total)
    spread = _Z * sqrt(share * (1 - share) / total + _Z * _Z / (4 * total * total))
    return max(0.0, (centre - spread) / (1 + _Z * _Z / total))


@dataclass
class _Label:
    total: int = 0
    full: int = 0
    touched: int = 0
    letters: int = 0
    letters_found: int = 0


@dataclass
class Score:
    """Sums over all texts; letters and digits are what counts as characters."""

    labels: dict[str, _Label] = field(default_factory=lambda: defaultdict(_Label))
    gold: int = 0
    hit: int = 0
    claimed: int = 0
    negatives: int = 0
    negatives_hit: int = 0
    texts: int = 0
    bytes: int = 0

    def add(self, text: str, gold: Iterable[Sequence[Any]], found: Iterable[tuple[int, int]]) -> None:
        """Add one text.

        Args:
            text: the text.
            gold: `(start, end, label)` of what should be found.
            found: `(start, end)` of what was found.
        """
        covered = bytearray(len(text))
        ranges = list(found)
        for start, end in ranges:
            covered[start:end] = b"\1" * (end - start)
        expected = bytearray(len(text))
        spans = list(gold)
        for start, end, label in spans:
            expected[start:end] = b"\1" * (end - start)
            letters = [index for index in range(start, end) if text[index].isalnum()]
            seen = sum(covered[index] for index in letters)
            entry = self.labels[str(label)]
            entry.total += 1
            entry.full += seen == len(letters)
            entry.touched += seen > 0
            entry.letters += len(letters)
            entry.letters_found += seen
        for index, character in enumerate(text):
            if (expected[index] or covered[index]) and character.isalnum():
                self.gold += expected[index]
                self.claimed += covered[index]
                self.hit += expected[index] and covered[index]
        self.texts += 1
        self.bytes += len(text.encode())
        if not spans:
            self.negatives += 1
            self.negatives_hit += bool(ranges)

    def to_dict(self, seconds: float) -> dict[str, Any]:
        """Give all figures.

        Args:
            seconds: time spent searching, for the rate.
        """
        total = sum(entry.total for entry in self.labels.values())
        full = sum(entry.full for entry in self.labels.values())
        touched = sum(entry.touched for entry in self.labels.values())
        return {
            "texts": self.texts,
            "spans": total,
            "full": _share(full, total),
            "full_lower": round(wilson_lower(full, total), 4),
            "touched": _share(touched, total),
            "character_recall": _share(self.hit, self.gold),
            "character_precision": _share(self.hit, self.claimed),
            "negatives": self.negatives,
            "negatives_hit": self.negatives_hit,
            "megabytes_per_minute": round(self.bytes / 1e6 / seconds * 60, 2) if seconds else None,
            "labels": {
                label: {
                    "spans": entry.total,
                    "full": _share(entry.full, entry.total),
                    "full_lower": round(wilson_lower(entry.full, entry.total), 4),
                    "touched": _share(entry.touched, entry.total),
                    "character_recall": _share(entry.letters_found, entry.letters),
                }
                for label, entry in sorted(self.labels.items())
            },
        }


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
