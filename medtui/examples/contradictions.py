"""Statements of an answer that contradict one another: a side that was exchanged in one of them."""

import re

from medtui.examples.clauses import OTHER_SIDE, Clause, by_sentence, carried_sides
from medtui.examples.evidence import findings_named, sites
from medtui.examples.spelling import one_spelling
from medtui.examples.statements import advises, calm, sound, unsure

Piece = tuple[int, int, str]

_OTHERWISE = re.compile(
    r"\b(?:otherwise|other|rest|remaind\w+|elsewhere|further|additional|residual|new|more|recurrent|complicat\w+)\b",
    re.I,
)
_WHOLE = re.compile(
    r"\b(?:normal|clear|intact|unremarkable|well|patent|quiet|uninflamed|healthy|preserved|"
    r"within (?:normal )?(?:limits|range))\b",
    re.I,
)
_ANY_LESION = re.compile(
    r"\b(?:no|without) (?:(?:left|right|suspicious|focal)\s+)*(?:[a-z]+ )?(?:lesion|mass|abnormality|tumor|disease)s?\b"
)
_FUNCTION = re.compile(
    r"\b(?:function|pulse\w*|perfus\w+|sensation|power|reflex\w*|position\w*|union|control\w*)\b", re.I
)


def contradictions(given: list[Clause], output: str, stated: list[Clause]) -> list[Piece]:
    """Find a side that an answer calls well in one statement and ill in another.

    A side is well when a statement calls all of it normal, or denies of it the finding that another one names there.
    The source must speak of both sides: what is told of one alone can be well in one part and ill in another.

    Args:
        given: the source's clauses.
        output: the answer.
        stated: its clauses.
    """
    if not {"left", "right"} <= frozenset().union(*(clause.sides for clause in given)):
        return []
    said = [
        (clause, sides)
        for sentence in by_sentence(output, stated)
        for clause, sides in zip(sentence, carried_sides(sentence), strict=True)
        if len(sides) == 1 and sides != {"both"} and not advises(clause) and not unsure(clause)
    ]
    ill = [(clause, sides) for clause, sides in said if not sound(clause) and not calm(clause)]
    return [
        (clause.start, clause.end, "laterality")
        for clause, sides in said
        if sound(clause)
        and not _OTHERWISE.search(clause.text)
        and any(there == sides and _contradict(clause, other) for other, there in ill)
        and not any(there == OTHER_SIDE[sides] and _contradict(clause, other) for other, there in ill)
    ]


def _contradict(well: Clause, ill: Clause) -> bool:
    here, there = one_spelling(well.text), one_spelling(ill.text)
    where, elsewhere = sites(here), sites(there)
    near = not where or not elsewhere or bool(where & elsewhere)
    if not well.negated:
        # Of two places that are named the one can be well beside the other.
        apart = bool(where and elsewhere) and not where & elsewhere
        return _WHOLE.search(well.text) is not None and not _FUNCTION.search(well.text) and not apart
    denied, affirmed = (
        {match[0][:5] for choice in findings_named(said) for one in choice for match in one.names.finditer(said)}
        for said in (here, there)
    )
    if denied & affirmed:
        return near
    # "No right breast lesion" leaves no room for a cancer there.
    return bool(where & elsewhere) and bool(affirmed) and _ANY_LESION.search(here) is not None
