"""Finds near-duplicate texts with MinHash (Broder 1997) and locality-sensitive hashing."""

import hashlib
import itertools
import re
from collections.abc import Iterator

from rensa import RMinHash, RMinHashLSH

# Permutations: the standard error of an estimated similarity is at most 1/(2*sqrt(256)) = 0.03.
PERMUTATIONS = 256
BANDS = 64
SEED = 42
# From this share of common words and word pairs on, two examples must be on the same side of the split: two changed
# words in a text of forty leave about 0.8. Reports written on one template are alike too, but their numbers are not:
# below `ALIKE` a copy also shares this part of its numbers.
SIMILAR, ALIKE = 0.7, 0.92
SAME_NUMBERS = 0.5
# From here on the second one teaches nothing new and is left out.
SAME = 0.97
# Of one patient a copy this close is a note carried forward.
CARRIED_FORWARD = 0.9

_WORD = re.compile(r"[^\W_]+(?:\.\d+)?")


def shingles(text: str) -> list[str]:
    """Give the words and neighbouring pairs of words of a text, in lower case."""
    words = _WORD.findall(text.lower())
    return words + [f"{left} {right}" for left, right in itertools.pairwise(words)]


def digest(text: str) -> bytes:
    """Identify a text whatever its spaces and capitals are."""
    return hashlib.sha256(" ".join(text.split()).lower().encode("utf-8", "surrogatepass")).digest()[:16]


class NearDuplicates:
    """Remembers texts and finds those that resemble a new one."""

    def __init__(self) -> None:
        self._index = RMinHashLSH(threshold=SIMILAR, num_perm=PERMUTATIONS, num_bands=BANDS)
        self._sketches: dict[int, RMinHash] = {}
        self._numbers: dict[int, frozenset[str]] = {}

    def similar(self, text: str) -> Iterator[tuple[int, float]]:
        """Give the keys of remembered texts that may be copies of this one, with the estimated Jaccard similarity."""
        sketch, numbers = _sketch(text), _numbers(text)
        for key in sorted(self._index.query(sketch)):
            likeness = float(sketch.jaccard(self._sketches[key]))
            if likeness >= ALIKE or (likeness >= SIMILAR and _share(numbers, self._numbers[key]) >= SAME_NUMBERS):
                yield key, likeness

    def add(self, key: int, text: str) -> None:
        """Remember a text."""
        self._sketches[key], self._numbers[key] = _sketch(text), _numbers(text)
        self._index.insert(key, self._sketches[key])


def _numbers(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\d+(?:\.\d+)?", text))


def _share(left: frozenset[str], right: frozenset[str]) -> float:
    return len(left & right) / len(left | right) if left | right else 1.0


def _sketch(text: str) -> RMinHash:
    sketch = RMinHash(num_perm=PERMUTATIONS, seed=SEED)
    sketch.update(shingles(text))
    return sketch
