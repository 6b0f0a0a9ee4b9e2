"""Figures, intervals and words."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medtui.evaluation.verdict import BETTER, NO_BETTER, WORSE, Item, figures, interval


def item(number: int, base: float, tuned: float, tokens: int = 10, task: str = "findings_to_impression") -> Item:
    return Item(f"{number:016x}", task, tokens, base, tuned)


def test_means_weigh_tokens() -> None:
    result = figures([item(1, 30.0, 10.0, tokens=10), item(2, 10.0, 10.0, tokens=30)])
    assert result["base"]["loss"] == pytest.approx(1.0)
    assert result["tuned"]["loss"] == pytest.approx(0.5)
    assert result["base"]["perplexity"] == pytest.approx(math.e)
    assert (result["items"], result["tokens"]) == (2, 40)


@pytest.mark.parametrize(("shift", "outcome"), [(-5.0, BETTER), (0.0, NO_BETTER), (5.0, WORSE)])
def test_verdict_follows_the_interval(shift: float, outcome: str) -> None:
    items = [item(n, 20.0, 20.0 + shift + (1 if n % 2 else -1)) for n in range(40)]
    result = figures(items)
    assert result["outcome"] == outcome
    assert outcome in result["verdict"]
    assert "not measured" in result["verdict"]


def test_few_examples_are_called_few() -> None:
    assert "few" in figures([item(n, 20.0, 10.0) for n in range(5)])["verdict"]


def test_examples_of_one_report_are_drawn_together() -> None:
    apart = [item(n, 20.0, 20.0 + (3 if n % 2 else -4)) for n in range(40)]
    together = [item(n % 2, 20.0, 20.0 + (3 if n % 2 else -4)) for n in range(40)]
    low, high = interval(apart)
    wide_low, wide_high = interval(together)
    assert wide_high - wide_low > 2 * (high - low)


def test_each_task_has_its_own_figures() -> None:
    items = [item(n, 20.0, 10.0) for n in range(9)] + [item(n, 5.0, 9.0, task="course_to_summary") for n in range(9)]
    tasks = figures(items)["tasks"]
    assert tasks["findings_to_impression"]["outcome"] == BETTER
    assert tasks["course_to_summary"]["outcome"] == WORSE


@given(st.lists(st.tuples(st.floats(0, 1e4), st.floats(0, 1e4), st.integers(1, 500)), min_size=1, max_size=20))
def test_the_interval_holds_and_repeats(drawn: list[tuple[float, float, int]]) -> None:
    items = [item(n, base, tuned, tokens) for n, (base, tuned, tokens) in enumerate(drawn)]
    low, high = interval(items, resamples=100)
    assert low <= high
    assert (low, high) == interval(items, resamples=100)
    assert math.isfinite(figures(items)["base"]["perplexity"])
