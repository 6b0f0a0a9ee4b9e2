"""Packed examples cannot see one another."""

from pathlib import Path
from typing import Any

import pytest
import torch

from medtui.training import assembly, loading, rows
from medtui.training.recipe import Recipe
from medtui.training.recorder import Recorder
from medtui.training.trainer import CheckpointedTrainer
from tests.training import tiny


def _nothing(event: str, **fields: Any) -> None:
    assert event, fields


@pytest.fixture
def packed(tiny_model: Path, tmp_path: Path) -> CheckpointedTrainer:
    tiny.write_examples(tmp_path / "dataset", train=24, validation=4)
    recipe = Recipe(
        model=str(tiny_model), dataset=str(tmp_path / "dataset"), max_length=384, packing=True, checkpointing=False
    )
    loaded = assembly.load_model(recipe)
    tokenizer = loaded[1]
    splits = assembly.Splits(
        *(rows.Reader(tokenizer, 384).read(tmp_path / "dataset" / f"{name}.jsonl") for name in ("train", "validation"))
    )
    return assembly.make_trainer(tmp_path, recipe, loaded, splits, Recorder(_nothing, lambda: False, 0))


def test_logits_of_a_packed_row_equal_those_of_its_examples_alone(packed: CheckpointedTrainer) -> None:
    row = max(packed.train_dataset, key=lambda one: len(one["seq_lengths"]))
    assert len(row["seq_lengths"]) > 2
    inputs = packed.data_collator([row])
    assert "attention_mask" not in inputs
    network = packed.model.eval()
    with torch.no_grad():
        together = network(input_ids=inputs["input_ids"], position_ids=inputs["position_ids"], use_cache=False).logits[
            0
        ]
        begin = 0
        for length in row["seq_lengths"]:
            alone = network(input_ids=inputs["input_ids"][:, begin : begin + length], use_cache=False).logits[0]
            assert torch.allclose(together[begin : begin + length], alone, atol=1e-5)
            begin += length


def test_packing_loses_no_answer_token_and_no_first_token_is_predicted_from_another_example(
    packed: CheckpointedTrainer,
) -> None:
    for row in packed.train_dataset:
        starts = [sum(row["seq_lengths"][:index]) for index in range(len(row["seq_lengths"]))]
        assert all(row["labels"][start] == -100 for start in starts)


def test_packed_and_padded_training_see_the_same_tokens(packed: CheckpointedTrainer, tiny_model: Path) -> None:
    tokenizer = loading.load_tokenizer(tiny_model)
    expected = [tokenizer.decode(row["input_ids"]) for row in packed.train_dataset]
    assert sum(text.count("<|system|>") for text in expected) == 24
