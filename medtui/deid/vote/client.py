"""Asks a model in a process of its own and keeps what it said in the vault."""

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from typing import Any

from medtui import vault
from medtui.deid.scan.client import ask
from medtui.deid.vote.combine import NO_VOTES, Votes
from medtui.deid.vote.folder import Model, look
from medtui.deid.vote.labels import category_of
from medtui.errors import Refusal
from medtui.phi import Category
from medtui.progress import Progress
from medtui.workspace import Workspace

_WORKER = "medtui.deid.vote.worker"
_COMMIT_EVERY = 50
_TABLES = """
CREATE TABLE IF NOT EXISTS votes (
    document_id TEXT PRIMARY KEY,
    model TEXT NOT NULL,
    spans TEXT NOT NULL
) WITHOUT ROWID;
"""
_MISSING = """
SELECT number, id, content FROM documents
WHERE number > ? AND id NOT IN (SELECT document_id FROM votes WHERE model = ?) ORDER BY number LIMIT 100
"""


def chosen(answers: Mapping[str, Any]) -> Model | None:
    """Give the model that the practice chose, None when it chose none.

    Args:
        answers: `vote`, a folder.

    Raises:
        Refusal: the folder holds no model that can be asked.
    """
    given = str(answers.get("vote") or "").strip()
    return look(given) if given else None


def gather(workspace: Workspace, connection: sqlite3.Connection, model: Model | None, progress: Progress) -> str:
    """Ask the model about every report it was not asked about before.

    Args:
        workspace: the practice.
        connection: its vault.
        model: whom to ask; nobody is asked when None.
        progress: told how far it is.

    Returns:
        Where the model ran: "cuda" or "cpu"; empty when nobody was asked.

    Raises:
        Refusal: the model cannot be loaded, or its process died.
    """
    connection.executescript(_TABLES)
    with connection:
        connection.execute("DELETE FROM votes WHERE document_id NOT IN (SELECT id FROM documents)")
    if model is None:
        return ""
    total = connection.execute(
        "SELECT count(*) FROM documents WHERE id NOT IN (SELECT document_id FROM votes WHERE model = ?)",
        (model.identity,),
    ).fetchone()[0]
    if not total:
        return ""
    progress(0, total, "Loading the model for names")
    device, done = "", 0
    for answer in ask(_WORKER, (str(model.folder), model.library), _requests(workspace, model), silent=True):
        if "error" in answer:
            raise Refusal(str(answer["error"]))
        if "ready" in answer:
            device = str(answer["device"])
            continue
        row = (answer["id"], model.identity, json.dumps(answer["spans"]))
        connection.execute("INSERT OR REPLACE INTO votes VALUES (?, ?, ?)", row)
        done += 1
        if done % _COMMIT_EVERY == 0:
            connection.commit()
        progress(done, total, "Asking the model for names")
    connection.commit()
    return device


def _requests(workspace: Workspace, model: Model) -> Iterator[dict[str, str]]:
    """Read the reports that the model was not asked about; runs in a thread, so with a connection of its own."""
    with closing(vault.connect(workspace)) as connection:
        last = 0
        while rows := connection.execute(_MISSING, (last, model.identity)).fetchall():
            for row in rows:
                yield {"id": str(row[1]), "text": json.loads(row[2])["text"]}
            last = rows[-1][0]


def votes(connection: sqlite3.Connection, document_id: str, model: Model | None) -> Votes:
    """Give what the model said about a report."""
    if model is None:
        return NO_VOTES
    row = connection.execute(
        "SELECT spans FROM votes WHERE document_id = ? AND model = ?", (document_id, model.identity)
    ).fetchone()
    if row is None:
        return NO_VOTES
    covers = frozenset(category for label in model.labels if (category := category_of(label)))
    spans = tuple((int(start), int(end), str(Category(kind))) for start, end, kind in json.loads(row[0]))
    return Votes(spans, covers)
