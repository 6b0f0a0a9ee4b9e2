"""The whole evaluation on a tiny model, in its own worker."""

import json
from pathlib import Path

import pytest

from medtui.errors import Refusal
from medtui.evaluation import step
from medtui.evaluation.losses import batches
from medtui.examples.tokens import ChatTokenizer, Encoded
from medtui.workspace import DONE, Workspace
from tests.training import tiny


@pytest.fixture
def practice(workspace: Workspace, tiny_model: Path, adapter: Path) -> Workspace:
    tiny.write_examples(workspace.dataset, test=12)
    workspace.finish("model", {"model": "tiny", "path": str(tiny_model)})
    workspace.finish("training", {"run": "one", "adapter": str(adapter), "quantization": "nf4"})
    return workspace


def test_losses_are_those_of_the_labels(practice: Workspace, tiny_model: Path, adapter: Path) -> None:
    import torch

    from medtui.training.loading import load_tuned

    told: list[tuple[int, int]] = []
    result = step.run(practice, lambda done, total, message: told.append((done, total)))
    assert practice.state("evaluation") == DONE
    assert result["items"] == 12
    assert told[-1] == (24, 24)

    model, _ = load_tuned(tiny_model, adapter, "nf4")
    tokenizer = ChatTokenizer(tiny_model)
    rows = [json.loads(line) for line in (practice.dataset / "test.jsonl").read_text().splitlines()]
    sums, tokens = {"base": 0.0, "tuned": 0.0}, 0
    for row in rows:
        encoded = tokenizer.encode(row["prompt"], row["completion"])
        ids = torch.tensor([encoded.ids])
        labels = ids.clone()
        labels[0, : encoded.prompt_length] = -100
        tokens += len(encoded.trained)
        with torch.inference_mode():
            sums["tuned"] += float(model(input_ids=ids, labels=labels).loss) * len(encoded.trained)
            with model.disable_adapter():
                sums["base"] += float(model(input_ids=ids, labels=labels).loss) * len(encoded.trained)
    assert result["tokens"] == tokens
    for which, total in sums.items():
        assert result[which]["loss"] == pytest.approx(total / tokens, rel=1e-4)
    report = step.report(practice, "one")
    assert report is not None
    assert len(report["per_item"]) == 12
    assert "effusion" not in json.dumps(report)


def test_damaged_examples_are_refused_in_one_sentence(practice: Workspace) -> None:
    (practice.dataset / "test.jsonl").write_text('{"prompt": 1}\n')
    with pytest.raises(Refusal, match="build the examples again"):
        step.run(practice)
    assert practice.result("evaluation") is None


def test_without_training_there_is_nothing_to_evaluate(workspace: Workspace) -> None:
    with pytest.raises(Refusal, match="no tuned model"):
        step.run(workspace)


def test_batches_hold_every_row_once_longest_first() -> None:
    rows = [Encoded(tuple(range(10 + 37 * n % 300)), 5) for n in range(100)]
    grouped = batches(rows)
    assert sorted(number for members in grouped for number in members) == list(range(100))
    lengths = [len(rows[number].ids) for members in grouped for number in members]
    assert lengths == sorted(lengths, reverse=True)
