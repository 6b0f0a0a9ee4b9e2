"""A text made ready for the rules: one form of digits, dashes and quotes, with the way back to the given characters."""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Sequence
from functools import cached_property
from itertools import accumulate

from medtui.deid.words import Word, word

# Decimal digits of Arabic, Persian and the scripts of India, and full-width ones (Unicode, general category Nd).
_DIGIT_ZEROS = (
    0x0660, 0x06F0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66, 0x1C50, 0xABF0, 0xFF10,
)  # fmt: skip
_SAME_LENGTH = {zero + value: str(value) for zero in _DIGIT_ZEROS for value in range(10)} | str.maketrans(
    "\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u3000"
    "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63\uff0d\u2018\u2019\u201b\u02bc\uff07\u201c\u201d\uff0f\uff1a\uff20\uff0e",
    " " * 14 + "-" * 9 + "'" * 5 + '""' + "/:@.",
)
_INDIC = re.compile(r"[\u0900-\u0dff]")
# Tokens with digits that only white space or a short code ("MH 12 AB 1234") separates.
_NUMBERS = re.compile(r"\d\S*(?:[ \t\n]{1,2}(?:[A-Z]{1,3}[ ])?[^\s\d]{0,8}\d\S*)*")
_LEAST_DIGITS = 4
_COLONS_OF_MAC = 5
_LONGEST_HEAD = 80
_DIGIT = re.compile(r"\d")
# A blood pressure, a share, a range or a year is no one's number unless more digits follow.
_SMALL = re.compile(r"[(<>~=]*(?:\d{1,3}(?:[./-]\d{1,3})?|(?:19|20)\d\d)[%,.;:?)]*")
_TOKEN = re.compile(r"\S+")
_GOES_ON = re.compile(r"\s[\d/-]|\s+\d")
_BEGINNING = re.compile(r"(?<![A-Za-z0-9])[A-Za-z0-9+(#*]")
_SHORT_BEFORE = re.compile(r"(?<![A-Za-z0-9])[A-Z]{1,6} \Z")
_STRETCH = re.compile(r"[^\W_]+")
_WORD = re.compile(r"([^\W_]+(?:'[^\W\d_]+)*)")
# The same for texts that let them be faster.
_ASCII_WORD = re.compile(r"([A-Za-z0-9]+(?:'[A-Za-z]+)*)")
_PLAIN_WORD = re.compile(r"([A-Za-z0-9]+)")


class Prepared:
    """A text in its normal form, read once for all rules.

    Attributes:
        text: the normal form.
        given_length: of the given text.
        origin: `origin[i]` is where character `i` of `text` begins in the given text; None when both count alike.
        written: all words as they stand.
        words: what is known about each word.
        starts: where each word begins.
        ends: where each word ends.
        gaps: what stands before each word, and after the last.
        capitals: which words may belong to a name or place by their capitals.
        numerals: which words hold digits.
        streets: which words may belong to an address.
        openings: for each gate, by its index, the words that open it, by theirs.
    """

    def __init__(self, text: str, given_length: int, origin: list[int] | None) -> None:
        self.text = text
        self.given_length = given_length
        self.origin = origin
        if not text.isascii():
            parts = _WORD.split(text)
        else:
            parts = _ASCII_WORD.split(text) if "'" in text else _PLAIN_WORD.split(text)
        bounds = list(accumulate(map(len, parts)))
        self.written = parts[1::2]
        self.gaps = parts[::2]
        self.starts = bounds[:-1:2]
        self.ends = bounds[1::2]
        self.words: list[Word] = list(map(word, self.written))
        self.capitals: list[int] = []
        self.numerals: list[int] = []
        self.streets: list[int] = []
        self.openings: dict[int, list[int]] = {}
        self._read()

    def _read(self) -> None:
        capitals, numerals, streets, openings = self.capitals, self.numerals, self.streets, self.openings
        for index, item in enumerate(self.words):
            if item.plain:
                continue
            if item.capital:
                capitals.append(index)
            elif item.numeric:
                numerals.append(index)
            if item.street:
                streets.append(index)
            for gate in item.gates:
                if gate in openings:
                    openings[gate].append(index)
                else:
                    openings[gate] = [index]

    @cached_property
    def lower(self) -> str:
        """The text in lower case, every character in its place."""
        lower = self.text.lower()
        if len(lower) == len(self.text):
            return lower
        return "".join(small if len(small := character.lower()) == 1 else character for character in self.text)

    @cached_property
    def squeezed(self) -> tuple[str, list[int], list[int]]:
        """Letters and digits alone, in lower case, with where each stretch begins there and in `text`."""
        lower = self.text.lower()
        pieces: list[str] = []
        positions: list[int] = []
        origins: list[int] = []
        length = 0
        for match in _STRETCH.finditer(lower if len(lower) == len(self.text) else self.text):
            pieces.append(match.group())
            positions.append(length)
            origins.append(match.start())
            length += len(pieces[-1])
        return "".join(pieces), positions, origins

    @cached_property
    def different(self) -> frozenset[str]:
        """The different words of the text, as written."""
        return frozenset(self.written)

    @cached_property
    def indic(self) -> bool:
        """Whether the text holds a script of India."""
        return not self.text.isascii() and _INDIC.search(self.text) is not None

    def followed(self, starts: Sequence[int], characters: str, within: int) -> list[int]:
        """Keep those starts that one of some characters follows closely."""
        places = self._places.get(characters)
        if places is None:
            places = [match.start() for match in re.finditer(f"[{characters}]", self.text)]
            self._places[characters] = places
        kept = []
        for start in starts:
            at = bisect_left(places, start)
            if at < len(places) and places[at] - start <= within:
                kept.append(start)
        return kept

    @cached_property
    def lines(self) -> dict[int, tuple[bool, bool]]:
        """For lines looked at, by where they begin: whether in capitals, whether a heading."""
        return {}

    @cached_property
    def _places(self) -> dict[str, list[int]]:
        return {}

    @cached_property
    def number_starts(self) -> list[int]:
        """Where numbers and codes of four digits or more may begin, in order."""
        text = self.text
        starts: list[int] = []
        for match in _NUMBERS.finditer(text):
            begin, end = match.span()
            if end - begin < _LEAST_DIGITS or (
                len(_DIGIT.findall(match.group())) < _LEAST_DIGITS and match.group().count(":") < _COLONS_OF_MAC
            ):
                continue
            ahead = text[max(0, begin - _LONGEST_HEAD) : begin]
            if ahead and not ahead[-1].isspace():
                begin -= len(ahead.split()[-1])
            for token in _TOKEN.finditer(text, begin, end):
                start, stop = token.span()
                if not _DIGIT.search(text, start, stop):
                    continue
                # "MH 12 AB 1234" begins a word earlier.
                if text[start - 2 : start - 1].isupper() and (
                    before := _SHORT_BEFORE.search(text, max(0, start - 8), start)
                ):
                    starts.append(before.start())
                if _SMALL.fullmatch(text, start, stop) and not _GOES_ON.match(text, stop):
                    continue
                starts.extend(found.start() for found in _BEGINNING.finditer(text, start, stop))
        return starts

    def given(self, start: int, end: int) -> tuple[int, int]:
        """Give the place in the given text of a range of the normal form."""
        if self.origin is None:
            return start, end
        return self.origin[start], self.origin[end]


def prepare(text: str) -> Prepared:
    """Bring a text into its normal form: NFC, ASCII digits, plain spaces, dashes and quotes.

    Args:
        text: as given; ranges found later are reported in its characters.
    """
    if unicodedata.is_normalized("NFC", text):
        return Prepared(text if text.isascii() else text.translate(_SAME_LENGTH), len(text), None)
    pieces: list[str] = []
    origin: list[int] = []
    start = 0
    for end in range(1, len(text) + 1):
        # A combining character belongs to the one before it; only such clusters can change length.
        if end < len(text) and _continues(text[end], text[start:end]):
            continue
        piece = unicodedata.normalize("NFC", text[start:end])
        pieces.append(piece)
        origin.extend([start] * len(piece))
        start = end
    origin.append(len(text))
    return Prepared("".join(pieces).translate(_SAME_LENGTH), len(text), origin)


def _continues(character: str, before: str) -> bool:
    if unicodedata.combining(character) or unicodedata.category(character) == "Mn":
        return True
    return len(unicodedata.normalize("NFC", before[-1] + character)) < len(before[-1] + character)
