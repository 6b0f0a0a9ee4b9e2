"""The measuring program itself is walked through with a tiny model, so that it works the day a GPU is at hand."""

import json
from pathlib import Path

import pytest

from tests.gpu import measure_memory


def test_every_case_is_trained_and_set_beside_the_plan(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "table.json"
    given = ["--check", "--in-process", "--methods", "qlora", "--lengths", "96", "--json", str(target)]
    assert measure_memory.main([*given, "--folder", str(tmp_path)]) == 0
    table = json.loads(target.read_text())
    assert table == json.loads(capsys.readouterr().out)
    assert [(row["method"], row["checkpointing"]) for row in table["rows"]] == [
        ("qlora", True), ("qlora", False)
    ]  # fmt: skip
    for row in table["rows"]:
        assert "failed" not in row
        assert 72 < row["sequence_length"] <= 96
        assert row["predicted_gib"] > 0
    assert table["failed"] == 0


def test_figures_are_judged_by_the_target() -> None:
    def judged(*errors: float) -> object:
        return measure_memory.summary([{"error": error, "covered": True} for error in errors])["within_target"]

    assert judged(0.09, -0.02)
    assert not judged(0.11)
    assert not judged(-0.04)
    assert judged() is None
    assert measure_memory.summary([{"failed": "out of memory"}])["failed"] == 1


def test_an_unknown_size_is_no_figure() -> None:
    with pytest.raises(KeyError):
        measure_memory.main(["--check", "--sizes", "900b"])
