"""Damaged files of a practice: one sentence on the screen, never a crash, and the list stays."""

import pytest

from medtui.errors import Refusal
from medtui.ui import crash
from medtui.ui.app import MedtuiApp
from medtui.ui.screens.practices import PracticesScreen
from medtui.workspace import Workspace
from tests.ui.driving import until, until_shown

DAMAGE = {
    "toml syntax": ("workspace.toml", b"not = = toml"),
    "toml bytes": ("workspace.toml", bytes(range(256))),
    "toml answers": ("workspace.toml", b"answers = 3\n"),
    "toml answers of a step": ("workspace.toml", b"[answers]\nmodel = 3\n"),
    "toml answer of another kind": ("workspace.toml", b"[answers.reports]\npaths = 7\n"),
    "toml list of another kind": ("workspace.toml", b"[answers.reports]\npaths = [1, 2]\n"),
    "toml columns of another kind": ("workspace.toml", b"[answers.reports.columns]\nabc = 7\n"),
    "toml truth of another kind": ("workspace.toml", b"[answers.export]\nmerged = 'yes'\n"),
    "toml practice": ("workspace.toml", b"practice = 'x'\n"),
    "state cut off": ("state.json", b'{"machine": {"sta'),
    "state bytes": ("state.json", bytes(range(256))),
    "state list": ("state.json", b"[1, 2]"),
    "state null": ("state.json", b"null"),
    "state words": ("state.json", b'{"machine": "done"}'),
    "state unknown": ("state.json", b'{"machine": {"state": 7}}'),
    "state result": ("state.json", b'{"machine": {"state": "done", "result": 5}}'),
}


@pytest.mark.parametrize("direct", [False, True], ids=["from the list", "at once"])
@pytest.mark.parametrize(("file", "content"), DAMAGE.values(), ids=DAMAGE.keys())
async def test_one_sentence_and_no_crash(practice: Workspace, file: str, content: bytes, direct: bool) -> None:
    (practice.path / file).write_bytes(content)
    app = MedtuiApp(practice.path if direct else None)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await until_shown(pilot, "New practice")
        if not direct:
            await pilot.press("enter")
        await until_shown(pilot, "This practice cannot be opened")
        await until_shown(pilot, file.partition(".")[0])
        await until(pilot, lambda: isinstance(app.screen, PracticesScreen))
    assert (practice.path / file).read_bytes() == content


def test_a_refusal_that_nobody_caught_is_said_in_its_own_words() -> None:
    assert crash.in_words(Refusal("The disk is full; make space.")).startswith("The disk is full; make space.\n")
