"""Numbers with their units, brought to one scale so that 0.5 g and 500 mg are the same amount."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

_FILE = Path(__file__).with_name("units.toml")

_SMALL = (
    "zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|"
    "eighteen|nineteen"
)
_TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_WORDS = {word: number for number, word in enumerate(_SMALL.split("|"))} | {
    word: 10 * number for number, word in enumerate(_TENS.split("|"), start=2)
}
_NUMBER = r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|(?<![\w.])\.\d+)"
_DIGITS = re.compile(rf"(?<![A-Za-z\d^])(?<!\d[.,])(?P<number>{_NUMBER})(?!\d)")
_SPELT = re.compile(rf"\b(?P<word>(?:{_TENS})[- ](?:{_SMALL})|{_SMALL}|{_TENS})\b", re.I)
_JOINED = re.compile(r"\s*(?:-|\u2013|to|x|\u00d7|\*|by|/|and|or)\s*(?=\d|\.\d)", re.I)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number in a text.

    Attributes:
        start: offset of the number.
        end: offset behind its unit (behind the number when it has none).
        value: the number as written.
        unit: the unit in lower case, empty when there is none.
        dimension: what the unit measures, with its denominator, e.g. "mass/volume"; empty without a unit.
        amount: the value in the dimension's base unit; the value itself without a unit.
    """

    start: int
    end: int
    value: Decimal
    unit: str
    dimension: str
    amount: Decimal


@lru_cache(maxsize=1)
def _units() -> dict[str, tuple[str, Decimal]]:
    tables = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return {unit: (dimension, Decimal(factor)) for dimension, units in tables.items() for unit, factor in units.items()}


@lru_cache(maxsize=1)
def _unit_pattern() -> re.Pattern[str]:
    """Match a gap, a unit or a power of ten, and denominators: " mg/kg/day", " x 10^3/uL"."""
    names = "|".join(re.escape(name) for name in sorted(_units(), key=len, reverse=True))
    power = "[x\u00d7]\\s?10\\s?\\^?\\s?\\d{1,2}(?=[\\s/])"
    per = "(?:\\s?/\\s?|\\s+per\\s+)(?:\\d+\\s?)?[A-Za-z\u00b5\u03bc%][\\w\u00b2\u00b3]*"
    return re.compile(rf"(?P<gap>[ \t]{{0,2}}-?)(?P<unit>{power}|{names})(?:{per})*(?![A-Za-z\d])", re.I)


# In a table of results a lone H or L means high or low, not hours or litres.
_FLAG_END = re.compile(r"[ \t]{2,}|[ \t]*[|\n]|\s*\Z|[ \t]+(?:range|ref|\(|\[)", re.I)

# Letters that are words or labels elsewhere; they are units directly behind a number, or with a denominator.
_GLUED_ONLY = frozenset({"c", "f", "u", "x", "t", "d", "w", "y", "in", '"', "ma"})


# "4 times a week", "4 times weekly" are 4 times/week.
_COUNTED_OFTEN = frozenset({"times", "time"})
_OFTEN = re.compile(
    r"\s+(?:(?:an?|each|every)\s+(hour|day|night|week|month|year)\b|(hour|dai|week|month|year)ly\b)", re.I
)


def _unit_at(text: str, position: int) -> tuple[str, int] | None:
    match = _unit_pattern().match(text, position)
    if match is None:
        return None
    unit = re.sub(r"\s*/\s*|\s+per\s+", "/", text[match.start("unit") : match.end()].lower())
    unit = re.sub(r"\s+", " ", unit)
    if unit in _GLUED_ONLY and match["gap"]:
        return None
    if match["gap"] and (
        (unit == "h" and match["unit"] == "H") or (match["unit"] == "L" and _FLAG_END.match(text, match.end()))
    ):
        return None
    often = _OFTEN.match(text, match.end()) if _units().get(unit, ("",))[0] in _COUNTED_OFTEN else None
    if often:
        period = (often[1] or often[2]).lower().replace("dai", "day").replace("night", "day")
        return f"{unit}/{period}", often.end()
    return unit, match.end()


def _scaled(value: Decimal, unit: str) -> tuple[str, Decimal]:
    if unit in _units():
        dimension, factor = _units()[unit]
        return dimension, (value * factor).normalize()
    first, *below = unit.split("/")
    dimension, factor = _units().get(first, (first.replace(" ", "").replace("^", ""), Decimal(1)))
    amount = value * factor
    denominators: list[str] = []
    for part in below:
        name = part.lstrip("0123456789 ")
        count = part[: len(part) - len(name)].strip()
        measured, scale = _units().get(name, (name, Decimal(1)))
        # "mg/0 h" is no rate; it must not stop the work.
        amount /= scale * (Decimal(count or 1) or Decimal(1))
        denominators.append(measured)
    # Rounded, because 5 mg/day is the same as 5 mg/24 h only up to the last decimal of a division.
    return "/".join((dimension, *denominators)), Decimal(f"{amount:.9e}").normalize()


def quantities(text: str, *, spelt: bool = True) -> list[Quantity]:
    """Find every number of a text, with its unit where it has one.

    Args:
        text: any text.
        spelt: also find number words that are followed by a unit, such as "six weeks".

    Returns:
        Quantities in the order of the text. In "5-10 mg", "5 x 4 mm" and "5 and 10 mg" both numbers have the unit.
    """
    found = sorted((*_digits(text), *(_spelt(text) if spelt else ())), key=lambda quantity: quantity.start)
    return _share_units(text, _outermost(found))


def _outermost(found: list[Quantity]) -> list[Quantity]:
    """Drop numbers that belong to another one's unit, such as the 10 of "x 10^3/uL"."""
    kept: list[Quantity] = []
    for quantity in found:
        if not kept or quantity.start >= kept[-1].end:
            kept.append(quantity)
    return kept


def _digits(text: str) -> Iterator[Quantity]:
    for match in _DIGITS.finditer(text):
        # Digits outside ASCII count too: Decimal reads them.
        value = Decimal(match["number"].replace(",", ""))
        yield _quantity(text, match.start("number"), match.end("number"), value)


def _spelt(text: str) -> Iterator[Quantity]:
    for match in _SPELT.finditer(text):
        value = Decimal(sum(_WORDS[part] for part in re.split(r"[- ]", match["word"].lower())))
        quantity = _quantity(text, match.start(), match.end(), value)
        if quantity.unit:
            yield quantity


def _quantity(text: str, start: int, end: int, value: Decimal) -> Quantity:
    unit = _unit_at(text, end)
    if unit is None:
        return Quantity(start, end, value, "", "", value.normalize())
    dimension, amount = _scaled(value, unit[0])
    return Quantity(start, unit[1], value, unit[0], dimension, amount)


def _share_units(text: str, found: list[Quantity]) -> list[Quantity]:
    for index in range(len(found) - 2, -1, -1):
        left, right = found[index], found[index + 1]
        if left.unit or not right.unit:
            continue
        joined = _JOINED.match(text, left.end)
        if joined and joined.end() == right.start:
            dimension, amount = _scaled(left.value, right.unit)
            found[index] = Quantity(left.start, left.end, left.value, right.unit, dimension, amount)
    return found
