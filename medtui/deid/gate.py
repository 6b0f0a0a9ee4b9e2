"""Nothing goes on to training while an identifier may be left."""

import sqlite3

from medtui.deid import store
from medtui.errors import Refusal


def check(connection: sqlite3.Connection) -> None:
    """Let de-identified reports pass.

    Args:
        connection: the vault.

    Raises:
        Refusal: nothing was de-identified, or something known is left, or reports are not covered.
    """
    store.prepare(connection)
    figures = store.figures(connection)
    if not figures["documents"]:
        raise Refusal("No report is de-identified yet; run the deid step first.")
    if figures["known_identifiers_left"] or not figures["verified"]:
        raise Refusal(
            f"{figures['known_identifiers_left']} known identifiers are left in {figures['unverified']} reports; "
            "run the deid step again, and report the kind of document if it stays so."
        )
    row = connection.execute(
        "SELECT count(*) FROM documents WHERE id NOT IN (SELECT document_id FROM deidentified)"
    ).fetchone()
    if row[0]:
        raise Refusal(f"{row[0]} reports were imported after de-identification; run the deid step again.")
    must = store.open_must_reviews(connection)
    if must:
        raise Refusal(f"{must} doubts must be decided first; open Review in the deid step.")
