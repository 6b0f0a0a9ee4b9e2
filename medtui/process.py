"""Start, find, signal and re-attach a detached worker.

A job is a folder: `events.jsonl` is what the worker tells, `worker.log` what its libraries print, `run.lock` is held by
the worker with `flock` for as long as it lives. The lock is freed by the kernel however the worker dies, so whether a
job runs is never guessed from a stored process id.
"""

import contextlib
import fcntl
import json
import os
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, NoReturn, Protocol

from medtui import journal
from medtui.errors import Refusal
from medtui.progress import Progress, silent

NEW, RUNNING, FINISHED, FAILED, STOPPED, LOST = "new", "running", "finished", "failed", "stopped", "lost"

# Exit code of a worker that found the lock taken.
LOCKED_OUT = 3
_KEPT_LOCK = "MEDTUI_KEPT_LOCK"

# How often followers look at the event log; a look costs two system calls.
LOOK_SECONDS = 0.1


class Emit(Protocol):
    """Writes one event of the running worker."""

    def __call__(self, event: str, **fields: Any) -> None:
        """Write the event with its fields; JSON-able, no patient text."""


def silent_emit(event: str, **fields: Any) -> None:
    """Write nothing: for work that only one of several processes tells about."""


def offline_environment() -> dict[str, str]:
    """Give the environment of workers: nothing is fetched, nothing is reported, threads are set deliberately."""
    threads = str(len(os.sched_getaffinity(0)))
    return {
        "HF_HUB_OFFLINE": "1",
        "TRANSFORMERS_OFFLINE": "1",
        "HF_DATASETS_OFFLINE": "1",
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "DISABLE_TELEMETRY": "1",
        "DO_NOT_TRACK": "1",
        "TRL_EXPERIMENTAL_SILENCE": "1",
        "WANDB_DISABLED": "true",
        "TOKENIZERS_PARALLELISM": "false",
        "BITSANDBYTES_NOWELCOME": "1",
        "PYTHONUNBUFFERED": "1",
        # Nothing here is compiled; bitsandbytes would load torch's compiler at every start, for a fifth of its time.
        "TORCHDYNAMO_DISABLE": "1",
        "OMP_NUM_THREADS": threads,
        "OMP_WAIT_POLICY": "passive",
    }


class Job:
    """A piece of work done by a process of its own session, which outlives the terminal."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.events_path = folder / "events.jsonl"
        self.log_path = folder / "worker.log"
        self.lock_path = folder / "run.lock"

    def start(
        self,
        module: str,
        *arguments: str,
        environment: Mapping[str, str] | None = None,
        secret: bytes = b"",
        launcher: Sequence[str] = (),
    ) -> None:
        """Start `python -m module FOLDER *arguments` and wait until it holds the lock.

        Args:
            module: the worker.
            *arguments: for the worker, after the job's folder.
            environment: additions to its environment.
            secret: given to it on standard input, which is empty otherwise: arguments and environment can be seen by
                others, and a file would stay.
            launcher: beginning of a command line that starts the worker in its own place, keeping its process id.

        Raises:
            Refusal: it runs already, or it ended before it could begin.
        """
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self._held():
            raise Refusal(f"{self.folder.name} is running already; watch it or stop it first.")
        before = self.events_path.stat().st_size if self.events_path.exists() else 0
        log = os.open(self.log_path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            process = subprocess.Popen(
                [*launcher, sys.executable, "-m", module, str(self.folder), *arguments],
                stdin=subprocess.PIPE if secret else subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                env={**os.environ, **offline_environment(), **(environment or {})},
            )
            if process.stdin is not None:
                # A worker that ended at once is told about below.
                with contextlib.suppress(BrokenPipeError), process.stdin:
                    process.stdin.write(secret)
        finally:
            os.close(log)
        while not self._begun(process.pid, before):
            if process.poll() == LOCKED_OUT:
                raise Refusal(f"{self.folder.name} was started by someone else just now; watch it.")
            if process.poll() is not None and not self._begun(process.pid, before):
                raise Refusal(f"The worker could not start; its last words are in {self.log_path}.")
            time.sleep(LOOK_SECONDS / 5)

    def _begun(self, process_id: int, offset: int) -> bool:
        records = self.events(offset)[0]
        return any(record.get("event") == "start" and record.get("pid") == process_id for record in records)

    def _held(self) -> bool:
        try:
            with self.lock_path.open("rb") as lock:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except FileNotFoundError:
            return False
        except BlockingIOError:
            return True
        return False

    def events(self, offset: int = 0) -> tuple[list[dict[str, Any]], int]:
        """Read the events from a byte offset on; see `journal.read`."""
        return journal.read(self.events_path, offset)

    def status(self) -> str:
        """Tell `new`, `running`, `finished`, `failed`, `stopped` or `lost` (died without a last word)."""
        if self._held():
            return RUNNING
        record = journal.last(self.events_path, ("start", "end"))
        if record is None:
            return NEW
        return str(record.get("status", FAILED)) if record["event"] == "end" else LOST

    def follow(self, progress: Progress = silent) -> dict[str, Any]:
        """Wait until the job ends, passing on its progress.

        Returns:
            The result that the worker gave.

        Raises:
            Refusal: it failed, was stopped, or was lost.
        """
        end: dict[str, Any] | None = None
        offset = 0
        while True:
            alive = self._held()
            records, offset = self.events(offset)
            for record in records:
                if record.get("event") == "progress":
                    progress(int(record["done"]), int(record["total"]), str(record["message"]))
                elif record.get("event") in {"start", "end"}:
                    end = record if record["event"] == "end" else None
            if not alive:
                return self._outcome(end)
            time.sleep(LOOK_SECONDS)

    def _outcome(self, end: dict[str, Any] | None) -> dict[str, Any]:
        if end is None:
            raise Refusal(
                f"The worker of {self.folder.name} was lost (killed or out of memory); start it again to go on."
            )
        if end.get("status") != FINISHED:
            raise Refusal(
                str(end.get("reason") or f"The worker of {self.folder.name} ended early; see {self.log_path}.")
            )
        return dict(end.get("result") or {})

    def signal(self, number: int) -> None:
        """Send a signal to the worker.

        Raises:
            Refusal: it does not run.
        """
        try:
            owner = json.loads(self.lock_path.read_text())
        except (OSError, ValueError):
            owner = {}
        if not self._held() or owner.get("started") != _started(int(owner.get("pid", 0))):
            raise Refusal(f"{self.folder.name} is not running.")
        os.kill(int(owner["pid"]), number)


def _started(process_id: int) -> str:
    """Identify a process beyond its reusable id: its start in clock ticks and this boot (proc(5), field 22)."""
    try:
        ticks = Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()[19]
        return f"{ticks}@{Path('/proc/sys/kernel/random/boot_id').read_text().strip()}"
    except (OSError, IndexError):
        return ""


@contextlib.contextmanager
def worker(folder: Path) -> Iterator[Emit]:
    """Be the worker of a job: hold its lock, outlive the terminal, and leave a last word whatever happens.

    The caller emits `("end", status="finished", result={...})` itself. An exception becomes an `end` event: a Refusal
    with its sentence, anything else with its type alone, because a library's message may quote patient text.

    Raises:
        SystemExit: another worker holds the lock (code `LOCKED_OUT`).
    """
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    os.umask(0o077)
    kept = os.environ.pop(_KEPT_LOCK, "")
    lock = int(kept) if kept else os.open(folder / "run.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    os.set_inheritable(lock, False)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        sys.exit(LOCKED_OUT)
    os.ftruncate(lock, 0)
    os.pwrite(lock, json.dumps({"pid": os.getpid(), "started": _started(os.getpid())}).encode(), 0)
    emit = _emitter(folder / "events.jsonl")
    emit("start", pid=os.getpid())
    try:
        yield emit
    except Refusal as refusal:
        emit("end", status=FAILED, reason=str(refusal))
        sys.exit(2)
    except BaseException as error:
        if ours := isinstance(error, Exception):
            # Whoever reads of the end looks into the log at once.
            sys.excepthook(type(error), error, error.__traceback__)
            sys.stderr.flush()
        emit("end", status=FAILED, reason=f"The work stopped on an unexpected {type(error).__name__}; see worker.log.")
        if ours:
            sys.exit(1)
        raise
    finally:
        os.close(lock)


def hide_messages() -> None:
    """Let what ends this process be logged by its kind and place alone: a message may quote patient text."""

    def log(kind: type[BaseException], _error: BaseException, place: TracebackType | None) -> None:
        lines = [*traceback.format_tb(place), f"{kind.__name__} (its message is left out: it may quote a report)"]
        print("".join(lines), file=sys.stderr)  # noqa: T201 - the worker's log

    sys.excepthook = log


def start_again(folder: Path) -> NoReturn:
    """Replace the running worker by a fresh process image that keeps its lock, so that all its memory is given back.

    Args:
        folder: the worker's job.
    """
    target = (folder / "run.lock").stat()
    for name in os.listdir("/proc/self/fd"):
        with contextlib.suppress(OSError):
            found = os.fstat(int(name))
            if (found.st_dev, found.st_ino) == (target.st_dev, target.st_ino):
                os.set_inheritable(int(name), True)
                os.environ[_KEPT_LOCK] = name
    specification = sys.modules["__main__"].__spec__
    module = specification.name if specification else ""
    os.execv(sys.executable, [sys.executable, "-m", module, *sys.argv[1:]])  # noqa: S606  the same program again


def _emitter(path: Path) -> Emit:
    def emit(event: str, **fields: Any) -> None:
        journal.append(path, {"event": event, **fields}, durable=event in {"start", "end", "phase", "checkpoint"})

    return emit


def progress_of(emit: Callable[..., None], seconds: float = 0.25) -> Progress:
    """Turn an emitter into a `Progress` that writes at most once per `seconds`, and always the last unit."""
    last = 0.0

    def report(done: int, total: int, message: str) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= seconds or (total and done >= total):
            last = now
            emit("progress", done=done, total=total, message=message)

    return report
