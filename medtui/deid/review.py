"""Doubts for a person to decide, the riskiest first. Until somebody decides, a doubt is replaced."""

import json
import sqlite3
import time
from dataclasses import dataclass

from medtui.deid import store
from medtui.deid.deidentify import ACCEPT, REJECT, render
from medtui.deid.detector import detect
from medtui.deid.known import KnownStrings
from medtui.deid.profile import DEFAULT, profile
from medtui.errors import Refusal
from medtui.phi import Category
from medtui.reports.document import Document
from medtui.workspace import Workspace

DECISIONS = (ACCEPT, REJECT, store.ALWAYS, store.NEVER)
_CONTEXT = 120


@dataclass(frozen=True, slots=True)
class Doubt:
    """A place where the rules cannot tell.

    Attributes:
        id: of the finding.
        document_id: the report.
        patient_key: whose it is, no identifier itself.
        category: what it may be.
        value: as it stands in the report. Patient text: for the review screen only.
        before: the text before it.
        after: the text behind it.
        risk: what the list is ranked by, between 0 and 1.
        source: the rule that found it.
        occurrences: how often the same value is in doubt.
    """

    id: int
    document_id: str
    patient_key: str
    category: Category
    value: str
    before: str
    after: str
    risk: float
    source: str
    occurrences: int


def pending(connection: sqlite3.Connection, limit: int = 100) -> list[Doubt]:
    """Give the open doubts, riskiest first.

    Args:
        connection: the vault.
        limit: at most this many.
    """
    store.prepare(connection)
    rows = connection.execute(store.OPEN_DOUBTS, (limit,)).fetchall()
    return [_doubt(row) for row in rows]


def _doubt(row: sqlite3.Row) -> Doubt:
    content = json.loads(row[8])
    text, start, stop = content["text"], int(row[4]), int(row[5])
    return Doubt(
        int(row[0]),
        str(row[1]),
        str(content["patient_key"]),
        Category(row[2]),
        str(row[3]),
        text[max(0, start - _CONTEXT) : start],
        text[stop : stop + _CONTEXT],
        float(row[6]),
        str(row[7]),
        int(row[9]),
    )


def decide(connection: sqlite3.Connection, finding: int, decision: str, workspace: Workspace | None = None) -> int:
    """Decide about a finding and write the reports concerned anew.

    Args:
        connection: the vault.
        finding: its id.
        decision: "accept" (it identifies), "reject" (it does not), "always" or "never" (the same for this value
            wherever it stands).
        workspace: whose audit trail is told, without the value.

    Returns:
        The number of reports written anew.

    Raises:
        Refusal: there is no such finding or decision.
    """
    if decision not in DECISIONS:
        raise Refusal(f"A decision is one of {', '.join(DECISIONS)}.")
    row = connection.execute(
        "SELECT document_id, start, stop, value, category FROM findings WHERE id = ?", (finding,)
    ).fetchone()
    if row is None:
        raise Refusal("This finding is not there any more; the reports were searched again, so open the list anew.")
    everywhere = decision in {store.ALWAYS, store.NEVER}
    key = ("", 0, 0, row[3]) if everywhere else (row[0], row[1], row[2], row[3])
    with connection:
        connection.execute(
            "INSERT OR REPLACE INTO decisions VALUES (?, ?, ?, ?, ?, ?, ?)", (*key, row[4], decision, time.time())
        )
        changed = _written_anew(connection, _concerned(connection, str(row[3])) if everywhere else [str(row[0])])
    _audit(workspace, decision, str(row[4]), changed)
    return changed


def undo(connection: sqlite3.Connection, finding: int, workspace: Workspace | None = None) -> int:
    """Take a decision back, the one for this place or else the one for its value.

    Returns:
        The number of reports written anew.
    """
    row = connection.execute(
        "SELECT document_id, start, stop, value, category FROM findings WHERE id = ?", (finding,)
    ).fetchone()
    if row is None:
        return 0
    with connection:
        here = connection.execute(
            "DELETE FROM decisions WHERE document_id = ? AND start = ? AND stop = ?", (row[0], row[1], row[2])
        ).rowcount
        if not here:
            connection.execute("DELETE FROM decisions WHERE document_id = '' AND value = ?", (row[3],))
        changed = _written_anew(connection, [str(row[0])] if here else _concerned(connection, str(row[3])))
    _audit(workspace, "undo", str(row[4]), changed)
    return changed


def _audit(workspace: Workspace | None, decision: str, category: str, changed: int) -> None:
    if workspace is not None:
        workspace.audit("review decision", decision=decision, category=category, reports=changed)


def _concerned(connection: sqlite3.Connection, value: str) -> list[str]:
    rows = connection.execute("SELECT id FROM documents WHERE instr(lower(content), lower(?)) > 0", (value,))
    return [str(row[0]) for row in rows]


def known_of(connection: sqlite3.Connection, document: Document) -> KnownStrings:
    """Gather what is known about a report's patient from all reports, and what people declared identifiers."""
    values = [(known.kind, known.value) for known in document.known_identifiers]
    if document.patient_key:
        query = "SELECT category, value FROM patient_identifiers WHERE patient_key = ?"
        values += [(Category(row[0]), str(row[1])) for row in connection.execute(query, (document.patient_key,))]
    return KnownStrings(dict.fromkeys(values), store.always(connection))


def _written_anew(connection: sqlite3.Connection, document_ids: list[str]) -> int:
    made = store.decisions(connection)
    chosen = profile(DEFAULT)
    for document_id in document_ids:
        row = connection.execute("SELECT content FROM documents WHERE id = ?", (document_id,)).fetchone()
        stored = connection.execute(
            "SELECT number, fingerprint FROM deidentified WHERE document_id = ?", (document_id,)
        ).fetchone()
        if row is None or stored is None:
            continue
        document = Document.from_dict(json.loads(row[0]))
        known = known_of(connection, document)
        found = detect(document.text, known)
        outcome = render(document, found, known, detect, chosen, made)
        store.save(connection, int(stored[0]), document, outcome, str(stored[1]))
    return len(document_ids)
