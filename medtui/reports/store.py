"""Documents and refused files in the vault."""

import json
import sqlite3
from collections.abc import Iterator, Mapping

import msgspec

from medtui.reports import directory
from medtui.reports.document import Document, KnownIdentifier, UnreadFile, decoded, encoded
from medtui.reports.patients import KEY, TABLES

_TABLES = """
CREATE TABLE IF NOT EXISTS documents (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    patient_key TEXT NOT NULL,
    format TEXT NOT NULL,
    content TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS refusals (
    path TEXT NOT NULL,
    inner_path TEXT NOT NULL,
    format TEXT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (path, inner_path)
);
CREATE TABLE IF NOT EXISTS sources (
    digest TEXT NOT NULL,
    settings TEXT NOT NULL,
    documents INTEGER NOT NULL,
    PRIMARY KEY (digest, settings)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS source_sizes (size INTEGER PRIMARY KEY);
"""
_PAGE = 200

# Formats in which reports are rows of a table, and so depend on what its columns are said to be.
TABULAR = frozenset(("csv", "tsv", "xlsx", "xls", "ods", "json"))
# Settings under which a file without tables is remembered: it is read alike whatever columns are chosen elsewhere.
ANY = ""


def prepare(connection: sqlite3.Connection) -> None:
    """Create the tables of this step where they are missing."""
    # Together: each on its own would wait for the disk a dozen times.
    connection.executescript(f"BEGIN; {_TABLES}{TABLES}{directory.TABLES} COMMIT;")


def add(connection: sqlite3.Connection, document: Document) -> bool:
    """Add a document; the caller commits.

    Returns:
        False when a document with the same content is there already, as `add_written` says.
    """
    return add_written(connection, document, encoded(document).decode())


def add_written(connection: sqlite3.Connection, document: Document, written: str) -> bool:
    """Add a document as its reader gave it; the caller commits.

    Args:
        connection: the vault.
        document: to add.
        written: the same as JSON.

    Returns:
        False when a document with the same content is there already; what the new one knows about people beyond the
        old one is then added to it, because a forgotten identifier is a leak.
    """
    row = connection.execute("SELECT content FROM documents WHERE id = ?", (document.id,)).fetchone()
    if row is None:
        connection.execute(
            "INSERT INTO documents (id, patient_key, format, content) VALUES (?, ?, ?, ?)",
            (document.id, document.patient_key, document.format, written),
        )
        return True
    there = decoded(row[0])
    known = dict.fromkeys((*there.known_identifiers, *document.known_identifiers))
    if len(known) > len(there.known_identifiers):
        there = msgspec.structs.replace(there, known_identifiers=tuple(known))
        connection.execute("UPDATE documents SET content = ? WHERE id = ?", (encoded(there).decode(), document.id))
    return False


def documents(connection: sqlite3.Connection) -> Iterator[Document]:
    """Give all documents in the order of import; only a few are in memory at a time."""
    prepare(connection)
    last = 0
    while True:
        # Pages instead of one open cursor: the caller may write to the vault between two documents.
        rows = connection.execute(
            f"SELECT number, content, {KEY} FROM documents WHERE number > ? ORDER BY number LIMIT ?",  # noqa: S608
            (last, _PAGE),
        ).fetchall()
        if not rows:
            return
        known = directory.known_of(connection, rows[0][0], rows[-1][0])
        for row in rows:
            yield _document(row[1], row[2], known)
        last = rows[-1][0]


def document(connection: sqlite3.Connection, identifier: str) -> Document | None:
    """Give one document by its id, None when there is none."""
    prepare(connection)
    query = f"SELECT content, {KEY}, number FROM documents WHERE id = ?"  # noqa: S608
    row = connection.execute(query, (identifier,)).fetchone()
    return None if row is None else _document(row[0], row[1], directory.known_of(connection, row[2], row[2]))


def _document(content: str, key: str, known: Mapping[str, list[KnownIdentifier]]) -> Document:
    """Rebuild a document, with what other files say about those whom it refers to."""
    found = decoded(content)
    everything = tuple(dict.fromkeys((*found.known_identifiers, *known.get(found.id, ()))))
    return msgspec.structs.replace(found, patient_key=key, known_identifiers=everything)


class Listed(msgspec.Struct, frozen=True):
    """What a list shows of a document.

    Attributes:
        id: of the document.
        path: the file on disk.
        inner_path: where inside that file.
        format: of the document.
        status: "read" or "partly".
        changes: how many places standardising changed.
    """

    id: str
    path: str
    inner_path: str
    format: str
    status: str
    changes: int


def listing(connection: sqlite3.Connection, wanted: str = "", limit: int = 500) -> tuple[list[Listed], bool]:
    """Find documents by their file's name.

    Args:
        connection: the vault.
        wanted: a part of the path, in any case; empty for all.
        limit: the most that are given.

    Returns:
        The documents in the order of import, and whether there are more.
    """
    prepare(connection)
    rows = connection.execute(
        "SELECT id, json_extract(content, '$.path') AS path, json_extract(content, '$.inner_path') AS inner, format,"
        " json_extract(content, '$.status'), json_extract(content, '$.steps') FROM documents"
        " WHERE ?1 = '' OR instr(lower(path || ' ' || inner), lower(?1)) ORDER BY number LIMIT ?2",
        (wanted, limit + 1),
    ).fetchall()
    found = [
        Listed(row[0], row[1], row[2], row[3], row[4], sum(times for _, times in json.loads(row[5] or "[]")))
        for row in rows[:limit]
    ]
    return found, len(rows) > limit


def count(connection: sqlite3.Connection) -> int:
    """Give the number of documents."""
    prepare(connection)
    return int(connection.execute("SELECT count(*) FROM documents").fetchone()[0])


def formats(connection: sqlite3.Connection) -> dict[str, int]:
    """Give the number of documents of each format."""
    prepare(connection)
    rows = connection.execute("SELECT format, count(*) FROM documents GROUP BY format ORDER BY format")
    return {str(row[0]): int(row[1]) for row in rows}


def patients(connection: sqlite3.Connection) -> int:
    """Give the number of different patients that the documents name."""
    prepare(connection)
    query = f"SELECT count(DISTINCT {KEY}) FROM documents WHERE patient_key <> ''"  # noqa: S608
    row = connection.execute(query).fetchone()
    return int(row[0])


def refuse(connection: sqlite3.Connection, unread: UnreadFile) -> None:
    """Keep the reason why a file was not read; the caller commits."""
    connection.execute(
        "INSERT OR REPLACE INTO refusals (path, inner_path, format, reason) VALUES (?, ?, ?, ?)",
        (unread.path, unread.inner_path, unread.format, unread.reason),
    )


def forget_refusals(connection: sqlite3.Connection, path: str) -> None:
    """Drop what was said about a file, because it is read anew; the caller commits."""
    connection.execute("DELETE FROM refusals WHERE path = ?", (path,))


def refusals(connection: sqlite3.Connection) -> Iterator[UnreadFile]:
    """Give every file, or part of one, that could not be read, by path."""
    prepare(connection)
    for row in connection.execute("SELECT path, inner_path, format, reason FROM refusals ORDER BY path, inner_path"):
        yield UnreadFile(*row)


def documents_of(connection: sqlite3.Connection, digest: str, settings: str) -> int | None:
    """Give how many documents a file with this content held when it was read whole, None when it never was.

    Args:
        connection: the vault.
        digest: SHA-256 of the file.
        settings: what the user said about reading, see `settings.Settings.fingerprint`.
    """
    query = "SELECT documents FROM sources WHERE digest = ? AND settings IN (?, ?)"
    row = connection.execute(query, (digest, settings, ANY)).fetchone()
    return None if row is None else int(row[0])


def read_otherwise(connection: sqlite3.Connection, digest: str, settings: str) -> bool:
    """Tell whether a file with this content was read while other columns were chosen."""
    query = "SELECT 1 FROM sources WHERE digest = ? AND settings NOT IN (?, ?)"
    return connection.execute(query, (digest, settings, ANY)).fetchone() is not None


def tabular_paths(connection: sqlite3.Connection, limit: int = 200) -> list[str]:
    """Give the files in which tables were met, read or left out, as they are shown."""
    prepare(connection)
    formats = ", ".join(f"'{name}'" for name in sorted(TABULAR))
    rows = connection.execute(
        f"SELECT DISTINCT json_extract(content, '$.path') FROM documents WHERE format IN ({formats})"  # noqa: S608
        f" UNION SELECT path FROM refusals WHERE format IN ({formats}, 'table') LIMIT ?",
        (limit,),
    )
    return [str(row[0]) for row in rows]


def forget_rows(connection: sqlite3.Connection, path: str) -> None:
    """Drop the reports that were rows of tables in a file, because its columns mean something else now.

    Args:
        connection: the vault; the caller commits.
        path: the file as it is shown.
    """
    formats = ", ".join(f"'{name}'" for name in sorted(TABULAR))
    connection.execute(
        f"DELETE FROM documents WHERE format IN ({formats}) AND json_extract(content, '$.path') = ?",  # noqa: S608
        (path,),
    )


def knows_files(connection: sqlite3.Connection) -> bool:
    """Tell whether any file was read whole before."""
    return connection.execute("SELECT 1 FROM source_sizes LIMIT 1").fetchone() is not None


def may_be_known(connection: sqlite3.Connection, size: int) -> bool:
    """Tell whether a file of this size was read whole: one of another size need not be compared by its content."""
    return connection.execute("SELECT 1 FROM source_sizes WHERE size = ?", (size,)).fetchone() is not None


def remember(connection: sqlite3.Connection, digest: str, settings: str, documents_found: int, size: int) -> None:
    """Note that a file with this content was read whole; the caller commits.

    Args:
        connection: the vault.
        digest: SHA-256 of the file.
        settings: what the user said about reading.
        documents_found: how many documents it held.
        size: of the file in bytes.
    """
    connection.execute("INSERT OR IGNORE INTO source_sizes (size) VALUES (?)", (size,))
    connection.execute(
        "INSERT OR REPLACE INTO sources (digest, settings, documents) VALUES (?, ?, ?)",
        (digest, settings, documents_found),
    )
