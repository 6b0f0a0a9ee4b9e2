"""Append-only JSON lines: run events and the audit trail.

A line is written by one `write` on a descriptor opened with `O_APPEND`, so lines of several writers never mix, and a
process killed in the middle leaves at most one torn last line, which readers pass over.
"""

import json
import os
import time
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

# Longer lines can be torn by a kill: 0 of 25 at 200 bytes, 3 of 25 at 20 kB.
LONGEST_LINE = 4096


def append(path: Path, record: Mapping[str, Any], *, durable: bool = False) -> None:
    """Append one record with its version `v` and time `t` (seconds since the epoch).

    Args:
        path: the journal; created with mode 0600.
        record: JSON-able values without patient text.
        durable: wait until the line is on the disk; for changes of state, not for every step.
    """
    line = json.dumps({"v": 1, "t": round(time.time(), 3), **record}, ensure_ascii=False, allow_nan=True) + "\n"
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        if _torn(path):
            line = "\n" + line
        os.write(descriptor, line.encode())
        if durable:
            os.fdatasync(descriptor)
    finally:
        os.close(descriptor)


def _torn(path: Path) -> bool:
    with path.open("rb") as stream:
        if stream.seek(0, os.SEEK_END) == 0:
            return False
        stream.seek(-1, os.SEEK_END)
        return stream.read(1) != b"\n"


def read(path: Path, offset: int = 0) -> tuple[list[dict[str, Any]], int]:
    """Read whole records from a byte offset on.

    Args:
        path: the journal; a missing one is empty.
        offset: where the last reading ended, in bytes.

    Returns:
        The records and the offset to go on from. A torn line is passed over once a later line follows it.
    """
    try:
        with path.open("rb") as stream:
            stream.seek(offset)
            data = stream.read()
    except FileNotFoundError:
        return [], 0
    whole = data.rfind(b"\n") + 1
    return [record for line in data[:whole].splitlines() if (record := _parse(line)) is not None], offset + whole


def last(path: Path, events: Collection[str], chunk_bytes: int = 1 << 20) -> dict[str, Any] | None:
    """Find the newest record with one of these `event` names, reading from the end; cheap on long journals.

    Args:
        path: the journal; a missing one is empty.
        events: names to look for.
        chunk_bytes: how much is read at a time.
    """
    marks = [f'"event": "{event}"'.encode() for event in events]
    for lines in _chunks_backwards(path, chunk_bytes):
        if not any(mark in lines for mark in marks):
            continue
        for line in reversed(lines.splitlines()):
            record = _parse(line) if any(mark in line for mark in marks) else None
            if record is not None and record.get("event") in events:
                return record
    return None


def _chunks_backwards(path: Path, chunk_bytes: int) -> Iterator[bytes]:
    """Give whole lines in chunks, the end of the file first."""
    try:
        stream = path.open("rb")
    except FileNotFoundError:
        return
    with stream:
        begin = stream.seek(0, os.SEEK_END)
        unfinished = b""
        while begin > 0:
            end, begin = begin, max(0, begin - chunk_bytes)
            stream.seek(begin)
            data = stream.read(end - begin) + unfinished
            # The first line of a chunk may have begun in the chunk before.
            cut = data.find(b"\n") + 1 if begin else 0
            if begin and not cut:
                unfinished = data
                continue
            unfinished = data[:cut]
            yield data[cut:]


def _parse(line: bytes) -> dict[str, Any] | None:
    try:
        record = json.loads(line)
    except ValueError:
        return None
    return record if isinstance(record, dict) else None
