"""Runs of neighbouring capitalised words: what a name or a place looks like in most scripts of Europe."""

import re
from collections.abc import Iterator

from medtui.deid.prepared import Prepared
from medtui.deid.vocabulary import SHORTENED
from medtui.deid.words import Word

_SENTENCE_END = re.compile(r"[.!?:;\u2022|*\u0964\])\"]\s*\Z|\n\s*(?:[-*\u2022>]+\s*|\(?\d{1,2}[.)]\s*)?\Z")
# Between two words of one run: "Asha Rao", "J. Rao", "Rao, Asha", "Rao-Iyer".
_JOINABLE = {" ", ", ", "-", "  "}
_STOPS = {". ", "."}
_LONGEST_SHORT_FORM = 2


class Run:
    """Neighbouring capitalised words of one line.

    Attributes:
        first: index of the first word among the text's words.
        after: index of the first word behind the run.
        words: what is known about each.
        starts: where each begins.
        ends: where each ends.
        start: where the run begins.
        end: where the run ends.
        roles: what its words let it be, bits of `words.Role`.
    """

    __slots__ = (
        "_heading", "_opens", "_shouting", "after", "end", "ends", "first", "prepared", "roles", "start", "starts",
        "words",
    )  # fmt: skip

    def __init__(self, prepared: Prepared, first: int, after: int) -> None:
        self.prepared = prepared
        self.first = first
        self.after = after
        self.words: list[Word] = prepared.words[first:after]
        self.starts = prepared.starts[first:after]
        self.ends = prepared.ends[first:after]
        self.start = self.starts[0]
        self.end = self.ends[-1]
        self.roles = 0
        for item in self.words:
            self.roles |= item.roles
        self._opens: bool | None = None
        self._shouting: bool | None = None
        self._heading = False

    @property
    def opens(self) -> bool:
        """Whether the run begins a sentence, a line or a list item, so that its first capital says nothing."""
        if self._opens is None:
            start = self.start
            text = self.prepared.text
            self._opens = start == 0 or _SENTENCE_END.search(text, max(0, start - 12), start) is not None
        return self._opens

    @property
    def shouting(self) -> bool:
        """Whether its line holds no lower-case letter, so that capitals say nothing at all."""
        if self._shouting is None:
            self._shouting, self._heading = _line(self.prepared, self.start)
        return self._shouting

    @property
    def heading(self) -> bool:
        """Whether every longer word of its line is capitalised."""
        return not self.shouting and self._heading


def runs(prepared: Prepared) -> Iterator[Run]:
    """Split a text into its runs of capitalised words.

    Args:
        prepared: the text in its normal form.
    """
    words, gaps = prepared.words, prepared.gaps
    first = after = -1
    for index in prepared.capitals:
        # "Pre-operative" is no name, whatever stands before its hyphen.
        if gaps[index + 1] == "-" and index + 1 < len(words) and prepared.written[index + 1][0].islower():
            continue
        if index == after and (
            (gap := gaps[index]) in _JOINABLE
            or (
                gap in _STOPS
                and (len(words[index - 1].lower) <= _LONGEST_SHORT_FORM or words[index - 1].lower in SHORTENED)
            )
        ):
            after = index + 1
            continue
        if first >= 0:
            yield Run(prepared, first, after)
        first, after = index, index + 1
    if first >= 0:
        yield Run(prepared, first, after)


def _line(prepared: Prepared, start: int) -> tuple[bool, bool]:
    """Tell whether the line at a place is in capitals, and whether it looks like a heading."""
    text = prepared.text
    begin = text.rfind("\n", 0, start) + 1
    end = text.find("\n", start)
    end = len(text) if end < 0 else end
    known = prepared.lines.get(begin)
    if known is None:
        line = text[begin:end]
        shouting = line.isupper() and sum(map(str.isalpha, line)) > 3
        heading = False
        if not shouting and len(line) < 80:
            words = [part for part in line.split()[:12] if len(part) > 3 and part[0].isalpha()]
            heading = len(words) > 1 and all(part[0].isupper() for part in words)
        known = prepared.lines[begin] = (shouting, heading)
    return known
