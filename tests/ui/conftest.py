"""A data folder of its own for every test of the screen, and machines with other graphics cards than this one's."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from textual.widgets import Input, TextArea

from medtui.workspace import Workspace
from tests.machine.conftest import compile_driver, run_with_driver, write_cuda_torch


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
    # A cursor that blinks is seen or not by chance.
    for field in (Input, TextArea):
        monkeypatch.setattr(field.cursor_blink, "_default", False)
    return folder / "medtui"


@pytest.fixture
def practice(data_folder: Path) -> Workspace:
    """A practice that works on the processor with the demo model."""
    workspace = Workspace.create(data_folder / "north", "Northside Imaging")
    workspace.save_answer("machine", "gpu", "none")
    workspace.save_answer("model", "model", "demo")
    return workspace


@pytest.fixture(scope="session")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """NVIDIA's library, played by a stand-in; skips where there is no compiler."""
    return compile_driver(tmp_path_factory.mktemp("driver"))


@pytest.fixture(scope="session")
def cuda_torch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The version file of a PyTorch for graphics cards."""
    return write_cuda_torch(tmp_path_factory.mktemp("site"))


Drive = Callable[..., list[str]]


@pytest.fixture
def drive(driver: Path, cuda_torch: Path, practice: Workspace, monkeypatch: pytest.MonkeyPatch) -> Drive:
    """Drive the app on a machine with any number of cards; gives the screen's text at each `show`.

    The library of a driver can only be put in place before a process begins, so the app runs in one of its own.
    """
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))

    def drive(size: tuple[int, int], *script: tuple[str, ...], **settings: object) -> list[str]:
        arguments = ["-m", "tests.ui.drive_with_cards", str(practice.path), json.dumps([list(size), script])]
        return list(json.loads(run_with_driver(driver, cuda_torch, arguments, settings)))

    return drive
