"""The curves of a run: incremental, torn lines passed over, no step twice."""

import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medtui import journal
from medtui.training import curves


def _step(run: Path, step: int, loss: float) -> None:
    fields = {"learning_rate": 1e-4, "grad_norm": 1.0, "seconds_left": 5.0}
    journal.append(run / "events.jsonl", {"event": "step", "step": step, "total": 9, "loss": loss, **fields})


def _tell(run: Path, event: str, **fields: object) -> None:
    journal.append(run / "events.jsonl", {"event": event, **fields})


def test_a_missing_log_is_an_empty_curve(tmp_path: Path) -> None:
    assert curves.read(tmp_path) == curves.Curves()


def test_reading_goes_on_where_it_ended(tmp_path: Path) -> None:
    _tell(tmp_path, "phase", phase="train", message="Training")
    _tell(tmp_path, "evaluation", step=0, loss=4.0)
    _step(tmp_path, 1, 3.5)
    known = curves.read(tmp_path)
    assert (known.phase, known.step, known.total, known.seconds_left) == ("Training", 1, 9, 5.0)
    _step(tmp_path, 2, 3.0)
    _tell(tmp_path, "end", status="finished", result={"steps": 2})
    again = curves.read(tmp_path, known)
    assert again is known
    assert list(known.train.steps) == [1, 2]
    assert known.end["status"] == "finished"
    assert known.seconds_left is None


def test_the_later_entry_of_a_step_counts(tmp_path: Path) -> None:
    for step in (1, 2, 3, 4):
        _step(tmp_path, step, 10.0 - step)
    _tell(tmp_path, "evaluation", step=4, loss=2.0)
    _tell(tmp_path, "resume", step=2)
    known = curves.read(tmp_path)
    assert list(known.train.steps) == [1, 2]
    assert known.validation.last is None
    _step(tmp_path, 3, 1.5)
    curves.read(tmp_path, known)
    assert list(zip(known.train.steps, known.train.values, strict=True)) == [(1, 9.0), (2, 8.0), (3, 1.5)]


def test_a_torn_line_is_passed_over(tmp_path: Path) -> None:
    _step(tmp_path, 1, 3.0)
    with (tmp_path / "events.jsonl").open("a") as stream:
        stream.write('{"v": 1, "t": 1.0, "event": "step", "step": 2, "total": 9, "loss": 2')
    known = curves.read(tmp_path)
    assert list(known.train.steps) == [1]
    _step(tmp_path, 2, 2.5)
    assert list(curves.read(tmp_path, known).train.values) == [3.0, 2.5]


def test_a_loss_that_is_no_number_does_not_hide_the_best(tmp_path: Path) -> None:
    _step(tmp_path, 1, 3.0)
    _step(tmp_path, 2, math.nan)
    known = curves.read(tmp_path)
    assert known.train.best == pytest.approx(3.0)
    assert math.isnan(known.train.values[1])


@given(st.lists(st.tuples(st.integers(1, 20), st.floats(0, 10))))
def test_a_series_never_holds_a_step_twice(entries: list[tuple[int, float]]) -> None:
    series = curves.Series()
    for step, value in entries:
        series.add(step, value)
    assert list(series.steps) == sorted(set(series.steps))
    if entries:
        assert (series.steps[-1], series.last) == entries[-1]
