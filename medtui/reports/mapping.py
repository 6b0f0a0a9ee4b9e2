"""Tables as readers meet them, and what their columns were said to be."""

from typing import Any

import msgspec

from medtui.errors import Refusal

LEFT_OUT = "It was left out because it holds no reports, as you said; choose its columns anew in the reports step."
# Rows shown to the person who says what the columns are.
SHOWN_ROWS = 5


class Table(msgspec.Struct, frozen=True):
    """A table met in a file, as it is shown to the person who says what its columns are.

    Attributes:
        inner: where inside the file, empty when the file is the table.
        signature: name of its set of headings; a mapping is remembered under it.
        headers: its headings.
        rows: its first rows, sanitized.
        mapping: what was chosen for this set of headings, else what is guessed.
    """

    inner: str
    signature: str
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    mapping: "Mapping"


class Mapping(msgspec.Struct):
    """What each column of a table is.

    Attributes:
        report: columns that make up the report, in order; several become its sections.
        patient: column that tells patients apart.
        date: column of the report's date.
        title: column that says what kind of report it is.
        line: column that numbers the lines where one report is spread over several rows.
        report_id: column that tells reports apart where they are spread over rows.
        identifiers: columns that identify somebody, each with its category; None when their headings decide.
        left_out: whether the user said that the table holds no reports.
        guessed: False when the user chose it.
    """

    report: list[str] = msgspec.field(default_factory=list)
    patient: str = ""
    date: str = ""
    title: str = ""
    line: str = ""
    report_id: str = ""
    guessed: bool = True
    identifiers: dict[str, str] | None = None
    left_out: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Give JSON-able values."""
        values: dict[str, Any] = {
            "report": self.report, "patient": self.patient, "date": self.date, "title": self.title,
            "line": self.line, "report_id": self.report_id,
        }  # fmt: skip
        if self.identifiers is not None:
            values["identifiers"] = self.identifiers
        return values | ({"left_out": True} if self.left_out else {})

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> "Mapping":
        """Rebuild a mapping that was saved; unknown keys are passed over."""
        report = values.get("report", [])
        named = values.get("identifiers")
        return cls(
            [str(name) for name in (report if isinstance(report, list) else [report]) if name],
            **{key: str(values.get(key, "") or "") for key in ("patient", "date", "title", "line", "report_id")},
            guessed=False,
            identifiers={str(name): str(kind) for name, kind in named.items()} if isinstance(named, dict) else None,
            left_out=bool(values.get("left_out")),
        )


def check(mapping: Mapping, headers: tuple[str, ...]) -> None:
    """Insist that a mapping names columns that are there, and one that holds reports unless the table is left out.

    Raises:
        Refusal: it does not.
    """
    singles = (mapping.patient, mapping.date, mapping.title, mapping.line, mapping.report_id)
    for name in (*mapping.report, *singles, *(mapping.identifiers or {})):
        if name and name not in headers:
            raise Refusal(f"The table has no column {name}; its columns are: {', '.join(headers)}.")
    if not mapping.report and not mapping.left_out:
        raise Refusal("Say which column holds the reports.")
