"""Puts the kept examples into splits, and proves that nothing is on two sides."""

import sqlite3
from collections.abc import Mapping, Sequence

from medtui.errors import Refusal
from medtui.examples import split


def divide(
    connection: sqlite3.Connection,
    likenesses: list[tuple[int, int]],
    shares: Mapping[str, int],
    months: Mapping[str, str] | None = None,
) -> None:
    """Assign the kept candidates to splits; all reports tie groups together, also those without an example.

    Whole texts of reports follow the examples of their group; groups without an example are divided afterwards.

    Args:
        connection: the vault.
        likenesses: pairs of report numbers whose examples or texts resemble each other.
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
    kept = connection.execute(
        "SELECT p.number, p.document, d.document_id, p.task FROM example_pairs p "
        "JOIN example_documents d ON d.number = p.document WHERE p.reason = '' ORDER BY d.document_id, p.task, p.number"
    ).fetchall()
    if months is not None and kept and not any(months.get(str(row[2])) for row in kept):
        raise Refusal("No report has a date, so the newest cannot be the test; choose a test by chance.")
    assigned = _assigned(kept, group_of, shares, months)
    connection.executemany(
        "UPDATE example_pairs SET split = ? WHERE number = ?",
        [(name, row[0]) for name, row in zip(assigned, kept, strict=True)],
    )
    sides = {group_of[row[1]]: name for name, row in zip(assigned, kept, strict=True)}
    _divide_texts(connection, group_of, sides, shares, months)


def _assigned(
    rows: Sequence[Sequence[object]],
    group_of: Mapping[int, int],
    shares: Mapping[str, int],
    months: Mapping[str, str] | None,
) -> list[str]:
    """Assign rows of number, report's number, report's id and stratum."""
    groups = [group_of[int(str(row[1]))] for row in rows]
    identities, strata = [str(row[2]) for row in rows], [str(row[3]) for row in rows]
    if months is None:
        return split.assign(groups, identities, strata, shares)
    return split.assign_newest(groups, identities, strata, [months.get(name, "") for name in identities], shares)


def _divide_texts(
    connection: sqlite3.Connection,
    group_of: Mapping[int, int],
    sides: Mapping[int, str],
    shares: Mapping[str, int],
    months: Mapping[str, str] | None,
) -> None:
    kept = connection.execute(
        "SELECT t.document, t.document, d.document_id, d.format FROM example_texts t "
        "JOIN example_documents d ON d.number = t.document WHERE t.reason = '' ORDER BY d.document_id"
    ).fetchall()
    free = [row for row in kept if group_of[row[1]] not in sides]
    also = {group_of[row[1]]: name for row, name in zip(free, _assigned(free, group_of, shares, months), strict=True)}
    connection.executemany(
        "UPDATE example_texts SET split = ? WHERE document = ?",
        [((sides.get(group_of[row[1]]) or also[group_of[row[1]]]), row[0]) for row in kept],
    )


def leakage(connection: sqlite3.Connection) -> dict[str, int]:
    """Count what is on more than one side of the split, from the finished assignment: all must be zero.

    Returns:
        Patients, reports and whole texts of reports with examples in more than one split.

    Raises:
        Refusal: something is; the dataset must not be used.
    """
    used = (
        "(SELECT document, split FROM example_pairs WHERE split <> '' "
        "UNION ALL SELECT document, split FROM example_texts WHERE split <> '')"
    )
    counted = {
        name: int(
            connection.execute(
                f"SELECT count(*) FROM (SELECT {column} FROM {used} p JOIN example_documents d "  # noqa: S608 - ours
                f"ON d.number = p.document WHERE {column} <> '' GROUP BY {column} HAVING count(DISTINCT p.split) > 1)"
            ).fetchone()[0]
        )
        for name, column in (("patients", "d.patient_key"), ("reports", "d.document_id"), ("texts", "d.digest"))
    }
    if any(counted.values()):
        raise Refusal("Examples of one patient are on both sides of the split; nothing was written. Build them again.")
    return counted
