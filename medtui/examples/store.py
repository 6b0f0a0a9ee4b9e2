"""Candidate examples in the vault, each with its verdict: what the screen browses and the files are made from."""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

_TABLES = """
CREATE TABLE IF NOT EXISTS example_documents (
    number INTEGER PRIMARY KEY,
    document_id TEXT NOT NULL UNIQUE,
    patient_key TEXT NOT NULL,
    digest TEXT NOT NULL,
    format TEXT NOT NULL,
    reason TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS example_documents_patient ON example_documents (patient_key);
CREATE INDEX IF NOT EXISTS example_documents_digest ON example_documents (digest);
CREATE TABLE IF NOT EXISTS example_pairs (
    number INTEGER PRIMARY KEY,
    document INTEGER NOT NULL REFERENCES example_documents(number),
    task TEXT NOT NULL,
    row TEXT NOT NULL,
    tokens INTEGER NOT NULL,
    trained INTEGER NOT NULL,
    reason TEXT NOT NULL,
    details TEXT NOT NULL,
    split TEXT NOT NULL DEFAULT ''
);
DROP INDEX IF EXISTS example_pairs_reason;
CREATE INDEX IF NOT EXISTS example_pairs_reason_task ON example_pairs (reason, task);
CREATE INDEX IF NOT EXISTS example_pairs_document ON example_pairs (document, task);
CREATE TABLE IF NOT EXISTS example_texts (
    document INTEGER PRIMARY KEY REFERENCES example_documents(number),
    text TEXT NOT NULL,
    tokens INTEGER NOT NULL,
    reason TEXT NOT NULL,
    split TEXT NOT NULL DEFAULT ''
);
CREATE INDEX IF NOT EXISTS example_texts_reason ON example_texts (reason, split);
"""
# Reports in the order of their ids, each with its own rows: indexes give this order, while SQLite would sort whole rows
# in memory for any other plan. A CROSS JOIN is never turned round.
PAIRS = "FROM example_documents d CROSS JOIN example_pairs p ON p.document = d.number"
TEXTS = "FROM example_documents d CROSS JOIN example_texts t ON t.document = d.number"


@dataclass(frozen=True, slots=True)
class Candidate:
    """One possible example and what was decided about it.

    Attributes:
        number: its place in the order of building.
        document_id: the report it comes from.
        task: name of the task.
        row: the row as the dataset holds it.
        tokens: length of prompt and completion.
        trained: how many of them are trained.
        reason: why it is left out; empty when it is used.
        details: what in it led to the reason (`unsupported` pieces of the output, for instance).
        split: "train", "validation", "test"; empty when left out.
        document: number of the report.
        patient_key: the same for all reports of one patient; empty when unknown.
    """

    number: int
    document_id: str
    task: str
    row: dict[str, Any]
    tokens: int
    trained: int
    reason: str
    details: dict[str, Any]
    split: str
    document: int
    patient_key: str


def clear(connection: sqlite3.Connection) -> None:
    """Forget the candidates of an earlier build; the caller commits."""
    for statement in _TABLES.split(";"):
        connection.execute(statement)
    for table in ("example_texts", "example_pairs", "example_documents"):
        empty(connection, table)


def drop(connection: sqlite3.Connection, table: str, key: str = "rowid") -> None:
    """Remove a table that was only needed for a while, see `empty`."""
    empty(connection, table, key)
    connection.execute(f"DROP TABLE {table}")


def empty(connection: sqlite3.Connection, table: str, key: str = "rowid") -> None:
    """Delete all rows, some at a time: SQLite holds what one statement changes in memory until it ends.

    Args:
        connection: the vault; the caller commits.
        table: one of ours.
        key: the columns of its primary key where it has no row id.
    """
    some = f"DELETE FROM {table} WHERE ({key}) IN (SELECT {key} FROM {table} LIMIT 1000)"  # noqa: S608 - ours
    while connection.execute(some).rowcount > 0:
        pass


def add_document(connection: sqlite3.Connection, document_id: str, patient_key: str, digest: str, kind: str) -> int:
    """Note that a report was looked at; the caller commits.

    Returns:
        Its number.
    """
    cursor = connection.execute(
        "INSERT INTO example_documents (document_id, patient_key, digest, format, reason) VALUES (?, ?, ?, ?, '')",
        (document_id, patient_key, digest, kind),
    )
    return int(cursor.lastrowid or 0)


def set_document_reason(connection: sqlite3.Connection, document: int, reason: str) -> None:
    """Say why a report gave no example; the caller commits."""
    connection.execute("UPDATE example_documents SET reason = ? WHERE number = ?", (reason, document))


def add_pair(
    connection: sqlite3.Connection,
    document: int,
    row: dict[str, Any],
    tokens: tuple[int, int],
    reason: str,
    details: dict[str, Any],
) -> int:
    """Add a candidate; the caller commits.

    Returns:
        Its number.
    """
    cursor = connection.execute(
        "INSERT INTO example_pairs (document, task, row, tokens, trained, reason, details) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            document,
            row["meta"]["task"],
            json.dumps(row, ensure_ascii=False),
            *tokens,
            reason,
            json.dumps(details, ensure_ascii=False),
        ),
    )
    return int(cursor.lastrowid or 0)


_COLUMNS = (
    "p.number, d.document_id, p.task, p.row, p.tokens, p.trained, p.reason, p.details, p.split, p.document, "
    "d.patient_key"
)


def candidates(
    connection: sqlite3.Connection, *, reason: str | None = None, split: str | None = None, task: str | None = None
) -> Iterator[Candidate]:
    """Give candidates in the order of the dataset's files, one at a time.

    Args:
        connection: the vault.
        reason: only those left out for this reason; empty for those that are used.
        split: only those of this split.
        task: only those of this task.
    """
    if not built(connection):
        return
    wanted = {"p.reason": reason, "p.split": split, "p.task": task}
    chosen = {column: value for column, value in wanted.items() if value is not None}
    where = f"WHERE {' AND '.join(f'{column} = ?' for column in chosen)} " if chosen else ""
    query = f"SELECT {_COLUMNS} {PAIRS} {where}ORDER BY d.document_id, p.task, p.number"
    for row in connection.execute(query, tuple(chosen.values())):
        yield _candidate(row)


def _candidate(row: sqlite3.Row) -> Candidate:
    number, document_id, task, content, tokens, trained, reason, details, *rest = row
    return Candidate(
        number, document_id, task, json.loads(content), tokens, trained, reason, json.loads(details), *rest
    )


@dataclass(frozen=True, slots=True)
class Text:
    """A whole report for continued pretraining.

    Attributes:
        document: the report's number.
        document_id: its id.
        patient_key: the same for all reports of one patient; empty when unknown.
        text: the report, tidied.
        tokens: its length.
        reason: why it is left out; empty when it is used.
        split: "train", "validation", "test"; empty when left out.
    """

    document: int
    document_id: str
    patient_key: str
    text: str
    tokens: int
    reason: str
    split: str


def add_text(connection: sqlite3.Connection, document: int, text: str, tokens: int, reason: str) -> None:
    """Add a whole report; the caller commits."""
    connection.execute(
        "INSERT INTO example_texts (document, text, tokens, reason) VALUES (?, ?, ?, ?)",
        (document, text, tokens, reason),
    )


def texts(connection: sqlite3.Connection, *, reason: str, split: str | None = None) -> Iterator[Text]:
    """Give whole reports in the order of their ids, one at a time.

    Args:
        connection: the vault.
        reason: only those left out for this reason; empty for those that are used.
        split: only those of this split.
    """
    also = "" if split is None else "AND t.split = ? "
    query = (
        f"SELECT t.document, d.document_id, d.patient_key, t.text, t.tokens, t.reason, t.split {TEXTS} "
        f"WHERE t.reason = ? {also}ORDER BY d.document_id"
    )
    for row in connection.execute(query, (reason,) if split is None else (reason, split)):
        yield Text(*row)


def numbers(
    connection: sqlite3.Connection,
    *,
    reason: str | None = None,
    split: str | None = None,
    task: str | None = None,
    dropped: bool = False,
) -> list[int]:
    """Give the numbers of candidates in the order of the files, for a screen that shows one at a time.

    Args:
        connection: the vault.
        reason: as in `candidates`.
        split: as in `candidates`.
        task: as in `candidates`.
        dropped: only those that lost unsupported sentences.
    """
    if not built(connection):
        return []
    wanted = {"p.reason": reason, "p.split": split, "p.task": task}
    chosen = {column: value for column, value in wanted.items() if value is not None}
    where = [f"{column} = ?" for column in chosen]
    where += ["json_extract(p.row, '$.meta.dropped_sentences') > 0"] if dropped else []
    query = f"SELECT p.number {PAIRS} WHERE {' AND '.join(where) or '1'} ORDER BY d.document_id, p.task, p.number"
    return [int(row[0]) for row in connection.execute(query, tuple(chosen.values()))]


def candidate(connection: sqlite3.Connection, number: int) -> Candidate | None:
    """Give one candidate, None when it is not there any more."""
    query = (
        f"SELECT {_COLUMNS} FROM example_pairs p JOIN example_documents d ON d.number = p.document "  # noqa: S608 - ours
        "WHERE p.number = ?"
    )
    row = connection.execute(query, (number,)).fetchone()
    return _candidate(row) if row is not None else None


def counts(connection: sqlite3.Connection) -> tuple[dict[str, int], dict[str, int], int]:
    """Count candidates: used by task, left out by reason, and used ones that lost sentences."""
    if not built(connection):
        return {}, {}, 0
    used = connection.execute("SELECT task, count(*) FROM example_pairs WHERE reason = '' GROUP BY task ORDER BY task")
    reasons = connection.execute("SELECT reason, count(*) FROM example_pairs WHERE reason <> '' GROUP BY reason")
    dropped = connection.execute(
        "SELECT count(*) FROM example_pairs WHERE reason = '' AND json_extract(row, '$.meta.dropped_sentences') > 0"
    )
    return (
        {str(row[0]): int(row[1]) for row in used},
        {str(row[0]): int(row[1]) for row in reasons},
        int(dropped.fetchone()[0]),
    )


def counted(connection: sqlite3.Connection, query: str) -> dict[str, int]:
    """Count the rows of a query by their first column, in its order; SQLite would sort them all in memory for it."""
    return dict(sorted(Counter(str(row[0]) for row in connection.execute(query)).items()))


def built(connection: sqlite3.Connection) -> bool:
    """Tell whether examples were built in this vault."""
    query = "SELECT 1 FROM sqlite_master WHERE name = 'example_pairs'"
    return connection.execute(query).fetchone() is not None
