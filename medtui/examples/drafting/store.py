"""Drafted questions and answers in the vault, with what the checks and the person said about each."""

import json
import sqlite3
import time
from collections import Counter
from collections.abc import Iterator
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
# What a person made of a draft; the draft itself stays as the model wrote it.
_EDITS = """
CREATE TABLE IF NOT EXISTS example_draft_edits (
    draft INTEGER PRIMARY KEY REFERENCES example_drafts(number),
    source TEXT NOT NULL,
    question TEXT NOT NULL,
    answer TEXT NOT NULL,
    reason TEXT NOT NULL,
    details TEXT NOT NULL,
    edited REAL NOT NULL
)
"""


@dataclass(frozen=True, slots=True)
class Draft:
    """A question and answer that a model wrote about a report, as a person corrected them where one did.

    Attributes:
        number: its id.
        document_id: the report.
        source: what of the report the question is about.
        question: what is asked.
        answer: what is answered.
        asked_by: "model" when the model wrote the question, "list" when it is one of ours.
        model: name of the model's folder.
        reason: why it may not be approved, see `checks.REASONS`; empty when it passed.
        details: what in the answer led there.
        state: "open", "approved" or "rejected".
        original: question and answer as the model wrote them when a person corrected them, None otherwise.
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
    original: tuple[str, str] | None = None


_COLUMNS = "document_id, source, question, answer, asked_by, model, reason, details, state"
# As they are now: corrected where a person corrected them.
_DRAFTS = """
SELECT d.number, d.document_id, coalesce(e.source, d.source), coalesce(e.question, d.question),
    coalesce(e.answer, d.answer), d.asked_by, d.model, coalesce(e.reason, d.reason) AS judged,
    coalesce(e.details, d.details), d.state, e.draft IS NOT NULL AS edited, d.question, d.answer
FROM example_drafts d LEFT JOIN example_draft_edits e ON e.draft = d.number
"""


def prepare(connection: sqlite3.Connection) -> None:
    """Create the tables where they are missing."""
    connection.execute(_TABLE)
    connection.execute(_EDITS)


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
            f"INSERT OR IGNORE INTO example_drafts ({_COLUMNS}) "  # noqa: S608 - ours
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
        wanted.append("d.state = ?")
        values.append(state)
    if passed is not None:
        wanted.append("judged = ''" if passed else "judged <> ''")
    yield from _read(connection, " AND ".join(wanted), *values)


def _read(connection: sqlite3.Connection, wanted: str, *values: str | int) -> Iterator[Draft]:
    prepare(connection)
    for row in connection.execute(f"{_DRAFTS} WHERE {wanted} ORDER BY d.number", values):
        number, document_id, source, question, answer, asked_by, model, reason, details, state, edited, *written = row
        original = (written[0], written[1]) if edited else None
        yield Draft(
            number, document_id, source, question, answer, asked_by, model, reason, json.loads(details), state, original
        )


def waiting(connection: sqlite3.Connection) -> Iterator[Draft]:
    """Give the drafts that a person shall decide about: those that passed the checks, or were corrected."""
    yield from _read(connection, "d.state = ? AND (judged = '' OR edited)", OPEN)


def find(connection: sqlite3.Connection, number: int) -> Draft:
    """Give one draft.

    Raises:
        Refusal: there is none with this number.
    """
    found = next(_read(connection, "d.number = ?", number), None)
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


def edit(
    connection: sqlite3.Connection, number: int, texts: tuple[str, str, str], verdict: tuple[str, dict[str, Any]]
) -> Draft:
    """Keep what a person made of a draft, in place of an earlier correction; it waits to be decided about anew.

    Args:
        connection: the vault.
        number: the draft's.
        texts: source, question, answer.
        verdict: reason and details.

    Returns:
        The draft as it is now.
    """
    with connection:
        connection.execute(
            "INSERT OR REPLACE INTO example_draft_edits VALUES (?, ?, ?, ?, ?, ?, ?)",
            (number, *texts, verdict[0], json.dumps(verdict[1], ensure_ascii=False), time.time()),
        )
        _reopen(connection, number)
    return find(connection, number)


def restore(connection: sqlite3.Connection, number: int) -> Draft:
    """Bring a draft back to the model's own words; one that was corrected waits to be decided about anew."""
    with connection:
        if connection.execute("DELETE FROM example_draft_edits WHERE draft = ?", (number,)).rowcount:
            _reopen(connection, number)
    return find(connection, number)


def _reopen(connection: sqlite3.Connection, number: int) -> None:
    connection.execute("UPDATE example_drafts SET state = ?, decided = NULL WHERE number = ?", (OPEN, number))


def approved(connection: sqlite3.Connection) -> dict[str, list[Draft]]:
    """Give the approved drafts by report."""
    found: dict[str, list[Draft]] = {}
    for draft in drafts(connection, state=APPROVED, passed=True):
        found.setdefault(draft.document_id, []).append(draft)
    return found


def figures(connection: sqlite3.Connection) -> dict[str, Any]:
    """Count the drafts: in all, by reason of failure, waiting, approved, rejected; and those that a person corrected.

    A correction that does not pass the checks waits: the person may go on with it.
    """
    prepare(connection)
    failed: Counter[str] = Counter()
    states: Counter[str] = Counter()
    edited = 0
    for row in connection.execute(_DRAFTS):
        if row["judged"] and not row["edited"]:
            failed[row["judged"]] += 1
        else:
            states[row["state"]] += 1
        edited += row["edited"]
    return {
        "drafted": failed.total() + states.total(),
        "failed": dict(sorted(failed.items())),
        "waiting": states[OPEN],
        "approved": states[APPROVED],
        "rejected": states[REJECTED],
        "edited": edited,
    }
