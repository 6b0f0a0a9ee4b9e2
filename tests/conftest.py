"""Fixtures that every part's tests share."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from medtui.workspace import Workspace

os.environ.setdefault("HF_HUB_OFFLINE", "1")
# Where tests run in several processes these are set, and programs believe them rather than their terminal.
for name in ("COLUMNS", "LINES"):
    os.environ.pop(name, None)


# Before the plugin that deals tests out looks at the marks.
@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep together, where tests run in several processes, a file and all that need the demo."""
    for item in items:
        needs_demo = "demo" in getattr(item, "fixturenames", ())
        item.add_marker(pytest.mark.xdist_group("demo" if needs_demo else item.path.name))
    # The longest first, or the others wait for it at the end.
    items.sort(key=lambda item: "demo" not in getattr(item, "fixturenames", ()))


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


@dataclass(frozen=True)
class Demo:
    """A finished demo journey.

    Attributes:
        workspace: the practice as the journey left it; tests must not change it, they copy it.
        summary: the object that was printed as the last line.
        errors: what was printed on standard error.
    """

    workspace: Workspace
    summary: dict[str, Any]
    errors: str


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """The whole demo journey, run once for all tests by the real command."""
    folder = tmp_path_factory.mktemp("demo") / "practice"
    finished = subprocess.run(
        [sys.executable, "-m", "medtui", "demo", "--headless", "--workspace", str(folder), "--json"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stderr
    return Demo(Workspace.open(folder), json.loads(finished.stdout.splitlines()[-1]), finished.stderr)
