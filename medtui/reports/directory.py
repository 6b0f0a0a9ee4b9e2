"""Who the staff, organizations and places are that reports refer to, whatever file says it.

Bulk exports give each kind of resource a file of its own: a report says `Practitioner/12`, `Practitioner.ndjson` says
who that is. A reference may lead on: to a role, from there to a person and a clinic. Files come in any order, so what
a reference means is looked up when a document is taken out of the vault.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable

from medtui.phi import Category
from medtui.reports.document import DirectoryEntry, KnownIdentifier

TABLES = """
CREATE TABLE IF NOT EXISTS directory_known (
    reference TEXT NOT NULL,
    kind TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (reference, kind, value)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS directory_links (
    reference TEXT NOT NULL,
    target TEXT NOT NULL,
    PRIMARY KEY (reference, target)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS document_references (
    document TEXT NOT NULL,
    reference TEXT NOT NULL,
    PRIMARY KEY (document, reference)
) WITHOUT ROWID;
"""
_KNOWN = """
WITH RECURSIVE named (document, reference) AS (
    SELECT r.document, r.reference
    FROM documents d JOIN document_references r ON r.document = d.id WHERE d.number BETWEEN ? AND ?
    UNION
    SELECT n.document, l.target FROM named n JOIN directory_links l ON l.reference = n.reference
)
SELECT DISTINCT n.document, k.kind, k.value FROM named n JOIN directory_known k ON k.reference = n.reference
ORDER BY n.document, k.kind, k.value
"""


def add(connection: sqlite3.Connection, entry: DirectoryEntry) -> None:
    """Keep what a file says about somebody or something that reports may refer to; the caller commits.

    Args:
        connection: the vault, prepared by `store.prepare`.
        entry: with at least one reference.
    """
    first, *others = entry.references
    connection.executemany(
        "INSERT OR IGNORE INTO directory_known (reference, kind, value) VALUES (?, ?, ?)",
        [(first, str(item.kind), item.value) for item in entry.known],
    )
    links = [(other, first) for other in (*others, *entry.owners)] + [(first, target) for target in entry.links]
    connection.executemany("INSERT OR IGNORE INTO directory_links (reference, target) VALUES (?, ?)", links)


def refer(connection: sqlite3.Connection, document: str, references: Iterable[str]) -> None:
    """Note whom a document refers to; the caller commits."""
    connection.executemany(
        "INSERT OR IGNORE INTO document_references (document, reference) VALUES (?, ?)",
        [(document, reference) for reference in references],
    )


def known_of(connection: sqlite3.Connection, first: int, last: int) -> dict[str, list[KnownIdentifier]]:
    """Give what is known about those whom documents refer to.

    Args:
        connection: the vault, prepared by `store.prepare`.
        first: number of the first document in the vault.
        last: number of the last one.

    Returns:
        Identifiers by the document's id.
    """
    found: dict[str, list[KnownIdentifier]] = defaultdict(list)
    for row in connection.execute(_KNOWN, (first, last)):
        found[str(row[0])].append(KnownIdentifier(Category(row[1]), str(row[2])))
    return found
