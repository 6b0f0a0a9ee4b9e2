"""A person's decisions about drafts: kept in the vault, noted in the audit trail, the examples to be built anew."""

import sqlite3
from contextlib import closing
from typing import Any

from medtui import vault
from medtui.examples.drafting import store
from medtui.workspace import Workspace


def decide(workspace: Workspace, number: int, state: str) -> dict[str, Any]:
    """Keep a decision about one draft.

    Args:
        workspace: the practice.
        number: the draft's.
        state: `store.APPROVED`, `store.REJECTED`, or `store.OPEN` to take a decision back.

    Returns:
        `number`, `state`, and the steps that need another look because of it.

    Raises:
        Refusal: there is no such draft, or it did not pass the checks.
    """
    with closing(vault.connect(workspace)) as connection:
        draft = store.decide(connection, number, state)
        again = count_approved(workspace, connection)
    workspace.audit("draft decided", draft=number, decision=state, document_id=draft.document_id)
    return {"number": number, "state": draft.state, "needs_another_look": again}


def count_approved(workspace: Workspace, connection: sqlite3.Connection) -> list[str]:
    """Note how many drafts are approved, and give the steps that need another look when that changed."""
    approved = sum(len(found) for found in store.approved(connection).values())
    changed = int(workspace.answers("examples").get("approved_drafts", 0)) != approved
    return workspace.save_answer("examples", "approved_drafts", approved) if changed else []
