"""Put tags where identifiers stood, and remember which character came from where."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from medtui.deid.post_codes import coarse
from medtui.deid.prepared import prepare
from medtui.deid.profile import Policy, Profile, earliest_year
from medtui.deid.spans import Span
from medtui.deid.surrogates import Surrogates
from medtui.phi import Category

_YEAR = re.compile(r"(?<!\d)((?:18|19|20)\d{2})(?!\d)")
_COMPACT = re.compile(r"(?<!\d)((?:19|20)\d{2})\d{4}(?:\d{2,6})?(?!\d)")
_SHORT_YEAR = re.compile(r"(?:'|[/.-])(\d{2})(?!\d)\s*\Z|\A[^\n]*?[/.-]\d{1,2}[/.-](\d{2})(?!\d)")
# Two-digit years up to this many years ahead of the clock belong to this century.
_AHEAD = 1
# Titles tell nobody's identity and keep the sentence readable.
TITLE = re.compile(
    r"(?:Drs?|DR|Doctor|Mrs?|MRS?|Ms|MS|Miss|Mx|Prof(?:essor)?|PROF|Sir|Madam"
    r"|Shri|SHRI|Sri|Smt|SMT|Kumari|Kum|Km|Mst|Master)\b\.?[ ]{1,2}"
)
_FACILITY = re.compile(
    r"\b(?:hospitals?|clinics?|infirmary|nursing home|medical (?:cent(?:er|re)|college)|health cent(?:er|re))\b",
    re.IGNORECASE,
)
_BEFORE = 16
TAG = re.compile(r"\[(?:" + "|".join(Category) + r")\]")


def tag(category: Category) -> str:
    """Give what stands in the text instead of an identifier."""
    return f"[{category.value}]"


def replacement(span: Span, value: str, chosen: Profile, before: str = "", surrogates: Surrogates | None = None) -> str:
    """Give what takes the place of one identifier.

    Args:
        span: what it is.
        value: as it stands in the text.
        chosen: the rule to follow.
        before: the text before it.
        surrogates: the report's made-up values; without them a tag stands where one was asked for.
    """
    policy = chosen.policies[span.category]
    made_up: str | None = None
    if span.category is Category.DATE:
        made_up = _date(value, policy, surrogates)
    elif policy is Policy.GENERALISE:
        if span.category is Category.AGE:
            return "90+"
        if span.category is Category.LOCATION and (kept := coarse(value, before, chosen)):
            return f"{tag(span.category)} {kept}"
    elif policy is Policy.SURROGATE and surrogates is not None:
        made_up = _made_up(span, value, before, surrogates)
    if made_up is not None:
        return made_up
    if span.category is Category.NAME and (title := TITLE.match(value)):
        return title.group() + tag(span.category)
    return tag(span.category)


def _date(value: str, policy: Policy, surrogates: Surrogates | None) -> str | None:
    if policy in {Policy.REMOVE, Policy.REVIEW} or (year := year_of(value)) is None:
        return None
    moved = surrogates.date(value) if policy is Policy.SURROGATE and surrogates is not None else None
    return moved or str(year)


def _made_up(span: Span, value: str, before: str, surrogates: Surrogates) -> str | None:
    if span.category is Category.NAME:
        return surrogates.name(value, before)
    if span.category is Category.LOCATION:
        # A made-up place may be a real one: places are named by their kind alone.
        if _FACILITY.search(value):
            return "a hospital"
        return "an address" if any(map(str.isdigit, value)) else "a place"
    return surrogates.other(span.category, value)


def year_of(value: str) -> int | None:
    """Read the year of a date; None when it has none or one that tells an age over 89."""
    plain = prepare(value).text
    if match := _YEAR.search(plain) or _COMPACT.search(plain):
        year = int(match[1])
    elif match := _SHORT_YEAR.search(plain):
        short = int(match[1] or match[2])
        this_year = earliest_year() + 89
        year = 2000 + short if 2000 + short <= this_year + _AHEAD else 1900 + short
    else:
        return None
    return year if year >= earliest_year() else None


@dataclass(frozen=True)
class Replaced:
    """A text with its replacements.

    Attributes:
        text: the new text.
        pieces: `(start, end, new_start, new_end, replaced)` of each stretch, in order, without gaps.
    """

    text: str
    pieces: tuple[tuple[int, int, int, int, bool], ...]

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """Give the range of the given text that a range of the new text came from."""
        return self._back(start, False), self._back(end, True)

    def _back(self, position: int, is_end: bool) -> int:
        index = max(0, bisect_right([piece[2] for piece in self.pieces], position - is_end) - 1)
        first, last, new_first, _, replaced = self.pieces[index]
        if replaced:
            return last if is_end else first
        return first + position - new_first

    def masked(self) -> str:
        """Give the new text with blanks instead of what was put in, for a second look at what is left."""
        return "".join(
            (" " if replaced else self.text[index]) if self.text[index] != "\n" else "\n"
            for _, _, new_first, new_last, replaced in self.pieces
            for index in range(new_first, new_last)
        )


def replace(text: str, spans: Sequence[Span], chosen: Profile, surrogates: Surrogates | None = None) -> Replaced:
    """Replace disjoint spans, given in order; see `replacement` for the made-up values."""
    parts: list[str] = []
    pieces: list[tuple[int, int, int, int, bool]] = []
    position = length = 0
    for span in spans:
        for start, end, is_replaced in ((position, span.start, False), (span.start, span.end, True)):
            if start == end:
                continue
            part = text[start:end]
            if is_replaced:
                part = replacement(span, part, chosen, text[max(0, start - _BEFORE) : start], surrogates)
            parts.append(part)
            pieces.append((start, end, length, length + len(part), is_replaced))
            length += len(part)
        position = span.end
    if position < len(text):
        parts.append(text[position:])
        pieces.append((position, len(text), length, length + len(text) - position, False))
    return Replaced("".join(parts), tuple(pieces))


def clipped(spans: Sequence[Span], start: int, end: int) -> list[Span]:
    """Give the parts of spans inside a range, counted from its start."""
    return [
        Span(max(span.start, start) - start, min(span.end, end) - start, span.category, span.score, span.source)
        for span in spans
        if span.start < end and span.end > start
    ]
