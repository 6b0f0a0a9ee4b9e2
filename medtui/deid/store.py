"""Findings, decisions and de-identified reports in the vault."""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from medtui.deid.deidentify import ACCEPT, REJECT, Decisions, Outcome
from medtui.deid.profile import DEFAULT, Profile, profile, restored
from medtui.deid.spans import Span
from medtui.deid.surrogates import spelling
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
    risk REAL NOT NULL,
    form TEXT NOT NULL DEFAULT '',
    verdict TEXT
);
CREATE INDEX IF NOT EXISTS findings_by_document ON findings (document_id);
CREATE TABLE IF NOT EXISTS decisions (
    document_id TEXT NOT NULL,
    start INTEGER NOT NULL,
    stop INTEGER NOT NULL,
    value TEXT NOT NULL,
    category TEXT NOT NULL,
    decision TEXT NOT NULL,
    decided REAL NOT NULL,
    form TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (document_id, start, stop, value)
);
CREATE TABLE IF NOT EXISTS patient_identifiers (
    patient_key TEXT NOT NULL,
    category TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (patient_key, category, value)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS surrogate_seeds (document_id TEXT PRIMARY KEY, seed BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS date_shifts (patient TEXT PRIMARY KEY, days INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS known_values (spelling TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS surrogates (
    document_id TEXT NOT NULL,
    spelling TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (document_id, spelling)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS deid_settings (key TEXT PRIMARY KEY, value TEXT NOT NULL);
"""
_INDEXES = """
CREATE INDEX IF NOT EXISTS decisions_by_form ON decisions (form) WHERE document_id = '';
DROP INDEX IF EXISTS findings_by_risk;
CREATE INDEX IF NOT EXISTS findings_by_form ON findings (form, risk);
CREATE INDEX IF NOT EXISTS findings_open ON findings (form, risk) WHERE score < 0.5 AND verdict IS NULL;
CREATE INDEX IF NOT EXISTS findings_open_by_document ON findings (document_id) WHERE score < 0.5 AND verdict IS NULL;
"""
_SETTLE = """
UPDATE findings SET verdict = coalesce(
    (SELECT d.decision FROM decisions AS d
        WHERE d.document_id = findings.document_id AND d.start = findings.start AND d.stop = findings.stop),
    (SELECT d.decision FROM decisions AS d WHERE d.document_id = '' AND d.form = findings.form)
) WHERE document_id = ?
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
        made_up: values in `text` that look like identifiers and were made up, longest first.
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
    made_up: tuple[str, ...] = ()


def prepare(connection: sqlite3.Connection) -> None:
    """Create the tables of this step where they are missing."""
    connection.executescript(_TABLES)
    columns = {str(row[1]) for row in connection.execute("PRAGMA table_info(findings)")}
    if "form" not in columns:
        _add_forms(connection)
    connection.executescript(_INDEXES)


def _add_forms(connection: sqlite3.Connection) -> None:
    """Bring a vault of an earlier version up to date."""
    with connection:
        connection.execute("ALTER TABLE findings ADD COLUMN form TEXT NOT NULL DEFAULT ''")
        connection.execute("ALTER TABLE findings ADD COLUMN verdict TEXT")
        connection.execute("ALTER TABLE decisions ADD COLUMN form TEXT NOT NULL DEFAULT ''")
        connection.create_function("form_of", 1, form, deterministic=True)
        connection.execute("UPDATE findings SET form = form_of(value)")
        connection.execute("UPDATE decisions SET form = form_of(value)")
        for (document_id,) in connection.execute("SELECT document_id FROM deidentified").fetchall():
            settle(connection, str(document_id))


def form(value: str) -> str:
    """Give what equal values have in common: one decision covers all values of one form."""
    return value.lower()


def settle(connection: sqlite3.Connection, document_id: str) -> None:
    """Note at each finding of a report what was decided about it: here, or else about its value."""
    connection.execute(_SETTLE, (document_id,))


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
        "INSERT INTO findings (document_id, start, stop, category, score, source, value, risk, form)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [_row(document, span) for span in outcome.findings],
    )
    settle(connection, document.id)
    connection.execute("DELETE FROM surrogates WHERE document_id = ?", (document.id,))
    made_up = ((document.id, spelling(value), value) for value in outcome.made_up)
    connection.executemany("INSERT OR REPLACE INTO surrogates VALUES (?, ?, ?)", made_up)


def _row(document: Document, span: Span) -> tuple[str, int, int, str, float, str, str, float, str]:
    value = document.text[span.start : span.end]
    ranked = risk(span, nobody_known=not document.known_identifiers)
    return (
        document.id, span.start, span.end, span.category.value, span.score, span.source, value, ranked, form(value),
    )  # fmt: skip


# A report whose fields name the patient was searched for that name as well.
_BACKED = 0.9
_HARM = {Category.NAME: 1.0, Category.OTHER_ID: 0.8, Category.LOCATION: 0.6, Category.PHONE: 0.9, Category.DATE: 0.3}


def risk(span: Span, *, nobody_known: bool = False) -> float:
    """Rank a finding: how likely the rule errs, times the harm if it is let go, between 0 and 1.

    Args:
        span: the finding.
        nobody_known: its report names nobody in its fields, so no known identifier backs the rules up.
    """
    backed = 1.0 if nobody_known else _BACKED
    return round((1 - abs(span.score - 0.5)) * _HARM.get(span.category, 0.7) * backed, 4)


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
            connection.execute("DELETE FROM surrogates WHERE document_id = ?", (document_id,))
            connection.execute("DELETE FROM surrogate_seeds WHERE document_id = ?", (document_id,))


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


_COUNT_OPEN = "SELECT count(*) FROM findings WHERE score < 0.5 AND verdict IS NULL"
_COUNT_OPEN_OF = "SELECT count(*) FROM findings WHERE score < 0.5 AND verdict IS NULL AND document_id = ?"


def open_doubts(connection: sqlite3.Connection, document_id: str | None = None) -> int:
    """Count the doubts that nobody has decided, of one report or of all."""
    if document_id is None:
        return int(connection.execute(_COUNT_OPEN).fetchone()[0])
    return int(connection.execute(_COUNT_OPEN_OF, (document_id,)).fetchone()[0])


_COLUMNS = "number, document_id, patient_key, text, sections, format, report_year, title, left_over"


def deidentified(connection: sqlite3.Connection) -> Iterator[Deidentified]:
    """Give all de-identified reports in the order of import; only a few are in memory at a time."""
    prepare(connection)
    last = -1
    while True:
        rows = connection.execute(
            f"SELECT {_COLUMNS} FROM deidentified WHERE number > ? ORDER BY number LIMIT 200",  # noqa: S608 - ours
            (last,),
        ).fetchall()
        if not rows:
            return
        for row in rows:
            yield _read(connection, row)
        last = rows[-1][0]


def find(connection: sqlite3.Connection, document_id: str) -> Deidentified | None:
    """Give one de-identified report, None when there is none with this id."""
    prepare(connection)
    query = f"SELECT {_COLUMNS} FROM deidentified WHERE document_id = ?"  # noqa: S608 - ours
    row = connection.execute(query, (document_id,)).fetchone()
    return None if row is None else _read(connection, row)


def _read(connection: sqlite3.Connection, row: sqlite3.Row) -> Deidentified:
    sections = tuple(Section(**part) for part in json.loads(row[4]))
    doubts, made_up = open_doubts(connection, str(row[1])), _made_up(connection, str(row[1]))
    return Deidentified(row[1], row[2], row[3], sections, row[5], row[6], row[7], row[8] == 0, doubts, made_up)


def _made_up(connection: sqlite3.Connection, document_id: str) -> tuple[str, ...]:
    rows = connection.execute("SELECT value FROM surrogates WHERE document_id = ?", (document_id,))
    return tuple(sorted((str(row[0]) for row in rows), key=len, reverse=True))


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


def setting(connection: sqlite3.Connection, key: str) -> str | None:
    """Give a note about this step, None when there is none."""
    row = connection.execute("SELECT value FROM deid_settings WHERE key = ?", (key,)).fetchone()
    return None if row is None else str(row[0])


def set_setting(connection: sqlite3.Connection, key: str, value: str) -> None:
    """Keep a note about this step; the caller commits."""
    connection.execute("INSERT OR REPLACE INTO deid_settings VALUES (?, ?)", (key, value))


def require_review(connection: sqlite3.Connection, required: bool) -> None:
    """Say whether open doubts stop the journey; the caller commits."""
    set_setting(connection, "doubts", "review" if required else "redact")


def open_must_reviews(connection: sqlite3.Connection) -> int:
    """Count the open doubts that the practice chose to decide about: each, or each of some kinds."""
    if setting(connection, "doubts") == "review":
        return open_doubts(connection)
    kinds = _chosen(connection).reviewed()
    if not kinds:
        return 0
    query = f"{_COUNT_OPEN} AND category IN ({', '.join('?' * len(kinds))})"
    return int(connection.execute(query, [kind.value for kind in kinds]).fetchone()[0])


def _chosen(connection: sqlite3.Connection) -> Profile:
    stored = setting(connection, "rule")
    return restored(json.loads(stored)) if stored else profile(DEFAULT)


def keep_rule(connection: sqlite3.Connection, chosen: Profile) -> None:
    """Note the rule by which the reports are written; the caller commits."""
    set_setting(connection, "rule", json.dumps(chosen.key()))


def unapplied(connection: sqlite3.Connection) -> int:
    """Count the decisions that the reports were not written anew for."""
    return int(setting(connection, "unapplied") or 0)


def add_unapplied(connection: sqlite3.Connection, decisions: int) -> None:
    """Count decisions that wait, or with a negative number those that do no more; the caller commits."""
    connection.execute("INSERT OR IGNORE INTO deid_settings VALUES ('unapplied', '0')")
    query = "UPDATE deid_settings SET value = max(0, CAST(value AS INTEGER) + ?) WHERE key = 'unapplied'"
    connection.execute(query, (decisions,))
