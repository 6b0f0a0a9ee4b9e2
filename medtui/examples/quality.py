"""Signs that a report or an answer is not fit to learn from."""

import re
from collections import Counter
from collections.abc import Sequence

_PRELIMINARY = re.compile(
    r"\b(?:preliminary (?:report|read|result)|(?:final )?report to follow|addendum (?:will be issued|to follow)|"
    r"unsigned|draft report|not yet (?:verified|signed|authenticated)|awaiting (?:signature|verification)|"
    r"provisional report|dictated but not (?:read|signed))\b",
    re.I,
)
_ADDENDUM = re.compile(r"\s*(?:\(1\)\s*)?addendum\b", re.I)
_OPEN_END = re.compile(
    r"(?:[,:;(\u2013-]|\b(?:the|a|an|of|and|or|with|in|to|for|from|by|at|on|is|are|was|were|which|that|than|due|no))\s*$",
    re.I,
)
_TAG = re.compile(r"\[[A-Z][A-Z_]{2,}\]")
# What a name scan may leave over: e-mail, web address, US social security number, Aadhaar, telephone numbers.
_IDENTIFIER = re.compile(
    r"[\w.+-]+@[\w-]+\.\w+|\bhttps?://|\bwww\.|\b\d{3}-\d{2}-\d{4}\b|\b\d{4} \d{4} \d{4}\b|\+\d{1,3}[ -]?\d{5,}|"
    r"\(\d{3}\) ?\d{3}[-. ]\d{4}\b|\b\d{3}[-.]\d{3}[-.]\d{4}\b"
)
# Function words, and words of tables of results, which have none.
_ENGLISH_WORDS = """
the of and in is no with to for on a are was at not within other results range reference normal left right seen days"""
_ENGLISH = frozenset(_ENGLISH_WORDS.split())


def is_preliminary(report: str) -> bool:
    """Tell whether a report says of itself that it is not final."""
    return _PRELIMINARY.search(report) is not None


def is_addendum(answer: str) -> bool:
    """Tell whether an answer only adds to an earlier report."""
    return _ADDENDUM.match(answer) is not None


def is_cut(answer: str) -> bool:
    """Tell whether an answer breaks off in the middle of a sentence."""
    return _OPEN_END.search(answer) is not None


def is_repetitive(answer: str) -> bool:
    """Tell whether an answer says the same line three times, as small models do that do not find an end."""
    lines = [re.sub(r"\W+|\d+", " ", line).strip().lower() for line in answer.splitlines()]
    said = Counter(line for line in lines if line)
    return bool(said) and said.most_common(1)[0][1] >= 3


def has_tag(answer: str) -> bool:
    """Tell whether an answer holds the tag of a replaced identifier."""
    return _TAG.search(answer) is not None


def has_identifier(text: str, made_up: Sequence[str] = ()) -> bool:
    """Tell whether a text still holds something with the form of an identifier.

    Args:
        text: any text.
        made_up: values that de-identification put in, longest first; these identify nobody.
    """
    for value in made_up:
        text = text.replace(value, " ")
    return _IDENTIFIER.search(text) is not None


def is_foreign(text: str) -> bool:
    """Tell whether a text is hardly English: mostly other scripts, or long without any English function word."""
    letters = [char for char in text if char.isalpha()]
    if not letters:
        return True
    if sum(char.isascii() for char in letters) < 0.5 * len(letters):
        return True
    words = re.findall(r"[a-z]+", text.lower())
    return len(words) >= 40 and not _ENGLISH & set(words)


def boilerplate_key(answer: str) -> str:
    """Bring a standard answer to its words alone; empty for an answer with a number, which is no standard answer."""
    plain = re.sub(r"^\s*\(?\d{1,2}[.)]", " ", answer.lower(), flags=re.M)
    return "" if re.search(r"\d", plain) else " ".join(re.sub(r"[^\w\s]", " ", plain).split())
