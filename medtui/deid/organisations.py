"""Hospitals, practices, schools and employers: capitalised words beside a word for a kind of place."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from medtui.deid.prepared import Prepared
from medtui.deid.runs import Run
from medtui.deid.spans import LIKELY, Span
from medtui.deid.vocabulary import FACILITY, GENERIC_FACILITY, NOT_A_NAME, PUBLIC_FACILITY, VISIT, WEAK_FACILITY
from medtui.deid.word_lists.flags import Flag
from medtui.deid.words import Kind, Role, Word
from medtui.phi import Category

_CONNECTOR = re.compile(
    r"[ ](?:(?:of|and|&|for|the|de|del|la|le|du|des|di|da|do|dos|von|van|der|al|el|in|at|y|e)[ ]){1,3}(?=[A-Z])"
    r"|[ ]?[&@][ ]?(?=[A-Z])|'s?[ ](?=[A-Z])|,[ ](?=[A-Z])"
)
_SAINT = re.compile(r"(?<![A-Za-z])(?:St|Ste|Saint|Mt|Mount|Ft|Fort)\b\.?[ ](?=[A-Z])")
_LOWER_FACILITY = re.compile(
    r"(?:'s)?[ ](?:(?:medical|health|nursing|community|general|day|care)[ ])?"
    r"(?:hospital|clinic|medical center|infirmary|nursing home|hospice|university|pharmacy|campus|med center)\b"
)
_OPENING = re.compile(r"(?:ed|ing|ment|tion)\Z")
# What stands between a verb of being somewhere and the place.
_LINKS = frozenset(("at", "in", "from", "to", "of", "by", "near", "with", "the", "our", "@"))
MOST_MEMBERS = 5
_FARTHEST_VERB = 5
_VERB_GAPS = {" ", ". "}
LOWER_FACILITIES = frozenset(
    ("hospital", "clinic", "center", "infirmary", "home", "hospice", "university", "pharmacy", "campus")
)
"""The last words of a kind of place that may stand in lower case behind its name."""
_TELLING = {Kind.FREQUENT, Kind.LISTED, Kind.PLACE, Kind.EITHER, Kind.UNKNOWN}
_SURE = {Kind.FREQUENT, Kind.LISTED, Kind.PLACE, Kind.UNKNOWN}


@dataclass(frozen=True, slots=True)
class _Part:
    word: Word
    start: int
    end: int
    index: int


def organisation(text: str, runs: Sequence[Run], position: int, taken: set[int]) -> tuple[Span | None, int]:
    """Unite runs joined by "of", "and" or "&" and see whether they name an organisation.

    Args:
        text: the text in its normal form.
        runs: its runs of capitalised words.
        position: the run to begin with.
        taken: indices of words that other findings hold.

    Returns:
        What was found, and the last run that it took.
    """
    members = [runs[position]]
    while position + len(members) < len(runs) and len(members) < MOST_MEMBERS:
        following = runs[position + len(members)]
        match = _CONNECTOR.match(text, members[-1].end)
        if not (match and match.end() == following.start) and not _wrapped(text, members[-1], following):
            break
        members.append(following)
    for size in range(len(members), 0, -1):
        if span := _united(text, members[:size], taken):
            return span, position + size - 1
    return None, position


def visited(prepared: Prepared, run: Run) -> bool:
    """Tell whether "at", or a verb of being somewhere, stands right before a run."""
    gap = prepared.gaps[run.first]
    if gap[-2:] == "@ ":
        return not run.shouting and not run.heading
    if gap != " " or not run.first or (link := prepared.words[run.first - 1]).lower not in _LINKS:
        return False
    if link.text == "at" and prepared.gaps[run.first - 1][-1:] == " ":
        return not run.shouting and not run.heading
    index = run.first - 1
    if (
        link.lower in {"the", "our"}
        and index
        and prepared.gaps[index] == " "
        and prepared.words[index - 1].lower in _LINKS
    ):
        index -= 1
    for _ in range(_FARTHEST_VERB):
        if not index or prepared.gaps[index] not in _VERB_GAPS:
            return False
        index -= 1
        if prepared.words[index].lower in VISIT:
            return True
    return False


def with_saint(text: str, start: int) -> int:
    """Take in "St." or "Mt." before a place."""
    saint = _SAINT.search(text, max(0, start - 7), start + 1)
    return saint.start() if saint and saint.end() == start else start


def _wrapped(text: str, run: Run, following: Run) -> bool:
    """Tell whether an organisation's name goes on in the next line."""
    if text[run.end : following.start] != "\n" or run.shouting or any(item.lower in FACILITY for item in run.words):
        return False
    return any(item.lower in FACILITY for item in following.words[:3]) and visited(run.prepared, run)


def _united(text: str, members: list[Run], taken: set[int]) -> Span | None:
    lower = _LOWER_FACILITY.match(text, members[-1].end)
    if not (lower or any(run.roles & Role.FACILITY for run in members)):
        return None
    parts = [
        _Part(item, start, end, run.first + at)
        for run in members
        for at, (item, start, end) in enumerate(zip(run.words, run.starts, run.ends, strict=True))
    ]
    kinds = [at for at, part in enumerate(parts) if part.word.lower in FACILITY]
    if any(part.index in taken for part in parts):
        return None
    if not _names_one(text, members, parts, kinds):
        return None
    first = parts[0].word
    # A verb that opens the sentence is no part of the name.
    opening = first.lower in NOT_A_NAME or _OPENING.search(first.lower)
    begin = 1 if members[0].opens and len(parts) > 2 and opening else 0
    end = lower.end() if lower and (not kinds or kinds[-1] < len(parts) - 1) else parts[-1].end
    return Span(with_saint(text, parts[begin].start), end, Category.LOCATION, LIKELY, "place:organisation")


def _names_one(text: str, members: list[Run], parts: list[_Part], kinds: list[int]) -> bool:
    """Tell one place ("Bayview Clinic") from a kind of place ("Pain Clinic")."""
    cued = visited(members[0].prepared, members[0])
    telling = [part.word for at, part in enumerate(parts) if _telling(part.word, at == 0 and members[0].opens)]
    strong = [at for at in kinds if parts[at].word.lower not in WEAK_FACILITY]
    ends = bool(kinds) and kinds[-1] == len(parts) - 1
    if kinds and not strong and not (ends and (cued or _alone(text, members) or any(_sure(item) for item in telling))):
        return False
    if members[0].shouting and not cued:
        return bool(telling) and _signboard(text, members, telling)
    if telling:
        return True
    words = [part.word.lower for part in parts]
    return (
        cued
        and len(parts) > 1
        and (
            all(item in PUBLIC_FACILITY or item in FACILITY for item in words)
            or not all(item in GENERIC_FACILITY for item in words)
        )
    )


def _telling(item: Word, opens: bool) -> bool:
    if item.lower in GENERIC_FACILITY or item.lower in FACILITY:
        return False
    if item.kind in _TELLING:
        return item.shape == "T" or not item.flags & (Flag.ABBREVIATION | Flag.MEDICAL)
    if item.kind is not Kind.VOUCHED or opens or item.lower in NOT_A_NAME:
        return False
    return not item.flags & (Flag.MEDICAL | Flag.ABBREVIATION) and not (item.shape == "U" and item.flags & Flag.COMMON)


def _signboard(text: str, members: list[Run], telling: list[Word]) -> bool:
    """Tell a line of capitals that is an organisation's name from a heading such as "COURSE IN HOSPITAL"."""
    if any(_sure(item) for item in telling):
        return True
    return _alone(text, members) and any(not item.flags & Flag.COMMON for item in telling)


def _alone(text: str, members: list[Run]) -> bool:
    """Tell whether a name is all that its line holds."""
    start, end = members[0].start, members[-1].end
    return len(members) == 1 and (start == 0 or text[start - 1] == "\n") and text[end : end + 1] in {"", "\n", ","}


def _sure(item: Word) -> bool:
    return item.kind in _SURE
