"""Real runs of a tiny model: whole, stopped, killed, continued."""

import hashlib
import json
import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from medtui.errors import Refusal
from medtui.machine import detached
from medtui.process import RUNNING, STOPPED
from medtui.training import checkpoints, curves, runs, step
from medtui.workspace import DONE, Workspace
from tests.benchmarks import kill_training
from tests.machine.test_detached import BECOMES
from tests.training.conftest import STEPS

Practice = Callable[[], Workspace]


def weights(run: runs.Run) -> str:
    return hashlib.sha256((run.folder / "adapter" / "adapter_model.safetensors").read_bytes()).hexdigest()


def wait_for_step(run: runs.Run, number: int) -> None:
    known: curves.Curves | None = None
    while known is None or known.step < number:
        known = run.curves(known)
        assert run.status() == RUNNING, run.curves().end


def tried_stopped_and_resumed(workspace: Workspace) -> runs.Run:
    """Start a run that tries its longest examples first, stop it after two steps and let it come to its end."""
    workspace.save_answer("training", "probe", True)
    run = runs.start(workspace)
    wait_for_step(run, 2)
    assert json.loads((run.folder / "probe.json").read_text())["peak_bytes"] > 0
    runs.stop(run)
    assert run.status() == STOPPED
    runs.resume(run)
    runs.follow(run)
    return run


def same_curve(one: runs.Run, other: runs.Run) -> bool:
    left, right = one.curves(), other.curves()
    return (left.train, left.validation) == (right.train, right.validation)


def test_a_run_learns_with_nf4_and_tells_every_step(finished_run: runs.Run) -> None:
    result = finished_run.result()
    assert result is not None
    assert result["quantization"] == "nf4"
    assert result["steps"] == STEPS
    assert result["validation_loss_best"] < result["validation_loss_first"]
    known = finished_run.curves()
    assert list(known.train.steps) == list(range(1, STEPS + 1))
    assert list(known.validation.steps) == [0, 4, 8, 12]
    assert {"learning_rate", "grad_norm", "tokens_per_second", "memory_bytes", "seconds_left"} <= set(known.latest)
    assert known.latest["memory_bytes"] > 0


def test_the_adapter_is_complete_and_only_whole_checkpoints_stay(finished_run: runs.Run) -> None:
    names = {path.name for path in (finished_run.folder / "adapter").iterdir()}
    assert {"adapter_model.safetensors", "adapter_config.json", "tokenizer.json", "chat_template.jinja"} <= names
    folder = finished_run.folder / "checkpoints"
    assert [checkpoints.problem(one) for one in checkpoints.found(folder)] == ["", ""]
    assert not [path for path in folder.iterdir() if path.name.startswith(".")]


def test_files_of_a_run_are_for_their_owner_only(finished_run: runs.Run) -> None:
    for path in finished_run.folder.rglob("*"):
        assert path.stat().st_mode & 0o077 == 0, path


def test_a_killed_run_is_lost_and_goes_on_to_the_same_weights(capsys: pytest.CaptureFixture[str]) -> None:
    assert kill_training.main(["--kills", "4", "--seed", "2", "--json"]) == 0, capsys.readouterr().out


@pytest.fixture
def ends_at_logout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine that ends programs at log-out, and what was started through its systemd-run there.

    The stand-in writes its options down and becomes the command, as systemd-run does.
    """
    (tmp_path / "run/systemd/system").mkdir(parents=True)
    (tmp_path / "etc/systemd").mkdir(parents=True)
    (tmp_path / "etc/systemd/logind.conf").write_text("[Login]\nKillUserProcesses=yes\n")
    monkeypatch.setattr(detached, "ROOT", tmp_path)
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin/systemd-run"
    program.write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/called\n{BECOMES}\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}/bin:{os.environ['PATH']}")
    return tmp_path / "called"


def test_a_run_outlives_its_terminal_and_goes_on_after_a_stop_to_the_same_weights(
    finished_run: runs.Run, practice: Practice, ends_at_logout: Path
) -> None:
    workspace = practice()
    run = runs.start(workspace)
    started = ends_at_logout.read_text().splitlines()[-1]
    assert started.startswith("--user --scope")
    assert f"-m medtui.training.worker {run.folder}" in started
    assert any("loginctl enable-linger" in warning for warning in run.curves().warnings)
    with pytest.raises(Refusal, match="still going on"):
        runs.start(workspace)
    run.job.signal(signal.SIGHUP)
    assert os.getsid(json.loads(run.job.lock_path.read_text())["pid"]) != os.getsid(0)
    wait_for_step(run, 3)
    runs.stop(run)
    assert run.status() == "stopped"
    assert "it can go on" in str(run.curves().end["reason"])
    result = step.run(workspace)
    assert result["run"] == run.id
    assert workspace.state("training") == DONE
    assert weights(run) == weights(finished_run)
    assert same_curve(run, finished_run)


def test_a_practice_without_examples_is_told_so(workspace: Workspace, tiny_model: Path) -> None:
    workspace.save_answer("model", "model", str(tiny_model))
    with pytest.raises(Refusal, match="do the examples step first"):
        runs.start(workspace)
    assert runs.runs(workspace) == []
