"""Moves a date by a number of days and writes it as it was written.

Only forms that say day, month and year beyond doubt are moved; all others keep their year alone (see `replacement`).
"""

import re
import secrets
from datetime import date, timedelta

MOST_DAYS = 365
# A practice writes dates one way: fewer dates the other way round than one in so many are slips.
_SLIPS = 20

_TIME = r"(?P<time>[T ,]{1,2}(?:at )?\d{1,2}:\d{2}[^\n]*)?"
_WEEKDAY = r"(?:(?P<weekday>(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?)(?P<after>[,.]?\s{1,2}))?"
_TH = r"(?P<th>st|nd|rd|th)?"
_FORMS = tuple(
    re.compile(_WEEKDAY + form + _TIME + r"\Z", re.IGNORECASE)
    for form in (
        r"(?P<year>\d{4})(?P<g1>[-/.])(?P<month>\d{1,2})(?P<g2>[-/.])(?P<day>\d{1,2})",
        rf"(?P<day>\d{{1,2}}){_TH}(?P<g1>(?:[ \n]{{0,2}}(?:of |\. ?)?[ ]?|-))(?P<name>[A-Za-z]{{3,9}})"
        r"(?P<g2>\.?,?[ \n'-]{1,3})(?P<year>\d{4}|\d{2})",
        rf"(?P<name>[A-Za-z]{{3,9}})(?P<g1>\.?[ \n-]{{1,2}})(?P<day>\d{{1,2}}){_TH}"
        r"(?P<g2>[,.]?[ \n'-]{1,3})(?P<year>\d{4}|\d{2})",
    )
)
_NUMERIC = re.compile(
    r"(?P<first>\d{1,2})(?P<g1> ?[-/.] ?)(?P<second>\d{1,2})(?P<g2> ?[-/.] ?)(?P<year>\d{4}|\d{2})" + _TIME + r"\Z"
)
_COMPACT = re.compile(
    r"(?P<year>(?:19|20)\d{2})(?P<month>\d{2})(?P<day>\d{2})(?P<time>\d{2,6}(?:\.\d+)?(?:[+-]\d{4})?)?\Z"
)
_PAIR = re.compile(r"(?<![\d./-])(\d{1,2})[/.-](\d{1,2})[/.-](?:\d{4}|\d{2})(?![\d./-])")
_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def new_offset() -> int:
    """Draw a number of days, backwards or forwards, from the system's cryptographic random source; never 0."""
    return (1 + secrets.randbelow(MOST_DAYS)) * (1 if secrets.randbelow(2) else -1)


def votes(text: str) -> tuple[int, int]:
    """Count the dates of a text that can only be read day first, and those that can only be read month first."""
    pairs = [(int(first), int(second)) for first, second in _PAIR.findall(text)]
    return sum(first > 12 >= second for first, second in pairs), sum(second > 12 >= first for first, second in pairs)


def decided(days: int, months: int) -> bool | None:
    """Tell from `votes` whether the day stands first, None when they do not agree."""
    if days > _SLIPS * months:
        return True
    return False if months > _SLIPS * days else None


def day_first(text: str) -> bool | None:
    """Tell whether the day stands first in a text's dates, None when the text does not say."""
    return decided(*votes(text))


def shifted(value: str, days: int, is_day_first: bool | None) -> str | None:
    """Move a date.

    Args:
        value: as it stands in the report.
        days: by how many days.
        is_day_first: whether 03/04/2020 is the third of April; None when unknown.

    Returns:
        The new date in the same form, None when the form is not certain.
    """
    if match := _COMPACT.match(value):
        found = _date(match["year"], match["month"], match["day"])
        return f"{found + timedelta(days):%Y%m%d}{match['time'] or ''}" if found else None
    if match := _NUMERIC.match(value):
        return _numeric(match, days, is_day_first)
    for form in _FORMS:
        if match := form.match(value):
            return _written(match, days)
    return None


def _numeric(match: "re.Match[str]", days: int, is_day_first: bool | None) -> str | None:
    first, second = match["first"], match["second"]
    if int(first) > 12:
        is_day_first = True
    elif int(second) > 12:
        is_day_first = False
    if is_day_first is None:
        return None
    day, month = (first, second) if is_day_first else (second, first)
    found = _date(match["year"], month, day)
    if found is None:
        return None
    moved = found + timedelta(days)
    # "03/04" is written with two digits each; "3/4" is not, and "3/14" does not say.
    width = 1 if min(len(first), len(second)) == 1 else 2
    numbers = f"{moved.day:0{width}}", f"{moved.month:0{width}}"
    left, right = numbers if is_day_first else numbers[::-1]
    return f"{left}{match['g1']}{right}{match['g2']}{_year(moved, match['year'])}{match['time'] or ''}"


def _written(match: "re.Match[str]", days: int) -> str | None:
    groups = match.groupdict()
    name = groups.get("name")
    month = str(_month(name)) if name else groups["month"]
    found = _date(groups["year"], month, groups["day"])
    if found is None:
        return None
    moved = found + timedelta(days)
    day = f"{moved.day:0{len(groups['day']) if groups['day'][0] == '0' or not name else 1}}"
    day += _ordinal(moved.day) if groups.get("th") else ""
    weekday = _like(_DAYS[moved.weekday()], groups["weekday"]) + groups["after"] if groups["weekday"] else ""
    middle = _like(_MONTHS[moved.month - 1], name) if name else f"{moved.month:0{len(groups['month'])}}"
    year = _year(moved, groups["year"])
    parts = {"year": year, "month": middle, "name": middle, "day": day}
    order = sorted((part for part in parts if groups.get(part)), key=match.start)
    first, second, third = (parts[part] for part in order)
    return f"{weekday}{first}{groups['g1']}{second}{groups['g2']}{third}{groups['time'] or ''}"


def _date(year: str, month: str, day: str) -> date | None:
    number = int(year)
    if len(year) == 2:
        number += 2000 if 2000 + number <= date.today().year + 1 else 1900  # noqa: DTZ011 - years need no zone
    try:
        return date(number, int(month), int(day))
    except ValueError:
        return None


def _year(moved: date, like: str) -> str:
    return f"{moved.year:04}"[-len(like) :]


def _month(name: str) -> int:
    lower = name.lower()
    return next((number for number, full in enumerate(_MONTHS, start=1) if _abbreviates(lower, full)), 0)


def _abbreviates(lower: str, full: str) -> bool:
    return lower == full or lower == full[:3] or (lower == "sept" and full == "september")


def _like(full: str, written: str) -> str:
    """Write a month or weekday as long and with the capitals of another."""
    name = full if len(written) > 4 or written.lower() in {"june", "july", "may"} else full[:3]
    if written.isupper():
        return name.upper()
    return name.title() if written[0].isupper() else name


def _ordinal(day: int) -> str:
    return "th" if 11 <= day <= 13 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
