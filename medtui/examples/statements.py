"""Tells what kind of statement a clause makes: of something normal, of a doubt, of advice."""

import re

from medtui.examples.clauses import Clause, same_side

_NORMAL = re.compile(
    r"\b(?:normal|normally|intact|within range|within normal limits|clear|unremarkable|good|well|patent|healed|"
    r"at target|controlled|stable|preserved|maintained|adequate|safe|remission|supple|wnl|nad|wound clean|"
    r"competent|(?<!non-)(?<!not )compressible)\b|\bfree\s*$",
    re.I,
)
# A simple cyst is as good as normal: it needs nothing (Bosniak class I).
_SIMPLE_CYST = re.compile(r"\bsimple(?: \w+){0,2} cysts?\b", re.I)
_UNSURE = re.compile(r"\?|\bfamily\b|\b(?:r/o|rule out|to exclude|resolution of)\b", re.I)
_ADVICE = re.compile(r"\s*(?:advice|advised?|recommend\w*|suggest(?:ed|s|ion)?(?! of)|plan|follow[- ]?up)\b", re.I)


def normal(clause: Clause) -> bool:
    """Tell whether a clause calls something normal."""
    return _NORMAL.search(clause.text) is not None


# Of a disease as well as of health.
_HELD = re.compile(r"\b(?:good|well|healed|stable)\b", re.I)


def held(clause: Clause) -> bool:
    """Tell whether a clause calls something stable or well, without calling anything normal."""
    return _HELD.search(clause.text) is not None and _NORMAL.search(_HELD.sub("", clause.text)) is None


def calm(clause: Clause) -> bool:
    """Tell whether a clause calls something normal, or as good as normal."""
    return normal(clause) or _SIMPLE_CYST.search(clause.text) is not None


def sound(clause: Clause) -> bool:
    """Tell whether a clause denies something or calls it normal."""
    return clause.negated or normal(clause)


def unsure(clause: Clause) -> bool:
    """Tell whether a clause asks, or speaks of relatives."""
    return _UNSURE.search(clause.text) is not None


def affirms(clause: Clause) -> bool:
    """Tell whether a clause affirms something out of order."""
    return not sound(clause) and not unsure(clause)


def advises(clause: Clause) -> bool:
    """Tell whether a clause opens with a word of advice."""
    return _ADVICE.match(clause.text) is not None


def site_is_normal(site: frozenset[str], given: list[Clause], sides: frozenset[str] = frozenset()) -> bool:
    """Tell whether all that a text says of a site is that nothing is wrong there.

    Args:
        site: words, see `clauses.content_words`.
        given: the text's clauses.
        sides: of the site, none for any.
    """
    there = [clause for clause in given if site & clause.words and same_side(clause.sides, sides)]
    return bool(there) and all(clause.negated or calm(clause) for clause in there)
