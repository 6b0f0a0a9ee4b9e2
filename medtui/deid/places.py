"""Places: organisations by their kind word, cities by list, unknown words by the preposition before them."""

import re
from collections.abc import Iterator, Sequence

from medtui.deid.prepared import Prepared
from medtui.deid.runs import Run
from medtui.deid.spans import LIKELY, UNVOUCHED, Span
from medtui.deid.vocabulary import EPONYM_NOUN, FACILITY, GENERIC_FACILITY, NOT_A_NAME, PLACE_BEFORE, STATES, VISIT
from medtui.deid.word_lists.flags import Flag
from medtui.deid.words import Kind, Word, word
from medtui.phi import Category

_CONNECTOR = re.compile(
    r"[ ](?:(?:of|and|&|for|the|de|del|la|le|du|des|di|da|do|dos|von|van|der|al|el|in|at|y|e)[ ]){1,3}(?=[A-Z])|[ ]?[&@][ ]?(?=[A-Z])|'s?[ ](?=[A-Z])|,[ ](?=[A-Z])"
)
_SAINT = re.compile(r"(?<![A-Za-z])(?:St|Ste|Saint|Mt|Mount|Ft|Fort)\b\.?[ ](?=[A-Z])")
_LOWER_FACILITY = re.compile(
    r"(?:'s)?[ ](?:(?:medical|health|nursing|community|general|day|care)[ ])?(?:hospital|clinic|medical center|infirmary|nursing home|hospice|university|pharmacy|campus|med center)\b"
)
_CITY_STATE = re.compile(
    r"(?<![A-Za-z])(?P<city>[A-Z][A-Za-z.'-]+(?:[ ][A-Z][A-Za-z.'-]+){0,3}),?[ ]+(?P<state>[A-Z]{2})(?=[ ]+\d{5}(?:-\d{4})?\b|[\s,.;:)?!]|\Z)(?:[ ]+\d{5}(?:-\d{4})?)?"
)


_OPENING = re.compile(r"(?:ed|ing|ment|tion)\Z")
_POST_CODE = re.compile(
    r"(?<![A-Za-z])(?P<place>[A-Z][A-Za-z]+)[ ,\n-]{1,3}(?P<code>[1-9]\d{5}|\d{3} \d{3}|\d{5}(?:-\d{4})?)(?![\d.,]*\d|[ ]?(?:/|mg|ml|cells|%))"
)
_FOLLOWING = re.compile(r"(?:'s)?[ -](?:[A-Za-z]+[ ])?([A-Za-z]+)")
_NEVER = {Kind.TITLE, Kind.KIN, Kind.OTHER, Kind.INITIAL}


def find(prepared: Prepared, runs: Sequence[Run], taken: set[int]) -> Iterator[Span]:
    """Find places and organisations.

    Args:
        prepared: the text in its normal form.
        runs: its runs of capitalised words.
        taken: indices of words that other findings hold.
    """
    text = prepared.text
    for match in _CITY_STATE.finditer(text):
        first = word(match["city"].split()[0])
        if match["state"] in STATES and (
            first.flags & Flag.PLACE or (first.kind is not Kind.VOUCHED and first.shape == "T")
        ):
            start = match.start("city")
            yield Span(start, match.end(), Category.LOCATION, LIKELY, "place:state")
    for match in _POST_CODE.finditer(text):
        if word(match["place"]).flags & Flag.PLACE:
            yield Span(*match.span("code"), Category.LOCATION, LIKELY, "place:post code")
    skip = -1
    for position, run in enumerate(runs):
        if position <= skip:
            continue
        span, last = _organisation(text, prepared, runs, position, taken)
        if span:
            yield span
            skip = last
            continue
        yield from _listed(text, prepared, run, taken)


def _organisation(
    text: str, prepared: Prepared, runs: Sequence[Run], position: int, taken: set[int]
) -> tuple[Span | None, int]:
    """Unite runs joined by "of", "and", "&" and see whether they name one organisation."""
    last = position
    members = [runs[position]]
    while last + 1 < len(runs) and len(members) < 5:
        match = _CONNECTOR.match(text, members[-1].end)
        if not (match and match.end() == runs[last + 1].start) and not _wrapped(text, members[-1], runs[last + 1]):
            break
        last += 1
        members.append(runs[last])
    for size in range(len(members), 0, -1):
        chosen = members[:size]
        if span := _facility(text, prepared, chosen, taken):
            return span, position + size - 1
    return None, position


def _wrapped(text: str, run: Run, following: Run) -> bool:
    """Tell whether an organisation's name goes on in the next line."""
    if text[run.end : following.start] != "\n" or run.shouting or any(item.lower in FACILITY for item in run.words):
        return False
    return any(item.lower in FACILITY for item in following.words[:3]) and _cued(text, run)


def _facility(text: str, prepared: Prepared, members: list[Run], taken: set[int]) -> Span | None:
    words = [
        (item, start, end, run.first + at)
        for run in members
        for at, (item, start, end) in enumerate(zip(run.words, run.starts, run.ends, strict=True))
    ]
    if any(index in taken for *_, index in words):
        return None
    kinds = [at for at, (item, *_) in enumerate(words) if item.lower in FACILITY]
    lower = _LOWER_FACILITY.match(text, members[-1].end)
    if not kinds and not lower:
        return None
    begin = 0
    cued = _cued(text, members[0])
    telling = [at for at, (item, *_) in enumerate(words) if _telling(item, at == 0 and members[0].opens)]
    last_kind = kinds[-1] if kinds else len(words) - 1
    if not telling and not (
        cued and (last_kind >= 1 and not all(item.lower in GENERIC_FACILITY for item, *_ in words))
    ):
        return None
    if members[0].shouting and not cued and not _signboard(text, members, [words[at][0] for at in telling]):
        return None
    # A verb that opens the sentence is no part of the name.
    if members[0].opens and len(words) > 2 and (words[0][0].lower in NOT_A_NAME or _OPENING.search(words[0][0].lower)):
        begin = 1
    end = lower.end() if lower and not (kinds and kinds[-1] == len(words) - 1) else words[-1][2]
    start = words[begin][1]
    if saint := _SAINT.search(text, max(0, start - 7), start + 1):
        start = saint.start()
    return Span(start, end, Category.LOCATION, LIKELY, "place:organisation")


def _telling(item: Word, opens: bool) -> bool:
    if item.lower in GENERIC_FACILITY or item.lower in FACILITY:
        return False
    if item.kind in {Kind.FREQUENT, Kind.LISTED, Kind.PLACE, Kind.EITHER}:
        return True
    if item.kind is Kind.UNKNOWN or (
        item.shape == "U" and not item.flags & Flag.ABBREVIATION and not item.flags & Flag.MEDICAL
    ):
        return True
    return item.kind is Kind.VOUCHED and not opens and not item.flags & (Flag.MEDICAL | Flag.ABBREVIATION)


def _signboard(text: str, members: list[Run], telling: list[Word]) -> bool:
    """Tell a line of capitals that is an organisation's name from a heading such as "COURSE IN HOSPITAL"."""
    if any(_sure(item) for item in telling):
        return True
    start, end = members[0].start, members[-1].end
    alone = (start == 0 or text[start - 1] == "\n") and text[end : end + 1] in {"", "\n", ","}
    return alone and len(members) == 1 and any(not item.flags & Flag.COMMON for item in telling)


def _sure(item: Word) -> bool:
    return item.kind in {Kind.FREQUENT, Kind.LISTED, Kind.PLACE, Kind.UNKNOWN}


def _cued(text: str, run: Run) -> bool:
    return VISIT.search(text, max(0, run.start - 48), run.start) is not None


def _listed(text: str, prepared: Prepared, run: Run, taken: set[int]) -> Iterator[Span]:
    before = prepared.words[run.first - 1].group().lower() if run.first else ""
    near = run.first > 0 and run.start - prepared.words[run.first - 1].end() <= 2
    preposition = near and before in PLACE_BEFORE
    visit = preposition and _cued(text, run)
    index = 0
    count = len(run.words)
    while index < count:
        if run.first + index in taken or not _place(text, run, index, preposition and index == 0, visit):
            index += 1
            continue
        last = index
        while (
            last + 1 < count
            and run.first + last + 1 not in taken
            and _continues(run.words[last + 1], text[run.ends[last] : run.starts[last + 1]])
        ):
            last += 1
        start = run.starts[index]
        if saint := _SAINT.search(text, max(0, start - 7), start + 1):
            start = saint.start()
        end = run.ends[last]
        if text[end - 2 : end] == "'s" and not visit:
            end -= 2
        yield Span(
            start,
            end,
            Category.LOCATION,
            LIKELY if run.words[index].kind is not Kind.UNKNOWN else UNVOUCHED,
            "place:word",
        )
        index = last + 1


def _place(text: str, run: Run, index: int, preposition: bool, visit: bool) -> bool:
    item = run.words[index]
    if item.kind in _NEVER or item.lower in GENERIC_FACILITY:
        return False
    following = _FOLLOWING.match(text, run.ends[index])
    if following and following[1].lower() in EPONYM_NOUN and not visit:
        return False
    if item.kind is Kind.PLACE:
        return item.shape == "T" or len(item.lower) > 3 or preposition
    return (preposition and _unfamiliar(item, visit)) or (visit and index == 0 and _visited(run))


def _unfamiliar(item: Word, visit: bool) -> bool:
    """Tell whether a word after "at", "in" or "from" is a place."""
    if item.kind is Kind.UNKNOWN:
        return item.shape != "U" or visit
    if item.flags & Flag.PLACE and not item.flags & Flag.MEDICAL:
        return item.kind is not Kind.VOUCHED or visit or not item.flags & Flag.COMMON
    return False


def _visited(run: Run) -> bool:
    """Tell whether a run after "seen at" is a place although its words are familiar ("Mass General")."""
    item = run.words[0]
    if item.flags & (Flag.ABBREVIATION | Flag.PRODUCT):
        return False
    if item.kind is not Kind.VOUCHED:
        return not item.flags & Flag.MEDICAL
    return len(run.words) > 1 and not all(
        part.flags & Flag.MEDICAL or part.lower in GENERIC_FACILITY for part in run.words
    )


def _continues(item: Word, gap: str) -> bool:
    if gap not in {" ", ", ", "-"}:
        return False
    if item.text in STATES or (item.flags & Flag.PLACE and not item.flags & Flag.MEDICAL):
        return True
    return (
        gap == " "
        and item.kind in {Kind.UNKNOWN, Kind.LISTED, Kind.PLACE, Kind.EITHER, Kind.FREQUENT, Kind.VOUCHED}
        and not item.flags & (Flag.MEDICAL | Flag.ABBREVIATION | Flag.COMMON)
    )
