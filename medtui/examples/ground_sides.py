"""Sides of an output that its source does not give, or gives only for something else."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from medtui.examples.clauses import Clause, by_sentence, content_words

Piece = tuple[int, int, str]

_SIDE_WORD = re.compile(
    r"(?i:\b(left|right|bilateral|bilaterally|both|lt|rt|b/l)\b)|(?<![\w./-])(?<!\d )([LR])(?![\w./-])"
)
_SIDE = {"lt": "left", "l": "left", "rt": "right", "r": "right", "b/l": "both"} | dict.fromkeys(
    ("bilateral", "bilaterally"), "both"
)
# "Left more than left": one of both was changed.
_COMPARED = re.compile(r"\b(left|right)\b[^.,;\n]{0,24}?(?:\bthan|\bto|>)\s+(?:the |on the )?\1\b", re.I)
_EXTENT = re.compile(r"\b(?:mild|moderate|severe|small|large|minimal|marked|new|old|chronic|acute|trace)")
# An acuity such as 6/24 is one number.
_NUMBER = re.compile(r"\d+(?:[./]\d+)?")


@dataclass(frozen=True, slots=True)
class _Named:
    """A side as a text names it.

    Attributes:
        start: offset.
        end: offset behind it.
        side: "left", "right" or "both".
        site: the words right behind it.
        words: words and numbers of its clause.
        around: those of all clauses of the sentence that are about this side.
        sound: whether its clause denies something or calls it normal.
    """

    start: int
    end: int
    side: str
    site: frozenset[str]
    words: frozenset[str]
    around: frozenset[str]
    sound: bool


def missing(
    source: str, given: list[Clause], output: str, stated: list[Clause], sound: Callable[[Clause], bool]
) -> list[Piece]:
    """Find sides that the source does not give, or gives only for something else.

    Args:
        source: the example's input.
        given: its clauses.
        output: the example's output.
        stated: its clauses.
        sound: whether a clause denies something or calls it normal.
    """
    known = list(_named(source, given, sound))
    seen = {one.side for one in known}
    pieces: list[Piece] = []
    for one in _named(output, stated, sound):
        if one.side == "both":
            unknown = "both" not in seen and not {"left", "right"} <= seen
        else:
            unknown = _of_other_side(one, known, source, output)
        if unknown:
            pieces.append((one.start, one.end, "laterality"))
    return pieces + [(*match.span(), "laterality") for match in _COMPARED.finditer(output)]


def _words(clause: Clause) -> frozenset[str]:
    return clause.words | frozenset(_NUMBER.findall(clause.text)) | frozenset(_EXTENT.findall(clause.text.lower()))


def _named(text: str, found: list[Clause], sound: Callable[[Clause], bool]) -> Iterator[_Named]:
    for sentence in by_sentence(text, found):
        sides: frozenset[str] = frozenset()
        about = []
        for clause in sentence:
            sides = clause.sides or sides
            about.append(sides)
        for clause, here in zip(sentence, about, strict=True):
            around = frozenset().union(
                *(
                    _words(other)
                    for other, there in zip(sentence, about, strict=True)
                    if here & there or other is clause
                )
            )
            for match in _SIDE_WORD.finditer(clause.text):
                word = (match[1] or match[2]).lower()
                site = content_words(" ".join(clause.text[match.end() :].split()[:4]))
                span = (clause.start + match.start(), clause.start + match.end())
                yield _Named(*span, _SIDE.get(word, word), site, _words(clause), around, sound(clause))


def _likeness(one: _Named, other: _Named) -> int:
    """Tell how much two mentions of a side are about the same: site, words, numbers, whether all is well there."""
    shared = 4 * len(one.site & other.site) + len(one.words & other.words) + len(one.around & other.around)
    return 2 * shared + (1 if one.sound is other.sound else -1) if shared else 0


def _of_other_side(one: _Named, known: list[_Named], source: str, output: str) -> bool:
    likeness = {
        name: max((_likeness(one, other) for other in known if other.side == name), default=0)
        for name in ("left", "right", "both")
    }
    opposite = "left" if one.side == "right" else "right"
    own = max(likeness[one.side], likeness["both"])
    vouched = _vouched(source, output[one.start :], one.side, opposite)
    if likeness["both"] <= likeness[opposite] and vouched == opposite:
        return True
    if not likeness["both"] and all(other.side != one.side for other in known):
        return True
    return likeness[opposite] > own and vouched != one.side


def _vouched(source: str, behind: str, side: str, opposite: str) -> str:
    """Give the side beside which alone the source has a number of the rest of the sentence: "right 40, left 80"."""
    sentence = re.split(r"[;\n]|\.(?!\d)", behind)[0]
    numbers = set(_NUMBER.findall(sentence))
    beside: dict[str, set[str]] = {side: set(), opposite: set()}
    for piece in re.split(r"[,;\n]|\.(?!\d)|\band\b", source):
        words = ((match[1] or match[2]).lower() for match in _SIDE_WORD.finditer(piece))
        named = {_SIDE.get(word, word) for word in words}
        if len(named) == 1 and (name := named.pop()) in beside:
            beside[name] |= set(_NUMBER.findall(piece))
    own, other = (bool(numbers & (beside[one] - beside[two])) for one, two in ((side, opposite), (opposite, side)))
    return "" if own is other else side if own else opposite
