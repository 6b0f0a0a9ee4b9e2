"""Passwords of protected files on a real terminal: asked for once a group, never shown, never kept."""

import json
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
import pyzipper

from medtui import vault
from medtui.reports import store
from medtui.workspace import DONE, Workspace
from tests.pty.terminal import Terminal, environment

NOTE = "CLINIC NOTE {}\n\nHistory: cough for a week.\n\nAssessment: viral infection.\n"
# They open archives that the tests make.
FIRST, SECOND, WRONG = "Mon5oon-Kite", "Tidal-R1ver", "not-this-0ne"


def locked(path: Path, password: str) -> None:
    """An archive with a password and one note in it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with pyzipper.AESZipFile(path, "w", encryption=pyzipper.WZ_AES) as archive:
        archive.setpassword(password.encode())
        archive.writestr("note.txt", NOTE.format(path.parent.name + path.stem))


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """Three folders of protected archives, two of which have the same password, and a letter for everybody."""
    folder = tmp_path / "export"
    for place, password in (("a", FIRST), ("b", SECOND), ("c", FIRST)):
        for number in range(2):
            locked(folder / place / f"{number}.zip", password)
    (folder / "letter.txt").write_text(NOTE.format("letter"))
    return folder


def imported(practice: Workspace, export: Path) -> Terminal:
    """The command, on a terminal wide enough for its paths."""
    arguments = ("reports", "import", str(export), "--workspace", str(practice.path), "--ask-password")
    return Terminal(*arguments, size=(200, 40), env=environment(practice.path.parents[1]))


def typed(terminal: Terminal, prompt: str, password: str) -> None:
    """Wait for a prompt and answer it."""
    terminal.wait_for(prompt)
    terminal.wait_for_prompt("Password")
    terminal.press(password, "enter")


def count(practice: Workspace) -> int:
    """How many reports the vault holds."""
    with closing(vault.connect(practice)) as connection:
        return store.count(connection)


def test_each_group_is_asked_for_once_and_nothing_is_kept(workspace: Workspace, export: Path) -> None:
    terminal = imported(workspace, export)
    # The last folder's files open with a password that was given before, so nobody is asked again.
    typed(terminal, f"2 files inside archives in {export}/a are protected; Enter alone leaves them out.", FIRST)
    typed(terminal, f"2 files inside archives in {export}/b are protected", WRONG)
    terminal.wait_for("The password opened none of them. 2 files")
    typed(terminal, "Password (try 2 of 3)", SECOND)
    terminal.wait_for("7 reports of 0 patients", "7 are new")
    assert terminal.ended() == 0
    assert f"{export}/c are" not in terminal.text
    assert workspace.state("reports") == DONE
    assert count(workspace) == 7
    for password in (FIRST, SECOND, WRONG):
        assert password.encode() not in terminal.raw
        for path in workspace.path.rglob("*"):
            assert path.is_dir() or password.encode() not in path.read_bytes()


def test_a_group_is_left_out_by_enter_or_after_three_wrong_passwords(workspace: Workspace, export: Path) -> None:
    terminal = imported(workspace, export)
    typed(terminal, f"{export}/a are protected", "")
    typed(terminal, f"{export}/b are protected", WRONG)
    typed(terminal, "Password (try 2 of 3)", WRONG + "1")
    typed(terminal, "Password (try 3 of 3)", WRONG + "2")
    terminal.wait_for(f"3 passwords opened none of them. 2 files inside archives in {export}/b are left out.")
    typed(terminal, f"{export}/c are protected", FIRST)
    terminal.wait_for("reports of 0 patients", "could not be read")
    assert terminal.ended() == 0
    # What was left out at first is not opened behind one's back by a password that was given later for other files.
    assert count(workspace) == 3
    with closing(vault.connect(workspace)) as connection:
        left = sorted({Path(unread.path).parent.name for unread in store.refusals(connection)})
    assert left == ["a", "b"]


def test_reading_asks_too_and_prints_each_report_once(tmp_path: Path, export: Path) -> None:
    arguments = ("reports", "read", str(export), "--json", "--ask-password")
    terminal = Terminal(*arguments, size=(200, 60), env=environment(tmp_path))
    typed(terminal, f"{export}/a are protected", FIRST)
    typed(terminal, f"{export}/b are protected", "")
    assert terminal.ended() == 0
    lines = [line for line in bytes(terminal.raw).decode().splitlines() if line.startswith("{")]
    results = [json.loads(line) for line in lines]
    assert sorted((Path(line["path"]).parent.name, line["status"]) for line in results) == [
        ("a", "read"), ("a", "read"), ("b", "refused"), ("b", "refused"), ("c", "read"), ("c", "read"),
        ("export", "read"),
    ]  # fmt: skip
    assert FIRST.encode() not in terminal.raw


def test_without_a_terminal_nobody_is_asked(workspace: Workspace, export: Path) -> None:
    command = [sys.executable, "-m", "medtui", "reports", "import", str(export), "--workspace", str(workspace.path)]
    done = subprocess.run(
        [*command, "--ask-password", "--json"], input=FIRST, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0
    assert json.loads(done.stdout)["documents"] == 1
    assert done.stderr.count("nobody can be asked, because this is no terminal") == 1
    assert "Password" not in done.stderr


def test_protected_files_of_other_imports_are_not_asked_for(workspace: Workspace, export: Path) -> None:
    interrupted = imported(workspace, export / "a")
    interrupted.wait_for("Password:")
    interrupted.press("\x03")
    interrupted.wait_for("Aborted!")
    assert interrupted.ended() == 1
    workspace.save_answer("reports", "paths", [])
    terminal = imported(workspace, export / "letter.txt")
    terminal.wait_for("1 reports of 0 patients")
    assert terminal.ended() == 0
    assert "are protected" not in terminal.text
