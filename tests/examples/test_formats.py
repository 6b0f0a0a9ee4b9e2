"""Forms of other programs: out and in again."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medtui.errors import Refusal
from medtui.examples import dataset, formats
from medtui.examples.tasks import SYSTEM_PROMPT

_text = st.text(alphabet=st.characters(codec="ascii", categories=("L", "N", "P", "Zs")), min_size=1).filter(str.strip)


def row(question: str, answer: str) -> dict[str, Any]:
    return {
        "prompt": [{"role": "system", "content": SYSTEM_PROMPT}, {"role": "user", "content": question}],
        "completion": [{"role": "assistant", "content": answer}],
        "meta": {"task": "t", "document_id": "d", "section_kinds": []},
    }


@pytest.mark.parametrize("name", formats.FORMATS)
@given(pairs=st.lists(st.tuples(_text, _text), min_size=1, max_size=5))
def test_what_is_exported_is_read_back(tmp_path_factory: pytest.TempPathFactory, name: str, pairs: list[Any]) -> None:
    rows = [row(f"Do this.\n\n{question.strip()}", answer.strip()) for question, answer in pairs]
    path = tmp_path_factory.mktemp("out") / f"file.{'csv' if name == 'csv' else 'jsonl'}"
    with path.open("w", newline="") as stream:
        stream.write("".join(formats.export(iter(rows), name)))
    back = list(formats.read(path))
    assert [(item["prompt"], item["completion"]) for item in back] == [
        (item["prompt"], item["completion"]) for item in rows
    ]


def test_a_practice_s_own_questions_are_read(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text('\ufeffQuestion,Answer\nWhen is INR checked?,"Weekly,\nthen monthly."\n')
    (found,) = formats.read(path)
    assert found["prompt"][0]["content"] == SYSTEM_PROMPT
    assert found["completion"][0]["content"] == "Weekly,\nthen monthly."
    assert found["meta"]["task"] == "question_answer"


@pytest.mark.parametrize(
    "record",
    [{"question": "only"}, {"messages": [{"role": "user", "content": "x"}]}, {"messages": "x"}, {"conversations": [3]}],
)
def test_entries_without_an_answer_are_refused_by_number(tmp_path: Path, record: dict[str, Any]) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text('{"question": "a", "answer": "b"}\n' + json.dumps(record) + "\n")
    with pytest.raises(Refusal, match="Entry 2"):
        list(formats.read(path))


def test_hostile_text_is_sanitized(tmp_path: Path) -> None:
    path = tmp_path / "own.jsonl"
    path.write_text(json.dumps({"question": "a\u001b]0;x\u0007", "answer": "b\u202e"}) + "\n")
    (found,) = formats.read(path)
    assert "\u001b" not in json.dumps(found, ensure_ascii=False)
    assert "\u202e" not in json.dumps(found, ensure_ascii=False)


def test_export_writes_every_split(tmp_path: Path) -> None:
    source = tmp_path / "dataset"
    source.mkdir()
    for name in ("train", "validation", "test"):
        (source / f"{name}.jsonl").write_text(json.dumps(row("Do.\n\nx", "y")) + "\n")
    assert dataset.export(source, tmp_path / "out", "csv") == {"train": 1, "validation": 1, "test": 1}
    assert (tmp_path / "out" / "train.csv").read_text().startswith("instruction,input,output,system")
    with pytest.raises(Refusal, match="build the examples"):
        dataset.export(tmp_path, tmp_path / "out", "csv")
