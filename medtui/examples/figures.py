"""Counts what was built: every report, every candidate, every token."""

import json
import sqlite3
from collections import Counter
from typing import Any

from medtui.errors import Refusal
from medtui.examples import checks, division, free_text, general, split, store
from medtui.examples.grounding import STRICTNESS
from medtui.examples.settings import Settings


def figures(connection: sqlite3.Connection, settings: Settings) -> dict[str, Any]:
    """Count what was built.

    Returns:
        Figures without text: documents, used, excluded by reason, examples by split and task, tokens.

    Raises:
        Refusal: the counts do not add up, so something was lost.
    """
    ours = f"FROM example_documents WHERE format <> '{general.FORMAT}'"
    documents = connection.execute(f"SELECT count(*) {ours}").fetchone()[0]
    in_use = "EXISTS (SELECT 1 FROM example_pairs WHERE document = example_documents.number AND split <> '')"
    used = connection.execute(f"SELECT count(*) {ours} AND {in_use}").fetchone()[0]
    left_out = "SELECT reason FROM {} WHERE reason <> ''"
    excluded = store.counted(connection, left_out.format("example_documents"))
    pairs_excluded = store.counted(connection, left_out.format("example_pairs"))
    splits = store.counted(connection, "SELECT split FROM example_pairs WHERE reason = ''")
    if documents != used + sum(excluded.values()):
        raise Refusal("Some reports are neither used nor left out for a reason; build the examples again.")
    return {
        **{name: splits.get(name, 0) for name in split.SPLITS},
        "documents": documents,
        "used": used,
        "excluded": excluded,
        "pairs_excluded": pairs_excluded,
        "tasks": store.counted(connection, "SELECT task FROM example_pairs WHERE reason = ''"),
        "tokens": _token_figures(connection, settings),
        "leakage": division.leakage(connection),
        "split": {"shares": settings.shares, "test": settings.test},
        "dropped": _dropped(connection),
        "advice": _advice(used),
        "strictness": by_strictness(connection),
        "origins": _origins(connection),
        "free_text": free_text.figures(connection) if settings.free_text else {},
    }


def by_strictness(connection: sqlite3.Connection) -> dict[str, int]:
    """Count, for each strictness of the grounding gate, the pairs that it would let pass whole.

    Counted are all pairs that reach the gate, before copies are taken out and lengths are looked at.
    """
    counted = dict.fromkeys(STRICTNESS, 0)
    rows = connection.execute(
        "SELECT reason, details FROM example_pairs WHERE json_extract(row, '$.meta.origin') = 'report'"
    )
    for row in rows:
        if row[0] in checks.BEFORE_GATE:
            continue
        details = json.loads(row[1])
        kinds = {piece[2] for piece in (*details.get("unsupported", ()), *details.get("tolerated", ()))}
        kinds |= {kind for piece in details.get("dropped", ()) for kind in piece[2]}
        for name, wanted in STRICTNESS.items():
            counted[name] += not kinds & wanted
    return counted


def _origins(connection: sqlite3.Connection) -> dict[str, int]:
    """Count the examples by where they come from: "report", "own", "drafted", "drafted_edited", "general"."""
    return store.counted(connection, "SELECT json_extract(row, '$.meta.origin') FROM example_pairs WHERE reason = ''")


# Verified examples that a small practice's adapter usually needs to learn content, not only form.
FEW, MANY = 1000, 5000


def _advice(examples: int) -> str:
    if examples >= FEW:
        return f"{examples} examples: a good amount ({FEW:,} to {MANY:,} checked examples are usual)."
    return (
        f"{examples} examples are few ({FEW:,} to {MANY:,} checked ones are usual): the model will learn the "
        "practice's form rather than new content."
    )


def _dropped(connection: sqlite3.Connection) -> dict[str, int]:
    sentences = "json_extract(row, '$.meta.dropped_sentences')"
    query = f"SELECT count(*), coalesce(sum({sentences}), 0) FROM example_pairs WHERE reason = '' AND {sentences} > 0"  # noqa: S608 - ours
    found = connection.execute(query).fetchone()
    return {"examples": int(found[0]), "sentences": int(found[1])}


def _token_figures(connection: sqlite3.Connection, settings: Settings) -> dict[str, Any]:
    lengths = Counter(int(row[0]) for row in connection.execute("SELECT tokens FROM example_pairs WHERE reason = ''"))
    trained = connection.execute("SELECT sum(trained) FROM example_pairs WHERE reason = ''").fetchone()[0]
    over = connection.execute("SELECT count(*) FROM example_pairs WHERE reason = ?", (checks.TOO_LONG,)).fetchone()[0]
    return {
        "longest": max(lengths, default=0),
        "median": _median(lengths),
        "limit": settings.max_length,
        "over_limit": over,
        "trained": trained or 0,
    }


def _median(lengths: Counter[int]) -> int:
    """Give the middle one of counted lengths, the upper one of two; 0 without any."""
    left = lengths.total() // 2
    for length in sorted(lengths):
        left -= lengths[length]
        if left < 0:
            return length
    return 0
