"""Waiting in line, pausing, keeping what was learnt, giving up, and what goes wrong by itself."""

import json
import resource
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner

from medtui import cli, journal
from medtui.errors import Refusal
from medtui.process import FAILED, FINISHED, LOST, RUNNING
from medtui.training import defaults, ladder, runs, step
from medtui.workspace import DONE, Workspace
from tests.training import tiny
from tests.training.test_run import same_curve, wait_for_step, weights

Practice = Callable[[], Workspace]


def test_a_second_run_waits_in_line_and_the_first_is_kept_when_stopped(practice: Practice) -> None:
    workspace = practice()
    workspace.save_answer("training", "steps", 400)
    first = runs.start(workspace)
    second = runs.start(workspace, queue=True)
    while "Waiting: 1 other" not in second.curves().phase:
        assert second.status() == RUNNING
    wait_for_step(first, 5)
    said = CliRunner().invoke(cli.medtui, ["training", "stop", "--workspace", str(workspace.path), "--json", first.id])
    assert json.loads(said.output)["status"] == FINISHED
    assert workspace.state("training") == DONE
    result = first.result()
    assert result is not None
    assert result["ended_early"]
    assert result["validation_loss_best"] < result["validation_loss_first"]
    wait_for_step(second, 1)
    runs.abandon(second)
    assert second.status() == runs.ABANDONED
    assert not (second.folder / "checkpoints").exists()
    with pytest.raises(Refusal, match="ended for good"):
        runs.resume(second)


def test_the_trial_tells_what_a_run_needs_and_changes_nothing(finished_run: runs.Run, practice: Practice) -> None:
    workspace = practice()
    found = runs.probe(workspace)
    assert found["peak_bytes"] > 0
    assert found["checkpoint_bytes"] > 0
    assert found["total_steps"] == finished_run.curves().total
    workspace.save_answer("training", "probe", True)
    run = runs.start(workspace)
    runs.follow(run)
    assert json.loads((run.folder / "probe.json").read_text())["step_seconds"] > 0
    assert weights(run) == weights(finished_run)
    assert same_curve(run, finished_run)


@contextmanager
def _memory_limit(count: int) -> Iterator[None]:
    before = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (count, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, before)


def _data_bytes(run: runs.Run) -> int:
    process = json.loads(run.job.lock_path.read_text())["pid"]
    status = Path(f"/proc/{process}/status").read_text()
    return next(int(line.split()[1]) << 10 for line in status.splitlines() if line.startswith("VmData"))


def _lengthen(path: Path) -> None:
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    for row in rows:
        row["prompt"][1]["content"] = " ".join([row["prompt"][1]["content"]] * 10)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))


def test_when_memory_runs_out_the_run_takes_smaller_bites_and_goes_on(practice: Practice) -> None:
    workspace = practice()
    tiny.write_examples(workspace.dataset, train=64)
    for name in ("train", "validation"):
        _lengthen(workspace.dataset / f"{name}.jsonl")
    for key, value in {"steps": 400, "batch": 1, "accumulation": 1, "checkpointing": True}.items():
        workspace.save_answer("training", key, value)
    small = runs.start(workspace)
    wait_for_step(small, 3)
    needed = _data_bytes(small)
    runs.stop(small)
    # 64 such examples at a time need about 670 MiB more than one, 32 half of that.
    workspace.save_answer("training", "steps", 4)
    workspace.save_answer("training", "batch", 64)
    with _memory_limit(needed + (450 << 20)):
        run = runs.start(workspace)
    result = runs.follow(run)
    rungs = ladder.load(run.folder)
    assert result["steps"] == 4
    assert rungs
    changed = ladder.apply(run.recipe(), rungs)
    assert changed.batch < 64
    assert changed.batch * changed.accumulation == 64
    assert [one for one in run.curves().warnings if one.startswith("Memory ran out.")]
    assert list(run.curves().train.steps) == [1, 2, 3, 4]


def test_two_processes_learn_what_one_learns(practice: Practice) -> None:
    workspace = practice()
    for key, value in {"dropout": 0.0, "accumulation": 2, "batch": 4, "steps": 6}.items():
        workspace.save_answer("training", key, value)
    alone = runs.start(workspace)
    runs.follow(alone)
    workspace.save_answer("training", "processes", 2)
    together = runs.start(workspace)
    runs.follow(together)
    one, two = alone.curves(), together.curves()
    assert list(two.train.steps) == list(one.train.steps)
    assert list(two.train.values) == pytest.approx(list(one.train.values), abs=2e-3)
    assert list(two.validation.values) == pytest.approx(list(one.validation.values), abs=2e-3)


def test_two_processes_stop_together_and_go_on(practice: Practice) -> None:
    workspace = practice()
    for key, value in {"accumulation": 2, "steps": 400, "processes": 2}.items():
        workspace.save_answer("training", key, value)
    run = runs.start(workspace)
    wait_for_step(run, 2)
    runs.stop(run)
    assert run.status() == "stopped"
    reached = run.curves().step
    runs.resume(run)
    wait_for_step(run, reached + 1)
    run.job.signal(signal.SIGKILL)
    while run.status() == RUNNING:
        pass
    assert run.status() == "lost"


def test_a_wrong_recipe_starts_nothing(practice: Practice, tmp_path: Path) -> None:
    workspace = practice()
    path = tmp_path / "wrong.toml"
    path.write_text("[model]\nmodel = 1\n[data]\ndataset = 'd'\n")
    said = CliRunner().invoke(
        cli.medtui, ["training", "start", "--workspace", str(workspace.path), "--recipe", str(path)]
    )
    assert isinstance(said.exception, Refusal)
    assert "wrong.toml line 2: `model` must be text." in str(said.exception)
    assert runs.runs(workspace) == []


def test_a_run_without_a_checkpoint_has_nothing_to_keep_and_says_what_to_do(practice: Practice) -> None:
    workspace = practice()
    run = runs.prepare(workspace, defaults.resolve_recipe(workspace))
    journal.append(run.job.events_path, {"event": "start", "pid": 1})
    assert runs.last_checkpoint(run) is None
    said = CliRunner().invoke(cli.medtui, ["training", "stop", "--workspace", str(workspace.path)])
    assert isinstance(said.exception, Refusal)
    assert "no checkpoint yet" in str(said.exception)
    assert "training continue` begins it again from its first step" in str(said.exception)
    assert run.status() == LOST


def test_a_failed_run_with_the_same_recipe_goes_on_instead_of_being_lost(practice: Practice) -> None:
    workspace = practice()
    run = runs.prepare(workspace, defaults.resolve_recipe(workspace))
    journal.append(run.job.events_path, {"event": "start", "pid": 1})
    journal.append(run.job.events_path, {"event": "end", "status": FAILED, "reason": "The disk is full."})
    continued = step.begin(workspace)
    assert continued == run
    runs.abandon(run)
    assert runs.runs(workspace) == [run]
