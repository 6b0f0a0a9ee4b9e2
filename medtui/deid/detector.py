"""All rules over one text: what is found, in the characters of the given text."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from itertools import chain

from medtui.deid import addresses, contacts, cues, dates, indic, labelled_names, names, numbers, places, streets
from medtui.deid.known import KnownStrings
from medtui.deid.prepared import Prepared, prepare
from medtui.deid.propagation import repeated
from medtui.deid.runs import runs
from medtui.deid.spans import UNVOUCHED, Span, merge
from medtui.phi import Category


def detect(text: str, known: KnownStrings | None = None) -> list[Span]:
    """Find everything that identifies somebody.

    Args:
        text: any text.
        known: identifiers known beforehand.

    Returns:
        Disjoint spans in order, in characters of `text`; those with a score below `spans.THRESHOLD` are doubts.
    """
    prepared = prepare(text)
    found = find(prepared, known)
    return [_moved(span, prepared) for span in found]


def find(prepared: Prepared, known: KnownStrings | None = None) -> list[Span]:
    """Find everything in a prepared text; ranges count its own characters."""
    text = prepared.text
    sure = list(
        chain(
            known.find(prepared) if known else (),
            numbers.find(prepared),
            contacts.find(prepared),
            dates.find(prepared),
            cues.find_numbers(prepared),
            addresses.find(prepared),
            labelled_names.find(prepared),
            names.titled(prepared),
            indic.find(prepared),
        )
    )
    barring = [span for span in sure if span.category is not Category.LOCATION and _is_own(span)]
    sure += streets.find(prepared, _covered(prepared, barring))
    taken = _covered(prepared, sure)
    capitals = list(runs(prepared))
    located = list(places.find(prepared, capitals, taken))
    taken |= _covered(prepared, located)
    named = list(names.find(prepared, capitals, taken))
    located += dates.visits(text, located)
    spans = merge([*sure, *located, *named], text)
    return merge([*spans, *repeated(prepared, spans)], text)


def _is_own(span: Span) -> bool:
    """Tell whether a number is surely no part of an address; a post code may look like a long number."""
    return span.score > UNVOUCHED and span.source != "form:long"


def _covered(prepared: Prepared, spans: Iterable[Span]) -> set[int]:
    """Give the indices of the words that spans hold."""
    starts = prepared.starts
    covered: set[int] = set()
    for span in spans:
        index = max(0, bisect_left(starts, span.start) - 1)
        while index < len(starts) and starts[index] < span.end:
            if prepared.ends[index] > span.start:
                covered.add(index)
            index += 1
    return covered


def _moved(span: Span, prepared: Prepared) -> Span:
    start, end = prepared.given(span.start, span.end)
    return Span(start, end, span.category, span.score, span.source) if prepared.origin else span


def certain(spans: Sequence[Span], threshold: float) -> list[Span]:
    """Keep what is at least this certain."""
    return [span for span in spans if span.score >= threshold]
