"""An import that is killed at any moment is carried on: the same documents, none twice, none missing."""

import contextlib
import random
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from medtui import vault
from medtui.reports import importing, store
from medtui.workspace import Workspace
from tests.reports import samples
from tests.reports.archives import zipped

FILES, KILLS = 2000, 20


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """Two thousand files of several kinds, some of them in an archive."""
    folder = tmp_path / "export"
    folder.mkdir()
    for number in range(FILES - 1):
        text = samples.TEXT if number % 3 else samples.HL7
        (folder / f"{number:05}").write_text(text.replace("00482913", f"{number:08}"))
    members = {f"{n}.txt": samples.TEXT.replace("00482913", f"Z{n:07}").encode() for n in range(300)}
    (folder / "archive.zip").write_bytes(zipped(members))
    return folder


def test_killed_at_twenty_points(workspace: Workspace, export: Path) -> None:
    draw = random.Random(20)
    command = [sys.executable, "-m", "medtui", "reports", "import", str(export), "--workspace", str(workspace.path)]
    killed = 0
    for _ in range(KILLS):
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as running:
            assert running.stderr is not None
            # Progress is told about fifty times; the point of death lies some bytes behind a random one of these.
            for _ in range(draw.randint(1, 4)):
                running.stderr.readline()
            running.stderr.read(draw.randint(1, 20))
            killed += running.poll() is None
            running.kill()
        connection = vault.connect(workspace)
        store.prepare(connection)
        found = [document.id for document in store.documents(connection)]
        connection.close()
        assert len(found) == len(set(found))
    assert killed >= KILLS // 2
    summary = importing.import_paths(workspace, [export])
    connection = vault.connect(workspace)
    documents = list(store.documents(connection))
    assert len({document.id for document in documents}) == len(documents) == FILES - 1 + 300
    assert summary.refused == 0
    assert summary.added + summary.already_known == len(documents)


def test_readers_end_with_their_parent(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(samples.TEXT)
    program = (
        "import os, psutil\nfrom medtui.reports.pool import Job, Pool\npool = Pool(1)\n"
        f"list(pool.run(iter([Job({str(path)!r})])))\n"
        "started = psutil.Process().children(recursive=True)\n"
        "print(*(process.pid for process in started), flush=True)\nos.kill(os.getpid(), 9)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], stdout=subprocess.PIPE, check=False)
    started = [int(number) for number in done.stdout.split()]
    assert done.returncode == -9
    # The process that readers are copied from, and a reader.
    assert len(started) == 2
    for number in started:
        with contextlib.suppress(psutil.NoSuchProcess):
            psutil.Process(number).wait(timeout=60)
        assert not psutil.pid_exists(number)
