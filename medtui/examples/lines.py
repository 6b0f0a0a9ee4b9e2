"""Reads JSON lines that a user gives, one object at a time."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from medtui.errors import Refusal
from medtui.text import sanitize


def read(path: Path, *keys: str) -> Iterator[dict[str, Any]]:
    """Give the objects of a JSON lines file; texts are sanitized.

    Args:
        path: the file, UTF-8.
        *keys: texts that every line must have.

    Raises:
        Refusal: the file cannot be read, or a line is not such an object (with its number).
    """
    try:
        with path.open(encoding="utf-8") as stream:
            for number, line in enumerate(stream, start=1):
                if line.strip():
                    yield _parse(line, f"Line {number} of {path}", keys)
    except (OSError, UnicodeDecodeError) as error:
        raise Refusal(f"Cannot read {path} ({type(error).__name__}); give a UTF-8 file of JSON lines.") from error


def _parse(line: str, place: str, keys: tuple[str, ...]) -> dict[str, Any]:
    try:
        record = json.loads(line)
    except ValueError as error:
        raise Refusal(f"{place} is not JSON; correct the line.") from error
    if not isinstance(record, dict) or not all(isinstance(record.get(key), str) for key in keys):
        raise Refusal(f"{place} must be an object with the texts {', '.join(keys)}.")
    return {**record, **{key: sanitize(record[key]) for key in keys}}
