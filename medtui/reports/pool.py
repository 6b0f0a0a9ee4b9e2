"""Reader processes kept ready: each parses one file at a time and is replaced when a file kills it."""

import contextlib
import json
import os
import selectors
import threading
import time
from collections import deque
from collections.abc import Iterator
from typing import Any

import msgspec

from medtui.reports.document import DirectoryEntry, PatientRecord, References, UnreadFile, decoded
from medtui.reports.mapping import Table
from medtui.reports.nursery import Nursery, at_once
from medtui.reports.pace import Pace

# No single file may hold up a reader longer; processor time is limited far below this, in the reader itself.
SILENT_SECONDS = 120.0
# How soon readers that are busy are ended when nobody wants their answers any more.
_LOOKS_EVERY = 0.1
_CHUNK = 1 << 18
# Longest answer, a document of a report; more than this is not a report.
_LONGEST_ANSWER = 64_000_000


class Job(msgspec.Struct):
    """A file to read.

    Attributes:
        path: where it is.
        shown: its path as it may be shown.
        request: what the reader is told besides the path: passwords, column mappings.
        digest: SHA-256 of its content if known, in hexadecimal.
        members: members of an archive that were begun.
        member: the one being read.
        attempts: processes that died on it.
    """

    path: str
    shown: str = ""
    request: dict[str, Any] = msgspec.field(default_factory=dict)
    digest: str = ""
    members: int = 0
    member: str = ""
    attempts: int = 0


class _Reader:
    def __init__(self, nursery: Nursery) -> None:
        self._nursery = nursery
        self._number, self._requests, self._answers = nursery.start()
        self.jobs: deque[Job] = deque()
        self.heard = time.monotonic()
        self.code = 0
        self._rest = bytearray()
        self._untold: list[bytes] = []

    def descriptor(self) -> int:
        return self._answers.fileno()

    def give(self, job: Job) -> None:
        """Give a file to read: an idle reader learns of it at once, others with what else is there for them."""
        if not self.jobs:
            self.heard = time.monotonic()
        self.jobs.append(job)
        request = {**job.request, "path": job.path, "shown": job.shown, "after": job.members}
        # Names of files may hold what is no Unicode, which the standard library alone writes and reads.
        self._untold.append(json.dumps(request).encode() + b"\n")
        if len(self.jobs) == 1:
            self.tell()

    def tell(self) -> None:
        """Hand over what was given; a reader that has died shows on its output."""
        if self._untold:
            with contextlib.suppress(BrokenPipeError):
                self._requests.write(b"".join(self._untold))
                self._requests.flush()
            self._untold.clear()

    def answers(self) -> Iterator[dict[str, Any]] | None:
        """Give the whole answers that have come, None when the reader is dead."""
        chunk = os.read(self.descriptor(), _CHUNK)
        if not chunk:
            return None
        self.heard = time.monotonic()
        self._rest += chunk
        whole = self._rest.rfind(b"\n") + 1
        if not whole and len(self._rest) > _LONGEST_ANSWER:
            return None
        lines = bytes(self._rest[:whole]).split(b"\n")[:-1] if whole else []
        del self._rest[:whole]
        try:
            return iter([parsed(line) for line in lines])
        except ValueError:
            # What no reader of ours writes: a file has taken it over.
            return None

    def end(self) -> None:
        """End the process, however it is."""
        self.code = self._nursery.end(self._number)
        self.leave()

    def leave(self) -> None:
        """Have nothing more to do with the process; it ends with the one that it was copied from."""
        for stream in (self._requests, self._answers):
            with contextlib.suppress(OSError):
                stream.close()


_DOCUMENT = b'{"document":'
_ANSWER = msgspec.json.Decoder(dict[str, Any])


def parsed(line: bytes) -> dict[str, Any]:
    """Give a reader's answer; a document comes with its JSON, which is what the vault keeps of it.

    Raises:
        ValueError: it is nothing that a reader writes.
    """
    if line.startswith(_DOCUMENT):
        written = line[len(_DOCUMENT) : -1]
        return {"document": decoded(written), "written": written.decode()}
    answer = _ANSWER.decode(line)
    names = frozenset(answer)
    if names != _END and (len(names) != 1 or not names <= _TYPES.keys() - _END):
        raise ValueError("no answer of a reader")
    return {name: msgspec.convert(value, _TYPES[name]) for name, value in answer.items()}


_TYPES: dict[str, Any] = {
    "unread": UnreadFile,
    "patient": PatientRecord,
    "entry": DirectoryEntry,
    "refers": References,
    "table": Table,
    "hello": tuple[str, ...],
    "begin": str,
    "alive": bool,
    "end": str,
    "size": int,
}
_END = frozenset(("end", "size"))


def _schedule(policy: int) -> bool:
    """Set how this thread gets its turns (sched(7)); some containers forbid it."""
    try:
        os.sched_setscheduler(0, policy, os.sched_param(0))
    except OSError:
        return False
    return True


class Pool:
    """Reads files in several processes at once.

    Attributes:
        missing: what the sandbox cannot enforce on this machine.
    """

    def __init__(self, size: int | None = None, nursery: Nursery | None = None) -> None:
        self._size = size or at_once()
        self._selector = selectors.DefaultSelector()
        self._readers: list[_Reader] = []
        self._nursery = nursery or Nursery()
        self._pace = Pace(time.monotonic())
        self._politely = False
        self.missing: tuple[str, ...] = ()

    def __enter__(self) -> "Pool":
        # Answers can wait for their turn: a reader that is taken off its core for each of them loses its caches.
        self._politely = os.sched_getscheduler(0) == os.SCHED_OTHER and _schedule(os.SCHED_BATCH)
        return self

    def __exit__(self, *_: object) -> None:
        for reader in self._readers:
            reader.leave()
        self._selector.close()
        self._nursery.close()
        if self._politely:
            _schedule(os.SCHED_OTHER)

    def run(
        self, jobs: Iterator[Job], cancelled: threading.Event | None = None
    ) -> Iterator[tuple[Job, dict[str, Any]]]:
        """Read files as the iterator gives them, never more ahead than the readers can hold.

        Args:
            jobs: the files.
            cancelled: set by another thread to end at once; files that are being read have no end then.

        Returns:
            Pairs of a file and an answer: `{"document"}`, `{"unread"}`, and at last `{"end": digest}` for each file.
        """
        waiting: deque[Job] = deque()
        self._feed(waiting, jobs)
        while any(reader.jobs for reader in self._readers):
            time.sleep(self._pace.pause)
            ready = self._selector.select(timeout=_LOOKS_EVERY)
            if cancelled is not None and cancelled.is_set():
                return
            ended = 0
            for key, _ in ready:
                reader: _Reader = key.data
                answers = reader.answers()
                if answers is None:
                    yield from self._bury(reader, waiting)
                    continue
                for answer in answers:
                    ended += "end" in answer
                    yield from self._note(reader, answer)
            self._pace.note(ended, len(self._readers), time.monotonic())
            for reader in [reader for reader in self._readers if reader.jobs]:
                if time.monotonic() - reader.heard > SILENT_SECONDS:
                    yield from self._bury(reader, waiting)
            self._feed(waiting, jobs)

    def _note(self, reader: _Reader, answer: dict[str, Any]) -> Iterator[tuple[Job, dict[str, Any]]]:
        if "hello" in answer:
            self.missing = answer["hello"]
        elif "begin" in answer:
            reader.jobs[0].members += 1
            reader.jobs[0].member = answer["begin"]
        elif "alive" not in answer:
            job = reader.jobs.popleft() if "end" in answer else reader.jobs[0]
            if "unread" in answer:
                # Which file it is, is known here, and not left to a reader that a file may have taken over.
                answer["unread"] = msgspec.structs.replace(answer["unread"], path=job.shown)
            yield job, answer

    def _feed(self, waiting: deque[Job], jobs: Iterator[Job]) -> None:
        """Keep every reader busy; readers are started when there is work for them."""
        self._hand_out(waiting, jobs)
        for reader in self._readers:
            reader.tell()

    def _hand_out(self, waiting: deque[Job], jobs: Iterator[Job]) -> None:
        for depth in range(1, self._pace.ahead + 1):
            for reader in self._readers:
                if len(reader.jobs) < depth:
                    job = waiting.popleft() if waiting else next(jobs, None)
                    if job is None:
                        return
                    reader.give(job)
            while depth == 1 and len(self._readers) < self._size:
                job = waiting.popleft() if waiting else next(jobs, None)
                if job is None:
                    return
                if not self._nursery.alive():
                    self._nursery.close()
                    self._nursery = Nursery()
                reader = _Reader(self._nursery)
                self._readers.append(reader)
                self._selector.register(reader.descriptor(), selectors.EVENT_READ, reader)
                reader.give(job)

    def _bury(self, reader: _Reader, waiting: deque[Job]) -> Iterator[tuple[Job, dict[str, Any]]]:
        """Replace a dead or silent reader; the file it died on is refused, the one behind it is read elsewhere."""
        jobs = list(reader.jobs)
        self._drop(reader)
        if not jobs:
            return
        failed, *rest = jobs
        waiting.extend(rest)
        yield failed, {"unread": UnreadFile(failed.shown, failed.member, "unknown", _reason(reader))}
        failed.attempts += 1
        if failed.member and failed.attempts < _MOST_ATTEMPTS:
            failed.member = ""
            waiting.append(failed)
        else:
            yield failed, {"end": "", "size": 0}

    def _drop(self, reader: _Reader) -> None:
        self._selector.unregister(reader.descriptor())
        self._readers.remove(reader)
        reader.end()


# An archive in which this many members kill their reader is made to harm.
_MOST_ATTEMPTS = 20
_SIGXCPU, _SIGKILL = 24, 9


def _reason(reader: _Reader) -> str:
    code = reader.code
    if code == -_SIGXCPU:
        return "Reading it takes far too long; it is damaged or made to harm. Export it again or leave it out."
    if code == -_SIGKILL:
        return (
            "Reading it came to no end and was stopped; it is damaged or made to harm. Export it again or leave it out."
        )
    return "It makes its reader crash; it is damaged or made to harm. Export it again or leave it out."
