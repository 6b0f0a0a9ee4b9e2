"""Where in a text a pattern can begin at all.

Trying a pattern of a hundred alternatives at every character is what makes rule sets slow. A gate knows the words a
pattern can begin with, or that it begins with a number; the words of a text are read once for all gates, and each
pattern is tried only where it has a chance.
"""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from medtui.deid.prepared import Prepared

_GATES: list["Gate"] = []
_PREFIX = 3
_ESCAPES = re.compile(r"\\[A-Za-z]|\(\?P<\w+>|\(\?[a-z-]+[:)]|\{\d+(?:,\d*)?\}|[A-Za-z]\?")
_ENDINGS = re.compile(r"\*([a-z]+)")
_LETTERS = re.compile(r"[A-Za-z\u00c0-\u024f]+")


class Gate:
    """A pattern with the places where it may begin.

    Attributes:
        pattern: the pattern.
        index: of this gate among all.
    """

    def __init__(
        self,
        pattern: "re.Pattern[str]",
        *,
        words: str = "",
        numbers: bool = False,
        near: tuple[str, int] = ("", 0),
        indic: bool = False,
        reach: int = 0,
        numerals: str = "",
        first: str = "",
    ) -> None:
        """Describe a pattern's beginnings.

        Args:
            pattern: begins with one of the below.
            words: source of the part of the pattern that holds all its first words; more words do no harm. "*mc" is any
                word that ends so.
            numbers: whether it may begin with a number or code of four digits or more.
            near: characters, as in `[...]`, one of which every match holds, so many characters behind its beginning at
                most.
            indic: whether it may begin with a word in a script of India.
            reach: the words may stand so many words after its beginning.
            numerals: or a number, however short, with one of these characters first.
            first: source of a pattern in lower case that each match begins with; letters of one case are compared at a
                fraction of the cost.
        """
        runs = {run.lower() for run in _LETTERS.findall(_ESCAPES.sub(" ", words))}
        self.pattern = pattern
        self.index = len(_GATES)
        self._numbers = numbers
        self._whole = frozenset(run for run in runs if len(run) < _PREFIX)
        self._prefixes = tuple(run for run in runs if len(run) >= _PREFIX)
        self._endings = tuple(_ENDINGS.findall(words))
        self._near = near
        self._indic = indic
        self._reach = reach
        self._numerals = numerals
        self._first = re.compile(first) if first else None
        _GATES.append(self)

    def opens_for(self, word: str) -> bool:
        """Tell whether the pattern may begin with this word, given in lower case."""
        return word.startswith(self._prefixes) or word in self._whole or word.endswith(self._endings)

    def _starts(self, prepared: "Prepared", openings: list[int] | None) -> Sequence[int]:
        starts: Sequence[int] = ()
        if openings:
            if self._reach:
                openings = sorted({at for index in openings for at in range(max(0, index - self._reach), index + 1)})
            starts = [prepared.starts[index] for index in openings]
            if self._near[0]:
                starts = prepared.followed(starts, *self._near)
        more: Sequence[int] = prepared.number_starts if self._numbers else ()
        if self._numerals:
            written = prepared.written
            more = [prepared.starts[index] for index in prepared.numerals if written[index][0] in self._numerals]
        return sorted({*starts, *more}) if starts and more else starts or more

    def finditer(self, prepared: "Prepared") -> Sequence["re.Match[str]"]:
        """Find the pattern's matches, which do not overlap, in order."""
        if self._indic and prepared.indic:
            return list(self.pattern.finditer(prepared.text))
        openings = prepared.openings.get(self.index)
        if openings is None and not self._numbers and not self._numerals:
            return ()
        starts = self._starts(prepared, openings)
        if self._first and starts:
            first, lower = self._first.match, prepared.lower
            starts = [start for start in starts if first(lower, start)]
        if not starts:
            return ()
        text, match = prepared.text, self.pattern.match
        found = []
        end = 0
        for start in starts:
            if start >= end and (hit := match(text, start)):
                end = hit.end()
                found.append(hit)
        return found


def gates_of(word: str) -> tuple[int, ...]:
    """Give the gates that open for a word in lower case, by their index; digits before its letters do not count."""
    letters = word.lstrip("0123456789")
    return tuple(gate.index for gate in _GATES if gate.opens_for(letters)) if letters else ()
