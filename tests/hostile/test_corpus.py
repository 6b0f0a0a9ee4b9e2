"""Nothing that a file does stops the import, hurts another file, or comes out with what a terminal would obey."""

import json
import os
import socket
from pathlib import Path

import pytest

from medtui import vault
from medtui.reports import importing, store
from medtui.reports.document import Document, UnreadFile
from medtui.reports.settings import Settings
from medtui.text import FORBIDDEN
from medtui.workspace import Workspace
from tests.hostile.corpus import CORPUS
from tests.reports import samples

Outcome = dict[str, list[Document | UnreadFile]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All attacks in one folder, each between two harmless reports."""
    path = tmp_path_factory.mktemp("export")
    for number, (name, (make, _)) in enumerate(CORPUS.items()):
        (path / name).write_bytes(make())
        (path / f"{name} neighbour").write_text(samples.TEXT.replace("00482913", f"{number:08}"))
    return path


@pytest.fixture(scope="module")
def outcome(folder: Path) -> Outcome:
    """What came of each file."""
    found: Outcome = {}
    for item in importing.read_paths([folder], Settings(seconds=3)):
        found.setdefault(Path(item.path).name, []).append(item)
    return found


def test_there_are_enough_kinds() -> None:
    assert len(CORPUS) >= 40


@pytest.mark.parametrize("name", list(CORPUS))
def test_an_attack_ends_as_text_or_as_a_reason(outcome: Outcome, name: str) -> None:
    results = outcome[name]
    kinds = {"read" if isinstance(item, Document) else "refused" for item in results}
    wanted = CORPUS[name][1]
    assert wanted == "either" or kinds == {wanted}
    neighbour = outcome[f"{name} neighbour"]
    assert [type(item) for item in neighbour] == [Document]
    for item in results:
        written = json.dumps(
            item.to_dict() if isinstance(item, Document) else [item.reason, item.inner_path], ensure_ascii=False
        )
        assert not FORBIDDEN.search(written)
        assert "root:x:0:0" not in written
        if isinstance(item, UnreadFile):
            assert item.reason.endswith(".")
            assert len(item.reason) < 300
            assert "Traceback" not in item.reason


def test_what_is_no_file_is_named(workspace: Workspace, tmp_path: Path) -> None:
    folder = tmp_path / "odd"
    folder.mkdir()
    os.mkfifo(folder / "pipe")
    (folder / "loop").symlink_to(folder)
    (folder / "zero").symlink_to("/dev/zero")
    (folder / "good.txt").write_text(samples.TEXT)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(folder / "socket"))
    summary = importing.import_paths(workspace, [folder, Path("/dev/zero"), tmp_path / "absent"])
    listener.close()
    assert (summary.added, summary.refused) == (1, 6)


def test_names_that_attack_are_shown_harmlessly(workspace: Workspace, tmp_path: Path) -> None:
    folder = tmp_path / "names"
    folder.mkdir()
    names = [
        b"\x1b]0;pwned\x07.txt",
        b"\xff\xfe undecodable.txt",
        "‮txt.exe".encode(),
        b"[@click=app.quit]",
        b"new\nline.txt",
        b"x" * 250,
    ]
    for number, name in enumerate(names):
        path = os.path.join(os.fsencode(folder), name)
        with open(path, "w") as stream:
            stream.write(samples.TEXT.replace("00482913", f"{number:08}"))
    summary = importing.import_paths(workspace, [folder])
    assert (summary.added, summary.refused) == (len(names), 0)
    connection = vault.connect(workspace)
    assert not any(FORBIDDEN.search(document.path) or "\n" in document.path for document in store.documents(connection))


def test_a_file_that_changes_while_it_is_read(workspace: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "growing.txt"
    path.write_text(samples.TEXT)

    def grow(done: int, total: int, message: str) -> None:
        if message == "Looking for files":
            return
        path.write_text(samples.TEXT * 2)

    other = tmp_path / "a.txt"
    other.write_text(samples.TEXT.replace("Small", "Large"))
    importing.import_paths(workspace, [other, path], grow)
    again = importing.import_paths(workspace, [path])
    connection = vault.connect(workspace)
    assert any(document.text.count("IMPRESSION") == 2 for document in store.documents(connection))
    assert again.refused == 0
