"""The wheel holds everything: the program, its style sheets, and what ships with it."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the unpacked wheel, away from the checkout."""
    built = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(built)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = built.glob("*.whl")
    folder = tmp_path_factory.mktemp("installed")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def test_every_source_file_is_in_the_wheel(installed: Path) -> None:
    for path in (ROOT / "medtui").rglob("*"):
        if path.is_file() and "__pycache__" not in path.parts:
            assert (installed / "medtui" / path.relative_to(ROOT / "medtui")).is_file(), path


def test_every_asset_is_found_away_from_the_checkout(installed: Path, tmp_path: Path) -> None:
    program = (
        "import medtui, sys\nfrom medtui import assets\n"
        "assert 'installed' in medtui.__file__, medtui.__file__\n"
        "print(assets.path('demo_practice'), assets.path('demo_model', 'model.safetensors'))"
    )
    environment = {**os.environ, "PYTHONPATH": str(installed)}
    printed = subprocess.run(
        [sys.executable, "-P", "-c", program], cwd=tmp_path, env=environment, check=True, capture_output=True, text=True
    ).stdout
    assert printed.count("_assets") == 2
