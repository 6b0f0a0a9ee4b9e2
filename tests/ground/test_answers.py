"""Answers of the wrong kind: one sentence wherever they are read, on the screen and without it."""

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from medtui.answers import KINDS, check
from medtui.cli import medtui
from medtui.errors import Refusal
from medtui.wizard import export, reports
from medtui.workspace import STEPS, Workspace

GOOD: dict[str, Any] = {"text": "demo", "count": 3, "truth": True, "texts": ["/a"], "tables": {"s": {"report": ["r"]}}}


@pytest.mark.parametrize(("step", "key"), [(step, key) for step, keys in KINDS.items() for key in keys])
def test_exactly_one_kind_fits(step: str, key: str) -> None:
    assert step in STEPS
    fitting = [name for name, value in GOOD.items() if KINDS[step][key][0](value)]
    for name in GOOD.keys() - set(fitting):
        with pytest.raises(Refusal, match=rf"In /w/workspace.toml, `{key}` under \[answers.{step}\] must be "):
            check(step, {key: GOOD[name]}, Path("/w/workspace.toml"))
    assert len(fitting) == 1


@pytest.mark.parametrize("arguments", [("reports",), ("export", "run"), ("run", "--yes")])
def test_commands_say_so_and_end(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    workspace = Workspace.create(tmp_path / "w", "North")
    with (workspace.path / "workspace.toml").open("a") as stream:
        stream.write("[answers.reports]\npaths = 7\n[answers.export]\nmerged = 'yes'\n")
    ended = CliRunner().invoke(medtui, [*arguments, "--workspace", str(workspace.path)])
    assert ended.exit_code != 0
    assert "Traceback" not in ended.output
    assert isinstance(ended.exception, Refusal | SystemExit)


def test_the_screens_answers_are_of_their_kinds() -> None:
    for question in (*export.questions(1), *reports.questions(("/a", "/b"), "/demo", {})):
        for option in question.options:
            check(question.step, {question.key: question.saved_form(option.value)}, Path("f"))


def test_what_is_not_named_passes() -> None:
    check("training", {"rank": "sixteen"}, Path("f"))
    check("unheard", {"paths": 7}, Path("f"))
