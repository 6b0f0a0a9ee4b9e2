"""Learning preferences, and training all weights: whole runs in this process."""

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from medtui import process
from medtui.errors import Refusal
from medtui.evaluation import worker as evaluation_worker
from medtui.evaluation.request import Request
from medtui.training import loading, runs
from medtui.workspace import Workspace
from tests.training import tiny
from tests.training.test_run import same_curve, weights

Practice = Callable[[], Workspace]
Train = Callable[..., runs.Run]


def _write_preferences(dataset: Path, train: int = 16, validation: int = 4) -> None:
    """Pairs whose preferred answer has the practice's form and whose other one has not."""
    folder = dataset / "preferences"
    folder.mkdir()
    for name, numbers in (("train", range(train)), ("validation", range(train, train + validation))):
        rows = []
        for number in numbers:
            example = tiny.example(number)
            other = [{"role": "assistant", "content": "Findings as above, no more to say about it."}]
            rows.append({"prompt": example["prompt"], "chosen": example["completion"], "rejected": other})
        (folder / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))


@pytest.fixture
def preferring(practice: Practice) -> Workspace:
    """A practice that has preferences and learns them."""
    workspace = practice()
    _write_preferences(workspace.dataset)
    answers = {"objective": "dpo", "steps": 8, "learning_rate": 1e-3, "evaluate_every": 4, "save_every": 2}
    for key, value in answers.items():
        workspace.save_answer("training", key, value)
    return workspace


def test_preferences_are_learnt_in_4_bit_and_a_stopped_run_ends_the_same(
    preferring: Workspace, train_here: Train
) -> None:
    whole, stopped = train_here(preferring), train_here(preferring, stop_at=3)
    result = whole.result()
    assert result is not None
    assert (result["objective"], result["quantization"], result["steps"]) == ("dpo", "nf4", 8)
    # Before the first step neither answer is preferred over the reference.
    assert result["validation_loss_first"] == pytest.approx(math.log(2), abs=1e-3)
    assert result["validation_loss_best"] < result["validation_loss_first"] - 0.01
    latest = whole.curves().latest
    assert latest["preferred_share"] > 0.5
    assert latest["preference_margin"] > 0
    assert weights(stopped) == weights(whole)
    assert same_curve(stopped, whole)


def test_preferences_go_on_from_an_adapter_without_rounding_it(
    preferring: Workspace, finished_run: runs.Run, train_here: Train
) -> None:
    preferring.save_answer("training", "adapter", str(finished_run.folder / "adapter"))
    whole, stopped = train_here(preferring), train_here(preferring, stop_at=5)
    result = whole.result()
    assert result is not None
    assert result["validation_loss_first"] == pytest.approx(math.log(2), abs=1e-5)
    assert result["validation_loss_best"] < result["validation_loss_first"]
    assert weights(stopped) == weights(whole) != weights(finished_run)
    published = {path.name for path in Path(result["adapter"]).iterdir()}
    assert "adapter_model.safetensors" in published
    assert "ref" not in published


def test_pairs_over_the_limit_are_refused_and_named(preferring: Workspace, train_here: Train) -> None:
    preferring.save_answer("training", "max_length", 60)
    with pytest.raises(Refusal, match="longer than 60 tokens"):
        train_here(preferring)
    listed = json.loads((runs.find(preferring).folder / "left_out.json").read_text())
    assert all(entry["tokens"] > 60 for entry in listed)


@pytest.fixture(scope="module")
def whole_model(practice: Practice, train_here: Train) -> tuple[Workspace, runs.Run, runs.Run]:
    """A practice that trained all weights: the run, and the same one stopped in between."""
    workspace = practice()
    for key, value in {"method": "full", "learning_rate": 1e-3, "steps": 8}.items():
        workspace.save_answer("training", key, value)
    return workspace, train_here(workspace), train_here(workspace, stop_at=3)


def _model_weights(run: runs.Run) -> bytes:
    return (run.folder / "adapter" / "model.safetensors").read_bytes()


def test_all_weights_learn_and_a_stopped_run_ends_the_same(
    whole_model: tuple[Workspace, runs.Run, runs.Run],
) -> None:
    _, whole, stopped = whole_model
    result = whole.result()
    assert result is not None
    assert (result["method"], result["quantization"]) == ("full", "none")
    assert result["validation_loss_best"] < result["validation_loss_first"]
    assert same_curve(stopped, whole)
    assert _model_weights(stopped) == _model_weights(whole)


def test_a_whole_model_is_evaluated_and_asked_like_an_adapter(
    whole_model: tuple[Workspace, runs.Run, runs.Run], tiny_model: Path, tmp_path: Path
) -> None:
    workspace, run, _ = whole_model
    adapter = run.folder / "adapter"
    Request(run.id, tiny_model, adapter, "none", workspace.dataset / "test.jsonl").save(tmp_path)
    figures = evaluation_worker.evaluate(tmp_path, process.silent_emit)
    assert figures["tuned"]["loss"] < figures["base"]["loss"]
    tuned, tokenizer = loading.load_tuned(tiny_model, adapter, "nf4")
    ids = torch.tensor([tokenizer("Write the impression.")["input_ids"]])

    def say() -> list[int]:
        said: Any = tuned.generate(input_ids=ids, max_new_tokens=8, do_sample=False)
        return list(said[0].tolist())

    as_tuned = say()
    with torch.no_grad(), tuned.disable_adapter():
        base, _ = loading.load_base(tiny_model)
        assert torch.equal(tuned(input_ids=ids).logits, base(input_ids=ids).logits)
    assert say() == as_tuned


def test_a_whole_model_cannot_go_on_as_an_adapter(
    whole_model: tuple[Workspace, runs.Run, runs.Run], tiny_model: Path
) -> None:
    with pytest.raises(Refusal, match="choose it as the base model"):
        loading.load_tuned(tiny_model, whole_model[1].folder / "adapter", trainable=True)
