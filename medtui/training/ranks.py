"""Several processes that train together, one per GPU: the worker is the first and starts the others. Light.

The first holds the run's lock and writes its events; the others end with it, however it ends.
"""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

# Exit code of a process that ran out of memory.
OUT_OF_MEMORY = 4
LOOK_SECONDS = 0.2
_FOLLOWER = "MEDTUI_FOLLOWER"
_SET_PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG, prctl(2)


def is_follower() -> bool:
    """Tell whether this process was started by the first one."""
    return _FOLLOWER in os.environ


def die_with_parent() -> None:
    """Have the kernel end this process when the first one ends, also when that one is killed."""
    ctypes.CDLL(None, use_errno=True).prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGKILL)
    if os.getppid() != int(os.environ[_FOLLOWER]):
        sys.exit(1)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    os.umask(0o077)


class Followers:
    """The other processes of a run; they end with the first one, and their end is noticed by it.

    Args:
        run: the run's folder.
        processes: how many train together, the first included; 1 starts none.
        lost: told the exit code of a process that ended by itself with an error; called in a thread, because the first
            process may wait for the lost one forever.
    """

    def __init__(self, run: Path, processes: int, lost: Callable[[int], None]) -> None:
        self._lost = lost
        self._over = threading.Event()
        self._started: list[subprocess.Popen[bytes]] = []
        if processes > 1:
            meeting = {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(_free_port()), "WORLD_SIZE": str(processes)}
            self._started = [_start(run, rank, meeting) for rank in range(1, processes)]
            os.environ.update({**meeting, "RANK": "0", "LOCAL_RANK": "0"})
            threading.Thread(target=self._watch, daemon=True).start()

    def _watch(self) -> None:
        while not self._over.wait(LOOK_SECONDS):
            failed = next((code for code in (one.poll() for one in self._started) if code), None)
            if failed is not None:
                self.end()
                self._lost(failed)
                return

    def end(self) -> None:
        """End them."""
        self._over.set()
        for other in self._started:
            other.kill()
            other.wait()


def _start(run: Path, rank: int, meeting: dict[str, str]) -> subprocess.Popen[bytes]:
    environment = {**os.environ, **meeting, "RANK": str(rank), "LOCAL_RANK": str(rank), _FOLLOWER: str(os.getpid())}
    return subprocess.Popen(
        [sys.executable, "-m", "medtui.training.worker", str(run), *sys.argv[2:]],
        stdin=subprocess.DEVNULL,
        env=environment,
    )


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
