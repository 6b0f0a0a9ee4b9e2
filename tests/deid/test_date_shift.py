"""Dates moved per patient: the form stays, intervals stay, what is not certain keeps its year alone."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medtui.deid import date_shift
from medtui.deid.date_shift import shifted

FORMS = [
    ("2024-03-14", "2024-04-23", None),
    ("2024-03-14T09:30:00", "2024-04-23T09:30:00", None),
    ("2024/3/4", "2024/4/13", None),
    ("14 March 2024", "23 April 2024", None),
    ("14th of March 2024", "23rd of April 2024", None),
    ("14-Mar-24", "23-Apr-24", None),
    ("MARCH 14, 2024", "APRIL 23, 2024", None),
    ("Mar 4th, 2024", "Apr 13th, 2024", None),
    ("Thursday, March 14, 2024", "Tuesday, April 23, 2024", None),
    ("Thu 14 Mar 2024 at 14:05", "Tue 23 Apr 2024 at 14:05", None),
    ("20240314", "20240423", None),
    ("20240314153000", "20240423153000", None),
    ("03/14/2024", "04/23/2024", None),
    ("14.03.2024", "23.04.2024", None),
    ("03/04/2024", "13/05/2024", True),
    ("03/04/2024", "04/13/2024", False),
    ("3/4/24", "13/5/24", True),
    ("31/12/2023", "09/02/2024", None),
    # Not certain, so the caller keeps the year alone.
    ("03/04/2024", None, None),
    ("March 2024", None, None),
    ("12 March", None, None),
    ("31/02/2024", None, None),
    ("March 12 and 14, 2024", None, None),
    ("14 Brumaire 2024", None, None),
    ("14 मार्च 2024", None, None),
]


@pytest.mark.parametrize(("value", "moved", "day_first"), FORMS, ids=[f"form{n}" for n in range(len(FORMS))])
def test_forms(value: str, moved: str | None, day_first: bool | None) -> None:
    assert shifted(value, 40, day_first) == moved


@given(st.dates(date(1950, 1, 1), date(2030, 1, 1)), st.integers(-365, 365), st.booleans())
def test_back_is_the_same_date(day: date, days: int, day_first: bool) -> None:
    for form in ("%Y-%m-%d", "%d/%m/%Y" if day_first else "%m/%d/%Y", "%d %B %Y", "%A, %B %d, %Y"):
        written = day.strftime(form)
        moved = shifted(written, days, day_first)
        assert moved is not None
        back = shifted(moved, -days, day_first)
        assert back is not None
        # "10 March" does not say whether the first would be "1" or "01".
        assert re.sub(r"\b0(?=\d[ ,])", "", back) == re.sub(r"\b0(?=\d[ ,])", "", written)


@given(st.text(max_size=30))
def test_any_text_is_moved_or_refused(value: str) -> None:
    moved = shifted(value, 40, None)
    assert moved is None or moved != value


def test_offsets() -> None:
    drawn = {date_shift.new_offset() for _ in range(200)}
    assert 0 not in drawn
    assert all(-date_shift.MOST_DAYS <= days <= date_shift.MOST_DAYS for days in drawn)
    assert min(drawn) < 0 < max(drawn)


def test_which_number_is_the_day() -> None:
    assert date_shift.day_first("seen 14/03/2024, 02/03/2024") is True
    assert date_shift.day_first("seen 03/14/2024, 02/03/2024") is False
    assert date_shift.day_first("seen 02/03/2024") is None
    assert date_shift.day_first("seen 14/03/2024 and 03/14/2024") is None
