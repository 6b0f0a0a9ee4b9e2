"""An import as a whole: folders in, vault filled, nothing twice, nothing silently left out."""

import io
import json
import os
import threading
from pathlib import Path

import psutil
import pytest
from click.testing import CliRunner
from msoffcrypto.format.ooxml import OOXMLFile

from medtui import vault
from medtui.cli import medtui
from medtui.errors import Refusal
from medtui.reports import importing, step, store
from medtui.reports.settings import Settings
from medtui.workspace import Workspace
from tests.reports import samples


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """A folder as an export leaves it, with files that cannot be read."""
    folder = tmp_path / "export"
    (folder / "deep" / "deeper").mkdir(parents=True)
    (folder / "a.txt").write_text(samples.TEXT)
    (folder / "named.pdf").write_text(samples.HL7)
    (folder / "deep" / "b.bin").write_bytes(samples.pdf(samples.TEXT))
    (folder / "deep" / "deeper" / "table").write_text(samples.CSV)
    (folder / "empty.txt").touch()
    (folder / "noise.txt").write_bytes(bytes(range(256)) * 40)
    (folder / "link.txt").symlink_to(folder / "a.txt")
    os.mkfifo(folder / "pipe")
    return folder


def test_everything_is_read_or_named(workspace: Workspace, export: Path) -> None:
    workspace.save_answer("reports", "paths", [str(export)])
    result = step.run(workspace)
    assert result["formats"] == {"csv": 2, "hl7v2": 1, "pdf": 1, "text": 1}
    assert (result["documents"], result["unreadable"], result["patients"]) == (5, 4, 2)
    connection = vault.connect(workspace)
    reasons = {Path(item.path).name: item.reason for item in store.refusals(connection)}
    assert set(reasons) == {"empty.txt", "noise.txt", "link.txt", "pipe"}
    assert workspace.state("reports") == "done"
    assert workspace.result("reports") == result


def test_importing_again_adds_only_what_is_new(workspace: Workspace, export: Path) -> None:
    first = importing.import_paths(workspace, [export])
    (export / "new.txt").write_text(samples.TEXT.replace("Small", "Large"))
    (export / "copy.txt").write_text(samples.TEXT)
    second = importing.import_paths(workspace, [export])
    assert (first.added, first.already_known) == (5, 0)
    assert (second.added, second.already_known) == (1, 6)


def test_a_practice_s_own_workspace_is_left_out(workspace: Workspace, export: Path) -> None:
    importing.import_paths(workspace, [workspace.path.parent])
    connection = vault.connect(workspace)
    assert [item.reason for item in store.refusals(connection) if item.path == str(workspace.path)] == [
        "It is this practice's own workspace; it is left out."
    ]
    assert store.count(connection) == 5


def test_a_cancelled_import_is_carried_on(workspace: Workspace, tmp_path: Path) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(60):
        (folder / f"{number}.txt").write_text(samples.TEXT.replace("00482913", f"{number:08}"))
    stop = threading.Event()
    first = importing.import_paths(workspace, [folder], lambda done, *_: stop.set() if done > 20 else None, None, stop)
    assert first.cancelled
    assert 0 < first.added < 60
    second = importing.import_paths(workspace, [folder])
    assert first.added + second.added == 60
    assert second.already_known == first.added


def _children() -> set[psutil.Process]:
    return set(psutil.Process().children(recursive=True))


def test_cancelling_does_not_wait_for_a_slow_file(workspace: Workspace, tmp_path: Path) -> None:
    path, protected = tmp_path / "slow.docx", io.BytesIO()
    OOXMLFile(io.BytesIO(samples.word())).encrypt("right", protected)
    path.write_bytes(protected.getvalue())
    # Each password takes a tenth of a second to try.
    slow = Settings(tuple(f"wrong {number}" for number in range(100)))
    stop, done = threading.Event(), []
    running = threading.Thread(
        target=lambda: done.append(importing.import_paths(workspace, [path], settings=slow, cancelled=stop)),
        daemon=True,
    )
    before = _children()
    running.start()
    # A reader, beside the process that readers are copied from.
    while len(_children() - before) < 2:
        assert running.is_alive()
    stop.set()
    running.join()
    assert (done[0].cancelled, done[0].files, done[0].added, done[0].refused) == (True, 0, 0, 0)
    assert _children() <= before
    again = importing.import_paths(workspace, [path], settings=Settings(("right",)))
    assert (again.cancelled, again.added, again.already_known, again.refused) == (False, 1, 0, 0)


def test_a_step_without_anything_readable_refuses(workspace: Workspace, tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="No reports were named"):
        step.run(workspace)
    (tmp_path / "x.bin").write_bytes(b"\x00\xff" * 100)
    workspace.save_answer("reports", "paths", [str(tmp_path / "x.bin"), str(tmp_path / "gone")])
    with pytest.raises(Refusal, match="None of the 2 files"):
        step.run(workspace)
    assert workspace.state("reports") == "open"


def test_commands(workspace: Workspace, export: Path) -> None:
    runner = CliRunner()
    arguments = ["reports", "import", str(export), "--workspace", str(workspace.path), "--json"]
    result = runner.invoke(medtui, arguments, catch_exceptions=False)
    assert json.loads(result.stdout.splitlines()[-1])["documents"] == 5
    listed = runner.invoke(medtui, ["reports", "list", "--workspace", str(workspace.path), "--json"])
    lines = [json.loads(line) for line in listed.stdout.splitlines()]
    assert [line["status"] for line in lines].count("refused") == 4
    assert "Holloway" not in listed.stdout
    read = runner.invoke(medtui, ["reports", "read", str(export / "a.txt"), str(export / "empty.txt"), "--json"])
    by_status = {line["status"]: line for line in map(json.loads, read.stdout.splitlines())}
    wanted = {"path", "inner_path", "format", "status", "reason", "chars", "patient_key", "known_identifiers",
              "report_date", "title", "sections", "text", "warnings"}  # fmt: skip
    assert wanted <= set(by_status["read"])
    assert wanted <= set(by_status["refused"])
    assert by_status["read"]["chars"] == len(by_status["read"]["text"])


def test_no_identifier_reaches_the_audit_trail(workspace: Workspace, export: Path) -> None:
    workspace.save_answer("reports", "paths", [str(export)])
    step.run(workspace)
    trail = workspace.audit_path.read_text()
    assert "reports imported" in trail
    assert not any(word in trail for word in ("Holloway", "00482913", "Mill Lane"))
