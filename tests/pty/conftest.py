"""Practices for tests on a real terminal, each in a data folder of its own."""

from pathlib import Path

import pytest

from medtui import assets
from medtui.workspace import Workspace
from tests.training import tiny

ANSWERS = {"steps": 5000, "batch": 2, "accumulation": 1, "dropout": 0.0, "evaluate_every": 20, "save_every": 20}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The data folder."""
    return tmp_path / "data"


@pytest.fixture
def trainable(data: Path) -> Workspace:
    """A practice that has done everything up to the examples; training takes far longer than a test."""
    workspace = Workspace.create(data / "medtui" / "north", "Northside Imaging")
    tiny.write_examples(workspace.dataset)
    workspace.save_answer("machine", "gpu", "none")
    workspace.save_answer("model", "model", "demo")
    for key, value in ANSWERS.items():
        workspace.save_answer("training", key, value)
    workspace.finish("machine", {"gpu": "none", "gpus": []})
    workspace.finish("model", {"model": "demo", "path": str(assets.path("demo_model")), "parameters": 2_000_000})
    workspace.finish("reports", {"documents": 48, "patients": 48, "unreadable": 0, "formats": {"text": 48}})
    workspace.finish(
        "deid",
        {"documents": 48, "identifiers_found": 90, "known_identifiers_left": 0, "verified": True, "by_category": {}},
    )
    workspace.finish("examples", {"train": 32, "validation": 8, "test": 8, "tokens": {"longest": 90, "median": 60}})
    return workspace
