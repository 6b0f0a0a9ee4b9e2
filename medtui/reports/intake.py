"""What readers give, put into the vault so that an import may stop anywhere and be carried on."""

import contextlib
import hashlib
import itertools
import os
import sqlite3
import stat
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from medtui import vault
from medtui.errors import Refusal
from medtui.progress import Progress
from medtui.reports import directory, patients, store, walking
from medtui.reports.clean import clean_line
from medtui.reports.document import DirectoryEntry, Document, References, UnreadFile
from medtui.reports.mapping import LEFT_OUT, Table
from medtui.reports.nursery import Nursery
from medtui.reports.pool import Job, Pool
from medtui.reports.settings import Settings
from medtui.reports.tables import note
from medtui.workspace import Workspace

# What is not yet committed when the process dies is read again; a commit costs a few milliseconds of disk.
_COMMIT_SECONDS = 0.5
_TELL_SECONDS = 1.0
_CHUNK = 1 << 20


WAITS = "It is a table whose columns nobody has confirmed yet; say what they are in the reports step."
ONLY_PATIENTS = (
    "It says who {number} patients are and is used to find their names and numbers in their reports; nothing to do."
)
ONLY_OTHERS = (
    "It says who {number} people, organizations or places are and is used for the reports that refer to them; nothing "
    "to do."
)
# Answers of readers that say something about people and are no report.
_ABOUT_PEOPLE = {"patient", "entry", "refers"}


class Summary(msgspec.Struct):
    """What an import did.

    Attributes:
        files: files and folders looked at.
        added: documents that are new.
        already_known: documents that were there before.
        refused: files, or parts of files, that could not be read.
        patient_records: what files without reports say about patients; it is used for those patients' reports.
        directory_entries: what such files say about staff, organizations and places that reports refer to.
        formats: new documents by format.
        cancelled: whether it was stopped before its end.
        warnings: what the user should know about the import as a whole.
    """

    files: int = 0
    added: int = 0
    already_known: int = 0
    refused: int = 0
    patient_records: int = 0
    directory_entries: int = 0
    formats: Counter[str] = msgspec.field(default_factory=Counter)
    cancelled: bool = False
    warnings: tuple[str, ...] = ()


def run(
    nursery: Nursery,
    workspace: Workspace,
    paths: list[Path],
    progress: Progress,
    settings: Settings | None,
    cancelled: threading.Event | None,
) -> Summary:
    """Import files and folders, see `importing.import_paths`.

    Args:
        nursery: where readers come from.
        workspace: the practice.
        paths: files and folders.
        progress: told how many files are done.
        settings: passwords and column mappings.
        cancelled: set by another thread to stop.

    Raises:
        Refusal: the disk is full.
    """
    with Pool(nursery=nursery) as pool, contextlib.closing(vault.connect(workspace)) as connection:
        try:
            store.prepare(connection)
            started = _Import(connection, workspace, settings or Settings(), progress, cancelled or threading.Event())
            return started.over(paths, pool)
        except vault.errors() as error:
            raise Refusal(
                f"The vault {workspace.vault_path} cannot be written ({error}); free some space and import again: "
                "what was read so far is kept."
            ) from error


class _Import:
    def __init__(
        self,
        connection: sqlite3.Connection,
        workspace: Workspace,
        settings: Settings,
        progress: Progress,
        cancelled: threading.Event,
    ) -> None:
        self._connection = connection
        self._workspace = workspace
        self._settings = settings
        self._fingerprint = settings.fingerprint()
        self._progress = progress
        self._cancelled = cancelled
        self._summary = Summary()
        self._total = 0
        self._found: dict[str, tuple[int, int]] = {}
        self._committed = time.monotonic()
        self._told = 0.0
        self._news: list[UnreadFile] = []
        self._tabular: set[str] = set()

    def over(self, paths: list[Path], pool: Pool) -> Summary:
        self._progress(0, 0, "Looking for files")
        found = walking.walk(paths, self._workspace.path, self._settings.only)
        self._total = sum(1 for _ in itertools.takewhile(lambda _: not self._cancelled.is_set(), found))
        for job, answer in pool.run(self._jobs(paths), self._cancelled):
            self._take(job, answer)
            self._commit()
            if self._cancelled.is_set():
                break
        self._summary.warnings = pool.missing
        self._commit(now=True)
        self._summary.cancelled = self._cancelled.is_set()
        self._tell()
        return self._summary

    def _jobs(self, paths: list[Path]) -> Iterator[Job]:
        # In a first import no file can have been read before; the same report twice is noticed by what it says.
        again = store.knows_files(self._connection)
        for item in walking.walk(paths, self._workspace.path, self._settings.only):
            if self._cancelled.is_set():
                return
            if isinstance(item, UnreadFile):
                self._refuse(item)
                self._file_done()
                continue
            digest = self._digest(item) if again and store.may_be_known(self._connection, _size(item)) else ""
            if self._cancelled.is_set():
                return
            known = store.documents_of(self._connection, digest, self._fingerprint) if digest else None
            if known is not None:
                self._summary.already_known += known
                self._file_done()
                self._commit()
                continue
            yield Job(str(item), clean_line(str(item)), self._settings.request(), digest)

    def _digest(self, path: Path) -> str:
        """Give a file's SHA-256, empty when it cannot be read: its reader will say why."""
        try:
            descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError:
            return ""
        with os.fdopen(descriptor, "rb") as stream:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                return ""
            digest = hashlib.sha256()
            try:
                while not self._cancelled.is_set() and (chunk := stream.read(_CHUNK)):
                    digest.update(chunk)
            except OSError:
                return ""
        return digest.hexdigest()

    def _take(self, job: Job, answer: dict[str, Any]) -> None:
        if job.path not in self._found:
            store.forget_refusals(self._connection, job.shown)
            self._found[job.path] = (0, 0)
        documents, refusals = self._found[job.path]
        if "document" in answer:
            document: Document = answer["document"]
            if document.format in store.TABULAR:
                self._row_of(job)
            if store.add_written(self._connection, document, answer["written"]):
                self._summary.added += 1
                self._summary.formats[document.format] += 1
            else:
                self._summary.already_known += 1
            self._found[job.path] = (documents + 1, refusals)
        elif _ABOUT_PEOPLE & answer.keys():
            self._take_people(answer)
        elif "table" in answer:
            table: Table = answer["table"]
            if self._settings.audience is not None:
                note(self._settings.audience.waiting, table, job.shown)
            self._refuse(UnreadFile(job.shown, table.inner, "table", WAITS))
            self._found[job.path] = (documents, refusals + 1)
        elif "unread" in answer:
            if answer["unread"].reason == LEFT_OUT:
                self._row_of(job)
            self._refuse(answer["unread"])
            self._found[job.path] = (documents, refusals + 1)
        else:
            self._ended(job, answer["end"], answer["size"], documents, refusals)

    def _take_people(self, answer: dict[str, Any]) -> None:
        if "patient" in answer:
            patients.add(self._connection, answer["patient"])
            self._summary.patient_records += 1
        elif "entry" in answer:
            entry: DirectoryEntry = answer["entry"]
            directory.add(self._connection, entry)
            # What belongs to a patient, or only leads on, is no entry that anybody would count.
            self._summary.directory_entries += bool(entry.known and not entry.owners)
        else:
            refers: References = answer["refers"]
            directory.refer(self._connection, refers.document, refers.references)

    def _row_of(self, job: Job) -> None:
        """Before the first row of a file that was read with other columns: drop what was read of it then."""
        if job.path not in self._tabular:
            self._tabular.add(job.path)
            if store.read_otherwise(self._connection, job.digest, self._fingerprint):
                store.forget_rows(self._connection, job.shown)

    def _ended(self, job: Job, digest: str, size: int, documents: int, refusals: int) -> None:
        del self._found[job.path]
        if digest and job.digest and digest != job.digest:
            self._refuse(
                UnreadFile(
                    job.shown, "", "unknown", "It changed while it was read; import it again when nothing writes to it."
                )
            )
        elif digest and not refusals:
            # A file of which something was refused is tried again: a password, a program or space may have come.
            settings = self._fingerprint if job.path in self._tabular else store.ANY
            store.remember(self._connection, digest, settings, documents, size)
        self._tabular.discard(job.path)
        self._file_done()

    def _refuse(self, unread: UnreadFile) -> None:
        store.refuse(self._connection, unread)
        self._summary.refused += 1
        if self._settings.audience is not None:
            self._news.append(unread)

    def _file_done(self) -> None:
        self._summary.files += 1
        if time.monotonic() - self._told > _TELL_SECONDS or self._summary.files % max(1, self._total // 50) == 0:
            self._tell()

    def _tell(self) -> None:
        self._told = time.monotonic()
        counts = ", ".join(f"{number} {name}" for name, number in self._summary.formats.most_common())
        message = f"Reading reports: {counts or 'none new yet'}"
        if self._summary.already_known:
            message += f"; {self._summary.already_known} already known"
        if self._summary.patient_records:
            message += f"; {self._summary.patient_records} patient records"
        if self._summary.refused:
            message += f"; {self._summary.refused} not readable"
        if self._settings.audience is not None:
            self._settings.audience.tell(dict(self._summary.formats), self._news)
            self._news = []
        self._progress(self._summary.files, max(self._total, self._summary.files), message)

    def _commit(self, *, now: bool = False) -> None:
        if now or time.monotonic() - self._committed > _COMMIT_SECONDS:
            self._connection.commit()
            self._committed = time.monotonic()


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return -1


def read(nursery: Nursery, paths: list[Path], settings: Settings | None = None) -> Iterator[Document | UnreadFile]:
    """Read files and folders without storing anything, see `importing.read_paths`.

    Args:
        nursery: where readers come from.
        paths: files and folders.
        settings: passwords and column mappings.
    """
    chosen = settings or Settings()

    def jobs() -> Iterator[Job]:
        for item in walking.walk(paths, only=chosen.only):
            if isinstance(item, UnreadFile):
                waiting.append(item)
            else:
                yield Job(str(item), clean_line(str(item)), chosen.request())

    waiting: list[UnreadFile] = []
    held: defaultdict[str, Counter[str]] = defaultdict(Counter)
    with Pool(nursery=nursery) as pool:
        for job, answer in pool.run(jobs()):
            while waiting:
                yield waiting.pop(0)
            held[job.path].update(answer.keys() & {"document", "patient", "entry"})
            if "document" in answer:
                yield answer["document"]
            elif "unread" in answer:
                yield answer["unread"]
            elif "end" in answer:
                yield from _without_reports(job.shown, held.pop(job.path))
        yield from waiting


def _without_reports(shown: str, held: Counter[str]) -> Iterator[UnreadFile]:
    """Say of a file that only speaks about people what it is good for."""
    if held["patient"] and not held["document"]:
        yield UnreadFile(shown, "", "patients", ONLY_PATIENTS.format(number=held["patient"]))
    elif held["entry"] and not held["document"]:
        yield UnreadFile(shown, "", "directory", ONLY_OTHERS.format(number=held["entry"]))
