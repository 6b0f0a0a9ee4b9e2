"""Runs the nine steps in a row on one practice, replaying the answers that its workspace holds."""

import importlib
import time
from collections.abc import Callable
from typing import Any

from medtui.progress import Progress, silent
from medtui.workspace import DONE, STEPS, Workspace


def run_step(workspace: Workspace, step: str, progress: Progress = silent) -> dict[str, Any]:
    """Run one step with its saved answers; everything not answered takes its default.

    Raises:
        Refusal: the step cannot go on, and why.
    """
    run: Callable[[Workspace, Progress], dict[str, Any]] = importlib.import_module(f"medtui.{step}.step").run
    return run(workspace, progress)


def run_all(
    workspace: Workspace, progress: Progress = silent, *, again: bool = True
) -> tuple[dict[str, dict[str, Any]], dict[str, float]]:
    """Run every step in order.

    Args:
        workspace: the practice.
        progress: told what happens.
        again: also run steps that are done; otherwise go on with the first that is not.

    Returns:
        Each step's result, and its wall time in seconds.
    """
    results: dict[str, dict[str, Any]] = {}
    seconds: dict[str, float] = {}
    for step in STEPS:
        kept = workspace.result(step)
        if not again and kept is not None and workspace.state(step) == DONE:
            results[step], seconds[step] = kept, 0.0
            continue
        begun = time.monotonic()
        results[step] = run_step(workspace, step, progress)
        seconds[step] = round(time.monotonic() - begun, 2)
    return results, seconds
