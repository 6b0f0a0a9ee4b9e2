"""The demo's workspace has its answers, whatever became of an earlier start."""

from pathlib import Path

from medtui.journey.demo import demo_workspace
from medtui.workspace import Workspace


def test_a_start_that_broke_off_is_made_whole_and_choices_are_kept(tmp_path: Path) -> None:
    begun = Workspace.create(tmp_path / "demo", "Demo practice (fictional)")
    begun.save_answer("training", "thoroughness", "short")
    practice = demo_workspace(begun.path)
    assert practice.answers("reports")["paths"]
    assert practice.answers("model") == {"model": "demo"}
    assert practice.answers("training") == {"thoroughness": "short"}
    assert practice.answers("reports") == demo_workspace(tmp_path / "new").answers("reports")
