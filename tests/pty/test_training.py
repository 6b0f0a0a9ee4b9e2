"""A training run survives everything that happens to the screen, and the screen tells what happens to the run."""

import json
import os
import re
import signal

from medtui.process import LOST, RUNNING, STOPPED
from medtui.training import runs
from medtui.workspace import Workspace
from tests.pty.terminal import Terminal, environment


def _steps_on(terminal: Terminal) -> int:
    found = re.search(r"step ([\d,]+) of 5,000", terminal.text)
    return int(found[1].replace(",", "")) if found else 0


def _wait_for_step(terminal: Terminal, number: int) -> None:
    while _steps_on(terminal) < number:
        terminal.wait_for("of 5,000")
        terminal._pump(0.2)


def test_a_run_outlives_its_screen_and_is_found_again(trainable: Workspace) -> None:
    data = trainable.path.parents[1]
    first = Terminal(env=environment(data))
    first.wait_for("Welcome", "Northside Imaging")
    first.press("enter")
    first.wait_for("How thoroughly shall it learn?")
    first.press("enter")
    first.wait_for("How strongly shall it adapt?")
    first.press("enter")
    first.wait_for("How long may an example be?")
    first.press("enter")
    first.wait_for("A last look before training starts", "32 to learn")
    first.press("enter")
    first.wait_for("● Training", "validation", seconds=120)
    _wait_for_step(first, 5)
    first.hang_up()
    run = runs.find(trainable)
    assert run.status() == RUNNING
    try:
        again = Terminal(env=environment(data))
        again.wait_for("Welcome")
        again.press("enter")
        again.wait_for("step", "of 5,000")
        again.kill()
        assert run.status() == RUNNING
        _watch_again(trainable, run)
    finally:
        if run.status() == RUNNING:
            runs.stop(run)


def _watch_again(trainable: Workspace, run: runs.Run) -> None:
    seen = run.curves().step
    second = Terminal(size=(140, 45), env=environment(trainable.path.parents[1]))
    second.wait_for("Welcome", "Northside Imaging")
    second.press("enter")
    second.wait_for("● Training", "of 5,000")
    assert _steps_on(second) >= seen
    known = run.curves()
    assert list(known.train.steps) == list(range(1, known.step + 1))

    os.kill(json.loads(run.job.lock_path.read_text())["pid"], signal.SIGKILL)
    # The promise is five seconds; a busy machine gets ten here, and the reading itself is timed elsewhere.
    second.wait_for("Training was interrupted", "Continue", seconds=10)
    assert run.status() == LOST
    second.press("enter")
    second.wait_gone("Training was interrupted")
    second.wait_for("● Training", "step", seconds=120)
    assert run.status() == RUNNING

    second.press("s")
    second.wait_for("Stop training?", "Let it go on")
    second.press("enter")
    second.wait_gone("Stop training?")
    assert run.status() == RUNNING
    second.press("s")
    second.wait_for("Stop training?")
    second.press("tab", "enter")
    second.wait_for("Training is stopped", seconds=120)
    assert run.status() == STOPPED

    second.press("tab", "enter")
    second.wait_for("Give this run up?", "Keep it")
    second.press("enter")
    second.wait_gone("Give this run up?")
    second.press("enter")
    second.wait_for("Give this run up?")
    second.press("tab", "enter")
    second.wait_for("How thoroughly shall it learn?")
    assert not (run.folder / "checkpoints").exists()
    assert second.forbidden() == []
    assert second.quit() == 0
