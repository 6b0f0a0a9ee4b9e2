"""Whether work survives log-out, read from the files of systemd and of containers."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from medtui.machine.detached import launcher, survives_logout


def system(root: Path, settings: str = "", linger: str = "", folder: str = "etc/systemd") -> Path:
    (root / "run/systemd/system").mkdir(parents=True)
    (root / folder).mkdir(parents=True, exist_ok=True)
    if settings:
        (root / folder / "logind.conf").write_text(settings)
    if linger:
        (root / "var/lib/systemd/linger").mkdir(parents=True)
        (root / "var/lib/systemd/linger" / linger).write_text("")
    return root


def test_the_usual_server_keeps_work_running(tmp_path: Path) -> None:
    survives, note = survives_logout(system(tmp_path, "[Login]\n#KillUserProcesses=no\n"), "asha")
    assert survives is True
    assert note.endswith(".")


@pytest.mark.parametrize("value", ["yes", "true", "1", "on"])
def test_a_server_that_ends_processes_says_what_to_run(tmp_path: Path, value: str) -> None:
    survives, note = survives_logout(system(tmp_path, f"[Login]\nKillUserProcesses={value}\n"), "asha")
    assert survives is False
    assert "loginctl enable-linger" in note


def test_lingering_saves_the_work(tmp_path: Path) -> None:
    root = system(tmp_path, "[Login]\nKillUserProcesses=yes\n", linger="asha")
    assert survives_logout(root, "asha")[0] is True
    assert survives_logout(root, "other")[0] is False


def test_a_later_drop_in_wins(tmp_path: Path) -> None:
    root = system(tmp_path, "[Login]\nKillUserProcesses=yes\n")
    drop = root / "etc/systemd/logind.conf.d"
    drop.mkdir()
    (drop / "50-keep.conf").write_text("[Login]\nKillUserProcesses=no\n")
    assert survives_logout(root, "asha")[0] is True


@pytest.mark.parametrize("content", ["no section\n", "[Login\n", "\xff\xfe"])
def test_damaged_settings_are_passed_over(tmp_path: Path, content: str) -> None:
    root = system(tmp_path)
    (root / "etc/systemd/logind.conf").write_bytes(content.encode("latin-1"))
    assert survives_logout(root, "asha")[0] is True


def test_a_container_is_named(tmp_path: Path) -> None:
    (tmp_path / ".dockerenv").write_text("")
    survives, note = survives_logout(tmp_path, "asha")
    assert survives is None
    assert "container" in note


@pytest.fixture
def outside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Puts a systemd-run of its own first on the path: a script that answers as systemd would."""

    def put(script: str) -> None:
        folder = tmp_path / "bin"
        folder.mkdir()
        (folder / "systemd-run").write_text(f"#!/bin/sh\n{script}\n")
        (folder / "systemd-run").chmod(0o755)
        monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")

    return put


# Takes its own options away and becomes the command.
BECOMES = 'while [ "$1" != "--" ]; do shift; done; shift; exec "$@"'


def test_where_log_out_ends_programs_a_worker_is_started_outside_the_session(
    tmp_path: Path, outside: Callable[[str], None]
) -> None:
    outside(BECOMES)
    root = system(tmp_path / "root", "[Login]\nKillUserProcesses=yes\n", linger="asha")
    assert launcher(root, "asha") == (("systemd-run", "--user", "--scope", "--quiet", "--collect", "--"), "")
    command, caution = launcher(root, "other")
    assert command
    assert "loginctl enable-linger" in caution


@pytest.mark.parametrize("script", ["echo Failed to connect to bus >&2; exit 1", "kill -9 $$"])
def test_where_that_does_not_work_it_is_said_and_the_worker_starts_as_usual(
    tmp_path: Path, outside: Callable[[str], None], script: str
) -> None:
    outside(script)
    command, caution = launcher(system(tmp_path / "root", "[Login]\nKillUserProcesses=yes\n"), "asha")
    assert command == ()
    assert "stay logged in" in caution


def test_where_log_out_ends_nothing_no_launcher_is_needed(tmp_path: Path) -> None:
    assert launcher(tmp_path / "no systemd") == ((), "")
    assert launcher(system(tmp_path / "usual"), "asha") == ((), "")
