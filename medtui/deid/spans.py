"""Places in a text, and how overlapping ones become one."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from medtui.phi import Category

CERTAIN = 1.0
"""A known identifier or a pattern that nothing else has."""
LIKELY = 0.85
"""A cue word, a title or a list says so."""
UNVOUCHED = 0.6
"""No list vouches for the word: removed, and worth a look."""
DOUBT = 0.4
"""Neither can be shown; a person decides, and until then it is removed."""
THRESHOLD = 0.5


@dataclass(slots=True, unsafe_hash=True)
class Span:
    """A half-open range of characters that identifies, or may identify, somebody.

    `score` is the certainty between 0 and 1; below `THRESHOLD` it is a doubt. `source` names the rule that found it.
    """

    start: int
    end: int
    category: Category
    score: float
    source: str

    def shifted(self, offset: int) -> "Span":
        """Move the span by a number of characters."""
        return Span(self.start + offset, self.end + offset, self.category, self.score, self.source)


# Between two parts of one place ("Mayo Clinic in Rochester, MN") or one name ("Rao, Priya").
_PLACE_JOINT = re.compile(r"(?:,?[ \t]+(?:in|at|of|near)[ \t]+|,?[ \t]*\n?[ \t]*|[ \t]*-[ \t]*)\Z")
_NAME_JOINT = re.compile(r"(?:,?[ \t]+|\.[ \t]*)\Z")
_LONGEST_JOINT = 8

# Where two kinds claim the same characters, the one that says more about the value names it.
_RANK = {category: rank for rank, category in enumerate((Category.OTHER_ID, Category.LOCATION, Category.NAME))}


def merge(spans: Iterable[Span], text: str) -> list[Span]:
    """Unite overlapping spans, and neighbouring parts of one place or one name.

    Args:
        spans: in any order, any overlap.
        text: what they point into.

    Returns:
        Disjoint spans in order. A union takes the kind and rule of its most certain, then longest part, so that nothing
        that was claimed is let go.
    """
    merged: list[Span] = []
    for span in sorted(spans, key=_place):
        if merged and (span.start < merged[-1].end or _joins(merged[-1], span, text)):
            merged[-1] = _united(merged[-1], span)
        else:
            merged.append(span)
    return merged


def _place(span: Span) -> tuple[int, int]:
    return span.start, -span.end


def _joins(first: Span, second: Span, text: str) -> bool:
    if second.start - first.end > _LONGEST_JOINT or first.category is not second.category:
        return False
    if (first.score < THRESHOLD) is not (second.score < THRESHOLD):
        return False
    between = text[first.end : second.start]
    if first.category is Category.LOCATION:
        return _PLACE_JOINT.match(between) is not None
    return first.category is Category.NAME and _NAME_JOINT.match(between) is not None


def _united(first: Span, second: Span) -> Span:
    lead, other = first, second
    if _weight(second) > _weight(first):
        lead, other = second, first
    start, end = min(first.start, second.start), max(first.end, second.end)
    return Span(start, end, lead.category, max(lead.score, other.score), lead.source)


def _weight(span: Span) -> tuple[float, int, int]:
    return span.score, span.end - span.start, _RANK.get(span.category, -1) * -1
