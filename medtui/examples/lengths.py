"""What would be left out at other lengths, and from which reports."""

import sqlite3
from dataclasses import dataclass

from medtui.examples import checks, store
from medtui.examples.learns import histogram


@dataclass(frozen=True, slots=True)
class Long:
    """An example with its length: number, report's id and format, task, tokens."""

    number: int
    document_id: str
    format: str
    task: str
    tokens: int


def measured(connection: sqlite3.Connection) -> list[Long]:
    """Give every example that is used or only too long, the longest first.

    Args:
        connection: the vault.
    """
    if not store.built(connection):
        return []
    rows = connection.execute(
        "SELECT p.number, d.document_id, d.format, p.task, p.tokens FROM example_pairs p "
        "JOIN example_documents d ON d.number = p.document WHERE p.reason IN ('', ?) "
        "ORDER BY p.tokens DESC, d.document_id, p.task",
        (checks.TOO_LONG,),
    )
    return [Long(*row) for row in rows]


def choices(limit: int, longest: int) -> list[int]:
    """Give lengths worth comparing: parts and multiples of the chosen one, and the longest example itself."""
    found = {limit // 2, limit * 3 // 4, limit, limit * 3 // 2, limit * 2, limit * 4}
    return sorted({length for length in found if length >= 16 and (length <= longest or length == limit)} | {longest})


def table(found: list[Long], limit: int) -> list[dict[str, int]]:
    """Count what would be left out at each length.

    Args:
        found: of `measured`.
        limit: the chosen length.

    Returns:
        For each length `length`, `left_out` examples and `reports` that these come from.
    """
    longest = found[0].tokens if found else limit
    return [
        {
            "length": length,
            "left_out": sum(one.tokens > length for one in found),
            "reports": len({one.document_id for one in found if one.tokens > length}),
        }
        for length in choices(limit, longest)
    ]


def bars(found: list[Long], limit: int) -> list[dict[str, int]]:
    """Count examples by length, see `learns.histogram`."""
    return histogram([one.tokens for one in found], limit)
