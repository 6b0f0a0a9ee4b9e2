"""The dataset in the forms that other programs read, and question/answer pairs that a practice brings along."""

import csv
import hashlib
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from medtui.errors import Refusal
from medtui.examples import lines
from medtui.examples.tasks import SYSTEM_PROMPT
from medtui.text import sanitize

Row = Mapping[str, Any]


def _messages(row: Row) -> dict[str, Any]:
    return {"messages": [*row["prompt"], *row["completion"]]}


def _sharegpt(row: Row) -> dict[str, Any]:
    names = {"system": "system", "user": "human", "assistant": "gpt"}
    turns = [*row["prompt"], *row["completion"]]
    return {"conversations": [{"from": names[turn["role"]], "value": turn["content"]} for turn in turns]}


def _alpaca(row: Row) -> dict[str, Any]:
    question = next(turn["content"] for turn in row["prompt"] if turn["role"] == "user")
    instruction, _, source = question.partition("\n\n")
    system = next((turn["content"] for turn in row["prompt"] if turn["role"] == "system"), "")
    return {"instruction": instruction, "input": source, "output": row["completion"][-1]["content"], "system": system}


WRITERS: dict[str, Callable[[Row], dict[str, Any]]] = {"messages": _messages, "sharegpt": _sharegpt, "alpaca": _alpaca}
FORMATS = (*WRITERS, "csv")


def export(rows: Iterator[Row], format_name: str) -> Iterator[str]:
    """Write rows in another form, as lines of text with their line ends.

    Args:
        rows: rows of the dataset.
        format_name: one of `FORMATS`.
    """
    if format_name != "csv":
        for row in rows:
            yield json.dumps(WRITERS[format_name](row), ensure_ascii=False) + "\n"
        return
    columns = ("instruction", "input", "output", "system")
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, columns)
    writer.writeheader()
    for row in rows:
        writer.writerow(_alpaca(row))
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
    yield buffer.getvalue()


def read(path: Path) -> Iterator[dict[str, Any]]:
    """Read question/answer pairs: our own rows, messages, ShareGPT, Alpaca, `question`/`answer`.

    Args:
        path: JSON lines, one JSON array (`.json`), or CSV (`.csv`).

    Yields:
        Rows with `prompt`, `completion` and `meta`; each pair's id is made from its content.

    Raises:
        Refusal: the file cannot be read, or a line is in none of these forms (with its number).
    """
    for number, row in enumerate(read_loosely(path), start=1):
        if row is None:
            raise Refusal(
                f"Entry {number} of {path} is no question with an answer; use the columns instruction, input and "
                "output, or question and answer, or chat messages that end with the assistant."
            )
        yield row


def read_loosely(path: Path) -> Iterator[dict[str, Any] | None]:
    """Read as `read` does, giving None for an entry without a question or without an answer.

    Raises:
        Refusal: the file cannot be read.
    """
    yield from turned(_csv(path) if path.suffix.lower() == ".csv" else _json(path))


def turned(records: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any] | None]:
    """Bring records in any of the known forms to rows, None for one without a question or without an answer."""
    for record in records:
        turns = _turns(record)
        yield None if turns is None else _row(turns)


def _json(path: Path) -> Iterator[dict[str, Any]]:
    """Read JSON lines, or an array of objects as instruction files are often published."""
    if path.suffix.lower() != ".json" or not _is_array(path):
        yield from lines.read(path)
        return
    try:
        records = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise Refusal(f"Cannot read {path} ({type(error).__name__}); give a UTF-8 file of JSON.") from error
    for number, record in enumerate(records, start=1):
        if not isinstance(record, dict):
            raise Refusal(f"Entry {number} of {path} is no object; correct the file.")
        yield record


def _is_array(path: Path) -> bool:
    try:
        with path.open("rb") as stream:
            return stream.read(64).removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"[")
    except OSError as error:
        raise Refusal(f"Cannot read {path} ({type(error).__name__}); check the file.") from error


def _csv(path: Path) -> Iterator[dict[str, Any]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            for record in csv.DictReader(stream):
                yield {str(key).strip().lower(): value or "" for key, value in record.items()}
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise Refusal(f"Cannot read {path} ({type(error).__name__}); give a UTF-8 CSV file with a header.") from error


_ROLES = {"human": "user", "gpt": "assistant", "user": "user", "assistant": "assistant", "system": "system"}


def _turns(record: Mapping[str, Any]) -> list[dict[str, str]] | None:
    given = record.get("messages") or record.get("conversations")
    if isinstance(record.get("prompt"), list) and isinstance(record.get("completion"), list):
        given = [*record["prompt"], *record["completion"]]
    if isinstance(given, list):
        return _chat(given)
    question = str(record.get("instruction") or record.get("question") or record.get("prompt") or "").strip()
    answer = str(record.get("output") or record.get("answer") or record.get("completion") or "").strip()
    if not question or not answer:
        return None
    source = str(record.get("input") or "").strip()
    system = str(record.get("system") or "").strip() or SYSTEM_PROMPT
    asked = f"{question}\n\n{source}" if source else question
    return [
        {"role": "system", "content": sanitize(system)},
        {"role": "user", "content": sanitize(asked)},
        {"role": "assistant", "content": sanitize(answer)},
    ]


def _chat(given: list[Any]) -> list[dict[str, str]] | None:
    turns: list[dict[str, str]] = []
    for turn in given:
        role = _ROLES.get(str(turn.get("role") or turn.get("from"))) if isinstance(turn, dict) else None
        content = (turn.get("content") or turn.get("value")) if isinstance(turn, dict) else None
        if role is None or not isinstance(content, str) or not content.strip():
            return None
        turns.append({"role": role, "content": sanitize(content)})
    asked = [turn["role"] for turn in turns if turn["role"] != "system"]
    whole = asked and asked[-1] == "assistant" and asked == ["user", "assistant"] * (len(asked) // 2)
    if not whole:
        return None
    return turns if turns[0]["role"] == "system" else [{"role": "system", "content": SYSTEM_PROMPT}, *turns]


def _row(turns: list[dict[str, str]]) -> dict[str, Any]:
    identity = hashlib.sha256(json.dumps(turns, sort_keys=True).encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return {
        "prompt": turns[:-1],
        "completion": turns[-1:],
        "meta": {
            "task": "question_answer",
            "document_id": identity,
            "section_kinds": [],
            "origin": "own",
            "dropped_sentences": 0,
        },
    }
