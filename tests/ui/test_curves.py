"""Curves are reduced for drawing without losing a peak, and quickly enough for a million steps."""

from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medtui.training.curves import Curves, Series
from medtui.ui.widgets.curves import drawing


def _curves(values: list[float]) -> Curves:
    series = Series()
    for step, value in enumerate(values, start=1):
        series.add(step, value)
    return Curves(train=series, total=len(values))


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=400), st.integers(2, 60))
def test_lowest_and_highest_stay_and_no_line_is_longer_than_two_points_a_column(
    values: list[float], columns: int
) -> None:
    lines = drawing(_curves(values), columns)
    assert len(lines.train.x) <= 2 * columns
    assert lines.train.y.min() == min(values)
    assert lines.train.y.max() == max(values)
    assert list(lines.train.x) == sorted(lines.train.x)
    assert len(lines.smooth.x) <= columns
    if len(lines.smooth.y):
        assert min(values) - 1e-6 <= lines.smooth.y.min()
        assert lines.smooth.y.max() <= max(values) + 1e-6


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_a_loss_that_is_no_number_is_not_drawn(bad: float) -> None:
    lines = drawing(_curves([3.0, bad, 2.0]), 10)
    assert list(lines.train.y) == [3.0, 2.0]


def test_a_million_steps_are_reduced() -> None:
    count = 1_000_000
    series = Series(array("L", range(1, count + 1)), array("d", (1.0 + 1.0 / step for step in range(1, count + 1))))
    lines = drawing(Curves(train=series, total=count), 60)
    assert len(lines.train.x) <= 120
    series.add(count + 1, 0.5)
