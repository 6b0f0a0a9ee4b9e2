"""A text made ready for the rules: one form of digits, dashes and quotes, with the way back to the given characters."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property

from medtui.deid.gates import gates_of

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
_NUMBER_TOKEN = re.compile(r"(?<!\S)[^\s\d]*\d\S*")
_GOES_ON = re.compile(r"\s[\d/-]|\s+\d")
_SMALL = re.compile(r"[(<>~=]*\d{1,3}(?:[./-]\d{1,3})?[%,.;:)]*")
_BEGINNING = re.compile(r"(?<![A-Za-z0-9])[A-Za-z0-9+(#*]")
_SHORT_BEFORE = re.compile(r"(?<![A-Za-z0-9])[A-Z]{1,6} \Z")
_STRETCH = re.compile(r"[^\W_]+")
_WORD = re.compile(r"[^\W_]+(?:'[^\W\d_]+)*")


@dataclass(frozen=True)
class Prepared:
    """A text in its normal form.

    `origin[i]` is where character `i` of `text` begins in the given text; None when both count alike.
    """

    text: str
    given_length: int
    origin: list[int] | None

    @cached_property
    def words(self) -> "list[re.Match[str]]":
        """All words with their places."""
        return list(_WORD.finditer(self.text))

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
    def starts(self) -> list[int]:
        """Where each word begins."""
        return [match.start() for match in self.words]

    @cached_property
    def lower_words(self) -> frozenset[str]:
        """Words that stand in the text in lower case."""
        return frozenset(word for match in self.words if (word := match.group()).islower())

    @cached_property
    def indic(self) -> bool:
        """Whether the text holds a script of India."""
        return not self.text.isascii() and _INDIC.search(self.text) is not None

    @cached_property
    def word_starts(self) -> dict[int, list[int]]:
        """For each gate, by its index, where words begin that open it."""
        starts: dict[int, list[int]] = {}
        for match in self.words:
            for gate in gates_of(match.group()):
                starts.setdefault(gate, []).append(match.start())
        return starts

    @cached_property
    def number_starts(self) -> tuple[list[int], list[int]]:
        """Where numbers and codes with digits may begin, in order: all of them, and without lone small numbers."""
        text = self.text
        every: list[int] = []
        long: list[int] = []
        for token in _NUMBER_TOKEN.finditer(text):
            start, end = token.span()
            # "MH 12 AB 1234" begins a word earlier.
            if text[start - 2 : start - 1].isupper() and (
                before := _SHORT_BEFORE.search(text, max(0, start - 8), start)
            ):
                every.append(before.start())
                long.append(before.start())
            starts = [match.start() for match in _BEGINNING.finditer(text, start, end)]
            every.extend(starts)
            # "140", "7.2 %", "120/80" and "135-145" are values unless more digits follow.
            if not _SMALL.fullmatch(text, start, end) or _GOES_ON.match(text, end):
                long.extend(starts)
        return every, long

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
