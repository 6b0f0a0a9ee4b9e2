"""A data folder of its own for every test of the screen."""

from pathlib import Path

import pytest

from medtui.workspace import Workspace


@pytest.fixture(autouse=True)
def data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep practices apart from the person's own, and the terminal the same everywhere."""
    folder = tmp_path / "data"
    monkeypatch.setenv("XDG_DATA_HOME", str(folder))
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.delenv("NO_COLOR", raising=False)
    return folder / "medtui"


@pytest.fixture
def practice(data_folder: Path) -> Workspace:
    """A practice that works on the processor with the demo model."""
    workspace = Workspace.create(data_folder / "north", "Northside Imaging")
    workspace.save_answer("machine", "gpu", "none")
    workspace.save_answer("model", "model", "demo")
    return workspace
