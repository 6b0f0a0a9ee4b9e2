"""One training at a time on a GPU: runs that are started meanwhile wait in line, first come, first served. Light."""

import contextlib
import fcntl
import hashlib
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from medtui.workspace import default_root

LOOK_SECONDS = 0.5


def places(run: Path, gpus: str) -> list[Path]:
    """Name the folders of the lines that a run waits in, one after the other.

    Args:
        run: the run's folder.
        gpus: UUIDs, with commas; runs of all practices of this user share a GPU. Without any the practice's runs share
            the processor.
    """
    if not gpus:
        return [run.parent / ".line"]
    # Always in the same order: two runs that want the same two cards never wait for each other.
    names = sorted(hashlib.sha256(gpu.encode()).hexdigest()[:16] for gpu in gpus.split(","))
    return [default_root() / "lines" / name for name in names]


@contextlib.contextmanager
def taken(line: Path, stopped: Callable[[], bool], tell: Callable[[int], None]) -> Iterator[bool]:
    """Wait for one's turn and hold it.

    Args:
        line: folder of the line.
        stopped: tells whether the user no longer wants to wait.
        tell: told once how many are ahead, when there are any.

    Yields:
        Whether the turn came; false when the user stopped waiting.
    """
    line.mkdir(mode=0o700, parents=True, exist_ok=True)
    ticket = line / f"{time.time_ns():020d}-{os.getpid()}"
    held = os.open(ticket, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    fcntl.flock(held, fcntl.LOCK_EX)
    told = False
    try:
        while ahead := _ahead(line, ticket):
            if stopped():
                break
            if not told:
                tell(ahead)
                told = True
            time.sleep(LOOK_SECONDS)
        yield not ahead
    finally:
        ticket.unlink(missing_ok=True)
        os.close(held)


def _ahead(line: Path, ticket: Path) -> int:
    return sum(_alive(other) for other in sorted(line.iterdir()) if other.name < ticket.name)


def _alive(ticket: Path) -> bool:
    """Tell whether a ticket's holder lives; the ticket of a dead one is removed."""
    try:
        with ticket.open("rb") as stream:
            fcntl.flock(stream, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    ticket.unlink(missing_ok=True)
    return False
