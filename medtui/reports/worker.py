"""The process that parses: takes a file's path a line, gives its documents a line each, and may die at any time.

Requests on standard input: `{"path", "passwords", "columns", "seconds", "after", "ask"}`. Answers on standard output:
`{"hello"}` once, then for each request `{"begin": inner path}` before each member of an archive, `{"document"}` and
`{"unread"}`, `{"alive"}` during long work, and `{"end": SHA-256 of the file, "size"}`. `after` is the number of members
that an earlier process has dealt with.
"""

import errno
import gc
import hashlib
import importlib
import json
import os
import select
import signal
import socket
import stat
import sys
from collections.abc import Callable, Iterable
from typing import Any, BinaryIO, NoReturn

import msgspec

from medtui.reports import content, labels, reading, sandbox
from medtui.reports.clean import clean_line
from medtui.reports.document import DirectoryEntry, Document, PatientRecord, References, UnreadFile
from medtui.reports.draft import Source, Unreadable
from medtui.reports.mapping import Table
from medtui.reports.settings import CPU_SECONDS

# Larger files are archives or mistakes; archives are read piece by piece.
LARGEST_IN_MEMORY = 512_000_000
_MEGABYTE = 1 << 20


def start() -> NoReturn:
    """Be the process that readers are copied from; arguments are its gate's descriptor and the readers asked ahead."""
    main(socket.socket(fileno=int(sys.argv[1])), int(sys.argv[2]))


def main(gate: socket.socket, ahead: int = 0) -> NoReturn:
    """Start and end readers as it is asked for, until nobody asks any more; then all readers are ended.

    Args:
        gate: gives `start NUMBER` with two descriptors, requests and answers of the new reader, and `end NUMBER`,
            which is answered with what that reader ended with.
        ahead: how many are asked for at first; they may wait until all is loaded, or until `now` is said.
    """
    readers: dict[bytes, int] = {}
    labels.patterns()
    waiting = dict(_asked(gate)[1:] for _ in range(ahead))
    for name in _BEFOREHAND:
        if select.select((gate,), (), (), 0)[0]:
            break
        importlib.import_module(name)
    # What is loaded by now lives as long as the process; readers need not look through it for garbage.
    gc.freeze()
    readers.update(_started(gate, waiting))
    while True:
        command, number, descriptors = _asked(gate)
        if command == b"start":
            readers.update(_started(gate, {number: descriptors}))
        elif command == b"end" and number in readers:
            reader = readers.pop(number)
            os.kill(reader, signal.SIGKILL)
            gate.send(str(os.waitstatus_to_exitcode(os.waitpid(reader, 0)[1])).encode())
        elif not command:
            _end(readers.values())


def _asked(gate: socket.socket) -> tuple[bytes, bytes, list[int]]:
    message, descriptors, _, _ = socket.recv_fds(gate, 64, 2)
    command, _, number = message.partition(b" ")
    return command, number, descriptors


def _started(gate: socket.socket, asked: dict[bytes, list[int]]) -> dict[bytes, int]:
    """Start readers, each with its two descriptors and none with another's; give their processes by number."""
    readers: dict[bytes, int] = {}
    mine = {descriptor for descriptors in asked.values() for descriptor in descriptors}
    for number, descriptors in asked.items():
        readers[number] = os.fork()
        if not readers[number]:
            for descriptor in mine - set(descriptors):
                os.close(descriptor)
            _become_reader(gate, *descriptors)
    for descriptor in mine:
        os.close(descriptor)
    return readers


# What most readers need and what is soon loaded.
_BEFOREHAND = tuple(
    f"medtui.reports.{name}"
    for name in ("readers.ccda", "readers.fhir", "readers.hl7v2", "readers.records", "readers.plain", "standard")
)


def _end(readers: Iterable[int]) -> NoReturn:
    for reader in readers:
        os.kill(reader, signal.SIGKILL)
    for reader in readers:
        os.waitpid(reader, 0)
    # There is nothing to put in order, and taking a process apart takes longer than it did to end the readers.
    os._exit(0)


def _become_reader(gate: socket.socket, requests: int, answers: int) -> None:
    code = 1
    try:
        gate.close()
        with os.fdopen(requests, "rb") as lines, os.fdopen(answers, "wb") as stream:
            serve(lines, stream)
        code = 0
    finally:
        os._exit(code)


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Give up every right that reading does not need, and answer requests until there are no more."""
    # Looking for garbage after every seven hundred objects costs a tenth of the time, and there is next to none.
    gc.set_threshold(100_000, 20, 20)
    missing = sandbox.enter()
    _send(answers, {"hello": list(missing)})
    tidy = _Tidy()
    for line in requests:
        request = json.loads(line)
        _serve(request, lambda answer: _send(answers, answer), tidy)
        tidy()


# Memory that a reader may take on before it looks for garbage.
_GROWTH = 64 << 20


class _Tidy:
    """Looks for garbage when memory has grown: few objects may hold much, and those of Word files go in circles."""

    def __init__(self) -> None:
        self._most = sandbox.resident_bytes() + _GROWTH

    def __call__(self) -> None:
        if sandbox.resident_bytes() > self._most:
            gc.collect()
            sandbox.give_back_memory()
            self._most = sandbox.resident_bytes() + _GROWTH


def _send(stream: BinaryIO, answer: dict[str, Any]) -> None:
    stream.write(_encoded(answer) + b"\n")
    # What tells how far a reader is must be there before it dies; results may wait for the few that follow them.
    if not _AWAITED.isdisjoint(answer):
        stream.flush()


_AWAITED = frozenset(("hello", "begin", "alive", "end"))
_encoded = msgspec.json.Encoder().encode


def _serve(request: dict[str, Any], send: Callable[[dict[str, Any]], None], tidy: Callable[[], None]) -> None:
    path, shown = str(request["path"]), str(request.get("shown", ""))
    begun, done = 0, int(request.get("after", 0))
    digest, size, seconds = "", 0, float(request.get("seconds", CPU_SECONDS))

    def begin(inner: str) -> bool:
        nonlocal begun
        begun += 1
        if begun <= done:
            return False
        tidy()
        send({"begin": clean_line(inner)})
        sandbox.allow_cpu(seconds)
        return True

    def alive() -> None:
        send({"alive": True})

    sandbox.allow_cpu(seconds)
    try:
        source, digest = load(path)
        size = source.size()
        seconds += 2 * size / _MEGABYTE
        sandbox.allow_cpu(seconds)
        source.passwords, source.columns = tuple(request.get("passwords", ())), request.get("columns", {})
        source.preview, source.ask = bool(request.get("preview")), bool(request.get("ask"))
        source.begin, source.alive = begin, alive
        for result in reading.read(source, shown):
            send(_answer(result))
    except Unreadable as error:
        send({"unread": UnreadFile(shown, "", "unknown", str(error))})
    except MemoryError:
        send({"unread": UnreadFile(shown, "", "unknown", TOO_BIG)})
    send({"end": digest, "size": size})


TOO_BIG = "Reading it takes more than 2 GB of memory; it is damaged or made to harm, or must be split."


def _answer(result: reading.Result) -> dict[str, Any]:
    if isinstance(result, Table):
        return {"table": msgspec.structs.replace(result, inner=clean_line(result.inner))}
    if isinstance(result, DirectoryEntry | References):
        return {"entry" if isinstance(result, DirectoryEntry) else "refers": result}
    result = msgspec.structs.replace(result, inner_path=clean_line(result.inner_path))
    if isinstance(result, Document):
        return {"document": result}
    return {"patient" if isinstance(result, PatientRecord) else "unread": result}


def load(path: str) -> tuple[Source, str]:
    """Read a regular file: whole, or its beginning and end where it is an archive too large for memory.

    Returns:
        Its content and its SHA-256 in hexadecimal.

    Raises:
        Unreadable: no regular file, too large, not readable, or changed while it was read.
    """
    try:
        # Without O_NONBLOCK, opening a named pipe would wait for somebody to write to it.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
    except OSError as error:
        raise Unreadable(_ERRORS.get(error.errno or 0, f"It cannot be opened ({error.strerror}).")) from error
    with os.fdopen(descriptor, "rb") as stream:
        before = os.fstat(descriptor)
        if not stat.S_ISREG(before.st_mode):
            raise Unreadable("It is a device or pipe, not a file; leave it out.")
        try:
            # One byte more than there should be shows that it grew; room for the largest would cost more than reading.
            data = stream.read(min(LARGEST_IN_MEMORY, before.st_size + 1))
            source, digest = Source(data), hashlib.sha256(data)
            if before.st_size > len(data):
                source = _large(stream, data, path, digest)
        except OSError as error:
            raise Unreadable(f"It cannot be read ({error.strerror}); check the disk.") from error
        after = os.fstat(descriptor)
    if source.size() != before.st_size or (before.st_mtime_ns, before.st_size) != (after.st_mtime_ns, after.st_size):
        raise Unreadable("It changed while it was read; import it again when nothing writes to it.")
    return source, digest.hexdigest()


def _large(stream: BinaryIO, head: bytes, path: str, digest: "hashlib._Hash") -> Source:
    last = b""
    while chunk := stream.read(_MEGABYTE):
        digest.update(chunk)
        last = (last + chunk)[-2 * _MEGABYTE :]
    from pathlib import Path

    source = Source(head[:_MEGABYTE] + last, Path(path))
    if content.sniff(source.data) not in reading.ARCHIVES:
        raise Unreadable("It is larger than 512 MB and no archive; split it.")
    return source


_ERRORS = {
    errno.ENOENT: "There is no such file; check the path.",
    errno.EACCES: "It may not be read by this user; change its permissions.",
    errno.EPERM: "It may not be read by this user; change its permissions.",
    errno.ENXIO: "It is a device or pipe, not a file; leave it out.",
    errno.EISDIR: "It is a folder.",
    errno.ELOOP: "It is a link that leads nowhere; leave it out.",
}
