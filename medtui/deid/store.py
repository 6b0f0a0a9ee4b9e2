"""Findings, decisions and de-identified reports in the vault."""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from medtui.deid.deidentify import ACCEPT, REJECT, Decisions, Outcome
from medtui.deid.spans import Span
from medtui.phi import Category
from medtui.reports.document import Document, Section

_TABLES = """
CREATE TABLE IF NOT EXISTS deidentified (
    document_id TEXT PRIMARY KEY,
    number INTEGER NOT NULL,
    patient_key TEXT NOT NULL,
    format TEXT NOT NULL,
    report_year TEXT,
    title TEXT NOT NULL,
    text TEXT NOT NULL,
    sections TEXT NOT NULL,
    left_over INTEGER NOT NULL,
    fingerprint TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS findings (
    id INTEGER PRIMARY KEY,
    document_id TEXT NOT NULL,
    start INTEGER NOT NULL,
    stop INTEGER NOT NULL,
    category TEXT NOT NULL,
    score REAL NOT NULL,
    source TEXT NOT NULL,
    value TEXT NOT NULL,
    risk REAL NOT NULL
);
CREATE INDEX IF NOT EXISTS findings_by_document ON findings (document_id);
CREATE INDEX IF NOT EXISTS findings_by_risk ON findings (risk DESC, id) WHERE score < 0.5;
CREATE TABLE IF NOT EXISTS decisions (
    document_id TEXT NOT NULL,
    start INTEGER NOT NULL,
    stop INTEGER NOT NULL,
    value TEXT NOT NULL,
    category TEXT NOT NULL,
    decision TEXT NOT NULL,
    decided REAL NOT NULL,
    PRIMARY KEY (document_id, start, stop, value)
);
CREATE TABLE IF NOT EXISTS patient_identifiers (
    patient_key TEXT NOT NULL,
    category TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (patient_key, category, value)
) WITHOUT ROWID;
"""
ALWAYS, NEVER = "always", "never"


@dataclass(frozen=True, slots=True)
class Deidentified:
    """A report as the later steps see it.

    Attributes:
        document_id: the report's id.
        patient_key: the same for all reports of one patient, no identifier itself.
        text: without identifiers.
        sections: titled parts of `text`.
        format: what it was read from.
        report_date: the year, None when unknown.
        title: kind of report in words.
        verified: the second look found nothing left.
        open_reviews: doubts that nobody has decided; they are replaced until somebody does.
    """

    document_id: str
    patient_key: str
    text: str
    sections: tuple[Section, ...]
    format: str
    report_date: str | None
    title: str
    verified: bool
    open_reviews: int


def prepare(connection: sqlite3.Connection) -> None:
    """Create the tables of this step where they are missing."""
    connection.executescript(_TABLES)


def save(connection: sqlite3.Connection, number: int, document: Document, outcome: Outcome, fingerprint: str) -> None:
    """Store what became of one report, in place of an earlier result; the caller commits."""
    sections = [{"title": part.title, "code": part.code, "text": part.text} for part in outcome.sections]
    year = document.report_date[:4] if document.report_date else None
    connection.execute("DELETE FROM findings WHERE document_id = ?", (document.id,))
    connection.execute(
        "INSERT OR REPLACE INTO deidentified VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            document.id, number, document.patient_key, document.format, year, outcome.title, outcome.text,
            json.dumps(sections, ensure_ascii=False), outcome.left, fingerprint,
        ),
    )  # fmt: skip
    connection.executemany(
        "INSERT INTO findings (document_id, start, stop, category, score, source, value, risk)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [_row(document, span) for span in outcome.findings],
    )


def _row(document: Document, span: Span) -> tuple[str, int, int, str, float, str, str, float]:
    value = document.text[span.start : span.end]
    return (document.id, span.start, span.end, span.category.value, span.score, span.source, value, risk(span))


_HARM = {Category.NAME: 1.0, Category.OTHER_ID: 0.8, Category.LOCATION: 0.6, Category.PHONE: 0.9, Category.DATE: 0.3}


def risk(span: Span) -> float:
    """Rank a finding: how likely the rule errs, times the harm if it is let go."""
    return round((1 - abs(span.score - 0.5)) * _HARM.get(span.category, 0.7), 4)


def fingerprints(connection: sqlite3.Connection) -> dict[str, str]:
    """Give what each stored result was made from."""
    return {str(row[0]): str(row[1]) for row in connection.execute("SELECT document_id, fingerprint FROM deidentified")}


def forget_others(connection: sqlite3.Connection, document_ids: Iterable[str]) -> None:
    """Drop results of reports that are not there any more; the caller commits."""
    kept = set(document_ids)
    for (document_id,) in connection.execute("SELECT document_id FROM deidentified").fetchall():
        if document_id not in kept:
            connection.execute("DELETE FROM deidentified WHERE document_id = ?", (document_id,))
            connection.execute("DELETE FROM findings WHERE document_id = ?", (document_id,))


def findings(connection: sqlite3.Connection, document_id: str) -> list[Span]:
    """Give the findings of one report, in order."""
    rows = connection.execute(
        "SELECT start, stop, category, score, source FROM findings WHERE document_id = ? ORDER BY start", (document_id,)
    )
    return [Span(int(row[0]), int(row[1]), Category(row[2]), float(row[3]), str(row[4])) for row in rows]


def decisions(connection: sqlite3.Connection) -> Decisions:
    """Give all that was decided."""
    places: dict[tuple[str, int, int], str] = {}
    never: set[str] = set()
    for row in connection.execute("SELECT document_id, start, stop, value, decision FROM decisions"):
        if row[4] == NEVER:
            never.add(str(row[3]).lower())
        elif row[4] in {ACCEPT, REJECT}:
            places[(str(row[0]), int(row[1]), int(row[2]))] = str(row[4])
    return Decisions(places, frozenset(never))


def always(connection: sqlite3.Connection) -> list[tuple[Category, str]]:
    """Give the values that people declared identifiers wherever they stand."""
    rows = connection.execute("SELECT DISTINCT category, value FROM decisions WHERE decision = ?", (ALWAYS,))
    return [(Category(row[0]), str(row[1])) for row in rows]


COUNT_OPEN = """
SELECT count(*) FROM findings AS f WHERE f.score < 0.5 AND (?1 IS NULL OR f.document_id = ?1)
AND NOT EXISTS (
    SELECT 1 FROM decisions AS d WHERE d.document_id = f.document_id AND d.start = f.start AND d.stop = f.stop
)
AND NOT EXISTS (SELECT 1 FROM decisions AS d WHERE d.document_id = '' AND lower(d.value) = lower(f.value))
"""
OPEN_DOUBTS = """
SELECT f.id, f.document_id, f.category, f.value, f.start, f.stop, f.risk, f.source, d.content,
    (SELECT count(*) FROM findings AS o WHERE o.value = f.value AND o.score < 0.5)
FROM findings AS f JOIN documents AS d ON d.id = f.document_id
WHERE f.score < 0.5
AND NOT EXISTS (
    SELECT 1 FROM decisions AS d WHERE d.document_id = f.document_id AND d.start = f.start AND d.stop = f.stop
)
AND NOT EXISTS (SELECT 1 FROM decisions AS d WHERE d.document_id = '' AND lower(d.value) = lower(f.value))
ORDER BY f.risk DESC, f.id LIMIT ?
"""


def open_doubts(connection: sqlite3.Connection, document_id: str | None = None) -> int:
    """Count the doubts that nobody has decided, of one report or of all."""
    return int(connection.execute(COUNT_OPEN, (document_id,)).fetchone()[0])


def deidentified(connection: sqlite3.Connection) -> Iterator[Deidentified]:
    """Give all de-identified reports in the order of import; only a few are in memory at a time."""
    prepare(connection)
    last = -1
    while True:
        rows = connection.execute(
            "SELECT number, document_id, patient_key, text, sections, format, report_year, title, left_over"
            " FROM deidentified WHERE number > ? ORDER BY number LIMIT 200",
            (last,),
        ).fetchall()
        if not rows:
            return
        for row in rows:
            sections = tuple(Section(**part) for part in json.loads(row[4]))
            doubts = open_doubts(connection, str(row[1]))
            yield Deidentified(row[1], row[2], row[3], sections, row[5], row[6], row[7], row[8] == 0, doubts)
        last = rows[-1][0]


def figures(connection: sqlite3.Connection) -> dict[str, object]:
    """Count what was found and what is left."""
    rows = connection.execute("SELECT category, count(*) FROM findings GROUP BY category ORDER BY category")
    by_category = {str(row[0]): int(row[1]) for row in rows}
    total, left, unverified = connection.execute(
        "SELECT count(*), coalesce(sum(left_over), 0), coalesce(sum(left_over > 0), 0) FROM deidentified"
    ).fetchone()
    return {
        "documents": int(total),
        "identifiers_found": sum(by_category.values()),
        "by_category": by_category,
        "known_identifiers_left": int(left),
        "unverified": int(unverified),
        "verified": int(total) > 0 and int(unverified) == 0,
        "doubts_open": open_doubts(connection),
    }


def require_review(connection: sqlite3.Connection, required: bool) -> None:
    """Say whether open doubts stop the journey; the caller commits."""
    connection.execute("CREATE TABLE IF NOT EXISTS deid_settings (key TEXT PRIMARY KEY, value TEXT NOT NULL)")
    connection.execute(
        "INSERT OR REPLACE INTO deid_settings VALUES ('doubts', ?)", ("review" if required else "redact",)
    )


def open_must_reviews(connection: sqlite3.Connection) -> int:
    """Count the open doubts if the practice chose to decide about each, else 0."""
    connection.execute("CREATE TABLE IF NOT EXISTS deid_settings (key TEXT PRIMARY KEY, value TEXT NOT NULL)")
    row = connection.execute("SELECT value FROM deid_settings WHERE key = 'doubts'").fetchone()
    return open_doubts(connection) if row is not None and row[0] == "review" else 0
