"""Counting what must be trained on, and noticing when the trainer would train on something else."""

import json
from pathlib import Path

import pytest

from medtui.errors import Refusal
from medtui.training import loading, rows
from tests.training import tiny


def test_answers_are_counted_with_their_end(tiny_model: Path, tmp_path: Path) -> None:
    tokenizer = loading.load_tokenizer(tiny_model)
    tiny.write_examples(tmp_path, train=3)
    split = rows.read(tmp_path / "train.jsonl", tokenizer, 512)
    answers = [row["completion"][0]["content"] for row in split.rows]
    expected = sum(len(tokenizer(answer, add_special_tokens=False)["input_ids"]) + 1 for answer in answers)
    assert (len(split.rows), split.trained_tokens, split.uneven) == (3, expected, 0)


def test_rows_that_the_trainer_drops_are_noticed(tiny_model: Path, tmp_path: Path) -> None:
    tokenizer = loading.load_tokenizer(tiny_model)
    tiny.write_examples(tmp_path, train=3)
    split = rows.read(tmp_path / "train.jsonl", tokenizer, 512)
    labels = [[-100, 1]] * 2
    prepared = split.dataset().select(range(2)).add_column("labels", labels)
    with pytest.raises(Refusal, match="would use 2 rows and 2 answer tokens"):
        rows.check_prepared("train", split, prepared, packed=False)


@pytest.mark.parametrize("line", ["{", "[]", '{"prompt": 3}', json.dumps({"prompt": [], "completion": None})])
def test_a_damaged_line_is_named(tiny_model: Path, tmp_path: Path, line: str) -> None:
    path = tmp_path / "train.jsonl"
    path.write_text(json.dumps(tiny.example(0)) + "\n" + line + "\n")
    with pytest.raises(Refusal, match="Line 2 of"):
        rows.read(path, loading.load_tokenizer(tiny_model), 512)
