"""Dates as reports write them."""

import re
from datetime import date

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july", "aug august",
            "sep sept september", "oct october", "nov november", "dec december",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_WEEKDAY = re.compile(r"^\s*(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*[.,]?\s+", re.IGNORECASE)
_ISO = re.compile(r"^\s*(\d{4})-(\d{2})(?:-(\d{2}))?(?![\d-])")
_COMPACT = re.compile(r"^\s*(\d{4})(\d{2})?(\d{2})?(?:\d{2,6}(?:\.\d+)?)?(?:[+-]\d{4})?\s*$")
_NUMERIC = re.compile(r"^\s*(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})(?!\d)")
_YEAR_FIRST = re.compile(r"^\s*(\d{4})[/.](\d{1,2})[/.](\d{1,2})(?!\d)")
_DAY_MONTH = re.compile(r"^\s*(\d{1,2})(?:st|nd|rd|th)?[\s.,/-]*([A-Za-z]{3,9})[\s.,/-]*(\d{4}|\d{2})(?!\d)")
_MONTH_DAY = re.compile(r"^\s*([A-Za-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})(?!\d)")


def iso_date(written: str, *, day_first: bool = False) -> str | None:
    """Read a date as HL7, FHIR, C-CDA, spreadsheets and people write it.

    Args:
        written: text that begins with the date.
        day_first: whether 03/04/2020 is the third of April; a first number over 12 is a day in any case.

    Returns:
        YYYY-MM-DD, or YYYY-MM or YYYY where no more is said; None when it is no date.
    """
    written = _WEEKDAY.sub("", written)
    if match := _ISO.match(written) or _COMPACT.match(written) or _YEAR_FIRST.match(written):
        return _form(*match.groups())
    if match := _NUMERIC.match(written):
        first, second, year = match.groups()
        day, month = (first, second) if day_first or int(first) > 12 else (second, first)
        return _form(_century(year), month, day)
    if match := _DAY_MONTH.match(written):
        day, name, year = match.groups()
        return _form(_century(year), str(_MONTHS.get(name.lower(), 0)), day)
    if match := _MONTH_DAY.match(written):
        name, day, year = match.groups()
        return _form(year, str(_MONTHS.get(name.lower(), 0)), day)
    return None


def _century(year: str) -> str:
    # Reports carry dates of birth too: two digits mean the last hundred years.
    return year if len(year) == 4 else str((2000 if int(year) <= date.today().year % 100 else 1900) + int(year))  # noqa: DTZ011


def _form(year: str, month: str | None, day: str | None) -> str | None:
    if not 1850 <= int(year) <= 2150:
        return None
    if month is None:
        return year
    try:
        valid = date(int(year), int(month), int(day or 1))
    except ValueError:
        return None
    return valid.isoformat() if day else valid.isoformat()[:7]
