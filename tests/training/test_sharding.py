"""Two processes that share one model learn what one process learns."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from medtui.training import runs
from medtui.workspace import Workspace
from tests.training.test_control import wait_for_step

Practice = Callable[[], Workspace]
ALIKE = {"dropout": 0.0, "accumulation": 2, "batch": 4, "steps": 12, "save_every": 4}


@pytest.mark.parametrize("method", ["qlora", "lora"])
def test_a_divided_model_learns_what_a_whole_one_learns(
    practice: Practice, train_here: Callable[[Workspace], runs.Run], method: str
) -> None:
    workspace = practice()
    for key, value in {**ALIKE, "method": method}.items():
        workspace.save_answer("training", key, value)
    alone = train_here(workspace)
    workspace.save_answer("training", "processes", 2)
    workspace.save_answer("training", "sharded", True)
    together = runs.start(workspace)
    runs.follow(together)
    one, two = alone.curves(), together.curves()
    print(one.train.values, two.train.values, one.validation.values, two.validation.values, sep="\n")
    assert list(two.train.steps) == list(one.train.steps)
    assert list(two.train.values) == pytest.approx(list(one.train.values), abs=1e-4)
    assert list(two.validation.values) == pytest.approx(list(one.validation.values), abs=1e-4)
