"""The grounding gate: what an output states must be supported by its input.

A pair whose output holds a dose that its input does not teaches a model to invent doses. The gate works on the words
alone; it cannot judge whether a conclusion is right, only whether its numbers, sides, denials, dates and drugs stand in
the source.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from medtui.examples import ground_findings, ground_numbers
from medtui.examples.clauses import Clause, clauses, content_words, sentences
from medtui.examples.drugs import drugs


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
    given, stated = _source_clauses(source), clauses(output)
    pieces = [*ground_numbers.missing(source, output)]
    pieces += _sides(source, output)
    pieces += ground_findings.missing(source, given, stated, output)
    pieces += _drugs(source, output)
    wanted = STRICTNESS[strictness]
    return sorted(
        {Unsupported(*piece) for piece in pieces if piece[2] in wanted}, key=lambda piece: (piece.start, piece.end)
    )


Piece = tuple[int, int, str]


@lru_cache(maxsize=4)
def _source_clauses(source: str) -> list[Clause]:
    return clauses(source)


_SIDE_WORD = re.compile(
    r"(?i:\b(left|right|bilateral|bilaterally|both|lt|rt|b/l)\b)|(?<![\w./])(?<!\d )([LR])(?![\w./-])"
)
_SIDE = {"lt": "left", "l": "left", "rt": "right", "r": "right", "b/l": "both"} | dict.fromkeys(
    ("bilateral", "bilaterally"), "both"
)


def _sides_named(text: str) -> list[tuple[int, int, str, frozenset[str], frozenset[str]]]:
    """Give every side named: span, side, words of its site right behind it, words and numbers of its sentence."""
    named = []
    for sentence in sentences(text):
        words = content_words(sentence.text) | frozenset(re.findall(r"\d+(?:\.\d+)?", sentence.text))
        for match in _SIDE_WORD.finditer(sentence.text):
            word = (match[1] or match[2]).lower()
            site = content_words(" ".join(sentence.text[match.end() :].split()[:4]).split(",")[0])
            span = (sentence.start + match.start(), sentence.start + match.end())
            named.append((*span, _SIDE.get(word, word), site, words))
    return named


def _sides(source: str, output: str) -> list[Piece]:
    """Find sides that the source does not give, or gives only for something else."""
    given = _sides_named(source)
    missing: list[Piece] = []
    for start, end, side, site, words in _sides_named(output):
        likeness = {name: 0 for name in ("left", "right", "both")}
        seen = {name for _, _, name, _, _ in given}
        for _, _, name, other_site, other_words in given:
            likeness[name] = max(likeness[name], 2 * len(site & other_site) + len(words & other_words))
        if side == "both":
            unknown = "both" not in seen and not {"left", "right"} <= seen
        else:
            opposite = "left" if side == "right" else "right"
            own = max(likeness[side], likeness["both"])
            vouched = _vouched(source, output[start:], side, opposite)
            unlike = likeness[opposite] > own and vouched != side
            unknown = (side not in seen and not likeness["both"]) or unlike
            unknown = unknown or (vouched == opposite and likeness[opposite] >= own and not likeness["both"])
        if unknown:
            missing.append((start, end, "laterality"))
    return missing


def _vouched(source: str, behind: str, side: str, opposite: str) -> str:
    """Give the side beside which alone the source has a number of the rest of the sentence: "right 40, left 80"."""
    sentence = re.split(r"[;\n]|\.(?!\d)", behind)[0]
    numbers = set(re.findall(r"\d+(?:\.\d+)?", sentence))
    beside: dict[str, set[str]] = {side: set(), opposite: set()}
    for piece in re.split(r"[,;\n]|\.(?!\d)|\band\b", source):
        words = ((match[1] or match[2]).lower() for match in _SIDE_WORD.finditer(piece))
        named = {_SIDE.get(word, word) for word in words}
        if len(named) == 1 and (name := named.pop()) in beside:
            beside[name] |= set(re.findall(r"\d+(?:\.\d+)?", piece))
    own, other = (bool(numbers & (beside[one] - beside[two])) for one, two in ((side, opposite), (opposite, side)))
    return "" if own is other else side if own else opposite


def _drugs(source: str, output: str) -> list[Piece]:
    named = {name for _, _, name in drugs(source)}
    return [(start, end, "drug") for start, end, name in drugs(output) if name not in named]
