"""Whatever does the work, the results are the same."""

import importlib.util
import shutil
from contextlib import closing
from pathlib import Path

import pytest

from medtui import vault
from medtui.errors import Refusal
from medtui.workspace import Workspace
from tests.deid.conftest import again, fill

WITH_RAY = importlib.util.find_spec("ray") is not None


@pytest.fixture
def two(tmp_path: Path) -> tuple[Workspace, Workspace]:
    """The same practice twice, before the step."""
    first = fill(Workspace.create(tmp_path / "first", "First"))
    return first, Workspace.open(Path(shutil.copytree(first.path, tmp_path / "second")))


def content(workspace: Workspace) -> dict[str, list[tuple[object, ...]]]:
    """Give everything that the step wrote."""
    with closing(vault.connect(workspace)) as connection:
        tables = ("deidentified", "findings", "patient_identifiers")
        return {
            table: [tuple(row) for row in connection.execute(f"SELECT * FROM {table} ORDER BY 1, 2, 3")]  # noqa: S608
            for table in tables
        }


@pytest.mark.skipif(not WITH_RAY, reason='Ray is not installed: pip install "medtui[ray]"')
def test_ray_gives_the_same_byte_for_byte(two: tuple[Workspace, Workspace]) -> None:
    own, spread = two
    spread.save_answer("deid", "ray", "local")
    again(own)
    again(spread)
    assert content(own) == content(spread)
    assert len(content(own)["findings"]) > 5


@pytest.mark.skipif(WITH_RAY, reason="Ray is installed")
def test_asking_for_ray_without_it_says_what_to_do(two: tuple[Workspace, Workspace]) -> None:
    own, _ = two
    own.save_answer("deid", "ray", "local")
    with pytest.raises(Refusal, match=r'pip install "medtui\[ray\]"'):
        again(own)
