"""Puts the kept examples into splits, and proves that nothing is on two sides."""

import sqlite3
from collections.abc import Mapping

from medtui.errors import Refusal
from medtui.examples import split


def divide(
    connection: sqlite3.Connection,
    likenesses: list[tuple[int, int]],
    shares: Mapping[str, int],
    months: Mapping[str, str] | None = None,
) -> None:
    """Assign the kept candidates to splits; all reports tie groups together, also those without an example.

    Args:
        connection: the vault.
        likenesses: pairs of report numbers whose examples resemble each other.
        shares: hundredths of each split.
        months: month of each report by its id when the newest shall be the test; by chance when None.

    Raises:
        Refusal: the newest shall be the test, but no example has a date.
    """
    documents = connection.execute(
        "SELECT number, document_id, patient_key, digest FROM example_documents ORDER BY document_id"
    ).fetchall()
    links: dict[int, list[tuple[str, object]]] = {
        row[0]: [("text", row[3]), *([("patient", row[2])] if row[2] else [])] for row in documents
    }
    for pair in likenesses:
        for document in pair:
            links[document].append(("likeness", pair))
    group_of = dict(zip(links, split.groups(list(links.values())), strict=True))
    identity = {row[0]: str(row[1]) for row in documents}
    kept = connection.execute(
        "SELECT p.number, p.document, p.task FROM example_pairs p JOIN example_documents d ON d.number = p.document "
        "WHERE p.reason = '' ORDER BY d.document_id, p.task"
    ).fetchall()
    items = ([group_of[row[1]] for row in kept], [identity[row[1]] for row in kept], [str(row[2]) for row in kept])
    if months is None:
        assigned = split.assign(*items, shares)
    else:
        dates = [months.get(identity[row[1]], "") for row in kept]
        if kept and not any(dates):
            raise Refusal("No report has a date, so the newest cannot be the test; choose a test by chance.")
        assigned = split.assign_newest(*items, dates, shares)
    connection.executemany(
        "UPDATE example_pairs SET split = ? WHERE number = ?",
        [(name, row[0]) for name, row in zip(assigned, kept, strict=True)],
    )


def leakage(connection: sqlite3.Connection) -> dict[str, int]:
    """Count what is on more than one side of the split, from the finished assignment: all must be zero.

    Returns:
        Patients, reports and whole texts of reports with examples in more than one split.

    Raises:
        Refusal: something is; the dataset must not be used.
    """
    counted = {
        name: int(
            connection.execute(
                f"SELECT count(*) FROM (SELECT {column} FROM example_pairs p JOIN example_documents d "  # noqa: S608 - ours
                f"ON d.number = p.document WHERE p.split <> '' AND {column} <> '' GROUP BY {column} "
                "HAVING count(DISTINCT p.split) > 1)"
            ).fetchone()[0]
        )
        for name, column in (("patients", "d.patient_key"), ("reports", "d.document_id"), ("texts", "d.digest"))
    }
    if any(counted.values()):
        raise Refusal("Examples of one patient are on both sides of the split; nothing was written. Build them again.")
    return counted
