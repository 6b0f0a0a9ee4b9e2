"""The vault encrypted with a passphrase or key file: nothing readable on disk, nothing visible of the key."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from click.testing import CliRunner

from medtui import vault
from medtui.cli import medtui
from medtui.deid import step, store
from medtui.errors import Refusal
from medtui.passphrase import asker, from_file
from medtui.workspace import Workspace

sqlcipher3 = pytest.importorskip("sqlcipher3")

WORDS = b"four plain words together"


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    """No test knows another's keys."""
    yield
    vault._keys.clear()
    vault.ask_with(lambda _: None)


def texts(workspace: Workspace) -> list[str]:
    with contextlib.closing(vault.connect(workspace)) as connection:
        return [report.text for report in store.deidentified(connection)]


def test_nothing_is_readable_without_the_passphrase(finished: Workspace) -> None:
    before = texts(finished)
    assert b"Marchbanks" in finished.vault_path.read_bytes()
    step.secure(finished, WORDS)
    assert texts(finished) == before
    content = finished.vault_path.read_bytes()
    assert not any(value in content for value in (b"SQLite format", b"Marchbanks", b"CREATE TABLE", b"[NAME]"))
    assert [path.name for path in finished.path.glob("vault.db*")] == ["vault.db"]
    assert finished.vault_path.stat().st_mode & 0o777 == 0o600
    vault._keys.clear()
    with pytest.raises(Refusal, match="is locked"):
        vault.connect(finished)
    with pytest.raises(Refusal, match="does not open the vault"):
        vault.unlock(finished, b"some other words")
    vault.unlock(finished, WORDS)
    assert texts(finished) == before
    trail = finished.audit_path.read_text()
    assert "vault encrypted" in trail
    assert WORDS.decode() not in trail


def test_any_sqlcipher_tool_opens_it(finished: Workspace) -> None:
    step.secure(finished, WORDS)
    with contextlib.closing(sqlcipher3.dbapi2.connect(str(finished.vault_path))) as connection:
        connection.execute(f"PRAGMA key = '{WORDS.decode()}'")
        assert connection.execute("SELECT count(*) FROM documents").fetchone() == (2,)
        assert connection.execute("PRAGMA cipher_integrity_check").fetchall() == []


def test_another_passphrase_and_none(finished: Workspace) -> None:
    before = texts(finished)
    step.secure(finished, WORDS)
    step.secure(finished, b"other words than before")
    vault._keys.clear()
    with pytest.raises(Refusal, match="does not open"):
        vault.unlock(finished, WORDS)
    vault.unlock(finished, b"other words than before")
    step.secure(finished, None)
    vault._keys.clear()
    assert texts(finished) == before


def test_the_detached_worker_gets_the_key_in_memory_alone(practice: Workspace) -> None:
    step.secure(practice, WORDS)
    key = vault.key(practice).hex()
    job = step.begin(practice)
    process = psutil.Process(int(job.events()[0][0]["pid"]))
    with contextlib.suppress(psutil.NoSuchProcess):
        seen = " ".join(process.cmdline()) + json.dumps(process.environ())
        assert key not in seen
        assert WORDS.decode() not in seen
    result = step.accept(practice, job.follow())
    assert result["known_identifiers_left"] == 0
    assert texts(practice)
    files = [path for path in practice.path.rglob("*") if path.is_file()]
    for path in files:
        content = path.read_bytes()
        assert b"Marchb" not in content
        assert bytes.fromhex(key) not in content
        assert key.encode() not in content


def test_rewriting_killed_at_any_point_loses_nothing(finished: Workspace, tmp_path: Path) -> None:
    before = texts(finished)
    program = (
        "import os, sys\nfrom pathlib import Path\nfrom medtui import vault\nfrom medtui.workspace import Workspace\n"
        "def dying(*_):\n    os.kill(os.getpid(), 9)\n"
        "setattr(*{'link': (os, 'link', dying), 'replace': (os, 'replace', dying),"
        " 'destroy': (vault, 'destroy', dying)}[sys.argv[2]])\n"
        f"vault.rewrite(Workspace.open(Path(sys.argv[1])), {WORDS!r})\n"
    )
    for point in ("link", "replace", "destroy"):
        workspace = Workspace.open(shutil.copytree(finished.path, tmp_path / point))
        done = subprocess.run([sys.executable, "-c", program, str(workspace.path), point], check=False)
        assert done.returncode == -signal.SIGKILL
        assert vault.is_encrypted(workspace) is (point == "destroy")
        if point == "destroy":
            vault.unlock(workspace, WORDS)
        assert texts(workspace) == before
        step.secure(workspace, WORDS)
        assert texts(workspace) == before
        assert [path.name for path in workspace.path.glob("vault.db*")] == ["vault.db"]


def test_what_somebody_writes_stops_the_rewriting(finished: Workspace) -> None:
    program = (
        "import sqlite3, sys\nconnection = sqlite3.connect(sys.argv[1])\nconnection.execute('BEGIN IMMEDIATE')\n"
        "print('begun', flush=True)\nsys.stdin.read()\n"
    )
    command = [sys.executable, "-c", program, str(finished.vault_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout
        other.stdout.readline()
        with pytest.raises(Refusal, match="was not changed"):
            step.secure(finished, WORDS)
        other.communicate()
    assert not vault.is_encrypted(finished)
    assert [path.name for path in finished.path.glob("vault.db*")] == ["vault.db"]


def test_purge_needs_no_passphrase(finished: Workspace) -> None:
    step.secure(finished, WORDS)
    vault._keys.clear()
    assert step.purge(finished) == 1
    assert not finished.vault_path.exists()


def invoke(*arguments: str, words: bytes = b"") -> tuple[int, str]:
    """Run a command whose passphrase comes through a pipe as descriptor 9 would."""
    reader, writer = os.pipe()
    os.write(writer, words)
    os.close(writer)
    vault._keys.clear()
    filled = [part.replace("FD", str(reader)) for part in arguments]
    result = CliRunner().invoke(medtui, filled)
    with contextlib.suppress(OSError):
        os.close(reader)
    return result.exit_code, result.output + str(result.exception or "")


def test_commands(finished: Workspace, tmp_path: Path) -> None:
    at = ("--workspace", str(finished.path))
    code, said = invoke("deid", "encrypt", *at, "--passphrase-fd", "FD", words=b"short\n")
    assert "at least 12 characters" in said
    assert code == 1
    assert invoke("deid", "encrypt", *at, "--passphrase-fd", "FD", words=WORDS + b"\n")[0] == 0
    assert "is locked" in invoke("reports", "list", *at)[1]
    assert invoke("--passphrase-fd", "FD", "reports", "list", *at, words=WORDS)[0] == 0
    assert "does not open" in invoke("--passphrase-fd", "FD", "reports", "list", *at, words=b"wrong words\n")[1]
    key_file = tmp_path / "vault.key"
    beside = str(finished.path / "vault.key")
    code, said = invoke("--passphrase-fd", "FD", "deid", "encrypt", *at, "--key-file", beside, words=WORDS)
    assert "beside the lock" in said
    change = ("--passphrase-fd", "FD", "deid", "encrypt", *at, "--key-file", str(key_file))
    assert invoke(*change, words=WORDS)[0] == 0
    assert key_file.stat().st_mode & 0o777 == 0o600
    assert invoke("--key-file", str(key_file), "deid", "decrypt", *at)[0] == 0
    assert not vault.is_encrypted(finished)


def test_what_is_no_key_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "short").write_bytes(b"x" * 31)
    with pytest.raises(Refusal, match="no key file"):
        from_file(tmp_path / "short")
    with pytest.raises(Refusal, match="Cannot read the key file"):
        from_file(tmp_path / "missing")
    with pytest.raises(Refusal, match="file descriptor 987"):
        asker(None, 987)(Workspace(tmp_path))
