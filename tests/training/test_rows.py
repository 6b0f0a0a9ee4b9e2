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
    split = rows.Reader(tokenizer, 512).read(tmp_path / "train.jsonl")
    answers = [tiny.example(number)["completion"][0]["content"] for number in range(3)]
    expected = sum(len(tokenizer(answer, add_special_tokens=False)["input_ids"]) + 1 for answer in answers)
    assert (len(split.rows), split.trained_tokens, split.uneven) == (3, expected, 0)


def test_rows_that_the_trainer_drops_are_noticed(tiny_model: Path, tmp_path: Path) -> None:
    tokenizer = loading.load_tokenizer(tiny_model)
    tiny.write_examples(tmp_path, train=3)
    split = rows.Reader(tokenizer, 512).read(tmp_path / "train.jsonl")
    labels = [[-100, 1]] * 2
    prepared = split.dataset().select(range(2)).add_column("labels", labels)
    with pytest.raises(Refusal, match="would use 2 rows and 2 answer tokens"):
        rows.check_prepared("train", split, prepared, packed=False)


@pytest.mark.parametrize("line", ["{", "[]", '{"prompt": 3}', json.dumps({"prompt": [], "completion": None})])
def test_a_damaged_line_is_named(tiny_model: Path, tmp_path: Path, line: str) -> None:
    path = tmp_path / "train.jsonl"
    path.write_text(json.dumps(tiny.example(0)) + "\n" + line + "\n")
    with pytest.raises(Refusal, match="Line 2 of"):
        rows.Reader(loading.load_tokenizer(tiny_model), 512).read(path)


def test_a_long_answer_is_divided_and_every_token_of_it_is_learnt_once(tiny_model: Path, tmp_path: Path) -> None:
    tokenizer = loading.load_tokenizer(tiny_model)
    example = tiny.example(0)
    example["completion"][0]["content"] = " ".join(f"({number}) clear lungs." for number in range(60))
    (tmp_path / "train.jsonl").write_text(json.dumps(example) + "\n")
    whole = rows.Reader(tokenizer, 4096).read(tmp_path / "train.jsonl").rows[0]
    answer = whole["input_ids"][whole["completion_mask"].index(1) :]
    split = rows.Reader(tokenizer, 128, divide=True).read(tmp_path / "train.jsonl")
    learnt = [
        token
        for row in split.rows
        for token, learns in zip(row["input_ids"], row["completion_mask"], strict=True)
        if learns
    ]
    assert learnt == answer
    assert (split.divided, split.left_out, split.trained_tokens) == (1, [], len(answer))
    assert max(split.lengths) <= 128
    prompt = whole["input_ids"][: whole["completion_mask"].index(1)]
    assert all(row["input_ids"][: len(prompt)] == prompt for row in split.rows)


def test_an_example_whose_input_leaves_no_room_is_left_out_even_when_dividing(tiny_model: Path, tmp_path: Path) -> None:
    tokenizer = loading.load_tokenizer(tiny_model)
    tiny.write_examples(tmp_path, train=2)
    split = rows.Reader(tokenizer, 40, divide=True).read(tmp_path / "train.jsonl")
    assert (len(split.left_out), split.divided, split.examples, split.rows) == (2, 0, 2, [])
