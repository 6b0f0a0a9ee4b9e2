"""A driver of our own making: the real pynvml runs against a library compiled from C."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

SOURCE = Path(__file__).parent / "stand_in" / "nvml.c"


def compile_driver(folder: Path, *flags: str) -> Path:
    """Build libnvidia-ml.so.1 into a folder."""
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if compiler is None:
        pytest.skip("no C compiler here to build the stand-in for NVIDIA's library")
    library = folder / "libnvidia-ml.so.1"
    subprocess.run([compiler, "-shared", "-fPIC", "-O1", *flags, "-o", str(library), str(SOURCE)], check=True)
    return folder


@pytest.fixture(scope="session")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A current driver."""
    return compile_driver(tmp_path_factory.mktemp("driver"))


@pytest.fixture(scope="session")
def old_driver(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A driver from before the second version of the memory question."""
    return compile_driver(tmp_path_factory.mktemp("old-driver"), "-DWITHOUT_MEMORY_V2")


@pytest.fixture(scope="session")
def cuda_torch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The version file of a PyTorch built for CUDA 13, for machines whose own PyTorch is for the processor."""
    return write_cuda_torch(tmp_path_factory.mktemp("site"))


def write_cuda_torch(folder: Path) -> Path:
    """Write such a version file."""
    (folder / "torch").mkdir()
    (folder / "torch" / "__init__.py").write_text("")
    (folder / "torch" / "version.py").write_text("__version__ = '2.13.0+cu130'\ncuda: str | None = '13.0'\n")
    return folder


Survey = Callable[..., dict[str, Any]]


@pytest.fixture
def on_machine(driver: Path, cuda_torch: Path) -> Survey:
    """Run `medtui machine --json` on the machine that the settings describe."""

    def survey(library: Path = driver, torch: Path = cuda_torch, **settings: object) -> dict[str, Any]:
        done = run_with_driver(library, torch, ["-m", "medtui", "machine", "--json"], settings)
        return dict(json.loads(done))

    return survey


def run_with_driver(library: Path, torch: Path, arguments: list[str], settings: dict[str, object]) -> str:
    """Run Python with the stand-in driver; returns its standard output."""
    environment = {
        **os.environ,
        **{f"STAND_IN_{name}": str(value) for name, value in settings.items()},
        "LD_LIBRARY_PATH": str(library),
        "PYTHONPATH": os.pathsep.join([str(torch), *filter(None, [os.environ.get("PYTHONPATH")])]),
    }
    done = subprocess.run(
        [sys.executable, *arguments], env=environment, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
