"""What the screens look like, at the smallest and at a comfortable size."""

from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path

import pytest
from textual.pilot import Pilot

from medtui import vault
from medtui.chat.protocol import BASE, TUNED
from medtui.ui.app import MedtuiApp
from medtui.ui.messages import GoTo
from medtui.ui.screens.dialog import Dialog
from medtui.ui.screens.field_dialog import FieldDialog
from medtui.ui.screens.override import OverrideDialog
from medtui.ui.screens.passphrase import PassphraseDialog
from medtui.ui.screens.review import ReviewScreen
from medtui.ui.screens.step import StepScreen
from medtui.ui.widgets.chat import ChatPage
from medtui.ui.widgets.pages import WorkPage
from medtui.workspace import Workspace
from tests.deid.test_listing import fill as fill_with_doubts
from tests.ui.driving import until_shown
from tests.ui.sample import finished_practice

SIZES = [(80, 24), (140, 45)]
Before = Callable[[Pilot[None]], Awaitable[None]]

pytestmark = pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")


@pytest.fixture
def app(data_folder: Path) -> MedtuiApp:
    return MedtuiApp(finished_practice(data_folder / "north").path)


def going_to(step: str, *words: str, keys: tuple[str, ...] = (), then: tuple[str, ...] = ()) -> Before:
    """Open a step, wait for what it shows, press keys, wait again."""

    async def before(pilot: Pilot[None]) -> None:
        await until_shown(pilot, "The tuned model is saved.")
        pilot.app.screen.post_message(GoTo(step))
        for word in words:
            await until_shown(pilot, word)
        await pilot.press(*keys)
        for word in then:
            await until_shown(pilot, word)
        await pilot.pause()

    return before


def test_practices(data_folder: Path, size: tuple[int, int], snap_compare: Callable[..., bool]) -> None:
    finished_practice(data_folder / "north")

    async def before(pilot: Pilot[None]) -> None:
        await until_shown(pilot, "9 of 9 steps done")

    assert snap_compare(MedtuiApp(), terminal_size=size, run_before=before)


def test_question(app: MedtuiApp, size: tuple[int, int], snap_compare: Callable[..., bool]) -> None:
    before = going_to("deid", "No known", keys=("escape",), then=("What about words",))
    assert snap_compare(app, terminal_size=size, run_before=before)


def test_deid_outcome(app: MedtuiApp, size: tuple[int, int], snap_compare: Callable[..., bool]) -> None:
    assert snap_compare(app, terminal_size=size, run_before=going_to("deid", "Sample"))


def test_training_outcome(app: MedtuiApp, size: tuple[int, int], snap_compare: Callable[..., bool]) -> None:
    before = going_to("training", "Training has finished", "240")
    assert snap_compare(app, terminal_size=size, run_before=before)


def test_evaluation_outcome(app: MedtuiApp, size: tuple[int, int], snap_compare: Callable[..., bool]) -> None:
    assert snap_compare(app, terminal_size=size, run_before=going_to("evaluation", "better than its base"))


def test_evaluation_question(app: MedtuiApp, size: tuple[int, int], snap_compare: Callable[..., bool]) -> None:
    before = going_to("evaluation", "better than its base", keys=("r",), then=("Has the model learned something?",))
    assert snap_compare(app, terminal_size=size, run_before=before)


def test_evaluation_waiting(app: MedtuiApp, size: tuple[int, int], snap_compare: Callable[..., bool]) -> None:
    going = going_to("evaluation", "better than its base")

    async def before(pilot: Pilot[None]) -> None:
        await going(pilot)
        screen = pilot.app.screen
        assert isinstance(screen, StepScreen)
        screen.journey = screen.journey.began()
        screen.show_rail()
        page = screen.work_page()
        screen.show_page(page)
        await until_shown(pilot, "Comparing base and tuned model")
        assert isinstance(page, WorkPage)
        page.advance(60, 268, "Measuring the tuned model")
        await until_shown(pilot, "Measuring the tuned")
        await pilot.pause()

    assert snap_compare(app, terminal_size=size, run_before=before)


def test_chat_outcome(app: MedtuiApp, size: tuple[int, int], snap_compare: Callable[..., bool]) -> None:
    assert snap_compare(app, terminal_size=size, run_before=going_to("chat", "put to both models"))


def test_export_question(app: MedtuiApp, size: tuple[int, int], snap_compare: Callable[..., bool]) -> None:
    before = going_to("export", "The tuned model is saved.", keys=("r",), then=("In what form",))
    assert snap_compare(app, terminal_size=size, run_before=before)


def test_help(app: MedtuiApp, size: tuple[int, int], snap_compare: Callable[..., bool]) -> None:
    before = going_to("evaluation", "better than", keys=("question_mark",), then=("Esc closes this page",))
    assert snap_compare(app, terminal_size=size, run_before=before)


def test_dialog(app: MedtuiApp, size: tuple[int, int], snap_compare: Callable[..., bool]) -> None:
    async def before(pilot: Pilot[None]) -> None:
        await until_shown(pilot, "The tuned model is saved.")
        dialog = Dialog("Stop training?", "A checkpoint is saved first.", ("go-on", "Let it go on"), ("stop", "Stop"))
        await pilot.app.push_screen(dialog)
        await until_shown(pilot, "Let it go on")

    assert snap_compare(app, terminal_size=size, run_before=before)


def test_review(data_folder: Path, size: tuple[int, int], snap_compare: Callable[..., bool]) -> None:
    workspace = finished_practice(data_folder / "north")
    with closing(vault.connect(workspace)) as connection:
        fill_with_doubts(connection, 8, 10)

    async def before(pilot: Pilot[None]) -> None:
        await until_shown(pilot, "The tuned model is saved.")
        await pilot.app.push_screen(ReviewScreen(Workspace.open(workspace.path)))
        await until_shown(pilot, "»Rose«")

    assert snap_compare(MedtuiApp(workspace.path), terminal_size=size, run_before=before)


@pytest.mark.parametrize("kind", [OverrideDialog, PassphraseDialog], ids=["override", "passphrase"])
def test_field_dialog(
    kind: type[FieldDialog], data_folder: Path, size: tuple[int, int], snap_compare: Callable[..., bool]
) -> None:
    workspace = finished_practice(data_folder / "north")
    with closing(vault.connect(workspace)) as connection, connection:
        fill_with_doubts(connection, 8, 10)
        connection.execute("UPDATE deidentified SET left_over = 1 WHERE number = 1")

    async def before(pilot: Pilot[None]) -> None:
        await until_shown(pilot, "The tuned model is saved.")
        await pilot.app.push_screen(kind(workspace))
        await until_shown(pilot, "The safe way is" if kind is OverrideDialog else "Passphrase")
        await pilot.pause()

    assert snap_compare(MedtuiApp(workspace.path), terminal_size=size, run_before=before)


def test_chat(app: MedtuiApp, size: tuple[int, int], snap_compare: Callable[..., bool]) -> None:
    going = going_to("chat", "put to both models")

    async def before(pilot: Pilot[None]) -> None:
        await going(pilot)
        screen = pilot.app.screen
        assert isinstance(screen, StepScreen)
        page = ChatPage("Write the impression.\n\nFINDINGS: Small right effusion.", "always the likeliest word")
        screen.show_page(page)
        await until_shown(pilot, "Your question")
        page.begin_answers()
        page.write(BASE, "IMPRESSION - effusion, right.")
        page.end(BASE, {"tokens": 9, "seconds": 0.8})
        page.write(TUNED, "(1) Small right pleural effusion.\nAdvice: repeat chest radiograph in 6 weeks.")
        page.end(TUNED, {"tokens": 21, "seconds": 1.4, "stopped": True})
        page.ready()
        await until_shown(pilot, "stopped")

    assert snap_compare(app, terminal_size=size, run_before=before)
