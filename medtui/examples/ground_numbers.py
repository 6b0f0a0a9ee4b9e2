"""Numbers of an output that its source does not hold: quantities, bare numbers, dates."""

import re
from collections.abc import Iterable
from decimal import Decimal

from medtui.examples import frequency, notations
from medtui.examples.clauses import content_words
from medtui.examples.quantities import Quantity, quantities

Piece = tuple[int, int, str]

_ENUMERATION = re.compile(r"^[ \t]*(?:\(\d{1,2}\)|\d{1,2}[.)](?=\s))", re.M)
_DATE = re.compile(
    r"\b(?:\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|"
    r"\d{1,2}(?:st|nd|rd|th)?[ -](?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[ -]\d{2,4}|(?:19|20)\d\d)\b",
    re.I,
)
# Names with a number glued to letters: vertebrae, drugs, laboratory tests.
_NAMED = re.compile(r"\b(?!(?:ex|post|pre|non|age|aged|day|week|grade|stage|type)-\d)[A-Za-z]+-?\d+[A-Za-z]*\b", re.I)
_RANGE = re.compile(r"\b([CTLSDctlsd])(\d{1,2})\s?[-/\u2013]\s?(\d{1,2})\b")
# Tests and gases that carry a digit in their name; an answer may name them without the source.
_TEST_NAMES = """
hba1c a1c b12 b6 d3 d2 t3 t4 ft3 ft4 co2 pco2 po2 o2 spo2 sao2 fio2 h2 fev1 ca125 ca19 g6pd il6 k1 q1 ns1 hbsag
cd4 cd8 p53 her2 ki67 covid19 f2 mp2 tc99 x10"""
_TESTS = frozenset(_TEST_NAMES.split())


def _spelt_out(name: str, source: str) -> bool:
    """Tell whether a source says in words what a name with a number shortens: "grade group 2" for GG2."""
    letters = re.fullmatch(r"([A-Z]{2,4})-?(\d+)", name)
    if letters is None:
        return False
    words = r"\s+".join(f"{letter}[a-z]+" for letter in letters[1])
    return re.search(rf"\b{words}\s+{letters[2]}\b", source, re.I) is not None


def _ends(match: re.Match[str]) -> set[str]:
    """Give both ends of a range of vertebrae: L4 and L5 of "L4-5"."""
    return {f"{match[1]}{match[number]}".lower() for number in (2, 3)}


def _names(text: str) -> set[str]:
    found = {match.group().lower().replace("-", "") for match in _NAMED.finditer(text)}
    return found | {f"{match[1]}{match[3]}".lower() for match in _RANGE.finditer(text)}


def missing(source: str, output: str) -> list[Piece]:
    """Give the numbers of the output that the source does not hold, with their kind."""
    dates = [match.span() for match in _DATE.finditer(output)]
    known_dates = {match.group().lower() for match in _DATE.finditer(source)}
    pieces = [(*match.span(), "date") for match in _DATE.finditer(output) if match.group().lower() not in known_dates]
    stated = _Stated(source)
    often = [*frequency.spans(output), *notations.rewritten(source, output)]
    names = _names(source) | _TESTS
    often += [
        match.span() for match in _RANGE.finditer(output) if _ends(match) <= names and int(match[2]) < int(match[3])
    ]
    for quantity in _counted(output, quantities(output)):
        if any(start <= quantity.start < end for start, end in often):
            continue
        if any(start <= quantity.start < end for start, end in dates) and not quantity.unit:
            continue
        if not stated.supports(quantity, output):
            pieces.append((quantity.start, quantity.end, "quantity" if quantity.unit else "number"))
    for match in re.finditer(r"\bfrom (\d[\d.]*) to (\d[\d.]*\d|\d)\b", output):
        if match[1] == match[2]:
            pieces.append((*match.span(), "number"))
    pieces += _twice(source, output) + _out_of_order(output) + _other_scores(source, output)
    pieces += [(start, end, "quantity") for start, end in frequency.missing(source, output)]
    for match in _NAMED.finditer(output):
        name = match.group().lower().replace("-", "")
        if (
            name not in names
            and not _spelt_out(match.group(), source)
            and not any(start <= match.start() < end for start, end, _ in pieces)
        ):
            pieces.append((*match.span(), "number"))
    return pieces


# "60-69", "4 x 3", "V1-V3": both ends the same is no range, and rarely a size.
_PAIRED = re.compile(
    r"(?<![\w.])([A-Za-z]?\d+(?:\.\d+)?)(?: ?(?:mm|cm|%|ng/L))?\s?(?:-|\u2013|x|\u00d7|to|and|by)\s?\1(?![\w.]*\d)",
    re.I,
)


def _twice(source: str, output: str) -> list[Piece]:
    """Find pairs of equal numbers where the source has no such pair: one of them was changed."""
    known = {match[1].lower() for match in _PAIRED.finditer(source)}
    return [(*match.span(), "number") for match in _PAIRED.finditer(output) if match[1].lower() not in known]


def _out_of_order(output: str) -> list[Piece]:
    """Find items of a list whose numbers do not count up: one of them was changed."""
    pieces: list[Piece] = []
    before = 0
    for match in _ENUMERATION.finditer(output):
        number = int(re.sub(r"\D", "", match[0]))
        alone = not before and not _ENUMERATION.search(output, match.end())
        again = number == 1 and before > 1
        if number != before + 1 and not again and not alone:
            pieces.append((*match.span(), "number"))
        before = number
    return pieces


# Scores whose name holds several numbers, such as CHA2DS2-VASc.
_SCORE = re.compile(r"\b[A-Za-z]+\d+[A-Za-z]+\d+[A-Za-z]*(?:-[A-Za-z]+)?\b")


def _other_scores(source: str, output: str) -> list[Piece]:
    known = {match[0].lower() for match in _SCORE.finditer(source)}
    return [
        (*match.span(), "number")
        for match in _SCORE.finditer(output)
        if match[0].lower() not in known and known and not quantities(match[0])
    ]


def _counted(text: str, found: Iterable[Quantity]) -> list[Quantity]:
    """Leave out the numbers that only count the items of a list."""
    marks = [match.span() for match in _ENUMERATION.finditer(text)]
    return [quantity for quantity in found if not any(start <= quantity.start < end for start, end in marks)]


class _Stated:
    """The numbers of a source, to look up those of outputs."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.lower = source.lower()
        self.found = _counted(source, quantities(source))

    def supports(self, quantity: Quantity, output: str) -> bool:
        """Tell whether the source holds this amount, of the same thing as far as words tell."""
        same = [given for given in self.found if self._same(given, quantity)]
        if not same:
            return not quantity.unit and _type_two(quantity, output, self.lower)
        return not self._of_something_else(quantity, output, same)

    def _same(self, given: Quantity, quantity: Quantity) -> bool:
        if quantity.unit and given.unit:
            return (given.dimension, given.amount) == (quantity.dimension, quantity.amount)
        if given.value != quantity.value:
            return False
        if not quantity.unit:
            return given.dimension not in _TIMES
        if quantity.unit == "mmhg" and _PRESSURE.match(self.source, max(0, given.start - 4)):
            return True
        if measured := notations.implied(self.source, given.start):
            return quantity.dimension in measured
        return quantity.dimension not in _TIMES and self._in_column(given, quantity)

    def _in_column(self, given: Quantity, quantity: Quantity) -> bool:
        """Tell whether a table gives the number's unit in a column of its line, or once for all lines."""
        end = self.source.find("\n", given.end)
        behind = self.source[given.end : end if end >= 0 else len(self.source)]
        if re.match(r"\s?[-\u2013]\s?\d", behind) or re.search(r"\d\s?[-\u2013]\s?$", self.source[: given.start]):
            return False  # the bound of a reference range
        if column := _COLUMN.match(behind):
            return re.sub(r"\s", "", column["unit"].lower()) == quantity.unit.replace(" ", "")
        bounded = rf"(?<![a-z\d]){re.escape(quantity.unit)}(?![a-z\d/])"
        return re.search(bounded, self.lower) is not None

    def _other_role(self, quantity: Quantity, output: str, same: list[Quantity]) -> bool:
        """Tell whether an appointment "in 2 weeks" took its number from an illness "for 2 weeks", or the reverse."""
        role = _role(output, quantity)
        # Notes often leave the word out that would say it: "NG feeds 36 h".
        if not role or {role, ""} & {_role(self.source, given) for given in same}:
            return False
        times = (given for given in self.found if given.dimension in _TIMES and given.amount != quantity.amount)
        return any(_role(self.source, given) == role for given in times)

    def _words_of(self, given: Quantity) -> frozenset[str]:
        """Give the words of a number; where it has none, as in "CRP 210 falling to 34", of the number before it."""
        words = _words_around(self.source, given) - _MOVEMENT
        for earlier in reversed([one for one in self.found if one.start < given.start]):
            between = self.source[earlier.end : given.start]
            if words and not _SERIES.fullmatch(between):
                return words
            if "\n" in between or ";" in between or ". " in between:
                return words
            words |= _words_around(self.source, earlier) - _MOVEMENT
        return words

    def _sentence_words(self, given: Quantity) -> frozenset[str]:
        """Give the words of a number's sentence up to the number: "two cysts in the left kidney, largest 18 mm"."""
        before = re.split(r"[;\n]|\.\s", self.source[max(0, given.start - 200) : given.start])[-1]
        return content_words(before) if len(re.findall(r"\d+", before)) == 0 else frozenset()

    def _unnamed(self, given: Quantity) -> bool:
        """Tell whether a number says when it was or of which grade it is, but not what it measures: "baseline 92"."""
        return not self._words_of(given) - _WHEN

    def _of_something_else(self, quantity: Quantity, output: str, same: list[Quantity]) -> bool:
        """Tell whether the words around the number belong to another number of the source."""
        if quantity.dimension in _TIMES and self._other_role(quantity, output, same):
            return True
        words = _words_around(output, quantity)
        words |= {
            _SUBSTANCE.get(word[5 if word.startswith("hyper") else 4 :][:4], "") for word in words if _LEVEL.match(word)
        }
        if not words:
            return False
        if any(words & (self._words_of(given) | self._sentence_words(given)) for given in same):
            return False
        if any(self._unnamed(given) for given in same):
            return False
        others = [
            given for given in self.found
            if given.value != quantity.value and bool(given.unit) == bool(quantity.unit)
            and (not quantity.unit or given.dimension == quantity.dimension)
        ]  # fmt: skip
        return any(words & _words_around(self.source, given) for given in others)


_TIMES = frozenset({"time", "month"})
# What stands between values of one series: "8 ng/L, 9 ng/L", "210 to 34".
_SERIES = re.compile(r"\s*(?:,|and|then|to|/|-|\u2013)?\s*", re.I)
# Words that lead from one value to the next one of the same thing.
_MOVEMENT = content_words(
    "fall falling fell rise rising rose drop dropped increase increased decrease decreased down up then"
)
_WHEN = content_words(
    "baseline previous previously earlier prior last ago now today admission discharge repeat repeated initial "
    "initially first second category grade group score class stage type level years three two six"
)
_AHEAD = re.compile(r"\b(?:in|after|within|at|next)\s*$", re.I)
_LASTING = re.compile(r"(?:\b(?:for|over|since|last|past)|\bx)\s*$", re.I)


def _role(text: str, quantity: Quantity) -> str:
    before = text[max(0, quantity.start - 12) : quantity.start]
    return "ahead" if _AHEAD.search(before) else "lasting" if _LASTING.search(before) else ""


# What stands between a result and its unit in a table: separators and a flag.
_COLUMN = re.compile(
    r"[ \t|,;]*(?:[(\[]?(?:HH?|LL?|HIGH|LOW|N|NORMAL|CRITICAL|\*+)[)\]]?[ \t|,;]+|(?<=[\t|])[ \t]*|[ \t]{2,})[ \t|]*"
    r"(?P<unit>(?:[x\u00d7]\s?10\^?\d+)?[A-Za-z%\u00b5\u03bc/][\w%/\u00b5\u03bc^.]*)(?=[ \t|,;]|$)",
    re.I,
)


# "42 x 24 mm", "120/80": the words beside the group belong to each of its numbers.
_OTHER_SIZES = re.compile(r",?\s*(?:\d[\d.]*\s*(?:mm|cm)?\s*(?:x|\u00d7|/|-|by|to|and)\s*)+$", re.I)
_OTHER_SIZES_AFTER = re.compile(
    r"^(?:\s*(?:mm|cm)?\s*(?:x|\u00d7|/|-|by|to|and)\s*\d+(?:\.\d+)?)+\s*(?:mm|cm|mmhg)?", re.I
)


# "140/90" needs no unit.
_PRESSURE = re.compile(r".{0,4}?\d{2,3}/\d{2,3}")
# "Hypercalcaemia, 2.92" is about calcium.
_LEVEL = re.compile("hyper|hypo")
_SUBSTANCE = {"calc": "calcium", "natr": "sodium", "kale": "potassium", "kala": "potassium", "glyc": "glucos",
              "phos": "phosphat", "magn": "magnesium", "uric": "urat"}  # fmt: skip


def _words_around(text: str, quantity: Quantity) -> frozenset[str]:
    """Give the content words near a number: back to the last comma, number or end of sentence, and a little ahead."""
    ahead = _OTHER_SIZES.sub("", text[max(0, quantity.start - 60) : quantity.start])
    # The hour tells where in the breast or eye, not what.
    ahead = _HOUR.sub("", ahead)
    ahead = re.sub(r"(?:\b(?:meas|approx|max|diam|ca)\.)?[,(:]?\s*$", "", ahead)
    before = re.split(r"[,;\n(]|\.\s|\d", ahead)[-1]
    after = re.split(r"[,;\n)]|\.\s|\d", _OTHER_SIZES_AFTER.sub("", text[quantity.end : quantity.end + 60]))[0]
    return content_words(before) | content_words(after)


_HOUR = re.compile(r"\d{1,2}(?::\d\d)?\s*o['\u2019]?\s?clock", re.I)
_INSULIN = re.compile(r"insulin|glargine|aspart|lispro|detemir|degludec|ketoacidosis|\bdka\b", re.I)
_DIABETIC = re.compile(r"diab|\bt?2?dm\b|metformin|gliclazide|glimepiride|gliptin|gliflozin|hba1c|\ba1c\b", re.I)


_RESPIRATORY = re.compile(r"\s*(?:respiratory failure|rf\b)", re.I)
_CARBON_DIOXIDE = re.compile(r"pa?co2|hypercapn|co2 retention", re.I)


def _type_two(quantity: Quantity, output: str, source: str) -> bool:
    """Accept a type that the source only implies.

    "Type 2 diabetes" for a diabetic whose type it leaves out, type 1 for one on insulin alone; "type 2 respiratory
    failure" where it gives the carbon dioxide.
    """
    if quantity.value == Decimal(2) and _RESPIRATORY.match(output, quantity.end):
        return _CARBON_DIOXIDE.search(source) is not None
    if not re.match(r"\s*(?:diab|dm)", output[quantity.end :], re.I):
        return False
    if f"t{quantity.value}dm" in source:
        return True
    if re.search(r"type [12i]+\b|t[12]dm", source):
        return False
    if quantity.value == Decimal(2):
        return _DIABETIC.search(source) is not None
    tablets = re.search(r"metformin|gliclazide|glimepiride|gliptin|gliflozin", source)
    return quantity.value == Decimal(1) and _INSULIN.search(source) is not None and tablets is None
