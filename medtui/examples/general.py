"""Mixes a share of general instructions into the training examples, against forgetting."""

import itertools
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from medtui import assets
from medtui.errors import Refusal
from medtui.examples import checks, quality, store
from medtui.examples.duplicates import BLOCK, NearDuplicates, Text, digest
from medtui.examples.tokens import ChatTokenizer

# Of the training examples; Med42-v2 (Christophe et al. 2024) trained on about a quarter of general data.
USUAL_PERCENT = 25
TASK, FORMAT = "general", "general"
_PREFIX = "general-"
NOT_NEEDED, HELD_OUT, NO_ANSWER = "not_needed", "like_held_out", "no_answer"

REASONS: dict[str, str] = {
    NO_ANSWER: "It holds no question with an answer.",
    NOT_NEEDED: "The chosen share is reached without it.",
    HELD_OUT: "It is nearly the same as an example of the validation or the test.",
    checks.TOO_LONG: checks.REASONS[checks.TOO_LONG],
    checks.IDENTIFIER: "It holds something with the form of an identifier.",
    checks.DUPLICATE: checks.REASONS[checks.DUPLICATE],
}


# The answer that stands for the demo's own small file.
DEMO = "demo"


def file(answer: object) -> Path | None:
    """Find the file of general instructions.

    Args:
        answer: a path, "demo" for the small file that comes with the demo, nothing for none.
    """
    if not answer:
        return None
    if answer == DEMO:
        return assets.path("demo_general", "instructions.jsonl")
    return Path(str(answer)).expanduser()


def mix(
    connection: sqlite3.Connection,
    rows: Iterable[dict[str, Any] | None],
    percent: int,
    tokenizer: ChatTokenizer,
    max_length: int,
) -> dict[str, Any]:
    """Add general rows to the training split until they are their share of it; the same file gives the same rows.

    Validation and test stay the practice's own. Chosen rows lie in the vault, a block of others in memory.

    Args:
        connection: the vault with the divided examples; the caller commits.
        rows: of the user's file, see `formats.read_loosely`.
        percent: share of the finished training split in hundredths, below 100.
        tokenizer: of the chosen model.
        max_length: tokens that an example may have.

    Returns:
        `read`, `used`, `percent` as wanted, `reached` as a whole number, and `left_out` by reason.

    Raises:
        Refusal: no entry of the file is a question with an answer.
    """
    query = "SELECT count(*) FROM example_pairs WHERE split = 'train'"
    own = int(connection.execute(query).fetchone()[0])
    entries = iter(rows)
    first = list(itertools.islice(entries, 1))
    mixture = _Mixture(connection, tokenizer, max_length, round(own * percent / (100 - percent)))
    if first:
        mixture.fill(itertools.chain(first, entries))
    if first and mixture.left_out[NO_ANSWER] == mixture.read:
        raise Refusal(
            "The file of general instructions holds no question with an answer; use the columns instruction, input and "
            "output, or chat messages that end with the assistant."
        )
    reached = round(100 * mixture.used / (own + mixture.used)) if mixture.used else 0
    return {"read": mixture.read, "used": mixture.used, "percent": percent, "reached": reached,
            "left_out": dict(sorted(mixture.left_out.items()))}  # fmt: skip


class _Mixture:
    """The general rows of a training split: of those that fit the first ones in the order of chance, in the vault.

    Attributes:
        read: entries looked at.
        used: rows in the training split.
        left_out: the other entries by reason.
    """

    def __init__(self, connection: sqlite3.Connection, tokenizer: ChatTokenizer, max_length: int, wanted: int) -> None:
        self._connection = connection
        self._tokenizer = tokenizer
        self._max_length = max_length
        self._wanted = wanted
        self._last = b""
        self.read = 0
        self.used = 0
        self.left_out: Counter[str] = Counter()

    def fill(self, rows: Iterator[dict[str, Any] | None]) -> None:
        """Choose among all rows."""
        self._connection.execute("CREATE TABLE example_seen (digest BLOB PRIMARY KEY) WITHOUT ROWID")
        for candidate in store.candidates(self._connection, reason=""):
            self._is_new(digest(_text(candidate.row)))
        held_out = NearDuplicates(self._connection)
        for _ in held_out.walk((None, _compared(one.row)) for one in _tested(self._connection)):
            held_out.remember()
        while block := list(itertools.islice(rows, BLOCK)):
            self._take(block, held_out)
        held_out.forget()
        store.drop(self._connection, "example_seen", "digest")

    def _is_new(self, key: bytes) -> bool:
        return self._connection.execute("INSERT OR IGNORE INTO example_seen VALUES (?)", (key,)).rowcount > 0

    def _is_needed(self, key: bytes) -> bool:
        return self.used < self._wanted or key < self._last

    def _take(self, block: list[dict[str, Any] | None], held_out: NearDuplicates) -> None:
        keys = [b"" if row is None else digest(_text(row)) for row in block]
        needed = {place: row for place, row in enumerate(block) if row is not None and self._is_needed(keys[place])}
        found = held_out.compare([_compared(row) for row in needed.values()])
        alike = {place for place, one in zip(needed, found, strict=True) if one.documents}
        for place, row in enumerate(block):
            reason = NO_ANSWER if row is None else self._choose(row, keys[place], alike=place in alike)
            self.read += 1
            if reason:
                self.left_out[reason] += 1

    def _choose(self, row: dict[str, Any], key: bytes, *, alike: bool) -> str:
        """Take a row, or give the reason why not."""
        if not self._is_new(key):
            return checks.DUPLICATE
        if not self._is_needed(key):
            return NOT_NEEDED
        if quality.has_identifier("\n".join(turn["content"] for turn in (*row["prompt"], *row["completion"]))):
            return checks.IDENTIFIER
        if alike:
            return HELD_OUT
        encoded = self._tokenizer.encode(row["prompt"], row["completion"])
        if len(encoded.ids) > self._max_length:
            return checks.TOO_LONG
        _add(self._connection, row, key, (len(encoded.ids), len(encoded.trained)))
        reason = NOT_NEEDED if self.used == self._wanted else ""
        if reason:
            self._drop(self._last_taken()[0])
        else:
            self.used += 1
        if self.used == self._wanted:
            self._last = bytes.fromhex(self._last_taken()[1])
        return reason

    def _last_taken(self) -> tuple[int, str]:
        """Give number and digest of the row that comes last in the order of chance: that of the ids."""
        number, found = self._connection.execute(
            "SELECT number, digest FROM example_documents WHERE document_id BETWEEN ? AND ? "
            "ORDER BY document_id DESC LIMIT 1",
            (_PREFIX, f"{_PREFIX}g"),
        ).fetchone()
        return number, found

    def _drop(self, document: int) -> None:
        self._connection.execute("DELETE FROM example_pairs WHERE document = ?", (document,))
        self._connection.execute("DELETE FROM example_documents WHERE number = ?", (document,))


def _text(row: Mapping[str, Any]) -> str:
    return f"{row['prompt'][-1]['content']}\n{row['completion'][-1]['content']}"


def _compared(row: Mapping[str, Any]) -> Text:
    return Text(0, "", _text(row))


def _tested(connection: sqlite3.Connection) -> Iterator[store.Candidate]:
    for name in ("validation", "test"):
        yield from store.candidates(connection, reason="", split=name)


def _add(connection: sqlite3.Connection, row: Mapping[str, Any], key: bytes, lengths: tuple[int, int]) -> None:
    identity = key.hex()[:16]
    meta = {**row["meta"], "task": TASK, "document_id": identity, "origin": "general"}
    document = store.add_document(connection, f"{_PREFIX}{identity}", "", key.hex(), FORMAT)
    pair = store.add_pair(connection, document, {**row, "meta": meta}, lengths, "", {})
    connection.execute("UPDATE example_pairs SET split = 'train' WHERE number = ?", (pair,))
