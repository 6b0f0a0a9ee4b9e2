"""What a source denies and nowhere affirms, and whether a clause asserts it all the same."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from medtui.examples.clauses import Clause, by_sentence, carried_sides, content_words, same_side

# What goes on behind a denial about where or when.
_NOT_DENIED = re.compile(r"\b(?:in|on|at|of|for|since|with|to|within|after|during|from|by|seen|noted)\b|[(:]", re.I)
_DENIAL = re.compile(r"\b(?:no|not|without|denies|denied)\s+([^.,:;\n]{4,40}(?:\([^)]*\))?)", re.I)


@dataclass(frozen=True, slots=True)
class Denials:
    """What a source denies.

    Attributes:
        things: each by its last word, all its words, the words of where it is denied, and its sides.
        phrases: patterns of whole phrases behind a denial, each with its sides.
    """

    things: tuple[tuple[frozenset[str], frozenset[str], frozenset[str], frozenset[str]], ...]
    phrases: tuple[tuple[re.Pattern[str], frozenset[str]], ...]


def denials(text: str, given: list[Clause]) -> Denials:
    """Find what a source denies and nowhere affirms.

    Args:
        text: the source.
        given: its clauses.
    """
    affirmed = frozenset().union(*(source.words for source in given if not source.negated))
    flat = " ".join(" ".join(piece.text for piece in given).lower().split())
    things: list[tuple[frozenset[str], frozenset[str], frozenset[str], frozenset[str]]] = []
    phrases: list[tuple[re.Pattern[str], frozenset[str]]] = []
    for sentence in by_sentence(text, given):
        for source, sides in zip(sentence, carried_sides(sentence), strict=True):
            if source.negated:
                things += [(*thing, sides) for thing in _things(source.text, affirmed)]
            phrases += [(phrase, sides) for phrase in _phrases(source.text, flat)]
    return Denials(tuple(things), tuple(phrases))


def _phrases(text: str, flat: str) -> Iterator[re.Pattern[str]]:
    for match in _DENIAL.finditer(text):
        phrase = " ".join(match[1].lower().split())
        # Elsewhere it would stand without a denial before it.
        denied = sum(flat.count(f"{word} {phrase}") for word in ("no", "not", "without", "denies", "denied"))
        if flat.count(phrase) <= denied:
            yield re.compile(rf"(?<![\w-]){re.escape(phrase)}(?!\w)")


_PLACE = re.compile(r"\b(?:of|in)\s+(?:the\s+)?(.+)", re.I)


def _things(text: str, affirmed: frozenset[str]) -> list[tuple[frozenset[str], frozenset[str], frozenset[str]]]:
    found = []
    behind = _PLACE.search(text)
    where = content_words(behind[1]) if behind else frozenset()
    for item in re.split(r",|/|\bor\b|\band\b|\bnor\b", _NOT_DENIED.split(text)[0]):
        words = re.findall(r"[A-Za-z][A-Za-z']{3,}", item)
        head = content_words(words[-1]) if words else frozenset()
        if head and not head & affirmed:
            found.append((head, content_words(item), where))
    return found


def names(clause: Clause, denied: Denials) -> bool:
    """Tell whether a clause holds all words of a thing that is denied, whatever else it says."""
    return any(
        head <= clause.words
        and item <= clause.words
        and same_side(sides, clause.sides)
        # Denied of one place, it may well be at another one.
        and (not where or where & clause.words or clause.words == item)
        for head, item, where, sides in denied.things
    )


def quotes(clause: Clause, denied: Denials) -> bool:
    """Tell whether a clause states word for word what is denied: "further bleeding"."""
    stated = " ".join(clause.text.lower().split())
    return any(phrase.search(stated) and same_side(sides, clause.sides) for phrase, sides in denied.phrases)
