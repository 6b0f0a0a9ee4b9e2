"""Writes the dataset's files: one JSON line an example, a card, and the list of what was left out."""

import contextlib
import hashlib
import json
import os
import sqlite3
import tempfile
import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from medtui.errors import Refusal
from medtui.examples import checks, formats, free_text, lines, store
from medtui.examples.card import EXCLUDED, card
from medtui.examples.split import SPLITS
from medtui.workspace import write_atomic

CARD, TEXT = "README.md", "text"


def write(connection: sqlite3.Connection, folder: Path, figures: Mapping[str, Any]) -> dict[str, str]:
    """Write train, validation and test files, the card and the list of exclusions, each whole or not at all.

    Args:
        connection: the vault with the built candidates.
        folder: the practice's dataset folder.
        figures: the build's counts, for the card.

    Returns:
        The SHA-256 of each file in hexadecimal, by its name without ending, such as "train" and "text/train".

    Raises:
        Refusal: the disk is full or not writable.
    """
    staged = {f"{name}.jsonl": _stage(folder, name, _lines(connection, name)) for name in SPLITS}
    if figures.get("free_text"):
        (folder / TEXT).mkdir(mode=0o700, exist_ok=True)
        for name in SPLITS:
            staged[f"{TEXT}/{name}.jsonl"] = _stage(folder, name, free_text.lines(connection, name))
    else:
        _forget_texts(folder)
    staged[EXCLUDED] = _stage(folder, "excluded", _left_out(connection))
    for file, (path, _) in staged.items():
        os.replace(path, folder / file)
    hashes = {file.removesuffix(".jsonl"): found for file, (_, found) in staged.items() if file != EXCLUDED}
    write_atomic(folder / CARD, card(figures, hashes))
    return hashes


def _lines(connection: sqlite3.Connection, name: str) -> Iterator[str]:
    for one in store.candidates(connection, reason="", split=name):
        yield json.dumps(one.row, ensure_ascii=False) + "\n"


def _stage(folder: Path, name: str, pieces: Iterator[str]) -> tuple[Path, str]:
    digest = hashlib.sha256()
    try:
        descriptor, path = tempfile.mkstemp(prefix=f".{name}.", dir=folder)
        with os.fdopen(descriptor, "wb") as stream:
            for piece in pieces:
                written = piece.encode("utf-8", "replace")
                digest.update(written)
                stream.write(written)
            stream.flush()
            os.fsync(stream.fileno())
    except OSError as error:
        raise Refusal(f"Cannot write the {name} examples to {folder}: {error.strerror}; free some space.") from error
    return Path(path), digest.hexdigest()


def _forget_texts(folder: Path) -> None:
    """Remove texts of an earlier build: divided otherwise, they would hold reports of the present test."""
    for name in SPLITS:
        (folder / TEXT / f"{name}.jsonl").unlink(missing_ok=True)
    with contextlib.suppress(OSError):
        (folder / TEXT).rmdir()


def _left_out(connection: sqlite3.Connection) -> Iterator[str]:
    """Name every report that gave no example and every candidate left out: ids and reasons, no text."""
    documents = "SELECT document_id, reason FROM example_documents WHERE reason <> '' ORDER BY document_id"
    pairs = (
        f"SELECT d.document_id, p.task, p.reason, p.tokens {store.PAIRS} WHERE p.reason <> '' "
        "ORDER BY d.document_id, p.task"
    )
    texts = f"SELECT d.document_id, t.reason {store.TEXTS} WHERE t.reason <> '' ORDER BY d.document_id"
    yield '{\n "reasons": ' + textwrap.indent(json.dumps(checks.REASONS, indent=1), " ").lstrip()
    for name, query in (("documents", documents), ("examples", pairs), ("texts", texts)):
        yield f',\n "{name}": '
        yield from _list(dict(row) for row in connection.execute(query))
    yield "\n}"


def _list(entries: Iterator[dict[str, Any]]) -> Iterator[str]:
    """Write a list inside an object as JSON, one entry after the other."""
    opened = False
    for entry in entries:
        yield ",\n" if opened else "[\n"
        yield textwrap.indent(json.dumps(entry, indent=1), "  ")
        opened = True
    yield "\n ]" if opened else "[]"


def export(source: Path, folder: Path, format_name: str) -> dict[str, int]:
    """Write the dataset in another form, each file whole or not at all.

    Args:
        source: the practice's dataset folder.
        folder: where to; created with mode 0700 when missing.
        format_name: one of `formats.FORMATS`.

    Returns:
        Examples written, by split.

    Raises:
        Refusal: there is no dataset, or the folder cannot be written.
    """
    counted: dict[str, int] = {}
    suffix = "csv" if format_name == "csv" else "jsonl"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise Refusal(f"Cannot create {folder}: {error.strerror}; choose a folder that you may write to.") from error
    for name in SPLITS:
        path = source / f"{name}.jsonl"
        if not path.is_file():
            raise Refusal(f"{path} is missing; build the examples first.")
        rows = list(lines.read(path))
        write_atomic(folder / f"{name}.{suffix}", "".join(formats.export(iter(rows), format_name)))
        counted[name] = len(rows)
    return counted
