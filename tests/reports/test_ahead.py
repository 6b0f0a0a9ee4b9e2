"""The process that readers come from, started before anybody knows what to read."""

import json
import os
import subprocess
import sys
from pathlib import Path

from medtui.reports import importing
from medtui.reports.document import Document
from medtui.reports.nursery import Nursery, ahead, taken
from medtui.reports.pool import Job, Pool


def test_the_first_import_takes_over_what_was_started_and_ends_it(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("FINDINGS: The lungs are clear.")
    with ahead() as started:
        (first,) = importing.read_paths([tmp_path])
        assert not started.alive()
        (second,) = importing.read_paths([tmp_path])
    assert isinstance(first, Document)
    assert first == second


def test_what_nobody_takes_ends_with_the_command() -> None:
    with ahead() as started:
        assert started.alive()
    assert not started.alive()
    with taken() as other:
        assert other is not started


def test_the_command_reads_and_a_wrong_one_is_refused_all_the_same(tmp_path: Path) -> None:
    file = tmp_path / "letter.txt"
    file.write_text("FINDINGS: The lungs are clear.")
    command = [sys.executable, "-m", "medtui", "reports", "read"]
    said = subprocess.run([*command, str(file), "--json"], capture_output=True, text=True, check=True)
    assert json.loads(said.stdout)["sections"][0]["text"] == "The lungs are clear."
    wrong = subprocess.run([*command, "--no-such-option"], capture_output=True, text=True, check=False)
    assert wrong.returncode == 2
    assert "No such option" in wrong.stderr


def test_a_pool_leaves_the_turns_of_its_thread_as_they_were(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("FINDINGS: The lungs are clear.")
    before = os.sched_getscheduler(0)
    with Pool(1) as pool:
        assert len(list(pool.run(iter([Job(str(tmp_path / "letter.txt"))])))) == 2
    assert os.sched_getscheduler(0) == before


def test_readers_asked_for_ahead_hold_nothing_of_each_other(tmp_path: Path) -> None:
    with Nursery(3) as nursery:
        streams = [nursery.start() for _ in range(4)]
        # Each answers, and ends when its own requests end, whoever else is there.
        for _, requests, answers in streams:
            assert b"hello" in answers.read(64)
            requests.close()
            assert answers.read() == b""
            answers.close()
        assert {nursery.end(number) for number, _, _ in streams} <= {0, -9}
