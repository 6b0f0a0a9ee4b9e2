"""Identifiers known beforehand, with the forms in which they come back.

Structured fields and header lines give names, numbers and addresses of one patient for free; every report of that
patient is searched for all of them. This is the cheapest certain recall there is.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator

from medtui.deid.prepared import Prepared, prepare
from medtui.deid.spans import CERTAIN, LIKELY, Span
from medtui.deid.vocabulary import NOT_A_NAME, TITLES
from medtui.deid.word_lists.flags import Flag
from medtui.deid.word_lists.lookup import word_lists
from medtui.deid.word_lists.romanise import romanise
from medtui.phi import Category

_LEAST_FOR_ONE_EDIT = 6
_MOST_FOR_ONE_EDIT = 60
_LEAST_PART = 3
_LEAST_NUMBER = 4
_LEAST_SPELLING = 4
# A value's characters may stand this many times as far apart as they are many.
_WIDEST = 3
_INDIC = re.compile(r"[\u0900-\u0dff\u200c\u200d]+")
_SUFFIXES = frozenset(
    ["jr", "sr", "ii", "iii", "iv", "md", "phd", "mbbs", "do", "rn", "np", "pa", "ms", "dm", "dnb", "mch", "esq"]
)


class KnownStrings:
    """A set of known identifiers, ready to be searched for."""

    def __init__(self, values: Iterable[tuple[Category, str]], exact: Iterable[tuple[Category, str]] = ()) -> None:
        """Take what is known; empty and one-character values are left out.

        Args:
            values: category and value; names are searched for by each of their words.
            exact: the same, searched for as they stand.
        """
        self._words: dict[str, Category] = {}
        self._cautious: set[str] = set()
        self._near: dict[str, str] = {}
        phrases: dict[str, Category] = {}
        for category, given in values:
            value = prepare(given).text.strip()
            if len(value) < 2:
                continue
            if category is Category.NAME:
                self._add_name(value)
                continue
            for part in _parts(category, value):
                phrases.setdefault(part, category)
        for category, given in exact:
            phrases.setdefault(prepare(given).text.strip(), category)
        self._phrases = {
            squeezed: category
            for phrase, category in phrases.items()
            if len(squeezed := _squeeze(phrase)) >= (_LEAST_NUMBER if phrase.strip().isdigit() else 2)
        }
        self._indic = _indic_pattern(self._words)
        spelt = {romanise(name) for name in self._words if len(name) >= _LEAST_PART}
        self._spellings = {name for name in spelt if len(name) >= _LEAST_SPELLING}
        self._any_indic = self._indic is not None

    def __bool__(self) -> bool:
        return bool(self._words or self._phrases)

    def _add_name(self, value: str) -> None:
        for piece in re.split(r"[\s,^.;/()\[\]\"]+", value):
            lower = piece.lower().strip("'-")
            if len(lower) < 2 or lower in TITLES or lower in _SUFFIXES or any(map(str.isdigit, lower)):
                continue
            flags = word_lists().flags(lower)
            if lower in NOT_A_NAME and len(lower) < 4:
                continue
            self._words[lower] = Category.NAME
            if flags & (Flag.ORDINARY | Flag.MEDICAL) or len(lower) <= _LEAST_PART:
                self._cautious.add(lower)
            elif len(lower) >= _LEAST_FOR_ONE_EDIT:
                for near in _deletions(lower):
                    self._near[near] = lower
            for half in lower.split("-"):
                if len(half) >= _LEAST_PART and half != lower:
                    self._words.setdefault(half, Category.NAME)
                    if word_lists().flags(half) & (Flag.ORDINARY | Flag.MEDICAL):
                        self._cautious.add(half)

    def find(self, prepared: Prepared) -> Iterator[Span]:
        """Find the known identifiers in a text, in its normal form."""
        if self._words:
            yield from self._names(prepared)
            if self._spellings:
                yield from self._across_scripts(prepared)
        for phrase, category in self._phrases.items():
            for start, end in _places(prepared, phrase):
                yield Span(start, end, category, CERTAIN, "known")

    def _names(self, prepared: Prepared) -> Iterator[Span]:
        scores = {lower: score for lower in {item.bare for item in prepared.words} if (score := self._score(lower))}
        if scores:
            for item, start in zip(prepared.words, prepared.starts, strict=True):
                score = scores.get(item.bare, 0.0)
                # "Brown" may be the patient; "brown" is a colour.
                if score and not (item.text[0].islower() and item.bare in self._cautious):
                    source = "known" if score is CERTAIN else "known:near"
                    yield Span(
                        start, start + len(item.text) - len(item.lower) + len(item.bare), Category.NAME, score, source
                    )
        if self._indic:
            for match in self._indic.finditer(prepared.text):
                yield Span(match.start(), match.end(), Category.NAME, CERTAIN, "known")

    def _across_scripts(self, prepared: Prepared) -> Iterator[Span]:
        """Find names that are known in another script."""
        if prepared.indic:
            for match in _INDIC.finditer(prepared.text):
                if romanise(match.group()) in self._spellings:
                    yield Span(match.start(), match.end(), Category.NAME, LIKELY, "known:script")
        if self._any_indic:
            for index in prepared.capitals:
                if romanise(prepared.written[index]) in self._spellings:
                    yield Span(prepared.starts[index], prepared.ends[index], Category.NAME, LIKELY, "known:script")

    def _score(self, lower: str) -> float:
        if lower in self._words:
            return CERTAIN
        near = self._near and _LEAST_FOR_ONE_EDIT - 1 <= len(lower) <= _MOST_FOR_ONE_EDIT and self._resembles(lower)
        return LIKELY if near else 0.0

    def _resembles(self, lower: str) -> bool:
        """Tell whether a word that nothing vouches for is one edit away from a known name."""
        if word_lists().flags(lower) & (Flag.ORDINARY | Flag.MEDICAL | Flag.PRODUCT):
            return False
        if lower in self._near or any(piece in self._near or piece in self._words for piece in _deletions(lower)):
            return any(_one_edit(lower, name) for name in self._words if len(name) >= _LEAST_FOR_ONE_EDIT)
        return False


def _parts(category: Category, value: str) -> Iterator[str]:
    yield value
    if category is Category.LOCATION:
        for part in re.split(r"[,\n;]+", value):
            part = part.strip()
            flags = word_lists().flags(part.lower())
            if len(part) >= 4 and not part.isdigit() and not flags & Flag.COMMON:
                yield part
            yield from re.findall(r"(?<!\d)\d{5,6}(?!\d)", part)


def _squeeze(value: str) -> str:
    return "".join(character for character in value.lower() if character.isalnum())


def _places(prepared: Prepared, phrase: str) -> Iterator[tuple[int, int]]:
    """Find a value whatever separates its characters, as long as it begins and ends where words do."""
    squeezed, positions, origins = prepared.squeezed
    text = prepared.text
    at = squeezed.find(phrase)
    while at >= 0:
        start, end = _origin(at, positions, origins), _origin(at + len(phrase) - 1, positions, origins) + 1
        whole = not (start and _is_letter(text[start - 1])) and not (end < len(text) and _is_letter(text[end]))
        if whole and end - start <= _WIDEST * len(phrase):
            yield start, end
        at = squeezed.find(phrase, at + 1)


def _origin(position: int, positions: list[int], origins: list[int]) -> int:
    stretch = bisect_right(positions, position) - 1
    return origins[stretch] + position - positions[stretch]


def _is_letter(character: str) -> bool:
    return character.isalnum()


def _indic_pattern(words: dict[str, Category]) -> "re.Pattern[str] | None":
    forms = [re.escape(unicodedata.normalize("NFC", name)) for name in words if _INDIC.search(name)]
    return re.compile("|".join(sorted(forms, key=len, reverse=True))) if forms else None


def _deletions(name: str) -> Iterator[str]:
    for position in range(len(name)):
        yield name[:position] + name[position + 1 :]


def _one_edit(first: str, second: str) -> bool:
    """Tell whether one insertion, deletion, replacement or swap of neighbours turns one word into the other."""
    if abs(len(first) - len(second)) > 1:
        return False
    if len(first) > len(second):
        first, second = second, first
    start = 0
    while start < len(first) and first[start] == second[start]:
        start += 1
    if len(first) < len(second):
        return first[start:] == second[start + 1 :]
    if first[start + 1 :] == second[start + 1 :]:
        return True
    return first[start : start + 2] == second[start : start + 2][::-1] and first[start + 2 :] == second[start + 2 :]
