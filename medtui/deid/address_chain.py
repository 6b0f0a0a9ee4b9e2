"""A chain of capitalised words and numbers that an address may consist of, and what speaks for one."""

import re

from medtui.deid.prepared import Prepared
from medtui.deid.vocabulary import NOT_A_NAME, REGIONS
from medtui.deid.words import Kind, Street

TELLING = {Kind.FREQUENT, Kind.LISTED, Kind.PLACE, Kind.UNKNOWN, Kind.EITHER}
STREET = Street.LAST | Street.WEAK | Street.FIRST | Street.ENDING
CUES = frozenset(
    form
    for cue in re.findall(
        r"\w+",
        "address residence residing resides resident lives lived living located mail mailed post send sent ship "
        "shipped "
        "deliver delivered delivery forward moved moving stays staying billing discharged picked visit visited home "
        "house apartment flat",
    )
    for form in (cue, cue.capitalize())
)
"""Words that may announce an address."""

_CUE = re.compile(
    r"(?:\b(?:address(?:es)?|residence|residing|resides?|resided|resident|lives?|lived|living|located"
    r"|domiciled|home|house|apartment|flat|mail(?:ed)?|post(?:ed)?|send|sent|ship(?:ped)?"
    r"|deliver(?:ed)?|delivery|forward(?:ed)?|moved|moving|relocat\w+|stays?|staying|based|situated"
    r"|billing|pick(?:ed)?|discharged|store|shop|office|clinic|property|visit(?:ed)?|meet|come|go)\b"
    r"[^\n.:;]{0,40}?(?:\b(?:is|at|to|in|from|of|on|with|are)|'s|:)|\baddress\b)[ \n\t]{1,2}(?:the[ ])?\Z",
    re.IGNORECASE,
)
_CUE_REACH = 64
_GAP = re.compile(r"[ ,\t/#()\u00ba\u00b0.&'\"-]*\n?[ ,\t/#(-]*\n?[ ,]*\Z")
_LONGEST_GAP = 6
_LONGEST_SHORT_FORM = 4
_LABEL_AFTER = re.compile(r"[)\"]?[ \t]*[:=]")
_BOUNDARY = re.compile(r"[ \t]*[,\n.;)?!|/-]|\Z")
_MEASURE = re.compile(
    r"[ -]?(?:%|mg|mcg|\u00b5g|ml|mm|cm|kg|g\b|mmol|units?\b|iu\b|years?|yrs?|y/?o|months?|weeks?|days?"
    r"|hours?|hrs?|minutes?|mins?|times|views?|bpm|x\b|pm\b|am\b|\u00b0|beats|/min|tablets?|steps)",
    re.IGNORECASE,
)
# Post codes with letters, as words: "SW1A 1AA", "K1A 0B1" or "K1A0B1", "1012AB".
_INWARD = re.compile(r"\d[A-Z]{2}\Z")
_OUTWARD = re.compile(r"[A-Z]{1,2}\d[A-Z\d]?\Z")
_LETTERED = re.compile(r"[A-Z]\d[A-Z](?:\d[A-Z]\d)?\Z|\d{4}[A-Z]{2}\Z")
_CODE_LENGTHS = {4, 5, 6, 8}
# "12-345", "1234-567", "12345-678", "12345-6789", "123 45", "560 001": lengths and what stands between.
_CODE_PAIRS = {(2, "-", 3), (4, "-", 3), (5, "-", 3), (5, "-", 4), (3, " ", 2), (3, " ", 3)}
_RANGE_TOO = (2, "-", 3)
_MOST_LEFT = 9
_MOST_RIGHT = 22


class Chain:
    """Neighbouring words that may stand in one address.

    Attributes:
        prepared: the text.
        first: index of the chain's first word among the text's words.
        last: index of its last word.
    """

    def __init__(self, prepared: Prepared, seed: int, floor: int, taken: set[int]) -> None:
        """Grow a chain to both sides.

        Args:
            prepared: the text in its normal form.
            seed: the word to begin with.
            floor: the first word that may belong to it.
            taken: words that may not.
        """
        self.prepared = prepared
        self.words = prepared.words
        self.gaps = prepared.gaps
        self._taken = taken
        self.first = self.last = seed
        while self.first > max(floor, seed - _MOST_LEFT) and self._links(self.first - 1, self.first):
            self.first -= 1
        limit = min(len(self.words) - 1, seed + _MOST_RIGHT)
        while self.last < limit and self._links(self.last, self.last + 1):
            self.last += 1

    def _links(self, left: int, right: int) -> bool:
        gap = self.gaps[right]
        if self.region(right):
            return self._fits(left)
        if len(gap) > _LONGEST_GAP or not _GAP.match(gap) or gap.count("\n") > 1 + ("," in gap):
            return False
        before = self.words[left]
        if "." in gap and len(before.text) > _LONGEST_SHORT_FORM and not before.street & (STREET | Street.UNIT):
            return False
        return self._fits(left) and self._fits(right)

    def _fits(self, index: int) -> bool:
        item = self.words[index]
        if index in self._taken:
            return False
        if item.numeric:
            return not _MEASURE.match(self.prepared.text, self.prepared.ends[index])
        if not (item.street or item.text in REGIONS or (len(item.text) == 1 and item.text.isupper())) and (
            not item.text[0].isupper() or item.kind in {Kind.TITLE, Kind.KIN} or item.lower in NOT_A_NAME
        ):
            return False
        return not _LABEL_AFTER.match(self.gaps[index + 1])

    def region(self, index: int) -> bool:
        """Tell "Prata / AP" and "Capua (CE)"."""
        text = self.words[index].text
        return len(text) == 2 and self.gaps[index].strip()[-1:] in {"/", "("} and text.isalpha() and text.isupper()

    def names(self, index: int) -> bool:
        """Tell whether a word can stand in the name of a street."""
        item = self.words[index]
        if item.numeric:
            return item.lower.endswith(("st", "nd", "rd", "th"))
        if item.street & Street.PARTICLE:
            return True
        return item.text[0].isupper() and (not item.street & Street.UNIT or len(item.text) > _LONGEST_SHORT_FORM)

    def closes(self, index: int) -> bool:
        """Tell whether a part of the address may end with a word: no prose follows in the same line."""
        if index < self.last and self.words[index + 1].numeric:
            return True
        return _BOUNDARY.match(self.gaps[index + 1]) is not None

    def coded(self, end: int) -> bool:
        """Tell whether a post code with a town, or a state, follows a word in the chain."""
        words = self.words
        for index in range(end + 1, self.last + 1):
            if words[index].numeric and post_code(self.prepared, index):
                near = words[max(end + 1, index - 3) : index] + words[index + 1 : min(self.last, index + 2) + 1]
                return any(item.text[0].isupper() and not item.numeric for item in near)
            if index > end + 1 and words[index].text in REGIONS and words[index - 1].kind in TELLING:
                return self.gaps[index] in {", ", " "}
        return False

    def cued(self, start: int) -> bool:
        """Tell whether prose announces an address right before a word."""
        at = self.prepared.starts[self.with_units(start)]
        return _CUE.search(self.prepared.text, max(0, at - _CUE_REACH), at) is not None

    def with_units(self, start: int) -> int:
        """Take in a flat, a floor or a building's number before the street."""
        words = self.words
        while start > self.first:
            before = words[start - 1]
            outer = words[start - 2] if start - 1 > self.first else None
            if before.numeric:
                joined = outer is None or outer.numeric or outer.street & Street.UNIT
            elif before.street & Street.UNIT:
                joined = words[start].numeric or len(words[start].text) <= 2
            else:
                joined = outer is not None and len(before.text) == 1 and outer.street & Street.UNIT
            if not joined:
                break
            start -= 1
        return start


def post_code(prepared: Prepared, index: int) -> bool:
    """Tell whether a word is, or ends, a post code of some country."""
    value = prepared.written[index]
    if not value.isdigit():
        if _INWARD.match(value):
            return index > 0 and _OUTWARD.match(prepared.written[index - 1]) is not None
        return _LETTERED.match(value) is not None
    length = len(value)
    if length in _CODE_LENGTHS and not (length % 4 == 0 and value[:2] in {"19", "20"}):
        return True
    pair = (len(prepared.written[index - 1]), prepared.gaps[index], length)
    if not index or pair not in _CODE_PAIRS or not prepared.words[index - 1].numeric:
        return False
    # "80-100" is a range of values as often as a Polish post code, which a town follows.
    following = prepared.words[index + 1] if index + 1 < len(prepared.words) else None
    town = following is not None and following.shape == "T" and following.kind in TELLING
    return pair != _RANGE_TOO or (town and prepared.gaps[index + 1] == " ")
