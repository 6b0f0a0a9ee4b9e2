"""Rules and model together: agreement is replaced, disagreement is a doubt, and nothing is let go."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from medtui.deid.spans import DOUBT, LIKELY, THRESHOLD, UNVOUCHED, Span
from medtui.deid.vocabulary import TITLES
from medtui.phi import Category

SOURCE = "vote"
_YEAR = re.compile(r"\s*(?:18|19|20)\d\d\s*\Z")
_LEAST = 2


@dataclass(frozen=True)
class Votes:
    """What a model said about one report.

    Attributes:
        spans: `(start, end, category)`, in characters of the report.
        covers: kinds that the model knows at all; about others its silence says nothing.
    """

    spans: tuple[tuple[int, int, str], ...] = ()
    covers: frozenset[Category] = frozenset()


NO_VOTES = Votes()


def combined(found: Sequence[Span], votes: Votes, text: str) -> list[Span]:
    """Weigh findings of the rules by what a model said.

    Args:
        found: by the rules; disjoint, in order.
        votes: of the model.
        text: what both looked at.

    Returns:
        Disjoint spans in order that hold every character of `found`. A doubt of the rules that the model shares is a
        finding; what no list vouches for and the model does not share is a doubt, and so is what only the model found.
    """
    if not votes.covers:
        return list(found)
    named = bytearray(len(text))
    for start, end, _ in votes.spans:
        named[start:end] = b"\1" * (min(end, len(text)) - start)
    covered = bytearray(len(text))
    weighed = []
    for span in found:
        covered[span.start : span.end] = b"\1" * (span.end - span.start)
        weighed.append(_weighed(span, any(named[span.start : span.end]), votes.covers))
    alone = [
        Span(start, end, Category(category), DOUBT, SOURCE)
        for start, end, category in votes.spans
        if not (category == Category.DATE and _YEAR.match(text, start, end))
        for start, end in _uncovered(text, start, min(end, len(text)), covered)
    ]
    return sorted([*weighed, *_disjoint(alone)], key=lambda span: span.start)


def _weighed(span: Span, shared: bool, covers: frozenset[Category]) -> Span:
    if shared and span.score < THRESHOLD:
        return replace(span, score=LIKELY)
    if not shared and span.category in covers and THRESHOLD <= span.score <= UNVOUCHED:
        return replace(span, score=DOUBT)
    return span


def _uncovered(text: str, start: int, end: int, covered: bytearray) -> Iterator[tuple[int, int]]:
    """Give the stretches of a vote that no rule covers, without the blanks and titles around them."""
    while start < end:
        if covered[start] or not text[start].isalnum():
            start += 1
            continue
        stop = start
        while stop < end and not covered[stop]:
            stop += 1
        last = stop
        while not text[last - 1].isalnum():
            last -= 1
        words = re.findall(r"[^\W_]+", text[start:last])
        if any(word.lower() not in TITLES for word in words) and sum(map(len, words)) >= _LEAST:
            yield start, last
        start = stop


def _disjoint(spans: Iterable[Span]) -> Iterator[Span]:
    end = 0
    for span in sorted(spans, key=lambda item: (item.start, -item.end)):
        if span.end > end:
            yield replace(span, start=max(span.start, end))
            end = span.end
