"""What files say about patients apart from reports, so that it reaches their reports in whatever file those are.

Exports spread a patient over files: `Patient.ndjson` beside `DiagnosticReport.ndjson`, `patients.csv` beside
`notes.csv`, admissions beside results. A patient is known by several keys (record number, reference, name with date of
birth); a record that gives two of them joins them, in whatever order the files come.
"""

import sqlite3
from collections.abc import Iterable

from medtui.phi import Category
from medtui.reports.document import KnownIdentifier, PatientRecord

TABLES = """
CREATE TABLE IF NOT EXISTS patient_keys (
    alias TEXT PRIMARY KEY,
    patient_key TEXT NOT NULL,
    birth TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS patient_keys_by_patient ON patient_keys (patient_key);
CREATE TABLE IF NOT EXISTS patient_known (
    patient_key TEXT NOT NULL,
    kind TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (patient_key, kind, value)
) WITHOUT ROWID;
"""
# The key of a document's patient: the one that all files' keys of the patient were joined to.
KEY = "coalesce((SELECT k.patient_key FROM patient_keys k WHERE k.alias = documents.patient_key), patient_key)"


def add(connection: sqlite3.Connection, record: PatientRecord) -> None:
    """Keep what a file says about a patient; the caller commits.

    Args:
        connection: the vault.
        record: with at least one key.
    """
    marks = ", ".join("?" * len(record.keys))
    rows = connection.execute(
        f"SELECT DISTINCT patient_key, birth FROM patient_keys WHERE alias IN ({marks})",  # noqa: S608
        record.keys,
    ).fetchall()
    # The same number in two systems may be two people; whoever was born on another day is somebody else.
    others = {str(row[0]) for row in rows if row[1] and record.birth and row[1] != record.birth}
    same = {str(row[0]) for row in rows} - others
    key = min({*same, *(alias for alias in record.keys if alias not in others)}, default=record.keys[0])
    for joined in same - {key}:
        _join(connection, joined, key)
    connection.executemany(
        "INSERT OR IGNORE INTO patient_keys (alias, patient_key, birth) VALUES (?, ?, ?)",
        [(alias, key, record.birth) for alias in record.keys],
    )
    if record.birth:
        connection.execute("UPDATE patient_keys SET birth = ? WHERE patient_key = ?", (record.birth, key))
    # Where a key means two people, each one's reports are rid of the names of both.
    for patient in (key, *others):
        _keep(connection, patient, record.known)


def _join(connection: sqlite3.Connection, joined: str, key: str) -> None:
    connection.execute("UPDATE patient_keys SET patient_key = ? WHERE patient_key = ?", (key, joined))
    connection.execute(
        "INSERT OR IGNORE INTO patient_known SELECT ?, kind, value FROM patient_known WHERE patient_key = ?",
        (key, joined),
    )
    connection.execute("DELETE FROM patient_known WHERE patient_key = ?", (joined,))


def _keep(connection: sqlite3.Connection, key: str, known: Iterable[KnownIdentifier]) -> None:
    connection.executemany(
        "INSERT OR IGNORE INTO patient_known (patient_key, kind, value) VALUES (?, ?, ?)",
        [(key, str(item.kind), item.value) for item in known],
    )


def known_of(connection: sqlite3.Connection, key: str) -> tuple[KnownIdentifier, ...]:
    """Give what files without reports say about a patient.

    Args:
        connection: the vault, prepared by `store.prepare`.
        key: of a document that the vault gave.
    """
    rows = connection.execute(
        "SELECT kind, value FROM patient_known WHERE patient_key = ? ORDER BY kind, value", (key,)
    )
    return tuple(KnownIdentifier(Category(row[0]), str(row[1])) for row in rows)


def count(connection: sqlite3.Connection) -> int:
    """Give the number of patients whom files without reports say something about."""
    return int(connection.execute("SELECT count(DISTINCT patient_key) FROM patient_known").fetchone()[0])
