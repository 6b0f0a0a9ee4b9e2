"""Places: cities by list, unknown words by the preposition before them, post codes behind a place."""

import re
from collections.abc import Iterator, Sequence

from medtui.deid.eponyms import is_eponym
from medtui.deid.organisations import organisation, visited, with_saint
from medtui.deid.prepared import Prepared
from medtui.deid.runs import Run
from medtui.deid.spans import LIKELY, UNVOUCHED, Span
from medtui.deid.vocabulary import FACILITY, GENERIC_FACILITY, PLACE_BEFORE, STATES
from medtui.deid.word_lists.flags import Flag
from medtui.deid.word_lists.lookup import word_lists
from medtui.deid.words import Kind, Word, word
from medtui.phi import Category

_CITY_STATE = re.compile(
    r"(?<![A-Za-z])(?P<city>[A-Z][A-Za-z.'-]+(?:[ ][A-Z][A-Za-z.'-]+){0,3}),?[ ]+(?P<state>[A-Z]{2})(?=[ ]+\d{5}(?:-\d{4})?\b|[\s,.;:)?!]|\Z)(?:[ ]+\d{5}(?:-\d{4})?)?"
)
_POST_CODE = re.compile(
    r"(?<![A-Za-z])(?P<place>[A-Z][A-Za-z]+)[ ,\n-]{1,3}(?P<code>[1-9]\d{5}|\d{3} \d{3}|\d{5}(?:-\d{4})?)(?![\d.,]*\d|[ ]?(?:/|mg|ml|cells|%))"
)
_NEVER = {Kind.TITLE, Kind.KIN, Kind.OTHER, Kind.INITIAL}
_SAINTS = frozenset(("st", "ste", "saint", "mt", "mount", "ft", "fort"))
_LONGEST_PHRASE = 4


def find(prepared: Prepared, runs: Sequence[Run], taken: set[int]) -> Iterator[Span]:
    """Find places and organisations.

    Args:
        prepared: the text in its normal form.
        runs: its runs of capitalised words.
        taken: indices of words that other findings hold.
    """
    text = prepared.text
    yield from _with_codes(text)
    skip = -1
    for position, run in enumerate(runs):
        if position <= skip:
            continue
        span, last = organisation(text, runs, position, taken)
        if span:
            yield span
            skip = last
        else:
            yield from _in_run(text, prepared, run, taken)


def _with_codes(text: str) -> Iterator[Span]:
    for match in _CITY_STATE.finditer(text):
        first = word(match["city"].split()[0])
        city = first.flags & Flag.PLACE or (first.kind is not Kind.VOUCHED and first.shape == "T")
        if match["state"] in STATES and city:
            yield Span(match.start("city"), match.end(), Category.LOCATION, LIKELY, "place:state")
    for match in _POST_CODE.finditer(text):
        if word(match["place"]).flags & Flag.PLACE:
            yield Span(*match.span("code"), Category.LOCATION, LIKELY, "place:post code")


def _in_run(text: str, prepared: Prepared, run: Run, taken: set[int]) -> Iterator[Span]:
    before = prepared.words[run.first - 1] if run.first else None
    near = before is not None and run.start - before.end() <= 2
    leading = before.group().lower() if before and near else ""
    if leading in {"the", "our"} and run.first > 1:
        leading = prepared.words[run.first - 2].group().lower()
    preposition = leading if leading in PLACE_BEFORE else ""
    visit = visited(text, run)
    index = 0
    while index < len(run.words):
        count = 0 if run.first + index in taken else _length(text, run, index, preposition if index == 0 else "", visit)
        if not count:
            index += 1
            continue
        last = index + count - 1
        while last + 1 < len(run.words) and run.first + last + 1 not in taken and _goes_on(text, run, last):
            last += 1
        end = run.ends[last]
        if text[end - 2 : end] == "'s" and not visit:
            end -= 2
        score = UNVOUCHED if run.words[index].kind is Kind.UNKNOWN else LIKELY
        yield Span(with_saint(text, run.starts[index]), end, Category.LOCATION, score, "place:word")
        index = last + 1


def _length(text: str, run: Run, index: int, preposition: str, visit: bool) -> int:
    """Give the number of words of the place that begins here, 0 when none does."""
    item = run.words[index]
    if item.lower in _SAINTS and index + 1 < len(run.words) and run.words[index + 1].kind not in _NEVER:
        return 2 if run.words[index + 1].shape == "T" or run.shouting else 0
    if phrase := _phrase(text, run, index):
        return phrase
    if item.kind in _NEVER or item.lower in GENERIC_FACILITY or is_eponym(text, run, index):
        return 0
    if item.kind is Kind.PLACE and (item.shape == "T" or len(item.lower) > 3 or preposition):
        return 1
    # "in John D. who was admitted": an initial makes it a person.
    person = index + 1 < len(run.words) and run.words[index + 1].kind is Kind.INITIAL
    if not preposition or person:
        return 0
    return int(_unfamiliar(item, preposition, visit) or (visit and _named(run)))


def _phrase(text: str, run: Run, index: int) -> int:
    """Give the number of words of a place's name of several words ("New York City")."""
    flags = word_lists().flags
    longest = min(len(run.words) - index, _LONGEST_PHRASE)
    for count in range(longest, 1, -1):
        if not run.words[index].flags & Flag.PLACE or run.heading:
            return 0
        if flags(" ".join(item.lower for item in run.words[index : index + count])) & Flag.PLACE:
            return count
    return 0


def _unfamiliar(item: Word, preposition: str, visit: bool) -> bool:
    """Tell whether a word after "at", "in" or "from" is a place."""
    if item.kind is Kind.UNKNOWN:
        return item.shape == "T" or visit or (preposition in {"at", "@"} and len(item.lower) > 3)
    if item.flags & Flag.PLACE and not item.flags & Flag.MEDICAL:
        return item.kind is not Kind.VOUCHED or visit or not item.flags & Flag.COMMON
    return False


def _named(run: Run) -> bool:
    """Tell whether a run after "seen at" is a place although its words are familiar ("Mass General")."""
    item = run.words[0]
    if item.flags & (Flag.ABBREVIATION | Flag.PRODUCT) or (item.kind is not Kind.VOUCHED and item.flags & Flag.MEDICAL):
        return False
    if item.kind is not Kind.VOUCHED:
        return True
    if len(run.words) == 1:
        return item.shape == "T" and not item.flags & (Flag.MEDICAL | Flag.COMMON)
    return not all(part.flags & Flag.MEDICAL or part.lower in GENERIC_FACILITY for part in run.words)


def _goes_on(text: str, run: Run, last: int) -> bool:
    """Tell whether a place goes on with the next word."""
    item = run.words[last + 1]
    gap = text[run.ends[last] : run.starts[last + 1]]
    if gap not in {" ", ", ", "-"}:
        return False
    if item.text in STATES or (item.flags & Flag.PLACE and not item.flags & Flag.MEDICAL) or item.lower in FACILITY:
        return True
    if item.kind in _NEVER:
        return False
    return gap != ", " and item.shape != "l" and not item.flags & (Flag.MEDICAL | Flag.ABBREVIATION | Flag.COMMON)
