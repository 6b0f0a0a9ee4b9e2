"""The demo practice's workspace: fictional reports, a tiny model, every answer filled in."""

from pathlib import Path
from typing import Any

from medtui import assets
from medtui.workspace import Workspace, default_root

DEMO_ANSWERS = {
    "machine": {"gpu": "none"},
    "model": {"model": "demo"},
    "training": {"thoroughness": "demo"},
}


def default_folder() -> Path:
    """Give the folder of the demo practice unless another is named."""
    return default_root() / "demo"


def demo_workspace(path: Path) -> Workspace:
    """Open or create the demo practice's workspace; answers that it lacks are filled in, even after a broken start.

    Args:
        path: its folder.
    """
    practice = Workspace.open_or_create(path, "Demo practice (fictional)")
    reports = {"paths": [str(assets.path("demo_practice", "reports"))]}
    answers: dict[str, dict[str, Any]] = {**DEMO_ANSWERS, "reports": reports}
    for step, values in answers.items():
        given = practice.answers(step)
        for key, value in values.items():
            if key not in given:
                practice.save_answer(step, key, value)
    return practice
