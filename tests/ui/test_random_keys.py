"""Random keys over all screens of a finished practice: no crash, the way out works, and what is on disk stays valid."""

import contextlib
import random
import signal
from pathlib import Path

import pytest

from medtui.errors import Refusal
from medtui.ui.app import MedtuiApp
from medtui.ui.messages import GoTo
from medtui.ui.running import JOB_STEPS, job_of
from medtui.ui.screens.practices import PracticesScreen
from medtui.ui.screens.step import StepScreen
from medtui.workspace import DONE, NEEDS_ANOTHER_LOOK, OPEN, STEPS, practices
from tests.ui.driving import until, until_shown
from tests.ui.sample import finished_practice

# Ctrl+C and Ctrl+Q leave the program, as they should; Enter and Esc come often, as they do in life.
KEYS = (
    *("enter", "escape", "tab", "down") * 3,
    *("shift+tab", "up", "left", "right", "j", "k", "g", "h", "l", "pagedown", "pageup", "home", "end", "backspace"),
    *("question_mark", "f1", "ctrl+p", "s", "q", "r", "p", "n", "d", "u", "a", "y", "x", "v", "c", "w", "b", "/"),
    *("[", "]", "space"),
    *("ctrl+s", "ctrl+t", "ctrl+n", "ctrl+j", "shift+enter", "ctrl+a", "delete"),
)
KEYS_A_STEP = 9


@pytest.mark.parametrize("seed", [1, 2, 4])
async def test_no_key_does_harm(data_folder: Path, seed: int) -> None:
    workspace = finished_practice(data_folder / "north")
    chance = random.Random(seed)
    app = MedtuiApp(workspace.path)
    async with app.run_test(size=chance.choice([(80, 24), (140, 45)])) as pilot:
        await until_shown(pilot, "The tuned model is saved.")
        for step in chance.sample(STEPS, len(STEPS)):
            if isinstance(app.screen, StepScreen):
                app.screen.post_message(GoTo(step))
                await pilot.pause()
            for _ in range(KEYS_A_STEP):
                if app.is_running:
                    await pilot.press(chance.choice(KEYS))
        # Esc alone leads back to the list from wherever one is; on the list it quits.
        for _ in range(60):
            if isinstance(app.screen, PracticesScreen):
                break
            await pilot.press("escape")
        await until(pilot, lambda: not app.is_running or isinstance(app.screen, PracticesScreen))
        await pilot.press("ctrl+q")
    assert app.return_code == 0
    assert all(found.state(step) in {OPEN, DONE, NEEDS_ANOTHER_LOOK} for found in practices() for step in STEPS)
    assert all(isinstance(found.answers(step), dict) for found in practices() for step in STEPS)
    for found in practices():
        for job in filter(None, (job_of(found, step) for step in JOB_STEPS)):
            with contextlib.suppress(Refusal):
                job.signal(signal.SIGKILL)
