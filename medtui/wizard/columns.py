"""What the columns of a table are, as somebody chooses it: one use for each column. Nothing here touches a disk."""

from collections.abc import Sequence
from itertools import zip_longest

from medtui.phi import Category
from medtui.reports.columns import identifying
from medtui.reports.mapping import Mapping, Table
from medtui.wizard.units import counted, place

REPORT, PATIENT, DATE, TITLE, LINE, REPORT_ID, NOTHING = (
    "report", "patient", "date", "title", "line", "report_id", "",
)  # fmt: skip
# Uses that only one column of a table can have.
_SINGLE = (PATIENT, DATE, TITLE, LINE, REPORT_ID)

NAMES = {
    REPORT: "report text",
    PATIENT: "patient",
    DATE: "report date",
    TITLE: "kind of report",
    LINE: "line number",
    REPORT_ID: "report number",
    NOTHING: "not used",
    Category.NAME: "name",
    Category.LOCATION: "place, address",
    Category.DATE: "other date",
    Category.AGE: "age",
    Category.PHONE: "telephone",
    Category.FAX: "fax",
    Category.EMAIL: "e-mail",
    Category.SSN: "social security",
    Category.MRN: "record number",
    Category.HEALTH_PLAN: "health plan",
    Category.ACCOUNT: "account, visit",
    Category.LICENSE: "licence",
    Category.VEHICLE: "vehicle",
    Category.DEVICE: "device",
    Category.URL: "web address",
    Category.IP: "network address",
    Category.OTHER_ID: "other number",
    Category.AADHAAR: "Aadhaar",
    Category.ABHA: "ABHA",
    Category.PAN: "PAN",
    Category.VOTER_ID: "voter number",
    Category.PASSPORT: "passport",
    Category.DRIVING_LICENCE: "driving licence",
    Category.UPI: "UPI address",
}
# What the arrow keys walk through; a guess beyond these stays reachable for its own column.
_OFFERED = (
    NOTHING, REPORT, PATIENT, DATE, TITLE, Category.NAME, Category.MRN, Category.DATE, Category.PHONE, Category.EMAIL,
    Category.LOCATION, Category.ACCOUNT, Category.HEALTH_PLAN, Category.OTHER_ID,
)  # fmt: skip
_MEANINGS = {
    REPORT: "becomes the report's text; several such columns become its sections",
    PATIENT: "tells patients apart; it is removed from every text",
    DATE: "is the report's date",
    TITLE: "says what kind of report it is",
    LINE: "orders the lines of a report that is spread over several rows",
    REPORT_ID: "tells reports apart that are spread over several rows",
    NOTHING: "is not read at all",
}


def guessed(table: Table) -> list[str]:
    """Give each column's use: what was chosen before, else what headings and contents suggest."""
    mapping = table.mapping
    uses = []
    for name in table.headers:
        single = next((use for use in _SINGLE if getattr(mapping, use) == name), NOTHING)
        if name in mapping.report:
            uses.append(REPORT)
        elif single:
            uses.append(single)
        elif mapping.identifiers is not None:
            uses.append(mapping.identifiers.get(name, NOTHING))
        else:
            uses.append(identifying(name) or NOTHING)
    return uses


def changed(table: Table, uses: Sequence[str], column: int, by: int) -> list[str]:
    """Give the uses after one column has taken its next or previous possible one.

    Args:
        table: the table.
        uses: each column's present use.
        column: which changes.
        by: 1 for the next use, -1 for the one before.
    """
    own = (*guessed(table)[column : column + 1], uses[column])
    offered = [*_OFFERED, *dict.fromkeys(use for use in own if use not in _OFFERED)]
    use = offered[(offered.index(uses[column]) + by) % len(offered)]
    # What only one column can be is taken from the column that was it.
    freed = [NOTHING if use in _SINGLE and other == use else other for other in uses]
    return [*freed[:column], use, *freed[column + 1 :]]


def mapping_of(table: Table, uses: Sequence[str]) -> Mapping:
    """Give what is remembered of a choice."""
    named = list(zip(table.headers, uses, strict=True))
    chosen = {use: name for name, use in named if use in _SINGLE}
    spread = LINE in chosen and REPORT_ID in chosen
    return Mapping(
        [name for name, use in named if use == REPORT],
        patient=chosen.get(PATIENT, ""),
        date=chosen.get(DATE, ""),
        title=chosen.get(TITLE, ""),
        line=chosen[LINE] if spread else "",
        report_id=chosen[REPORT_ID] if spread else "",
        guessed=False,
        identifiers={name: use for name, use in named if use not in (REPORT, NOTHING, *_SINGLE)},
    )


def left_out() -> Mapping:
    """Give what is remembered of a table that holds no reports."""
    return Mapping(guessed=False, left_out=True)


def meaning(use: str) -> str:
    """Say in words what a use does with a column."""
    return _MEANINGS.get(use, "identifies somebody; it is removed from every text")


def cells(table: Table, column: int) -> tuple[str, ...]:
    """Give a column's values in the rows that are shown."""
    columns = list(zip_longest(*table.rows, fillvalue=""))
    return columns[column] if column < len(columns) else ()


def where(path: str, inner: str, places: int, later: int = 0) -> str:
    """Say which tables are asked about.

    Args:
        path: the first one's file.
        inner: where inside it.
        places: how many have these headings.
        later: how many sets of headings will be asked about after this one.
    """
    inside = f", {inner}" if inner else ""
    others = f", and {counted(places - 1, 'more table')} with the same headings" if places > 1 else ""
    to_come = f" ({counted(later, 'other kind of table', 'other kinds of tables')} after this one)" if later else ""
    return f"{place(path)}{inside}{others}{to_come}"
