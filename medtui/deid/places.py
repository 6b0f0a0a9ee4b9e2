"""Places: cities by list, unknown words by the preposition before them, post codes behind a place."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from medtui.deid.eponyms import is_eponym
from medtui.deid.organisations import LOWER_FACILITIES, MOST_MEMBERS, organisation, visited, with_saint
from medtui.deid.prepared import Prepared
from medtui.deid.runs import Run
from medtui.deid.spans import LIKELY, UNVOUCHED, Span
from medtui.deid.vocabulary import FACILITY, GENERIC_FACILITY, PLACE_BEFORE, STATES
from medtui.deid.word_lists.flags import Flag
from medtui.deid.word_lists.lookup import word_lists
from medtui.deid.words import SAINTS, Kind, Role, Street, Word, word
from medtui.phi import Category

_CITY_BEFORE = re.compile(r"(?<![A-Za-z])[A-Z][A-Za-z.'-]+(?:[ ][A-Z][A-Za-z.'-]+){0,3},?[ ]+\Z")
_AFTER_STATE = re.compile(r"(?=[\s,.;:)?!]|\Z)(?:[ ]+\d{5}(?:-\d{4})?(?![^\W_]))?")
_AND = re.compile(r"[ ]?&[ ]?[A-Z][\w']+(?:[ ][A-Z][\w']+)*")
_CODE_GAP = re.compile(r"[ ,\n-]{1,3}\Z")
_MEASURED = re.compile(r"[\d.,]*\d|[ ]?(?:/|mg|ml|cells|%)")
_CODES = {"000000", "00000", "000"}
_NEVER = {Kind.TITLE, Kind.KIN, Kind.OTHER, Kind.INITIAL}
_LONGEST_PHRASE = 4
_FARTHEST_CITY = 80


def find(prepared: Prepared, runs: Sequence[Run], taken: set[int]) -> Iterator[Span]:
    """Find places and organisations.

    Args:
        prepared: the text in its normal form.
        runs: its runs of capitalised words.
        taken: indices of words that other findings hold.
    """
    text = prepared.text
    yield from _with_states(prepared)
    yield from _with_codes(prepared)
    facilities = [position for position, run in enumerate(runs) if run.roles & Role.FACILITY]
    if not LOWER_FACILITIES.isdisjoint(prepared.different):
        facilities = list(range(len(runs)))
    skip = -1
    for position, run in enumerate(runs):
        if position <= skip:
            continue
        nearest = bisect_left(facilities, position) if facilities else 0
        if nearest < len(facilities) and facilities[nearest] < position + MOST_MEMBERS:
            span, last = organisation(text, runs, position, taken)
            if span:
                yield span
                skip = last
                continue
        yield from _in_run(text, prepared, run, taken)


def _with_states(prepared: Prepared) -> Iterator[Span]:
    """Find "Dayton, OH 45402"."""
    text = prepared.text
    for index in prepared.capitals:
        if prepared.words[index].text not in STATES:
            continue
        start = prepared.starts[index]
        city = _CITY_BEFORE.search(text, max(0, start - _FARTHEST_CITY), start)
        after = _AFTER_STATE.match(text, prepared.ends[index])
        if not city or not after:
            continue
        first = word(city.group().split()[0].rstrip(","))
        if first.flags & Flag.PLACE or (first.kind is not Kind.VOUCHED and first.shape == "T"):
            yield Span(city.start(), after.end(), Category.LOCATION, LIKELY, "place:state")


def _with_codes(prepared: Prepared) -> Iterator[Span]:
    """Find the post code behind a place."""
    words, text = prepared.words, prepared.text
    for index in prepared.numerals:
        item = words[index]
        if index == 0 or item.text not in _CODES or not words[index - 1].flags & Flag.PLACE:
            continue
        end = prepared.ends[index]
        if len(item.text) == 3:
            if index + 1 == len(words) or words[index + 1].text != "000" or prepared.gaps[index + 1] != " ":
                continue
            end = prepared.ends[index + 1]
        if _CODE_GAP.match(prepared.gaps[index]) and not _MEASURED.match(text, end):
            yield Span(prepared.starts[index], end, Category.LOCATION, LIKELY, "place:post code")


def _in_run(text: str, prepared: Prepared, run: Run, taken: set[int]) -> Iterator[Span]:
    leading = ""
    if run.first and len(prepared.gaps[run.first]) <= 2:
        leading = prepared.words[run.first - 1].lower
        if leading in {"the", "our"} and run.first > 1:
            leading = prepared.words[run.first - 2].lower
    preposition = leading if leading in PLACE_BEFORE else ""
    visit = visited(prepared, run)
    if not (preposition or visit or run.roles & Role.PLACE):
        return
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
        if visit and last + 1 == len(run.words) and (more := _AND.match(text, end)):
            end = more.end()
        if visit and index and all(item.shape == "U" for item in run.words[:index]):
            index = 0
        score = UNVOUCHED if run.words[index].kind is Kind.UNKNOWN else LIKELY
        yield Span(with_saint(text, run.starts[index]), end, Category.LOCATION, score, "place:word")
        index = last + 1


def _length(text: str, run: Run, index: int, preposition: str, visit: bool) -> int:
    """Give the number of words of the place that begins here, 0 when none does."""
    item = run.words[index]
    if item.lower in SAINTS and index + 1 < len(run.words) and run.words[index + 1].kind not in _NEVER:
        return 2 if run.words[index + 1].shape == "T" or run.shouting else 0
    if phrase := _phrase(text, run, index):
        return phrase
    if item.kind in _NEVER or item.lower in GENERIC_FACILITY or is_eponym(text, run, index):
        return 0
    named_after = item.flags & Flag.EPONYM and not (preposition or visit)
    if item.kind is Kind.PLACE and not named_after and (item.shape == "T" or len(item.lower) > 3 or preposition):
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
    if gap == " " and item.shape == "T" and item.street & (Street.LAST | Street.WEAK):
        return True
    if item.text in STATES or (item.flags & Flag.PLACE and not item.flags & Flag.MEDICAL) or item.lower in FACILITY:
        return True
    if item.kind in _NEVER:
        return False
    return gap != ", " and item.shape != "l" and not item.flags & (Flag.MEDICAL | Flag.ABBREVIATION | Flag.COMMON)
