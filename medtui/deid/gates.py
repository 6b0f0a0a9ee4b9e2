"""Where in a text a pattern can begin at all.

Trying a pattern of a hundred alternatives at every character is what makes rule sets slow. A gate knows the words a
pattern can begin with, or that it begins with a number; the words of a text are read once for all gates, and each
pattern is tried only where it has a chance.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from medtui.deid.prepared import Prepared

_GATES: list["Gate"] = []
_PREFIX = 3
_REMEMBERED = 50_000
_ESCAPES = re.compile(r"\\[A-Za-z]|\(\?P<\w+>|\(\?[a-z-]+[:)]|\{\d+(?:,\d*)?\}")
_LETTERS = re.compile(r"[A-Za-z\u00c0-\u024f]+")


class Gate:
    """A pattern with the places where it may begin."""

    def __init__(
        self, pattern: "re.Pattern[str]", *, words: str = "", endings: tuple[str, ...] = (), numbers: str = ""
    ) -> None:
        """Describe a pattern's beginnings.

        Args:
            pattern: begins with one of the below.
            words: source of the part of the pattern that holds all its first words; more words do no harm.
            endings: or a word with one of these endings.
            numbers: "any" if it may begin with any number or code with digits, "long" if not with a lone small number.
        """
        runs = {run.lower() for run in _LETTERS.findall(_ESCAPES.sub(" ", words))}
        self.pattern = pattern
        self.numbers = numbers
        self._whole = frozenset(run for run in runs if len(run) < _PREFIX)
        self._prefixes = frozenset(run[:_PREFIX] for run in runs if len(run) >= _PREFIX)
        self._endings = endings
        self.index = len(_GATES)
        _GATES.append(self)

    def opens_for(self, word: str) -> bool:
        """Tell whether the pattern may begin with this word, given in lower case."""
        if word[:_PREFIX] in self._prefixes or word in self._whole:
            return True
        return bool(self._endings) and word.endswith(self._endings)

    def finditer(self, prepared: "Prepared") -> Iterator["re.Match[str]"]:
        """Find the pattern's matches, which do not overlap, in order."""
        text = prepared.text
        if prepared.indic:
            yield from self.pattern.finditer(text)
            return
        starts = prepared.word_starts.get(self.index, [])
        if self.numbers:
            numbers = prepared.number_starts[self.numbers == "long"]
            starts = sorted({*starts, *numbers}) if starts else numbers
        match = self.pattern.match
        end = 0
        for start in starts:
            if start >= end and (found := match(text, start)):
                end = found.end()
                yield found


@lru_cache(_REMEMBERED)
def gates_of(word: str) -> tuple[int, ...]:
    """Give the gates that open for a word, by their index."""
    lower = word.lower()
    return tuple(gate.index for gate in _GATES if gate.opens_for(lower))
