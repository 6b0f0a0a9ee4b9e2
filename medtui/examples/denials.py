"""What a source denies and nowhere affirms, and whether a clause asserts it all the same."""

import re
from dataclasses import dataclass

from medtui.examples.clauses import Clause, content_words

# What goes on behind a denial about where or when.
_NOT_DENIED = re.compile(r"\b(?:in|on|at|of|for|since|with|to|within|after|during|from|by|seen|noted)\b|[(:]", re.I)
_DENIAL = re.compile(r"\b(?:no|not|without|denies|denied)\s+([^.,:;\n]{4,40}(?:\([^)]*\))?)", re.I)


@dataclass(frozen=True, slots=True)
class Denials:
    """What a source denies.

    Attributes:
        things: each by its last word and all its words.
        phrases: patterns of whole phrases behind a denial.
    """

    things: tuple[tuple[frozenset[str], frozenset[str]], ...]
    phrases: tuple[re.Pattern[str], ...]


def denials(given: list[Clause]) -> Denials:
    """Find what a source denies and nowhere affirms.

    Args:
        given: the source's clauses.
    """
    affirmed = frozenset().union(*(source.words for source in given if not source.negated))
    text = " ".join(" ".join(piece.text for piece in given).lower().split())
    things: list[tuple[frozenset[str], frozenset[str]]] = []
    phrases: list[re.Pattern[str]] = []
    for source in given:
        if source.negated:
            things += _things(source.text, affirmed)
        for match in _DENIAL.finditer(source.text):
            phrase = " ".join(match[1].lower().split())
            # Elsewhere it would stand without a denial before it.
            denied = sum(text.count(f"{word} {phrase}") for word in ("no", "not", "without", "denies", "denied"))
            if text.count(phrase) <= denied:
                phrases.append(re.compile(rf"(?<![\w-]){re.escape(phrase)}(?!\w)"))
    return Denials(tuple(things), tuple(phrases))


def _things(text: str, affirmed: frozenset[str]) -> list[tuple[frozenset[str], frozenset[str]]]:
    found = []
    for item in re.split(r",|/|\bor\b|\band\b|\bnor\b", _NOT_DENIED.split(text)[0]):
        words = re.findall(r"[A-Za-z][A-Za-z']{3,}", item)
        head = content_words(words[-1]) if words else frozenset()
        if head and not head & affirmed:
            found.append((head, content_words(item)))
    return found


def names(clause: Clause, denied: Denials) -> bool:
    """Tell whether a clause holds all words of a thing that is denied, whatever else it says."""
    return any(head <= clause.words and item <= clause.words for head, item in denied.things)


def quotes(clause: Clause, denied: Denials) -> bool:
    """Tell whether a clause states word for word what is denied: "further bleeding"."""
    stated = " ".join(clause.text.lower().split())
    return any(phrase.search(stated) for phrase in denied.phrases)
