"""What a reader process may not do, tried by a process that tries."""

import json
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from medtui.reports import reading
from medtui.reports.document import Document, decoded
from medtui.reports.draft import Source
from medtui.reports.pool import Job, Pool, parsed
from tests.reports import samples

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


def test_readers_are_started_anew_when_the_process_they_are_copied_from_dies(tmp_path: Path) -> None:
    paths = [tmp_path / f"{number}.txt" for number in range(6)]
    for number, path in enumerate(paths):
        path.write_text(samples.TEXT.replace("00482913", f"{number:08}"))
    with Pool(1) as pool:
        first = list(pool.run(iter([Job(str(paths[0]))])))
        pool._nursery.process.kill()
        pool._nursery.process.wait()
        rest = list(pool.run(Job(str(path)) for path in paths[1:]))
    assert ["document" in answer for _, answer in first] == [True, False]
    # The reader died with it: the file it was given first is lost or read, all behind it are read.
    assert sum("document" in answer for _, answer in rest) >= len(paths) - 2
    assert sum("end" in answer for _, answer in rest) == len(paths) - 1


def test_what_no_reader_writes_is_not_believed() -> None:
    good = next(item for item in reading.read(Source(samples.TEXT.encode()), "a") if isinstance(item, Document))
    assert decoded(json.dumps(good.to_dict())) == good
    changes = ({"text": None}, {"id": 7}, {"known_identifiers": [{"kind": "x", "value": "y"}]}, {"extra": ""})
    documents = [json.dumps({"document": {**good.to_dict(), **change}}, separators=(",", ":")) for change in changes]
    others = ['{"unread":{}}', '{"end":"","size":"9"}', '{"end":"","begin":""}', '{"size":9}', '{"table":{}}']
    for lie in (*documents, *others, '{"other":{}}', "{}", "[]", "", '{"document":{}}'):
        with pytest.raises(ValueError, match=r"^(?:Object|Expected|Invalid|Input|no answer)"):
            parsed(lie.encode())


def test_a_reader_keeps_nothing_of_the_files_it_has_read(tmp_path: Path) -> None:
    path = tmp_path / "letter.docx"
    path.write_bytes(samples.word(samples.TEXT))
    with Pool(1) as pool:
        answers = pool.run(Job(str(path)) for _ in range(250))
        read = sum("document" in answer for _, answer in answers)
        (reader,) = psutil.Process(pool._nursery.process.pid).children()
        assert reader.memory_info().rss < 160 << 20
    assert read == 250
