"""Drafted questions and answers in the vault, with what the checks and the person said about each."""

import json
import sqlite3
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from medtui.errors import Refusal

OPEN, APPROVED, REJECTED = "open", "approved", "rejected"
# The model did not answer in the form that was asked for.
NO_FORM = "not_in_form"

_TABLE = """
CREATE TABLE IF NOT EXISTS example_drafts (
    number INTEGER PRIMARY KEY,
    document_id TEXT NOT NULL,
    source TEXT NOT NULL,
    question TEXT NOT NULL,
    answer TEXT NOT NULL,
    asked_by TEXT NOT NULL,
    model TEXT NOT NULL,
    reason TEXT NOT NULL,
    details TEXT NOT NULL,
    state TEXT NOT NULL,
    decided REAL,
    UNIQUE (document_id, question)
)
"""


@dataclass(frozen=True, slots=True)
class Draft:
    """A question and answer that a model wrote about a report.

    Attributes:
        number: its id.
        document_id: the report.
        source: what the model read.
        question: what is asked.
        answer: what the model answered.
        asked_by: "model" when the model wrote the question, "list" when it is one of ours.
        model: name of the model's folder.
        reason: why it may not be approved, see `checks.REASONS`; empty when it passed.
        details: what in the answer led there.
        state: "open", "approved" or "rejected".
    """

    number: int
    document_id: str
    source: str
    question: str
    answer: str
    asked_by: str
    model: str
    reason: str
    details: dict[str, Any]
    state: str


_COLUMNS = "number, document_id, source, question, answer, asked_by, model, reason, details, state"


def prepare(connection: sqlite3.Connection) -> None:
    """Create the table where it is missing."""
    connection.execute(_TABLE)


def add(
    connection: sqlite3.Connection,
    document_id: str,
    texts: tuple[str, str, str],
    origin: tuple[str, str],
    verdict: tuple[str, dict[str, Any]],
) -> None:
    """Add a draft and commit, so that none is lost when the work is ended; the same question is kept once a report.

    Args:
        connection: the vault.
        document_id: the report.
        texts: source, question, answer.
        origin: who asked ("model" or "list"), and the model's name.
        verdict: reason and details.
    """
    with connection:
        connection.execute(
            f"INSERT OR IGNORE INTO example_drafts ({_COLUMNS.removeprefix('number, ')}) "  # noqa: S608 - ours
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (document_id, *texts, *origin, verdict[0], json.dumps(verdict[1], ensure_ascii=False), OPEN),
        )


def drafts(connection: sqlite3.Connection, *, state: str | None = None, passed: bool | None = None) -> Iterator[Draft]:
    """Give drafts in the order in which they were made.

    Args:
        connection: the vault.
        state: only those in this state.
        passed: only those that passed the checks, or only those that did not.
    """
    prepare(connection)
    wanted, values = ["1"], list[str]()
    if state is not None:
        wanted.append("state = ?")
        values.append(state)
    if passed is not None:
        wanted.append("reason = ''" if passed else "reason <> ''")
    query = f"SELECT {_COLUMNS} FROM example_drafts WHERE {' AND '.join(wanted)} ORDER BY number"  # noqa: S608 - ours
    for row in connection.execute(query, values):
        number, document_id, source, question, answer, asked_by, model, reason, details, kept = row
        yield Draft(number, document_id, source, question, answer, asked_by, model, reason, json.loads(details), kept)


def find(connection: sqlite3.Connection, number: int) -> Draft:
    """Give one draft.

    Raises:
        Refusal: there is none with this number.
    """
    found = next((draft for draft in drafts(connection) if draft.number == number), None)
    if found is None:
        raise Refusal(f"There is no draft number {number}; see `medtui examples drafts`.")
    return found


def decide(connection: sqlite3.Connection, number: int, state: str) -> Draft:
    """Keep a person's decision; `OPEN` takes it back.

    Returns:
        The draft as it is now.

    Raises:
        Refusal: there is no such draft, or one that failed the checks shall be approved.
    """
    draft = find(connection, number)
    if state == APPROVED and draft.reason:
        raise Refusal(f"Draft {number} did not pass the checks and cannot be approved.")
    with connection:
        connection.execute(
            "UPDATE example_drafts SET state = ?, decided = ? WHERE number = ?",
            (state, None if state == OPEN else time.time(), number),
        )
    return find(connection, number)


def approved(connection: sqlite3.Connection) -> dict[str, list[Draft]]:
    """Give the approved drafts by report."""
    found: dict[str, list[Draft]] = {}
    for draft in drafts(connection, state=APPROVED, passed=True):
        found.setdefault(draft.document_id, []).append(draft)
    return found


def figures(connection: sqlite3.Connection) -> dict[str, Any]:
    """Count the drafts: in all, by reason of failure, waiting, approved, rejected."""
    prepare(connection)
    rows = connection.execute("SELECT reason, state, count(*) FROM example_drafts GROUP BY reason, state").fetchall()
    failed = sorted({str(row[0]) for row in rows if row[0]})
    return {
        "drafted": _sum(rows),
        "failed": {reason: _sum(row for row in rows if row[0] == reason) for reason in failed},
        "waiting": _sum(row for row in rows if not row[0] and row[1] == OPEN),
        "approved": _sum(row for row in rows if not row[0] and row[1] == APPROVED),
        "rejected": _sum(row for row in rows if not row[0] and row[1] == REJECTED),
    }


def _sum(rows: Iterable[sqlite3.Row]) -> int:
    return sum(int(row[2]) for row in rows)
