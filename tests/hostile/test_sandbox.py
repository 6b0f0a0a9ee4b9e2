"""What a reader process may not do, tried by a process that tries."""

import subprocess
import sys
from pathlib import Path

import pytest

_ATTEMPTS = {
    "a socket": "import socket; socket.socket()",
    "a new file": "open(sys.argv[1], 'w')",
    "an old file": "open(sys.argv[2], 'a')",
    "emptying a file": "os.truncate(sys.argv[2], 0)",
    "deleting a file": "os.unlink(sys.argv[2])",
    "renaming a file": "os.rename(sys.argv[2], sys.argv[1])",
    "making a folder": "os.mkdir(sys.argv[1])",
    "changing permissions": "os.chmod(sys.argv[2], 0o777)",
    "a signal to its parent": "os.kill(os.getppid(), 9)",
    "all memory": "bytearray(3 << 30)",
}


@pytest.mark.parametrize("attempt", list(_ATTEMPTS))
def test_a_reader_is_kept_from(attempt: str, tmp_path: Path) -> None:
    old = tmp_path / "old"
    old.write_text("content")
    program = (
        "import os, sys\nfrom medtui.reports import sandbox\nassert sandbox.enter() == ()\n"
        f"try:\n    {_ATTEMPTS[attempt]}\nexcept (PermissionError, MemoryError):\n    sys.exit(7)\n"
    )
    done = subprocess.run([sys.executable, "-c", program, str(tmp_path / "new"), str(old)], check=False, timeout=60)
    assert done.returncode == 7
    assert old.read_text() == "content"
    assert not (tmp_path / "new").exists()


def test_endless_work_is_ended(tmp_path: Path) -> None:
    program = "from medtui.reports import sandbox\nsandbox.enter()\nsandbox.allow_cpu(0)\nwhile True: pass\n"
    done = subprocess.run([sys.executable, "-c", program], check=False, timeout=60)
    assert done.returncode == -24
