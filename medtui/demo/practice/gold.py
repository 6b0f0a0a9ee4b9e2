"""The gold line of a report: its canonical text, the exact place of every identifier, and their values."""

from dataclasses import dataclass
from typing import Any

from medtui.demo.practice.marks import Span, plain, resolve
from medtui.demo.practice.report import Report
from medtui.demo.practice.titles import TASKS


@dataclass(frozen=True)
class Written:
    """One report after it was written to a file.

    Attributes:
        report: the report.
        path: path of its file, relative to the folder of the demo practice.
        inner: which part of the file it is ("message 2", "row 7"), empty when it is the whole file.
        format: name of the format.
        marked: the text that a correct reader obtains, still marked.
        structured: identifiers in fields beside the text: category and value.
    """

    report: Report
    path: str
    inner: str
    format: str
    marked: str
    structured: tuple[tuple[str, str], ...] = ()


def _values(text: str, spans: list[Span], structured: tuple[tuple[str, str], ...]) -> list[dict[str, Any]]:
    """List each identifier once, white space as single blanks, with where it stands."""
    places: dict[tuple[str, str], list[str]] = {}
    for start, end, category in spans:
        places.setdefault((category, " ".join(text[start:end].split())), ["text"])
    for category, value in structured:
        where = places.setdefault((category, value), [])
        if "structured" not in where:
            where.append("structured")
    return [{"category": category, "value": value, "where": where} for (category, value), where in places.items()]


def line(written: Written) -> dict[str, Any]:
    """Return the gold of one readable report as a JSON-able mapping."""
    report = written.report
    text, spans = resolve(written.marked)
    inputs, output = TASKS[report.task]
    answers = [part for part in report.parts if part.kind == output]
    return {
        "id": report.id,
        "status": "readable",
        "path": written.path,
        "inner": written.inner,
        "format": written.format,
        "title": report.title,
        "task": report.task,
        "patient": report.patient.mrn,
        "date": report.day.isoformat(),
        "hostile": report.hostile,
        "text": text,
        "spans": [list(span) for span in spans],
        "identifiers": _values(text, spans, written.structured),
        "input_kinds": [part.kind for part in report.parts if part.kind in inputs],
        "sections": [{"kind": part.kind, "title": part.title} for part in report.parts],
        "answer_section": next(
            ({"kind": output, "title": part.title, "text": plain(part.body)} for part in answers), None
        ),
    }


def refused(path: str, reason: str) -> dict[str, Any]:
    """Return the gold of a file that no reader can read, with why."""
    return {
        "id": path,
        "status": "refused",
        "path": path,
        "inner": "",
        "reason": reason,
        "text": "",
        "spans": [],
        "identifiers": [],
    }
