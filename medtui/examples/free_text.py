"""Plain reports for continued pretraining: no question, no answer, on the same sides of the split as the pairs."""

import json
import sqlite3
from array import array
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from medtui.examples import checks, quality, store
from medtui.examples.duplicates import NearDuplicates, Text
from medtui.examples.parts import Report, tidy
from medtui.examples.split import UnionFind
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


def select(connection: sqlite3.Connection, tied: UnionFind) -> None:
    """Leave out copies among the texts.

    Args:
        connection: the vault with the texts; the caller commits.
        tied: reports whose texts resemble each other are put together here.
    """
    left_out: defaultdict[str, array[int]] = defaultdict(lambda: array("I"))
    known = NearDuplicates(connection, tied.find)
    texts = store.texts(connection, reason="")
    for document, resembled in known.walk(
        (one.document, Text(one.document, one.patient_key, one.text)) for one in texts
    ):
        for other in resembled.documents:
            tied.union(document, other)
        if resembled.reason:
            left_out[resembled.reason].append(document)
        else:
            known.remember()
    known.forget()
    for reason, documents in left_out.items():
        connection.executemany(
            "UPDATE example_texts SET reason = ? WHERE document = ?", ((reason, document) for document in documents)
        )


def figures(connection: sqlite3.Connection) -> dict[str, Any]:
    """Count the texts: by split, left out by reason, their tokens, and those that hold tags of replaced identifiers."""
    splits = store.counted(connection, "SELECT split FROM example_texts WHERE reason = ''")
    left_out = store.counted(connection, "SELECT reason FROM example_texts WHERE reason <> ''")
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


def lines(connection: sqlite3.Connection, split: str) -> Iterator[str]:
    """Give the JSON lines of a split: `text` and `meta`."""
    for text in store.texts(connection, reason="", split=split):
        meta = {"task": TASK, "document_id": text.document_id, "origin": "report"}
        yield json.dumps({"text": text.text, "meta": meta}, ensure_ascii=False) + "\n"
