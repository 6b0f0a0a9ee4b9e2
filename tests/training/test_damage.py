"""What accidents do to a run: nothing that a person would have to repair."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from medtui.errors import Refusal
from medtui.process import RUNNING
from medtui.training import checkpoints, runs
from medtui.workspace import Workspace
from tests.training import tiny
from tests.training.conftest import ANSWERS
from tests.training.test_run import same_curve, wait_for_step, weights

Practice = Callable[[], Workspace]

_RESUME = """
import sys
from pathlib import Path
from medtui.errors import Refusal
from medtui.training import runs
try:
    runs.resume(runs.Run(Path(sys.argv[1])))
except Refusal as refusal:
    print(refusal)
    sys.exit(2)
"""


def test_a_torn_event_a_flipped_byte_and_two_starts_at_once_change_nothing(
    finished_run: runs.Run, practice: Practice
) -> None:
    run = runs.start(practice())
    wait_for_step(run, 7)
    run.job.signal(signal.SIGKILL)
    while run.status() == RUNNING:
        pass
    newest = checkpoints.found(run.folder / "checkpoints")[-1]
    with (newest.folder / "optimizer.pt").open("r+b") as stream:
        stream.seek(1000)
        stream.write(bytes([stream.read(1)[0] ^ 1]))
    with run.job.events_path.open("a") as stream:
        stream.write('{"v": 1, "t": 1.0, "event": "step", "step": 9, "total": 12, "loss": 1')
    starters = [
        subprocess.Popen([sys.executable, "-c", _RESUME, str(run.folder)], stdout=subprocess.PIPE) for _ in range(2)
    ]
    said = [starter.communicate()[0].decode() for starter in starters]
    assert sorted(starter.returncode for starter in starters) == [0, 2], said
    assert any("running already" in line or "someone else" in line for line in said)
    runs.follow(run)
    assert weights(run) == weights(finished_run)
    assert same_curve(run, finished_run)
    assert run.curves().warnings == [
        f"A checkpoint was passed over: optimizer.pt in {newest.folder.name} is damaged (its hash differs)."
    ]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own with 80 MiB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=80m", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, check=False).returncode != 0:
        pytest.skip("a small file system can only be mounted by an administrator")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def _fill(ballast: Path) -> None:
    with ballast.open("wb", buffering=0) as stream:
        while True:
            stream.write(bytes(64 << 10))


def test_a_full_disk_is_told_and_the_run_goes_on_after_space_is_made(
    small_disk: Path, tiny_model: Path, finished_run: runs.Run
) -> None:
    workspace = Workspace.create(small_disk / "workspace", "Full disk")
    tiny.write_examples(workspace.dataset)
    workspace.save_answer("model", "model", str(tiny_model))
    for key, value in ANSWERS.items():
        workspace.save_answer("training", key, value)
    run = runs.start(workspace)
    ballast = small_disk / "ballast"
    wait_for_step(run, 3)
    with pytest.raises(OSError, match="No space left"):
        _fill(ballast)
    with pytest.raises(Refusal, match=r"could not be written|disk is full"):
        runs.follow(run)
    assert run.status() == "failed"
    whole, _ = checkpoints.newest_whole(run.folder / "checkpoints")
    assert whole is not None
    ballast.unlink()
    runs.resume(run)
    runs.follow(run)
    assert weights(run) == weights(finished_run)
    assert same_curve(run, finished_run)
