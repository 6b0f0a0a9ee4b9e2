"""Runs of neighbouring capitalised words: what a name or a place looks like in most scripts of Europe."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from medtui.deid.prepared import Prepared
from medtui.deid.words import Kind, Word, word

# Between two words of one run: "Asha Rao", "J. Rao", "Rao, Asha", "Rao-Iyer".
_SENTENCE_END = re.compile(r"[.!?:;\u2022|*\u0964\])\"]\s*\Z|\n\s*(?:[-*\u2022>]+\s*|\(?\d{1,2}[.)]\s*)?\Z")
_JOINABLE = {" ", ", ", "-", "  "}
_STOPS = {". ", "."}
_LONGEST_SHORT_FORM = 2


@dataclass(slots=True)
class Run:
    """Neighbouring capitalised words of one line.

    Attributes:
        first: index of the first word among the text's words.
        words: what is known about each.
        starts: where each begins.
        ends: where each ends.
        opens: the run begins a sentence, a line or a list item, so its first capital says nothing.
        shouting: its line holds no lower-case letter, so capitals say nothing at all.
        heading: every longer word of its line is capitalised.
    """

    first: int
    words: list[Word]
    starts: list[int]
    ends: list[int]
    opens: bool
    shouting: bool
    heading: bool

    @property
    def start(self) -> int:
        """Where the run begins."""
        return self.starts[0]

    @property
    def end(self) -> int:
        """Where the run ends."""
        return self.ends[-1]


def runs(prepared: Prepared) -> Iterator[Run]:
    """Split a text into its runs of capitalised words.

    Args:
        prepared: the text in its normal form.
    """
    text = prepared.text
    line_end, shouting, heading = -1, False, False
    run: Run | None = None
    for index, match in enumerate(prepared.words):
        item = _capitalised(text, match)
        if item is None:
            if run:
                yield run
                run = None
            continue
        start = match.start()
        if start >= line_end:
            if run:
                yield run
                run = None
            line_end, shouting, heading = _line(text, start)
        if run and _joined(text[run.end : start], run.words[-1]):
            run.words.append(item)
            run.starts.append(start)
            run.ends.append(match.end())
            continue
        if run:
            yield run
        opens = _SENTENCE_END.search(text, max(0, start - 12), start) is not None or start == 0
        run = Run(index, [item], [start], [match.end()], opens, shouting, heading)
    if run:
        yield run


def _capitalised(text: str, match: "re.Match[str]") -> Word | None:
    """Give what is known about a word when it may be part of a name or place by its capitals."""
    end = match.end()
    # "Pre-operative" is no name, whatever stands before its hyphen.
    if not text[match.start()].isupper() or (text[end : end + 1] == "-" and text[end + 1 : end + 2].islower()):
        return None
    item = word(match.group())
    return item if item.shape in {"T", "U"} and item.kind is not Kind.OTHER else None


def _joined(gap: str, before: Word) -> bool:
    """Tell whether a gap keeps two words in one run; a full stop does so only after an initial or "St"."""
    return gap in _JOINABLE or (gap in _STOPS and len(before.lower) <= _LONGEST_SHORT_FORM)


def _line(text: str, start: int) -> tuple[int, bool, bool]:
    begin = text.rfind("\n", 0, start) + 1
    end = text.find("\n", start)
    end = len(text) if end < 0 else end
    line = text[begin:end]
    shouting = line.isupper() and sum(map(str.isalpha, line)) > 3
    words = [part for part in line.split()[:12] if len(part) > 3 and part[0].isalpha()]
    heading = not shouting and len(words) > 1 and len(line) < 80 and all(part[0].isupper() for part in words)
    return end + 1, shouting, heading
