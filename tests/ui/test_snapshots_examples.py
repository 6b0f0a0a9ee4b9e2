"""What the screens about drafted questions look like."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from textual.pilot import Pilot

from medtui import vault
from medtui.examples.drafting import store
from medtui.ui.app import MedtuiApp
from medtui.ui.screens.examples_drafts import DraftsScreen
from medtui.workspace import Workspace
from tests.examples.conftest import hand_over, radiology
from tests.ui.driving import until_shown

pytestmark = pytest.mark.parametrize("size", [(80, 24), (140, 45)], ids=lambda size: f"{size[0]}x{size[1]}")


@pytest.fixture
def workspace(data_folder: Path) -> Workspace:
    """A practice with two drafts."""
    reports = [radiology(number, f"patient-{number}") for number in (1, 2)]
    workspace = hand_over(Workspace.create(data_folder / "north", "Northside Imaging"), reports)
    with closing(vault.connect(workspace)) as connection:
        store.prepare(connection)
        for report in reports:
            texts = (report.text, "How large is the nodule?", "It has 12 mm.")
            store.add(connection, report.document_id, texts, ("model", "small"), ("", {}))
    return workspace


@pytest.mark.parametrize("page", ["correction", "corrected"])
def test_a_correction(
    workspace: Workspace, size: tuple[int, int], page: str, snap_compare: Callable[..., bool]
) -> None:
    async def before(pilot: Pilot[None]) -> None:
        await pilot.app.push_screen(DraftsScreen(workspace))
        await until_shown(pilot, "2 drafts wait for you")
        await pilot.press("e")
        await until_shown(pilot, "Correct the question")
        await pilot.press(*" And 88 mm on both sides, after cisplatin.", "ctrl+s")
        await until_shown(pilot, "cannot be approved yet")
        if page == "corrected":
            await pilot.press("escape")
            await until_shown(pilot, "As a person corrected it")
        await pilot.pause()

    assert snap_compare(MedtuiApp(workspace.path), terminal_size=size, run_before=before)
