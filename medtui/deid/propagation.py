"""What was found once in a report is found everywhere in it."""

from collections.abc import Iterator, Sequence

from medtui.deid.prepared import Prepared
from medtui.deid.spans import LIKELY, UNVOUCHED, Span
from medtui.deid.vocabulary import NOT_A_NAME, TITLES
from medtui.deid.word_lists.flags import Flag
from medtui.deid.words import Kind, word
from medtui.phi import Category

_SHORTEST = 3


def tellings(prepared: Prepared, spans: Sequence[Span]) -> dict[str, float]:
    """Give the words of found names that identify by themselves, in lower case, with their certainty."""
    found: dict[str, float] = {}
    for span in spans:
        if span.category is not Category.NAME or span.score < UNVOUCHED:
            continue
        for piece in prepared.text[span.start : span.end].replace("-", " ").replace(".", " ").replace(",", " ").split():
            value = piece.strip("'\"()")
            value = value[:-2] if value.endswith("'s") else value
            lower = value.lower()
            if len(lower) < _SHORTEST or lower in NOT_A_NAME or lower in TITLES:
                continue
            item = word(value)
            # A name that is an English word too is only carried over from where a title or a label named it.
            if item.kind is Kind.VOUCHED or (item.kind is Kind.EITHER and span.score < LIKELY):
                continue
            found[lower] = max(span.score, found.get(lower, 0.0))
    return found


def repeated(prepared: Prepared, spans: Sequence[Span]) -> Iterator[Span]:
    """Find the other places of names found in the same text."""
    names = tellings(prepared, spans)
    if not names:
        return
    covered = -1
    position = 0
    for index in [at for at, item in enumerate(prepared.words) if item.bare in names]:
        item, start = prepared.words[index], prepared.starts[index]
        while position < len(spans) and spans[position].start <= start:
            covered = max(covered, spans[position].end)
            position += 1
        if prepared.ends[index] <= covered:
            continue
        if item.text[0].islower() and word(item.bare).flags & (Flag.ORDINARY | Flag.MEDICAL | Flag.ABBREVIATION):
            continue
        yield Span(
            start,
            start + len(item.text) - len(item.lower) + len(item.bare),
            Category.NAME,
            min(LIKELY, names[item.bare]),
            "repeated",
        )
