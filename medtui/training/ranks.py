"""Several processes that train together, one per GPU: the worker is the first and starts the others. Light.

The first holds the run's lock and writes its events; the others end with it, however it ends.
"""

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

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


@contextlib.contextmanager
def others(run: Path, processes: int) -> Iterator[None]:
    """Start the other processes of a run, and end them with the block.

    Args:
        run: the run's folder.
        processes: how many train together, this one included; 1 starts none.
    """
    if processes == 1:
        yield
        return
    meeting = {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(_free_port()), "WORLD_SIZE": str(processes)}
    started = [_start(run, rank, meeting) for rank in range(1, processes)]
    os.environ.update({**meeting, "RANK": "0", "LOCAL_RANK": "0"})
    try:
        yield
    finally:
        for other in started:
            other.kill()
            other.wait()


def _start(run: Path, rank: int, meeting: dict[str, str]) -> subprocess.Popen[bytes]:
    environment = {**os.environ, **meeting, "RANK": str(rank), "LOCAL_RANK": str(rank), _FOLLOWER: str(os.getpid())}
    return subprocess.Popen(
        [sys.executable, "-m", "medtui.training.worker", str(run)], stdin=subprocess.DEVNULL, env=environment
    )


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
