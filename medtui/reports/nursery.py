"""Starts readers: one process loads what all of them need, and a reader is a copy of it, ready in milliseconds."""

import contextlib
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from typing import BinaryIO

_KILLED = -9
# msgspec works without typing_extensions, which loads all of `inspect`: a seventh of the time until readers are there.
_START = (
    "import gc, sys; gc.set_threshold(100_000); "
    "sys.modules['typing_extensions'] = None; import msgspec; del sys.modules['typing_extensions']; "
    "from medtui.reports import worker; worker.start()"
)


def at_once() -> int:
    """Give how many readers work at the same time."""
    return min(8, len(os.sched_getaffinity(0)))


class Nursery:
    """The process that readers are copied from; it parses nothing itself and ends with its `with` block.

    Attributes:
        process: that process.
    """

    def __init__(self, readers: int = 0) -> None:
        """Start it.

        Args:
            readers: how many readers it makes as soon as it can, before anybody asks for one.
        """
        self._gate, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        environment = {
            "PATH": os.environ.get("PATH", os.defpath),
            "LANG": "C.UTF-8",
            "OMP_THREAD_LIMIT": "1",
            "OPENBLAS_NUM_THREADS": "1",
        }
        with theirs:
            self.process = subprocess.Popen(
                [sys.executable, "-I", "-c", _START, str(theirs.fileno()), str(readers)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=(theirs.fileno(),),
                env=environment,
                start_new_session=True,
            )
        self._started = 0
        self._ready = [self._ask() for _ in range(readers)]

    def __enter__(self) -> "Nursery":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def start(self) -> tuple[int, BinaryIO, BinaryIO]:
        """Start a reader; one that could not be started has nothing to say and looks like one that has died.

        Returns:
            Its number, the stream of its requests and the stream of its answers.
        """
        if not self._ready:
            return self._ask()
        with contextlib.suppress(OSError):
            self._gate.send(b"now")
        return self._ready.pop(0)

    def _ask(self) -> tuple[int, BinaryIO, BinaryIO]:
        self._started += 1
        theirs_in, ours_in = os.pipe()
        ours_out, theirs_out = os.pipe()
        try:
            with contextlib.suppress(OSError):
                socket.send_fds(self._gate, [f"start {self._started}".encode()], [theirs_in, theirs_out])
        finally:
            os.close(theirs_in)
            os.close(theirs_out)
        return self._started, os.fdopen(ours_in, "wb"), os.fdopen(ours_out, "rb", buffering=0)

    def end(self, number: int) -> int:
        """End a reader, however it is.

        Returns:
            What it ended with, as `subprocess` says it: negative for a signal.
        """
        try:
            self._gate.send(f"end {number}".encode())
            return int(self._gate.recv(64))
        except (OSError, ValueError):
            # Nobody there: then its readers are dead too.
            return _KILLED

    def alive(self) -> bool:
        """Tell whether readers can still be started."""
        return self.process.poll() is None

    def close(self) -> None:
        """End the process; readers that are left end with it."""
        for _, requests, answers in self._ready:
            requests.close()
            answers.close()
        self._ready.clear()
        self._gate.close()
        self.process.wait()


_ahead: list[Nursery] = []


@contextlib.contextmanager
def ahead() -> Iterator[Nursery]:
    """Start such a process while the rest of the program is loaded; the first import takes it over."""
    with Nursery(at_once()) as nursery:
        _ahead.append(nursery)
        try:
            yield nursery
        finally:
            _ahead.clear()


def taken() -> Nursery:
    """Give the process that was started ahead, else a new one; whoever takes it ends it."""
    return _ahead.pop() if _ahead else Nursery()
