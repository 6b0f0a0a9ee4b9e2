"""The second look: nothing known and nothing certain may be left in what was written."""

from collections.abc import Iterable, Sequence

from medtui.deid import contacts, cues, dates, numbers
from medtui.deid.known import KnownStrings
from medtui.deid.prepared import prepare
from medtui.deid.profile import Profile
from medtui.deid.replacement import Replaced, replace
from medtui.deid.spans import LIKELY, Span, merge
from medtui.deid.surrogates import Surrogates

_PASSES = 3


def left(masked: str, known: KnownStrings) -> list[Span]:
    """Find what should not be there any more.

    Args:
        masked: the new text with blanks for what was put in (see `Replaced.masked`).
        known: identifiers known beforehand.

    Returns:
        Known identifiers and certain patterns, in characters of `masked`.
    """
    prepared = prepare(masked)
    text = prepared.text
    found = [
        *known.find(prepared),
        *numbers.find(prepared),
        *contacts.find(prepared),
        *dates.find(prepared),
        *cues.find_numbers(prepared),
    ]
    spans = merge([span for span in found if span.score >= LIKELY], text)
    return [Span(*prepared.given(span.start, span.end), span.category, span.score, span.source) for span in spans]


def replace_and_verify(
    text: str,
    spans: Sequence[Span],
    known: KnownStrings,
    chosen: Profile,
    kept: Iterable[tuple[int, int]] = (),
    surrogates: Surrogates | None = None,
) -> tuple[Replaced, list[Span], int]:
    """Replace, look again, and replace what the second look finds, until nothing is left.

    Args:
        text: the given text.
        spans: what to replace, disjoint and in order.
        known: identifiers known beforehand.
        chosen: the rule to follow.
        kept: ranges that a person decided to keep.
        surrogates: the report's made-up values.

    Returns:
        The new text, all spans that were replaced in it, and the number of findings still left (0 when verified).
    """
    keep = list(kept)
    current = list(spans)
    remaining: list[Span] = []
    for _ in range(_PASSES):
        replaced = replace(text, current, chosen, surrogates)
        remaining = []
        for span in left(replaced.masked(), known):
            start, end = replaced.origin(span.start, span.end)
            if not any(start < last and end > first for first, last in keep):
                remaining.append(Span(start, end, span.category, span.score, "second look"))
        if not remaining:
            return replaced, current, 0
        current = merge([*current, *remaining], text)
    return replace(text, current, chosen, surrogates), current, len(remaining)
