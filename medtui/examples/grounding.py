"""The grounding gate: what an output states must be supported by its input.

A pair whose output holds a dose that its input does not teaches a model to invent doses. The gate works on the words
alone; it cannot judge whether a conclusion is right, only whether its numbers, sides, denials, dates and drugs stand in
the source.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from medtui.examples import acronyms, ground_findings, ground_numbers, ground_sides
from medtui.examples.clauses import Clause, clauses
from medtui.examples.contradictions import contradictions
from medtui.examples.directions import plain_sides
from medtui.examples.drugs import drugs
from medtui.examples.statements import sound


@dataclass(frozen=True, slots=True)
class Unsupported:
    """A piece of the output that the input does not support.

    Attributes:
        start: offset in the output.
        end: offset behind it.
        kind: "quantity" (number with a unit), "number" (number alone), "date", "laterality", "negation" (asserted where
            the source denies, or the reverse), "finding" (not mentioned at all), "drug".
    """

    start: int
    end: int
    kind: str


# In words for the screen and the card.
KINDS: dict[str, str] = {
    "quantity": "a number with a unit that the input does not hold",
    "number": "a number that the input does not hold",
    "date": "a date that the input does not hold",
    "laterality": "a side (left, right, both) that the input does not give for it",
    "negation": "states what the input denies, or denies what it states",
    "finding": "a finding that the input does not mention",
    "drug": "a drug that the input does not name",
}
NUMBERS = frozenset({"quantity", "number", "date"})
STRICTNESS: dict[str, frozenset[str]] = {
    "numbers": NUMBERS,
    "standard": NUMBERS | {"laterality", "negation", "drug"},
    "strict": frozenset(KINDS),
}


def unsupported(source: str, output: str, strictness: str = "strict") -> list[Unsupported]:
    """Find what the output states without support in the source.

    Args:
        source: the example's input.
        output: the example's output.
        strictness: "numbers", "standard" (also sides, denials, drugs) or "strict" (also findings).

    Returns:
        The unsupported pieces in the order of the output.
    """
    output = plain_sides(output)
    source = acronyms.spelt_out(plain_sides(_eyes_spelt_out(source)), output)
    given, stated = _source_clauses(source), clauses(output)
    pieces = [*ground_numbers.missing(source, output)]
    pieces += ground_sides.missing(source, given, output, stated, sound)
    pieces += contradictions(given, output, stated)
    pieces += ground_findings.missing(source, given, stated, output)
    pieces += _drugs(source, output)
    wanted = STRICTNESS[strictness]
    return sorted(
        {Unsupported(*piece) for piece in pieces if piece[2] in wanted}, key=lambda piece: (piece.start, piece.end)
    )


def _eyes_spelt_out(source: str) -> str:
    """Write "right eye" for RE and "left eye" for LE where a source uses both."""
    if re.search(r"\bRE\b", source) and re.search(r"\bLE\b", source):
        return re.sub(r"\bLE\b", "left eye", re.sub(r"\bRE\b", "right eye", source))
    return source


Piece = tuple[int, int, str]


@lru_cache(maxsize=4)
def _source_clauses(source: str) -> list[Clause]:
    return clauses(source)


def _drugs(source: str, output: str) -> list[Piece]:
    named = {name for _, _, name in drugs(source)}
    return [(start, end, "drug") for start, end, name in drugs(output) if name not in named]
