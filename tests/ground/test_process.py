"""Detached jobs: found again, never started twice, and honest about how they ended."""

import os
import signal
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from medtui.errors import Refusal
from medtui.process import Job

MODULE = "tests.ground.sample_worker"


@pytest.fixture
def job(tmp_path: Path) -> Job:
    return Job(tmp_path / "job")


def _wait(condition: Callable[[], bool]) -> None:
    while not condition():
        threading.Event().wait(0.02)


def test_a_finished_job_gives_its_result_and_progress(job: Job) -> None:
    assert job.status() == "new"
    job.start(MODULE, "finish")
    seen: list[tuple[int, int, str]] = []
    assert job.follow(lambda *report: seen.append(report)) == {"figure": 42}
    assert seen == [(1, 3, "Counting"), (2, 3, "Counting"), (3, 3, "Counting")]
    assert job.status() == "finished"
    assert {path.stat().st_mode & 0o077 for path in job.folder.iterdir()} == {0}


def test_a_refusal_arrives_as_its_sentence(job: Job) -> None:
    job.start(MODULE, "refuse")
    with pytest.raises(Refusal, match="The sample refuses"):
        job.follow()
    assert job.status() == "failed"


def test_a_crash_never_quotes_its_message(job: Job) -> None:
    job.start(MODULE, "crash")
    with pytest.raises(Refusal, match="ValueError") as raised:
        job.follow()
    assert "Patient" not in str(raised.value)
    assert "Patient" not in job.events_path.read_text()


def test_it_runs_in_its_own_session_and_only_once(job: Job) -> None:
    job.start(MODULE, "wait")
    _wait(lambda: any(record["event"] == "waiting" for record in job.events()[0]))
    waiting = next(record for record in job.events()[0] if record["event"] == "waiting")
    assert waiting["session"] == waiting["process"] != os.getsid(0)
    assert job.status() == "running"
    with pytest.raises(Refusal, match="running already"):
        job.start(MODULE, "finish")
    os.kill(waiting["process"], signal.SIGHUP)
    assert job.status() == "running", "a closed terminal must not end it"
    job.signal(signal.SIGTERM)
    with pytest.raises(Refusal, match="Stopped as asked"):
        job.follow()
    assert job.status() == "stopped"


def test_killed_is_lost_and_can_start_again(job: Job) -> None:
    job.start(MODULE, "wait")
    job.signal(signal.SIGKILL)
    with pytest.raises(Refusal, match="lost"):
        job.follow()
    assert job.status() == "lost"
    with pytest.raises(Refusal, match="not running"):
        job.signal(signal.SIGTERM)
    job.start(MODULE, "finish")
    assert job.follow() == {"figure": 42}


def test_a_worker_that_cannot_start_is_named(job: Job) -> None:
    with pytest.raises(Refusal, match="could not start"):
        job.start("medtui.no_such_worker")
