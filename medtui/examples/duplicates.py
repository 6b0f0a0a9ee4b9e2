"""Finds near-duplicate texts with MinHash (Broder 1997) and locality-sensitive hashing."""

import hashlib
import itertools
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from rensa import RMinHash, RMinHashLSH

from medtui.examples import checks, store

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
# Texts whose sketches are in memory at a time, about 5 KiB each.
BLOCK = 1000

_TABLE = """
CREATE TABLE example_sketches (
    place INTEGER PRIMARY KEY,
    document INTEGER NOT NULL,
    patient TEXT NOT NULL,
    sketch BLOB NOT NULL,
    numbers TEXT NOT NULL,
    digest BLOB NOT NULL
)
"""
_WORD = re.compile(r"[^\W_]+(?:\.\d+)?")


def shingles(text: str) -> list[str]:
    """Give the words and neighbouring pairs of words of a text, in lower case."""
    words = _WORD.findall(text.lower())
    return words + [f"{left} {right}" for left, right in itertools.pairwise(words)]


def digest(text: str) -> bytes:
    """Identify a text whatever its spaces and capitals are."""
    return hashlib.sha256(" ".join(text.split()).lower().encode("utf-8", "surrogatepass")).digest()[:16]


@dataclass(frozen=True, slots=True)
class Text:
    """A text that may repeat another one.

    Attributes:
        document: number of its report.
        patient: key of the report's patient, empty when unknown.
        text: the text.
    """

    document: int
    patient: str
    text: str


@dataclass(slots=True)
class Resemblance:
    """What of the remembered texts a new one resembles.

    Attributes:
        reason: why it repeats one of them and is left out, see `checks.REASONS`; empty when it does not.
        documents: reports with a text that it resembles; one for all of a group, see `NearDuplicates`.
    """

    reason: str = ""
    documents: set[int] = field(default_factory=set)


# Which reason counts when a text repeats several others.
_FIRST_REASON = (checks.DUPLICATE, checks.NEAR_DUPLICATE, checks.CARRIED_FORWARD, "")
_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True)
class _Sketched:
    """What is compared of a text."""

    document: int
    patient: str
    sketch: RMinHash
    numbers: str
    digest: bytes


class NearDuplicates:
    """Remembers texts and finds those that resemble a new one.

    Only the sketches of a block of texts are in memory. The others lie in the vault and pass by once for every block,
    so that memory is the same for any number of texts.
    """

    def __init__(self, connection: sqlite3.Connection, group: Callable[[int], int] = int) -> None:
        """Begin with nothing remembered.

        Args:
            connection: the vault; the caller commits.
            group: gives the report that stands for all reports of its group; by default each stands for itself.
        """
        self._connection = connection
        self._group = group
        self._kept: set[int] = set()
        self._last = 0
        connection.execute(_TABLE)

    def forget(self) -> None:
        """Forget all texts and leave nothing in the vault."""
        store.drop(self._connection, "example_sketches")

    def walk(self, texts: Iterable[tuple[_Item, Text]]) -> Iterator[tuple[_Item, Resemblance]]:
        """Tell of each text, in their order, which remembered ones it resembles; `remember` adds it to them.

        Args:
            texts: each with what the caller knows it by.
        """
        rest = iter(texts)
        while block := [(item, _sketched(text)) for item, text in itertools.islice(rest, BLOCK)]:
            sketched = [text for _, text in block]
            index, found = self._compared(sketched)
            self._kept.clear()
            for place, (item, text) in enumerate(block):
                for other in index.query(text.sketch):
                    if other in self._kept:
                        self._note(found[place], text, sketched[other])
                self._last = place
                yield item, found[place]
            self._store(sketched[place] for place in sorted(self._kept))

    def remember(self) -> None:
        """Remember the text that `walk` told of last."""
        self._kept.add(self._last)

    def compare(self, texts: Sequence[Text]) -> list[Resemblance]:
        """Tell of each of a block of texts which remembered ones it resembles."""
        return self._compared([_sketched(text) for text in texts])[1]

    def _compared(self, block: Sequence[_Sketched]) -> tuple[RMinHashLSH, list[Resemblance]]:
        index = RMinHashLSH(threshold=SIMILAR, num_perm=PERMUTATIONS, num_bands=BANDS)
        for place, text in enumerate(block):
            index.insert(place, text.sketch)
        found = [Resemblance() for _ in block]
        for earlier in self._stored():
            for place in index.query(earlier.sketch):
                self._note(found[place], block[place], earlier)
        return index, found

    def _note(self, found: Resemblance, new: _Sketched, known: _Sketched) -> None:
        likeness = float(new.sketch.jaccard(known.sketch))
        if likeness < SIMILAR or (likeness < ALIKE and _share(new.numbers, known.numbers) < SAME_NUMBERS):
            return
        found.documents.add(self._group(known.document))
        reason = ""
        # The same words in the same order have the same sketch, so no equal text is missed here.
        if likeness >= SAME:
            reason = checks.DUPLICATE if new.digest == known.digest else checks.NEAR_DUPLICATE
        elif likeness >= CARRIED_FORWARD and new.patient and new.patient == known.patient:
            reason = checks.CARRIED_FORWARD
        found.reason = min(found.reason, reason, key=_FIRST_REASON.index)

    def _store(self, texts: Iterable[_Sketched]) -> None:
        self._connection.executemany(
            "INSERT INTO example_sketches (document, patient, sketch, numbers, digest) VALUES (?, ?, ?, ?, ?)",
            ((one.document, one.patient, one.sketch.__getstate__(), one.numbers, one.digest)
             for one in texts),
        )  # fmt: skip

    def _stored(self) -> Iterator[_Sketched]:
        query = "SELECT document, patient, sketch, numbers, digest FROM example_sketches ORDER BY place"
        for document, patient, state, numbers, hashed in self._connection.execute(query):
            sketch = RMinHash(num_perm=PERMUTATIONS, seed=SEED)
            sketch.__setstate__(state)
            yield _Sketched(document, patient, sketch, numbers, hashed)


def _sketched(text: Text) -> _Sketched:
    sketch = RMinHash(num_perm=PERMUTATIONS, seed=SEED)
    sketch.update(shingles(text.text))
    return _Sketched(text.document, text.patient, sketch, _numbers(text.text), digest(text.text))


def _numbers(text: str) -> str:
    return " ".join(sorted(set(re.findall(r"\d+(?:\.\d+)?", text))))


def _share(one: str, other: str) -> float:
    left, right = set(one.split()), set(other.split())
    return len(left & right) / len(left | right) if left | right else 1.0
