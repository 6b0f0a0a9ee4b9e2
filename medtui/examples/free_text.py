"""Plain reports for continued pretraining: no question, no answer, on the same sides of the split as the pairs."""

import json
import sqlite3
from collections.abc import Iterator, Mapping
from typing import Any

from medtui.examples import checks, quality, store
from medtui.examples.duplicates import CARRIED_FORWARD, SAME, NearDuplicates, digest
from medtui.examples.parts import Report, tidy
from medtui.examples.tokens import ChatTokenizer

TASK = "free_text"
# Shorter ones are forms and labels.
FEWEST_WORDS = 20


def add(connection: sqlite3.Connection, document: int, report: Report, tokenizer: ChatTokenizer) -> None:
    """Add a report's text with its verdict; the caller commits.

    Args:
        connection: the vault.
        document: the report's number.
        report: the report.
        tokenizer: of the chosen model; the end-of-text token is counted, too.
    """
    text = tidy(report.text)
    tokens = len(tokenizer.ids(text)) + 1
    store.add_text(connection, document, text, tokens, _unfit(report, text))


def _unfit(report: Report, text: str) -> str:
    if len(text.split()) < FEWEST_WORDS:
        return checks.TOO_SHORT
    if quality.is_preliminary(report.text):
        return checks.PRELIMINARY
    if quality.has_identifier(report.text, report.made_up):
        return checks.IDENTIFIER
    return checks.LANGUAGE if quality.is_foreign(text) else ""


def select(connection: sqlite3.Connection) -> list[tuple[int, int]]:
    """Leave out copies among the texts; the caller commits.

    Returns:
        Pairs of report numbers whose texts resemble each other and belong on one side of the split.
    """
    known = NearDuplicates()
    owner: dict[int, str] = {}
    seen: set[bytes] = set()
    links: list[tuple[int, int]] = []
    reasons: list[tuple[str, int]] = []
    for text in store.texts(connection, reason=""):
        near = list(known.similar(text.text))
        links += [(text.document, other) for other, _ in near]
        reason = _repetition(digest(text.text) in seen, near, text.patient_key, owner)
        if reason:
            reasons.append((reason, text.document))
            continue
        seen.add(digest(text.text))
        owner[text.document] = text.patient_key
        known.add(text.document, text.text)
    connection.executemany("UPDATE example_texts SET reason = ? WHERE document = ?", reasons)
    return links


def _repetition(same: bool, near: list[tuple[int, float]], patient: str, owner: dict[int, str]) -> str:
    if same:
        return checks.DUPLICATE
    if any(likeness >= SAME for _, likeness in near):
        return checks.NEAR_DUPLICATE
    if patient and any(likeness >= CARRIED_FORWARD and owner[key] == patient for key, likeness in near):
        return checks.CARRIED_FORWARD
    return ""


def figures(connection: sqlite3.Connection) -> dict[str, Any]:
    """Count the texts: by split, left out by reason, their tokens, and those that hold tags of replaced identifiers."""
    splits = _grouped(connection, "SELECT split, count(*) FROM example_texts WHERE reason = '' GROUP BY split")
    left_out = _grouped(connection, "SELECT reason, count(*) FROM example_texts WHERE reason <> '' GROUP BY reason")
    found = connection.execute("SELECT count(*), sum(tokens) FROM example_texts WHERE split = 'train'").fetchone()
    tagged = sum(quality.has_tag(one.text) for one in store.texts(connection, reason=""))
    return {
        "reports": int(connection.execute("SELECT count(*) FROM example_texts").fetchone()[0]),
        **{name: splits.get(name, 0) for name in ("train", "validation", "test")},
        "left_out": left_out,
        "tokens": int(found[1] or 0),
        "with_placeholders": tagged,
    }


def placeholders(figures: Mapping[str, Any]) -> str:
    """Say what it means that texts hold tags of replaced identifiers; empty when none does."""
    count = figures.get("with_placeholders", 0)
    if not count:
        return ""
    return (
        f"{count} of them hold placeholders of replaced identifiers such as [NAME], and a model trained on them will "
        "write such placeholders; de-identification with made-up values avoids it."
    )


def _grouped(connection: sqlite3.Connection, query: str) -> dict[str, int]:
    return dict(sorted((str(row[0]), int(row[1])) for row in connection.execute(query)))


def lines(connection: sqlite3.Connection, split: str) -> Iterator[str]:
    """Give the JSON lines of a split, without their ends: `text` and `meta`."""
    for text in store.texts(connection, reason="", split=split):
        meta = {"task": TASK, "document_id": text.document_id, "origin": "report"}
        yield json.dumps({"text": text.text, "meta": meta}, ensure_ascii=False)
