"""Leaves out candidates that repeat one another, in an order that depends on the reports alone."""

import sqlite3
from array import array
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from medtui.examples import checks, quality, store
from medtui.examples.duplicates import NearDuplicates, Text, digest
from medtui.examples.split import UnionFind

# The same standard answer ("normal study") may fill this share of a task, and is never below this number.
BOILERPLATE_SHARE, BOILERPLATE_FEWEST = 0.05, 10

_STANDARD = "CREATE TABLE example_standard (answer BLOB PRIMARY KEY, used INTEGER NOT NULL) WITHOUT ROWID"


@dataclass(frozen=True, slots=True)
class _Known:
    """A candidate while it is decided about; `standard` identifies its answer when that is a standard one."""

    number: int
    document: int
    task: str
    standard: bytes


def select(connection: sqlite3.Connection, tied: UnionFind) -> None:
    """Mark duplicates, near-duplicates, notes carried forward and standard answers above their cap.

    Args:
        connection: the vault with the candidates; the caller commits.
        tied: reports whose kept examples resemble each other are put together here.
    """
    counts = connection.execute("SELECT task, count(*) FROM example_pairs WHERE reason = '' GROUP BY task")
    caps = {row[0]: max(BOILERPLATE_FEWEST, int(BOILERPLATE_SHARE * row[1])) for row in counts}
    connection.execute(_STANDARD)
    left_out: defaultdict[str, array[int]] = defaultdict(lambda: array("I"))
    known = NearDuplicates(connection, tied.find)
    for one, resembled in known.walk(_texts(connection)):
        reason = resembled.reason
        if not reason and one.standard and not _use(connection, one.standard, caps[one.task]):
            reason = checks.BOILERPLATE
        if reason:
            left_out[reason].append(one.number)
            continue
        known.remember()
        for other in resembled.documents:
            tied.union(one.document, other)
    known.forget()
    store.drop(connection, "example_standard", "answer")
    for reason, numbers in left_out.items():
        connection.executemany(
            "UPDATE example_pairs SET reason = ? WHERE number = ?", ((reason, number) for number in numbers)
        )


def _texts(connection: sqlite3.Connection) -> Iterator[tuple[_Known, Text]]:
    for one in store.candidates(connection, reason=""):
        question, answer = one.row["prompt"][-1]["content"], one.row["completion"][-1]["content"]
        key = quality.boilerplate_key(answer)
        known = _Known(one.number, one.document, one.task, digest(f"{one.task}\0{key}") if key else b"")
        yield known, Text(one.document, one.patient_key, f"{question}\n{answer}")


def _use(connection: sqlite3.Connection, answer: bytes, cap: int) -> bool:
    """Count one more use of a standard answer, unless it is used up."""
    counted = connection.execute(
        "INSERT INTO example_standard VALUES (?, 1) ON CONFLICT DO UPDATE SET used = used + 1 WHERE used < ?",
        (answer, cap),
    )
    return counted.rowcount > 0
