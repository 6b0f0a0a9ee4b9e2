"""Mixes a share of general instructions into the training examples, against forgetting."""

import heapq
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from medtui import assets
from medtui.errors import Refusal
from medtui.examples import checks, quality, store
from medtui.examples.duplicates import NearDuplicates, digest
from medtui.examples.tokens import ChatTokenizer

# Of the training examples; Med42-v2 (Christophe et al. 2024) trained on about a quarter of general data.
USUAL_PERCENT = 25
TASK, FORMAT = "general", "general"
NOT_NEEDED, HELD_OUT, NO_ANSWER = "not_needed", "like_held_out", "no_answer"

REASONS: dict[str, str] = {
    NO_ANSWER: "It holds no question with an answer.",
    NOT_NEEDED: "The chosen share is reached without it.",
    HELD_OUT: "It is nearly the same as an example of the validation or the test.",
    checks.TOO_LONG: checks.REASONS[checks.TOO_LONG],
    checks.IDENTIFIER: "It holds something with the form of an identifier.",
    checks.DUPLICATE: checks.REASONS[checks.DUPLICATE],
}


@dataclass(frozen=True, slots=True)
class _Chosen:
    """A row with its place in the order of chance, the last of all at the top of a heap."""

    chance: bytes
    row: dict[str, Any]
    lengths: tuple[int, int]

    def __lt__(self, other: "_Chosen") -> bool:
        return self.chance > other.chance


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

    Validation and test stay the practice's own. Only as many rows as are needed are held in memory.

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
    wanted = round(own * percent / (100 - percent))
    left_out: Counter[str] = Counter()
    held_out = _held_out(connection)
    chosen: list[_Chosen] = []
    seen = {digest(_text(candidate.row)) for candidate in store.candidates(connection, reason="")}
    read = 0
    for row in rows:
        read += 1
        if row is None:
            left_out[NO_ANSWER] += 1
            continue
        key = digest(_text(row))
        if key in seen:
            left_out[checks.DUPLICATE] += 1
        elif len(chosen) >= wanted and (not chosen or key >= chosen[0].chance):
            left_out[NOT_NEEDED] += 1
        elif reason := _unfit(row, tokenizer, max_length, held_out):
            left_out[reason] += 1
        else:
            encoded = tokenizer.encode(row["prompt"], row["completion"])
            heapq.heappush(chosen, _Chosen(key, row, (len(encoded.ids), len(encoded.trained))))
            if len(chosen) > wanted:
                heapq.heappop(chosen)
                left_out[NOT_NEEDED] += 1
        seen.add(key)
    if read and left_out[NO_ANSWER] == read:
        raise Refusal(
            "The file of general instructions holds no question with an answer; use the columns instruction, input and "
            "output, or chat messages that end with the assistant."
        )
    for one in sorted(chosen, key=lambda item: item.chance):
        _add(connection, one)
    reached = round(100 * len(chosen) / (own + len(chosen))) if chosen else 0
    return {"read": read, "used": len(chosen), "percent": percent, "reached": reached,
            "left_out": dict(sorted(left_out.items()))}  # fmt: skip


def _text(row: dict[str, Any]) -> str:
    return f"{row['prompt'][-1]['content']}\n{row['completion'][-1]['content']}"


def _held_out(connection: sqlite3.Connection) -> NearDuplicates:
    known = NearDuplicates()
    for candidate in _tested(connection):
        known.add(candidate.number, _text(candidate.row))
    return known


def _tested(connection: sqlite3.Connection) -> Iterator[store.Candidate]:
    for name in ("validation", "test"):
        yield from store.candidates(connection, reason="", split=name)


def _unfit(row: dict[str, Any], tokenizer: ChatTokenizer, max_length: int, held_out: NearDuplicates) -> str:
    text = "\n".join(turn["content"] for turn in (*row["prompt"], *row["completion"]))
    if quality.has_identifier(text):
        return checks.IDENTIFIER
    if next(held_out.similar(_text(row)), None) is not None:
        return HELD_OUT
    return checks.TOO_LONG if len(tokenizer.encode(row["prompt"], row["completion"]).ids) > max_length else ""


def _add(connection: sqlite3.Connection, one: _Chosen) -> None:
    identity = one.chance.hex()[:16]
    meta = {**one.row["meta"], "task": TASK, "document_id": identity, "origin": "general"}
    document = store.add_document(connection, f"general-{identity}", "", one.chance.hex(), FORMAT)
    pair = store.add_pair(connection, document, {**one.row, "meta": meta}, one.lengths, "", {})
    connection.execute("UPDATE example_pairs SET split = 'train' WHERE number = ?", (pair,))
