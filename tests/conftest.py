"""Fixtures that every part's tests share."""

import os
from pathlib import Path

import pytest

from medtui.workspace import Workspace

os.environ.setdefault("HF_HUB_OFFLINE", "1")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real samples beside the checkout."""
    for folder in (Path(__file__).parents[2] / "shared" / "data", Path(__file__).parents[1] / "shared" / "data"):
        if folder.is_dir():
            return folder
    pytest.skip("the folder of real samples (shared/data beside the checkout) is absent")


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """An empty practice."""
    return Workspace.create(tmp_path / "practice", "Test practice")
