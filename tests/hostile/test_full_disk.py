"""A disk that is really full: one sentence, nothing half-imported, and the import goes on once there is space."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from medtui import vault
from medtui.errors import Refusal
from medtui.reports import importing, store
from medtui.workspace import Workspace
from tests.reports import samples

REPORTS, FITTING = 300, 20


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of one and a half megabytes."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounting = ["mount", "-t", "tmpfs", "-o", "size=1536k,mode=0700", "tmpfs", str(folder)]
    try:
        done = subprocess.run(mounting, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    except FileNotFoundError:
        pytest.skip("there is no program `mount` here to make a small disk with")
    if done.returncode:
        pytest.skip("this user may not mount a small disk")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def enlarge(disk: Path) -> None:
    subprocess.run(["mount", "-o", "remount,size=64m", str(disk)], check=True)


@pytest.fixture
def export(tmp_path: Path) -> Path:
    folder = tmp_path / "export"
    folder.mkdir()
    for number in range(REPORTS):
        text = samples.TEXT.replace("00482913", f"{number:08}") + "The patient was seen and examined. " * 200
        (folder / f"{number:04}.txt").write_text(text)
    return folder


def _stored(workspace: Workspace) -> list[str]:
    connection = vault.connect(workspace)
    try:
        assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        return [document.id for document in store.documents(connection) if len(document.text) > 7000]
    finally:
        connection.close()


def test_a_full_disk_stops_the_import_whole(disk: Path, export: Path) -> None:
    workspace = Workspace.create(disk / "practice", "Small disk")
    first = sorted(export.iterdir())[:FITTING]
    assert importing.import_paths(workspace, first).added == FITTING
    with pytest.raises(Refusal, match="free some space and import again"):
        importing.import_paths(workspace, [export])
    enlarge(disk)
    before = _stored(workspace)
    assert FITTING <= len(before) < REPORTS
    summary = importing.import_paths(workspace, [export])
    assert summary.added == REPORTS - len(before)
    assert summary.already_known == len(before)
    after = _stored(workspace)
    assert len(after) == len(set(after)) == REPORTS
    assert after[: len(before)] == before


def test_the_command_says_so_in_a_sentence(disk: Path, export: Path) -> None:
    workspace = Workspace.create(disk / "practice", "Small disk")
    command = [sys.executable, "-m", "medtui", "reports", "import", str(export), "--workspace", str(workspace.path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "free some space and import again" in done.stderr
    assert "Traceback" not in done.stderr
    enlarge(disk)
    again = subprocess.run(command, capture_output=True, text=True, check=False)
    assert again.returncode == 0, again.stderr
    assert len(_stored(workspace)) == REPORTS
