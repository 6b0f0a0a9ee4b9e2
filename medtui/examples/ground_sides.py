"""Sides of an output that its source does not give, or gives only for something else."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from medtui.examples.clauses import Clause, by_sentence, carried_sides, content_words
from medtui.examples.evidence import sites
from medtui.examples.spelling import one_spelling
from medtui.examples.statements import affirms

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
_PART = re.compile(r"\s+(?:and|but|or)\s+|[/;]\s*", re.I)
# An acuity such as 6/24 is one number.
_NUMBER = re.compile(r"\d+(?:[./]\d+)?")


@dataclass(frozen=True, slots=True)
class _Named:
    """A side as a text names it.

    Attributes:
        start: offset.
        end: offset behind it.
        side: "left", "right" or "both".
        sites: places of the body in its clause, see `evidence.sites`.
        words: words and numbers of its clause.
        around: those of all clauses of the sentence that are about this side.
        sound: whether its clause denies something or calls it normal.
    """

    start: int
    end: int
    side: str
    sites: frozenset[int]
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
    if _SIDE_WORD.search(output) is None:
        return []
    known = list(_named(source, given, sound))
    seen = {one.side for one in known}
    pieces: list[Piece] = []
    for one in _named(output, stated, sound):
        if chamber := _CHAMBER.match(output, one.start):
            # The side of a chamber of the heart is part of its name.
            wrong = "strain" in output[one.start : one.start + 24].lower() or not one.sound
            if wrong and not _names_chamber(source, chamber["side"].lower(), chamber["chamber"].lower()):
                pieces.append((one.start, one.end, "laterality"))
            continue
        if one.side == "both":
            unknown = "both" not in seen and not {"left", "right"} <= seen
        else:
            unknown = _of_other_side(one, known, source, output)
        if unknown:
            pieces.append((one.start, one.end, "laterality"))
    return pieces + [(*match.span(), "laterality") for match in _COMPARED.finditer(output)]


_CHAMBER = re.compile(r"(?P<side>left|right)[- ](?:sided )?(?P<chamber>heart|ventric|atri)", re.I)
_STRAIN = re.compile(r"\b(?:CTPA|PE|RV\w*|RA|JVP|TAPSE|pulmonary (?:arter\w+|angio\w+|embol\w+))\b", re.I)


def _names_chamber(source: str, side: str, chamber: str) -> bool:
    """Tell whether a source names a chamber of the heart, in words or as RV, LV, RA or LA."""
    if re.search(rf"\b{side}[- ](?:sided )?{chamber}", source, re.I):
        return True
    if chamber == "heart":
        # What clots strain is the right heart; the left one fails.
        return _STRAIN.search(source) is not None if side == "right" else re.search(r"\bLV\w|EF\b", source) is not None
    return re.search(rf"\b{side[0].upper()}{chamber[0].upper()}[A-Z]{{0,2}}\b", source) is not None


def _words(clause: Clause) -> frozenset[str]:
    return clause.words | frozenset(_NUMBER.findall(clause.text)) | frozenset(_EXTENT.findall(clause.text.lower()))


def _named(text: str, found: list[Clause], sound: Callable[[Clause], bool]) -> Iterator[_Named]:
    for sentence in by_sentence(text, found):
        about = carried_sides(sentence)
        for clause, here in zip(sentence, about, strict=True):
            beside = (other for other, there in zip(sentence, about, strict=True) if here & there or other is clause)
            around = frozenset().union(*map(_words, beside))
            for match in _SIDE_WORD.finditer(clause.text):
                word = (match[1] or match[2]).lower()
                span = (clause.start + match.start(), clause.start + match.end())
                where = sites(one_spelling(clause.text))
                words = _words(clause) if len(clause.sides) == 1 else _words_of_part(clause.text, match.start())
                # What is called stable is there.
                well = sound(clause) and not affirms(clause)
                yield _Named(*span, _SIDE.get(word, word), where, words, around, well)


def _words_of_part(text: str, place: int) -> frozenset[str]:
    """Give the words of the part of a clause with several sides that holds a place: "right spur and left effusion"."""
    cuts = [0, *(cut for match in _PART.finditer(text) for cut in match.span()), len(text)]
    part = next(text[a:b] for a, b in zip(cuts[::2], cuts[1::2], strict=True) if a <= place <= b)
    words = content_words(part) | frozenset(_NUMBER.findall(part))
    return words or content_words(text)


def _of_other_side(one: _Named, known: list[_Named], source: str, output: str) -> bool:
    opposite = "left" if one.side == "right" else "right"
    vouched = _vouched(source, output[one.start :], one.side, opposite)
    both = any(other.side == "both" and other.words & one.words for other in known)
    if not both and (vouched == opposite or all(other.side != one.side for other in known)):
        return True
    here, there = _states(one, known, one.side), _states(one, known, opposite)
    if one.sound:
        return True in there and (True not in here or _weighs(one, known, opposite) > 0)
    return (here == {True} and False in there) or (_weighs(one, known, opposite) > 0 and vouched != one.side)


def _weighs(one: _Named, known: list[_Named], opposite: str) -> int:
    """Tell by how many words that the source has on one side only a mention is more about the opposite side."""
    alike = [other for other in known if other.sound is one.sound]
    for own_words, words_of in ((one.words, _clause_words), (one.around, _sentence_words)):
        here = frozenset().union(*(words_of(other) for other in alike if other.side in {one.side, "both"}))
        there = frozenset().union(*(words_of(other) for other in alike if other.side == opposite))
        more, less = own_words & (there - here), own_words & (here - there)
        # In doubt the places decide: thrombosis is on both sides, of the femoral vein on one.
        at_site = sum(bool(sites(word)) for word in more) - sum(bool(sites(word)) for word in less)
        if weight := (len(more) - len(less)) or at_site:
            return weight
    return 0


def _clause_words(one: _Named) -> frozenset[str]:
    return one.words


def _sentence_words(one: _Named) -> frozenset[str]:
    return one.around


def _states(one: _Named, known: list[_Named], side: str) -> set[bool]:
    """Tell whether the source calls well, or out of order, what lies near a mention on one side."""
    return {
        other.sound
        for other in known
        if other.side in {side, "both"} and (one.sites & other.sites or (one.words - {"norm"}) & other.words)
    }


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
