"""Findings and doubts for a person to decide. Until somebody decides, a doubt is replaced.

A decision is kept at once and told to the audit trail without the value; the reports are written anew by the next run
of the step, so that deciding stays quick however many reports hold the word.
"""

import sqlite3
import time
from collections.abc import Iterable

from medtui.deid import store
from medtui.deid.deidentify import ACCEPT, REJECT
from medtui.deid.listing import Place
from medtui.errors import Refusal
from medtui.phi import Category
from medtui.text import sanitize
from medtui.workspace import Workspace

DECISIONS = (ACCEPT, REJECT, store.ALWAYS, store.NEVER)
_EVERYWHERE = frozenset({store.ALWAYS, store.NEVER})
_KEEP = "INSERT OR REPLACE INTO decisions VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
_OUTDATED = "DELETE FROM decisions WHERE document_id = '' AND form = ?"
_HERE = "UPDATE findings SET verdict = ? WHERE document_id = ? AND start = ? AND stop = ?"
_SAME_REPORTS = "SELECT DISTINCT document_id FROM findings WHERE form = ?"
_DECLARED = "SELECT 1 FROM decisions WHERE document_id = '' AND form = ? AND decision = 'always'"
_LATEST = (
    "SELECT document_id, start, stop, value, category, decision, form, rowid FROM decisions"
    " ORDER BY decided DESC, rowid DESC LIMIT 1"
)


def decide(connection: sqlite3.Connection, workspace: Workspace, place: Place, decision: str) -> int:
    """Decide about a finding; it is committed before this returns.

    Args:
        connection: the vault.
        workspace: whose audit trail is told.
        place: the finding, as it was listed.
        decision: "accept" (it identifies), "reject" (it does not), "always" or "never" (the same for this value
            wherever it stands, now and in reports to come).

    Returns:
        The number of findings that it settles.

    Raises:
        Refusal: there is no such finding or decision, or the value is known from a report's own fields and "never"
            would leave it in the texts.
    """
    if decision not in DECISIONS:
        raise Refusal(f"A decision is one of {', '.join(DECISIONS)}.")
    key = (place.document_id, place.start, place.stop)
    found = connection.execute(
        "SELECT category, form FROM findings WHERE document_id = ? AND start = ? AND stop = ? AND value = ?",
        (*key, place.value),
    ).fetchone()
    if found is None:
        raise Refusal("This finding is not there any more; the reports were searched again, so open the list anew.")
    category, form = str(found[0]), str(found[1])
    if decision == store.NEVER and is_known(connection, form):
        raise Refusal(
            "The reports' own fields say that this identifies a patient, so it cannot be let go everywhere; "
            "you can give it back at a single place."
        )
    everywhere = decision in _EVERYWHERE
    with connection:
        row = (*(("", 0, 0) if everywhere else key), place.value, category, decision, time.time(), form)
        if everywhere:
            connection.execute(_OUTDATED, (form,))
        connection.execute(_KEEP, row)
        reports = _settled(connection, form) if everywhere else [place.document_id]
        if not everywhere:
            connection.execute(_HERE, (decision, *key))
        settled = _count(connection, form) if everywhere else 1
        store.add_unapplied(connection, 1)
        # Before the commit: a decision that the trail could not take is none.
        _audit(workspace, decision, category, settled, len(reports))
    return settled


def declare(connection: sqlite3.Connection, workspace: Workspace, value: str, category: Category) -> None:
    """Add a string that identifies somebody and that the rules missed; all reports are searched for it from now on.

    Raises:
        Refusal: it is too short to be searched for.
    """
    value = " ".join(sanitize(value).split())
    if sum(map(str.isalnum, value)) < 2:
        raise Refusal("This is too short to be searched for; give at least two letters or digits.")
    with connection:
        row = ("", 0, 0, value, category.value, store.ALWAYS, time.time(), store.form(value))
        connection.execute(_OUTDATED, (store.form(value),))
        connection.execute(_KEEP, row)
        reports = _settled(connection, store.form(value))
        store.add_unapplied(connection, 1)
        _audit(workspace, "missed", category.value, _count(connection, store.form(value)), len(reports))


def undo(connection: sqlite3.Connection, workspace: Workspace) -> tuple[str, str] | None:
    """Take the latest decision back, whoever made it and however long ago; the doubt is open again.

    Returns:
        The decision and its value, None when there is none to take back.
    """
    row = connection.execute(_LATEST).fetchone()
    if row is None:
        return None
    document_id, form = str(row[0]), str(row[6])
    with connection:
        connection.execute("DELETE FROM decisions WHERE rowid = ?", (row[7],))
        if document_id:
            store.settle(connection, document_id)
            reports = [document_id]
        else:
            reports = _settled(connection, form)
        store.add_unapplied(connection, 1)
        _audit(workspace, f"undo {row[5]}", str(row[4]), 1 if document_id else _count(connection, form), len(reports))
    return str(row[5]), str(row[3])


def is_known(connection: sqlite3.Connection, form: str) -> bool:
    """Tell whether reports' own fields say that this value identifies a patient."""
    declared = connection.execute(_DECLARED, (form,)).fetchone()
    query = "SELECT 1 FROM findings WHERE form = ? AND source = 'known' LIMIT 1"
    return declared is None and connection.execute(query, (form,)).fetchone() is not None


def _settled(connection: sqlite3.Connection, form: str) -> list[str]:
    """Note the verdict of a value at all its findings; gives the reports that hold them."""
    reports = [str(row[0]) for row in connection.execute(_SAME_REPORTS, (form,))]
    connection.execute(_SETTLE_FORM, (form,))
    return reports


_SETTLE_FORM = """
UPDATE findings SET verdict = coalesce(
    (SELECT d.decision FROM decisions AS d
        WHERE d.document_id = findings.document_id AND d.start = findings.start AND d.stop = findings.stop),
    (SELECT d.decision FROM decisions AS d WHERE d.document_id = '' AND d.form = findings.form)
) WHERE form = ?
"""


def _count(connection: sqlite3.Connection, form: str) -> int:
    return int(connection.execute("SELECT count(*) FROM findings WHERE form = ?", (form,)).fetchone()[0])


def _audit(workspace: Workspace, decision: str, category: str, places: int, reports: int) -> None:
    workspace.audit("review decision", decision=decision, category=category, places=places, reports=reports)


def waiting(connection: sqlite3.Connection) -> int:
    """Count the decisions that the reports were not written anew for."""
    store.prepare(connection)
    return store.unapplied(connection)


def decided(connection: sqlite3.Connection) -> Iterable[tuple[str, int]]:
    """Count what was decided, by decision."""
    rows = connection.execute("SELECT decision, count(*) FROM decisions GROUP BY decision ORDER BY decision")
    return [(str(row[0]), int(row[1])) for row in rows]
