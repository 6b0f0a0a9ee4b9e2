"""An encrypted practice is opened with its passphrase, once a session."""

from collections.abc import Iterator

import pytest

from medtui import vault
from medtui.ui.app import MedtuiApp
from medtui.ui.screens.practices import PracticesScreen
from medtui.workspace import Workspace
from tests.ui.driving import until, until_shown

pytest.importorskip("sqlcipher3")

WORDS = "four plain words together"


@pytest.fixture
def locked(practice: Workspace) -> Iterator[Workspace]:
    """A practice whose vault is encrypted, as a new session finds it."""
    vault.rewrite(practice, WORDS.encode())
    vault._keys.clear()
    yield practice
    vault._keys.clear()


async def test_wrong_then_right(locked: Workspace) -> None:
    app = MedtuiApp(locked.path)
    async with app.run_test(size=(80, 24)) as pilot:
        await until_shown(pilot, "The vault is locked")
        await pilot.press(*"wrong", "enter")
        await until_shown(pilot, "This does not open the vault")
        await pilot.press(*(key if key != " " else "space" for key in WORDS), "enter")
        await until_shown(pilot, "Machine")
        assert not vault.is_locked(locked)


async def test_esc_goes_back_to_the_practices(locked: Workspace) -> None:
    app = MedtuiApp(locked.path)
    async with app.run_test(size=(80, 24)) as pilot:
        await until_shown(pilot, "The vault is locked")
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, PracticesScreen))
        assert vault.is_locked(locked)
