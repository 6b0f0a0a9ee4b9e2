"""JSON from strangers as Python values."""

import json
from typing import Any

import msgspec

from medtui.reports import encoding

_BLANK = "\ufeff \t\r\n"


def loads(written: str | bytes) -> Any:
    """Parse JSON; what the fast parser alone refuses, such as NaN and halves of surrogate pairs, is read all the same.

    Raises:
        ValueError: it is damaged, or no UTF-8.
        RecursionError: it is nested too deeply.
    """
    try:
        return msgspec.json.decode(written)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return json.loads(written)


def text(data: bytes) -> bytes | str:
    """Give a file's JSON as it can be parsed: bytes where they are UTF-8 or look like it, else the decoded text."""
    if not data.startswith((b"{", b"[")) or b"\x00" in data[:64]:
        return encoding.decode(data)[0].lstrip(_BLANK)
    return data


def lines(written: bytes | str) -> list[str]:
    """Give the lines of what `text` gave, which has a value on each where it is none as a whole (NDJSON)."""
    decoded = written if isinstance(written, str) else encoding.decode(written)[0]
    return decoded.split("\n")
