"""Writes the dataset's files: one JSON line an example, a card, and the list of what was left out."""

import hashlib
import json
import os
import sqlite3
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from medtui import __version__
from medtui.errors import Refusal
from medtui.examples import checks, formats, general, lines, store
from medtui.examples.split import SPLITS
from medtui.examples.tasks import title
from medtui.workspace import write_atomic

CARD, EXCLUDED = "README.md", "excluded.json"


def write(connection: sqlite3.Connection, folder: Path, figures: Mapping[str, Any]) -> dict[str, str]:
    """Write train, validation and test files, the card and the list of exclusions, each whole or not at all.

    Args:
        connection: the vault with the built candidates.
        folder: the practice's dataset folder.
        figures: the build's counts, for the card.

    Returns:
        The SHA-256 of each split's file in hexadecimal.

    Raises:
        Refusal: the disk is full or not writable.
    """
    temporary = {name: _stage(connection, folder, name) for name in SPLITS}
    hashes: dict[str, str] = {}
    for name, (path, digest) in temporary.items():
        os.replace(path, folder / f"{name}.jsonl")
        hashes[name] = digest
    write_atomic(folder / EXCLUDED, json.dumps(_left_out(connection), indent=1))
    write_atomic(folder / CARD, card(figures, hashes))
    return hashes


def _stage(connection: sqlite3.Connection, folder: Path, name: str) -> tuple[Path, str]:
    digest = hashlib.sha256()
    try:
        descriptor, path = tempfile.mkstemp(prefix=f".{name}.", dir=folder)
        with os.fdopen(descriptor, "wb") as stream:
            for candidate in store.candidates(connection, reason="", split=name):
                line = json.dumps(candidate.row, ensure_ascii=False).encode("utf-8", "replace") + b"\n"
                digest.update(line)
                stream.write(line)
            stream.flush()
            os.fsync(stream.fileno())
    except OSError as error:
        raise Refusal(f"Cannot write the {name} examples to {folder}: {error.strerror}; free some space.") from error
    return Path(path), digest.hexdigest()


def _left_out(connection: sqlite3.Connection) -> dict[str, Any]:
    """Name every report that gave no example and every candidate left out: ids and reasons, no text."""
    documents = connection.execute(
        "SELECT document_id, reason FROM example_documents WHERE reason <> '' ORDER BY document_id"
    )
    pairs = connection.execute(
        "SELECT d.document_id, p.task, p.reason, p.tokens FROM example_pairs p "
        "JOIN example_documents d ON d.number = p.document WHERE p.reason <> '' ORDER BY d.document_id, p.task"
    )
    return {
        "reasons": checks.REASONS,
        "documents": [{"document_id": row[0], "reason": row[1]} for row in documents],
        "examples": [{"document_id": row[0], "task": row[1], "reason": row[2], "tokens": row[3]} for row in pairs],
    }


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


_FRONT = """---
pretty_name: De-identified training examples
language:
- en
configs:
- config_name: default
  data_files:
  - split: train
    path: train.jsonl
  - split: validation
    path: validation.jsonl
  - split: test
    path: test.jsonl
---
"""


def card(figures: Mapping[str, Any], hashes: Mapping[str, str]) -> str:
    """Write the dataset card: what is in it, what was left out and why, which checks ran, the files' hashes."""
    tokens = figures["tokens"]
    lines = [
        "# Training examples from de-identified reports",
        "",
        f"Built by medtui {__version__}. Each line is one example: `prompt` and `completion` as chat messages, `meta`",
        "with the task, the report's id and the kinds of sections it was made from. Only the completion is trained on.",
        "",
        "## Counts",
        "",
        "| split | examples | SHA-256 of the file |",
        "|---|---|---|",
        *(f"| {name} | {figures[name]} | `{hashes[name]}` |" for name in SPLITS),
        "",
        "| task | examples |",
        "|---|---|",
        *(f"| {title(name)} | {count} |" for name, count in figures["tasks"].items()),
        "",
        f"Tokens an example: median {tokens['median']}, longest {tokens['longest']}, limit {tokens['limit']}; "
        f"{tokens['trained']} tokens are trained.",
        "",
        "## Where the reports went",
        "",
        f"{figures['documents']} reports = {figures['used']} used + {sum(figures['excluded'].values())} left out:",
        "",
        *(f"- {count}: {checks.REASONS[reason]}" for reason, count in figures["excluded"].items()),
        "",
        f"Candidates left out, among them some of reports that gave another example ({EXCLUDED} names them):",
        "",
        *(f"- {count}: {checks.REASONS[reason]}" for reason, count in figures["pairs_excluded"].items()),
        "",
        *_general(figures.get("general") or {}),
        "## Checks",
        "",
        "- The reports passed the de-identification gate before any example was built.",
        "- Every number in an answer stands, with its unit, in the input of the same example.",
        f"- {figures['dropped']['sentences']} unsupported sentences were dropped from {figures['dropped']['examples']} "
        "examples (`dropped_sentences` in `meta`); otherwise such pairs are left out.",
        "- No answer stands word for word in its input.",
        "- Reports of one patient, and reports with the same text, are all in the same split.",
        "- No example is cut: longer ones are left out and counted.",
    ]
    return _FRONT + "\n".join(lines) + "\n"


def _general(mixed: Mapping[str, Any]) -> list[str]:
    if not mixed.get("read"):
        return []
    left_out = [f"- {count}: {general.REASONS[reason]}" for reason, count in mixed["left_out"].items()]
    told = (
        f"{mixed['used']} of {mixed['read']} general instructions were mixed into the training split "
        f"({mixed['reached']} % of it; `origin` in `meta` is `general`). Left out:"
    )
    return ["## General instructions", "", told, "", *left_out, ""]
