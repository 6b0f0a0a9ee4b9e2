"""A tiny model, a practice with examples for it, and one undisturbed run that several tests look at."""

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from medtui import journal
from medtui.training import defaults, runs
from medtui.workspace import Workspace
from tests.training import tiny

STEPS = 12
ANSWERS = {"steps": STEPS, "dropout": 0.1, "accumulation": 2, "evaluate_every": 4, "save_every": 2, "batch": 2}


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tiny") / "model"
    tiny.write_model(folder)
    return folder


@pytest.fixture(scope="session")
def practice(tiny_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Workspace]:
    """Makes practices that can train: `practice()`."""

    def make() -> Workspace:
        workspace = Workspace.create(tmp_path_factory.mktemp("practice") / "workspace", "Test practice")
        tiny.write_examples(workspace.dataset)
        workspace.save_answer("model", "model", str(tiny_model))
        for key, value in ANSWERS.items():
            workspace.save_answer("training", key, value)
        return workspace

    return make


@pytest.fixture(scope="session")
def train_here() -> Callable[..., runs.Run]:
    """Trains in this process, which has loaded torch already: for tests that need no process of its own.

    With `stop_at`, the run is stopped at that step and then goes on.
    """

    def train(workspace: Workspace, stop_at: int = 0) -> runs.Run:
        from medtui.training import session

        run = runs.prepare(workspace, defaults.resolve_recipe(workspace))

        def emit(event: str, **fields: Any) -> None:
            journal.append(run.job.events_path, {"event": event, **fields})

        with warnings.catch_warnings():
            if stop_at:
                session.train(run.folder, emit, lambda: run.curves().step + 1 >= stop_at)
                assert run.curves().end["status"] == "stopped"
            session.train(run.folder, emit, lambda: False)
        return run

    return train


@pytest.fixture(scope="session")
def finished_run(practice: Callable[[], Workspace]) -> runs.Run:
    """An undisturbed run."""
    run = runs.start(practice())
    runs.follow(run)
    return run
