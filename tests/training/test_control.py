"""Waiting in line, pausing, keeping what was learnt, giving up, and what goes wrong by itself."""

import json
import os
import resource
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from medtui import cli, journal, process
from medtui.errors import Refusal
from medtui.process import FAILED, FINISHED, LOST, RUNNING
from medtui.training import defaults, ladder, runs, step
from medtui.workspace import DONE, Workspace
from tests.training import tiny
from tests.training.test_run import same_curve, tried_stopped_and_resumed, wait_for_step, weights

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


def _lengthen(path: Path) -> None:
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    for row in rows:
        row["prompt"][1]["content"] = " ".join([row["prompt"][1]["content"]] * 10)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))


def _between_steps(run: runs.Run) -> tuple[int, int]:
    """Give the worker's process id, and the least data memory that it holds within a step."""
    worker = int(json.loads(run.job.lock_path.read_text())["pid"])
    held = []
    reached = run.curves().step
    while run.curves().step <= reached:
        status = Path(f"/proc/{worker}/status").read_text()
        held.append(next(int(line.split()[1]) << 10 for line in status.splitlines() if line.startswith("VmData")))
    return worker, min(held)


def test_when_memory_runs_out_in_the_middle_the_run_goes_on_in_smaller_bites(practice: Practice) -> None:
    workspace = practice()
    tiny.write_examples(workspace.dataset, train=64)
    for name in ("train", "validation"):
        _lengthen(workspace.dataset / f"{name}.jsonl")
    answers = {"steps": 8, "batch": 48, "accumulation": 1, "checkpointing": True, "evaluate_every": 8, "save_every": 1}
    for key, value in answers.items():
        workspace.save_answer("training", key, value)
    run = runs.start(workspace)
    wait_for_step(run, 1)
    worker, held = _between_steps(run)
    # 48 such examples at a time take about 500 MiB more than what is held between steps, 24 half of that.
    resource.prlimit(worker, resource.RLIMIT_DATA, (held + (350 << 20), resource.RLIM_INFINITY))
    while not ladder.load(run.folder):
        assert run.status() == RUNNING
    # How much a fresh process keeps for itself differs from one to the next; what matters is that it goes on at all.
    resource.prlimit(worker, resource.RLIMIT_DATA, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    result = runs.follow(run)
    rungs = ladder.load(run.folder)
    assert result["steps"] == 8
    assert 1 <= len(rungs) <= ladder.MOST_FALLS
    assert all(rung.in_the_middle for rung in rungs)
    changed = ladder.apply(run.recipe(), rungs)
    assert changed.batch < 48
    assert changed.batch * changed.accumulation == 48
    assert [one for one in run.curves().warnings if one.startswith("Memory ran out.")]
    assert list(run.curves().train.steps) == list(range(1, 9))


def test_a_fourth_time_in_the_middle_ends_the_run_with_advice(practice: Practice) -> None:
    from medtui.training import session

    workspace = practice()
    workspace.save_answer("training", "batch", 64)
    run = runs.prepare(workspace, defaults.resolve_recipe(workspace))
    rung = ladder.next_rung(run.recipe(), before_start=False, gpu=False)
    assert rung is not None
    ladder.save(run.folder, [ladder.in_the_middle(rung)] * ladder.MOST_FALLS)
    journal.append(run.job.events_path, {"event": "step", "step": 1, "total": 9, "loss": 1.0, "learning_rate": 1e-4})
    with pytest.raises(Refusal, match="not enough memory for this run"):
        session._step_down(run.folder, run.recipe(), process.silent_emit)


def test_two_processes_learn_what_one_learns_are_tried_out_and_stop_together(
    practice: Practice, train_here: Callable[[Workspace], runs.Run]
) -> None:
    workspace = practice()
    for key, value in {"dropout": 0.0, "accumulation": 2, "batch": 4, "steps": 12, "save_every": 4}.items():
        workspace.save_answer("training", key, value)
    alone = train_here(workspace)
    workspace.save_answer("training", "processes", 2)
    together = tried_stopped_and_resumed(workspace)
    one, two = alone.curves(), together.curves()
    assert list(two.train.steps) == list(one.train.steps)
    assert list(two.train.values) == pytest.approx(list(one.train.values), abs=2e-3)
    assert list(two.validation.values) == pytest.approx(list(one.validation.values), abs=2e-3)


def test_a_lost_process_of_several_is_noticed_and_nothing_is_lost(practice: Practice) -> None:
    workspace = practice()
    for key, value in {"accumulation": 2, "steps": 400, "processes": 2}.items():
        workspace.save_answer("training", key, value)
    run = runs.start(workspace)
    wait_for_step(run, 4)
    first = int(json.loads(run.job.lock_path.read_text())["pid"])
    (other,) = Path(f"/proc/{first}/task/{first}/children").read_text().split()
    os.kill(int(other), signal.SIGKILL)
    while run.status() == RUNNING:
        pass
    assert run.status() == FAILED
    assert runs.last_checkpoint(run) is not None


def test_a_clock_set_back_does_not_make_an_old_run_the_newest(practice: Practice) -> None:
    workspace = practice()
    recipe = defaults.resolve_recipe(workspace)
    runs.prepare(workspace, recipe, workspace.runs / "20991231-235959-0000")
    later = [runs.prepare(workspace, recipe) for _ in range(3)]
    assert runs.runs(workspace)[1:] == later
    assert runs.find(workspace) == later[-1]


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
