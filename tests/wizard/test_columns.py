"""Columns as somebody chooses them: the guess is where it starts, and every choice comes out as it was made."""

from hypothesis import given
from hypothesis import strategies as st

from medtui.phi import Category
from medtui.reports.mapping import Mapping, Table, check
from medtui.wizard import columns

HEADERS = ("MRN", "Patient Name", "Mobile", "Report Date", "Report", "Exam", "Ward", "Aadhaar No")
MAPPING = Mapping(["Report"], patient="MRN", date="Report Date", title="Exam")
TABLE = Table("", "s", HEADERS, (("C-1", "Ana Ruiz", "", "2024-01-02", "Clear.", "CT"), ("C-2",)), MAPPING)


def test_the_guess_names_identifiers_by_their_headings() -> None:
    assert columns.guessed(TABLE) == ["patient", "NAME", "PHONE", "date", "report", "title", "", "AADHAAR"]
    chosen = columns.mapping_of(TABLE, columns.guessed(TABLE))
    assert chosen.to_dict() == {
        **MAPPING.to_dict(),
        "identifiers": {"Patient Name": "NAME", "Mobile": "PHONE", "Aadhaar No": "AADHAAR"},
    }
    again = Table("", "s", HEADERS, (), Mapping.from_dict(chosen.to_dict()))
    assert columns.guessed(again) == columns.guessed(TABLE)


def test_what_only_one_column_can_be_moves() -> None:
    uses = columns.guessed(TABLE)
    while uses[1] != columns.PATIENT:
        uses = columns.changed(TABLE, uses, 1, 1)
    assert uses[0] == columns.NOTHING
    assert columns.mapping_of(TABLE, uses).patient == "Patient Name"


@given(st.lists(st.tuples(st.integers(0, len(HEADERS) - 1), st.sampled_from((1, -1))), max_size=60))
def test_any_choice_is_a_mapping_that_comes_back(moves: list[tuple[int, int]]) -> None:
    uses = columns.guessed(TABLE)
    for column, by in moves:
        before = uses[column]
        uses = columns.changed(TABLE, uses, column, by)
        assert uses[column] != before
    mapping = columns.mapping_of(TABLE, uses)
    if mapping.report:
        check(mapping, HEADERS)
    assert all(Category(kind) for kind in (mapping.identifiers or {}).values())
    # Lines are joined only where both of their columns are known.
    if columns.LINE not in uses:
        assert columns.guessed(Table("", "s", HEADERS, (), mapping)) == uses


def test_the_rows_that_are_shown() -> None:
    assert columns.cells(TABLE, 1) == ("Ana Ruiz", "")
    assert columns.cells(TABLE, 7) == ()
    assert (
        columns.where("/x/a.xlsx", "sheet May", 3) == "/x/a.xlsx, sheet May, and 2 more tables with the same headings"
    )


def test_every_use_has_a_name_and_a_meaning() -> None:
    assert {str(kind) for kind in Category} - {str(name) for name in columns.NAMES} == {"BIOMETRIC", "PHOTO"}
    assert all(columns.meaning(use) for use in columns.NAMES)
