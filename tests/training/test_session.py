"""Whole runs in this process: what stops them by themselves, and what they learn from."""

import importlib.util
import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from transformers import TrainerControl, TrainerState, TrainingArguments

from medtui import journal, process
from medtui.errors import Refusal
from medtui.training import defaults, loading, rows, runs, session
from medtui.training.recorder import Recorder
from medtui.workspace import Workspace

Practice = Callable[[], Workspace]
Train = Callable[[Workspace], runs.Run]


def _answer(workspace: Workspace, **answers: object) -> Workspace:
    for key, value in answers.items():
        workspace.save_answer("training", key, value)
    return workspace


def test_a_learning_rate_that_destroys_stops_the_run_and_says_what_to_try(
    practice: Practice, train_here: Train
) -> None:
    workspace = practice()
    workspace.save_answer("model", "model", "demo")
    _answer(workspace, learning_rate=1.0, schedule="constant", warmup=0.0, steps=100, dropout=0.0)
    with pytest.raises(Refusal, match="half the learning rate"):
        train_here(workspace)
    assert runs.find(workspace).curves().step < 100


@pytest.mark.parametrize(("loss", "grad_norm"), [(math.nan, 1.0), (math.inf, 1.0), (2.0, math.nan)])
def test_a_step_without_a_number_stops_the_run_before_it_is_saved(loss: float, grad_norm: float) -> None:
    told: list[str] = []
    recorder = Recorder(lambda event, **_fields: told.append(event), lambda: False, 0)
    settings = TrainingArguments(output_dir="unused", use_cpu=True, report_to="none")
    recorder.on_step_begin(settings, TrainerState(), TrainerControl())
    recorder.on_step_end(settings, TrainerState(max_steps=9), TrainerControl())
    with pytest.raises(Refusal, match="gave no number"):
        recorder.on_log(
            settings,
            TrainerState(max_steps=9),
            TrainerControl(),
            {"loss": loss, "grad_norm": grad_norm, "learning_rate": 1e-4},
        )
    assert told == ["step"]


def _killed_before_its_last_word(run: runs.Run) -> None:
    """Leave what a kill leaves between the last checkpoint and the last word."""
    lines = run.job.events_path.read_text().splitlines(keepends=True)
    assert '"event": "end"' in lines[-1]
    run.job.events_path.write_text("".join(lines[:-1]))
    (run.folder / "adapter" / "adapter_model.safetensors").unlink()


def _go_on(run: runs.Run) -> None:
    def emit(event: str, **fields: Any) -> None:
        journal.append(run.job.events_path, {"event": event, **fields})

    session.train(run.folder, emit, lambda: False)


def test_a_run_ends_early_when_validation_no_longer_improves_also_when_killed_just_then(
    practice: Practice, train_here: Train
) -> None:
    answers = {"learning_rate": 0.5, "schedule": "constant", "steps": 100, "patience": 1, "warmup": 0.0}
    run = train_here(_answer(practice(), **answers, alpha=1, max_grad_norm=0.01))
    result = run.result()
    assert result is not None
    assert result["ended_early"]
    assert result["best_step"] < result["steps"] < 100
    validation = run.curves().validation
    losses = dict(zip(validation.steps, validation.values, strict=True))
    assert result["validation_loss_best"] == losses[result["best_step"]] == min(losses[step] for step in losses if step)
    curve = run.curves().train
    _killed_before_its_last_word(run)
    _go_on(run)
    assert run.result() == result
    assert run.curves().train == curve


def test_raw_text_is_learnt_and_long_text_is_divided_without_loss(
    practice: Practice, train_here: Train, tiny_model: Path
) -> None:
    workspace = practice()
    folder = workspace.dataset / "text"
    folder.mkdir()
    text = "small effusion, normal heart, old fracture. " * 40
    for name in ("train", "validation"):
        (folder / f"{name}.jsonl").write_text((json.dumps({"text": text}) + "\n") * 4)
    result = train_here(_answer(workspace, objective="text", max_length=128, steps=4, evaluate_every=2)).result()
    assert result is not None
    assert result["validation_loss_best"] < result["validation_loss_first"]
    tokenizer = loading.load_tokenizer(tiny_model)
    split = rows.Reader(tokenizer, 128, "text").read(folder / "train.jsonl")
    tokens = len(tokenizer(text, add_special_tokens=False)["input_ids"]) + 1
    assert (split.trained_tokens, max(split.lengths)) == (4 * tokens, 128)


def test_nf4_and_float32_end_within_a_tenth_of_each_other(practice: Practice, train_here: Train) -> None:
    losses = []
    for method in ("qlora", "lora"):
        result = train_here(_answer(practice(), method=method, steps=20)).result()
        assert result is not None
        losses.append(result["validation_loss_best"])
    assert losses[0] == pytest.approx(losses[1], rel=0.1)


def test_examples_over_the_limit_stop_the_run_and_are_listed(practice: Practice, train_here: Train) -> None:
    workspace = _answer(practice(), max_length=60)
    with pytest.raises(Refusal, match="examples are longer than 60 tokens"):
        train_here(workspace)
    listed = json.loads((runs.find(workspace).folder / "left_out.json").read_text())
    assert listed
    assert all(entry["tokens"] > 60 and len(entry["document_id"]) == 16 for entry in listed)


def test_examples_over_the_limit_are_left_out_and_told_when_chosen(practice: Practice, train_here: Train) -> None:
    run = train_here(_answer(practice(), max_length=72, over_length="leave_out", steps=2))
    left_out = len(json.loads((run.folder / "left_out.json").read_text()))
    assert run.curves().warnings == [f"{left_out} examples over 72 tokens are left out (left_out.json)."]


def test_fewer_examples_than_promised_stop_the_run(practice: Practice, train_here: Train) -> None:
    workspace = practice()
    workspace.finish("examples", {"train": 33, "validation": 8})
    with pytest.raises(Refusal, match="made 33 train examples but the file holds 32"):
        train_here(workspace)


def test_packed_training_learns(practice: Practice, train_here: Train) -> None:
    result = train_here(_answer(practice(), packing=True, batch=1, max_length=256, steps=8)).result()
    assert result is not None
    assert result["validation_loss_best"] < result["validation_loss_first"]


def test_a_run_never_goes_on_with_other_examples(practice: Practice) -> None:
    workspace = practice()
    run = runs.prepare(workspace, defaults.resolve_recipe(workspace))
    with (workspace.dataset / "train.jsonl").open("a") as stream:
        stream.write("\n")
    with pytest.raises(Refusal, match="examples have changed since this run began"):
        session.train(run.folder, process.silent_emit, lambda: False)


def test_examples_that_need_another_look_are_not_trained_on(practice: Practice) -> None:
    workspace = practice()
    workspace.finish("examples", {"train": 32, "validation": 8})
    workspace.save_answer("deid", "profile", "other")
    workspace.finish("deid", {})
    with pytest.raises(Refusal, match="out of date"):
        runs.start(workspace)


def test_a_run_killed_before_its_last_word_takes_no_step_too_many(practice: Practice, train_here: Train) -> None:
    run = train_here(_answer(practice(), steps=3))
    result, curve = run.result(), run.curves()
    _killed_before_its_last_word(run)
    _go_on(run)
    assert run.result() == result
    assert run.curves().train == curve.train
    assert (run.folder / "adapter" / "adapter_model.safetensors").is_file()


def test_tensorboard_files_are_written_when_asked_for(practice: Practice, train_here: Train) -> None:
    workspace = _answer(practice(), tensorboard=True, steps=2)
    if not any(importlib.util.find_spec(name) for name in ("tensorboard", "tensorboardX")):
        with pytest.raises(Refusal, match=r"medtui\[tensorboard\]"):
            train_here(workspace)
        return
    run = train_here(workspace)
    written = list((run.folder / "tensorboard").rglob("events.out.tfevents.*"))
    assert written
    assert any(b"train/loss" in path.read_bytes() for path in written)
