"""Finds the screen of a step; each is imported when it is first shown."""

import importlib
from pathlib import Path
from typing import Any

from textual.app import App

from medtui.errors import Refusal
from medtui.ui.running import running_steps
from medtui.wizard.journey import Journey
from medtui.workspace import STEPS, Workspace


def screen_for(workspace: Workspace, journey: Journey) -> Any:
    """Give the screen of the journey's present step."""
    step = journey.place.step
    module = importlib.import_module(f"medtui.ui.screens.{step}")
    return getattr(module, f"{step.capitalize()}Screen")(workspace, journey)


def journey_of(workspace: Workspace) -> Journey:
    """Read from disk where a practice stands."""
    return Journey.resume({step: workspace.state(step) for step in STEPS}, running_steps(workspace))


def open_workspace(app: App[Any], path: Path, *, replace: bool = False) -> None:
    """Open a practice where it was left.

    Args:
        app: the app.
        path: the workspace's folder.
        replace: put it in place of the present screen.
    """
    try:
        workspace = Workspace.open(path)
        screen = screen_for(workspace, journey_of(workspace))
    except Refusal as refusal:
        app.notify(str(refusal), severity="error", markup=False)
        return
    if replace:
        app.switch_screen(screen)
    else:
        app.push_screen(screen)
