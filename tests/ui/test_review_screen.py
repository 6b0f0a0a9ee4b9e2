"""Review, sample and override as a person uses them, at the smallest terminal."""

from contextlib import closing
from pathlib import Path

import pytest
from textual import events
from textual.pilot import Pilot
from textual.screen import Screen

from medtui import journal, vault
from medtui.deid import gate, listing, store
from medtui.deid.listing import View
from medtui.ui.app import MedtuiApp
from medtui.ui.screens.override import OverrideDialog, TypedInput
from medtui.ui.screens.review import ReviewScreen
from medtui.ui.screens.sample import SampleScreen
from medtui.workspace import Workspace
from tests.deid.conftest import again, fill
from tests.ui.driving import shown, until, until_shown

SMALLEST = (80, 24)


@pytest.fixture(scope="module")
def searched(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A practice after the step, with three doubts: one string twice, another once."""
    workspace = fill(Workspace.create(tmp_path_factory.mktemp("review") / "north", "Northside Imaging"))
    again(workspace)
    with closing(vault.connect(workspace)) as connection, connection:
        connection.execute("UPDATE findings SET score = 0.4 WHERE category IN ('NAME', 'PHONE')")
        connection.execute("UPDATE findings SET source = 'name:word' WHERE category = 'NAME'")
    return workspace


@pytest.fixture
def workspace(searched: Workspace, data_folder: Path) -> Workspace:
    """One of one's own: the vault is copied, so that no test sees another's decisions."""
    mine = Workspace.create(data_folder / "north", "Northside Imaging")
    mine.vault_path.write_bytes(searched.vault_path.read_bytes())
    mine.finish("deid", searched.result("deid") or {})
    return mine


@pytest.fixture
def app(workspace: Workspace) -> MedtuiApp:
    return MedtuiApp(workspace.path)


async def opened(pilot: Pilot[None], screen: Screen[object], words: str) -> None:
    await until(pilot, lambda: bool(pilot.app.screen_stack) and pilot.app.screen.is_mounted)
    await pilot.app.push_screen(screen)
    await until_shown(pilot, words)


def decisions(workspace: Workspace) -> list[tuple[str, str]]:
    with closing(vault.connect(workspace)) as connection:
        rows = connection.execute("SELECT value, decision FROM decisions ORDER BY rowid")
        return [(str(row[0]), str(row[1])) for row in rows]


def open_forms(workspace: Workspace) -> list[str]:
    with closing(vault.connect(workspace)) as connection:
        return [entry.form for entry in listing.entries(connection, View(), 100)]


async def test_all_keys_are_visible(app: MedtuiApp, workspace: Workspace) -> None:
    async with app.run_test(size=SMALLEST) as pilot:
        await opened(pilot, ReviewScreen(workspace), "replaced until you decide")
        text = shown(app)
        keys = "a Identifies|r Harmless here|y Always|n Never|s Later|u Undo|/ Search|p Patient|b Report|t Kind"
        for key in (*keys.split("|"), "f Doubts/all", "esc Back"):
            assert key in text


async def test_one_key_decides_and_undo_brings_it_back(app: MedtuiApp, workspace: Workspace) -> None:
    before = open_forms(workspace)
    async with app.run_test(size=SMALLEST) as pilot:
        screen = ReviewScreen(workspace)
        await opened(pilot, screen, "replaced until you decide")
        first, second, *_ = before
        await pilot.press("y")
        await until(pilot, lambda: screen._place is not None and store.form(screen._place.value) == second)
        assert open_forms(workspace) == before[1:]
        await pilot.press("u")
        await until_shown(pilot, "Taken back")
        await until(pilot, lambda: screen._place is not None and store.form(screen._place.value) == first)
        assert open_forms(workspace) == before
        assert decisions(workspace) == []


async def test_decision_made_while_leaving_is_kept(app: MedtuiApp, workspace: Workspace) -> None:
    left: list[int | None] = []
    async with app.run_test(size=SMALLEST) as pilot:
        screen = ReviewScreen(workspace)
        await until(pilot, lambda: bool(app.screen_stack) and app.screen.is_mounted)
        app.push_screen(screen, left.append)
        await until_shown(pilot, "replaced until you decide")
        await pilot.press("a", "escape")
        await until(pilot, lambda: left == [1])
    assert [decision for _, decision in decisions(workspace)] == ["accept"]


async def test_later_leaves_it_undecided(app: MedtuiApp, workspace: Workspace) -> None:
    before = open_forms(workspace)
    async with app.run_test(size=SMALLEST) as pilot:
        screen = ReviewScreen(workspace)
        await opened(pilot, screen, "replaced until you decide")
        await pilot.press("s")
        await until(pilot, lambda: screen._place is not None and store.form(screen._place.value) == before[1])
        assert open_forms(workspace) == before


async def test_search_finds_and_adds_what_was_missed(app: MedtuiApp, workspace: Workspace) -> None:
    async with app.run_test(size=SMALLEST) as pilot:
        await opened(pilot, ReviewScreen(workspace), "replaced until you decide")
        await pilot.press("slash", *"okonkwo", "enter")
        await until_shown(pilot, "»okonkwo«")
        await until_shown(pilot, "1 place, 1 different string")
        await pilot.press("slash", *"her son", "enter")
        await until_shown(pilot, "1 report still hold them")
        await pilot.press("y")
        await until_shown(pilot, "Kept: these")
        assert decisions(workspace) == [("her son", "always")]
        await pilot.press("escape")
        await until_shown(pilot, "replaced until you decide")


async def test_kinds_are_counted_and_a_false_alarm_is_given_back(app: MedtuiApp, workspace: Workspace) -> None:
    async with app.run_test(size=SMALLEST) as pilot:
        screen = ReviewScreen(workspace)
        await opened(pilot, screen, "replaced until you decide")
        await pilot.press("f")
        await until_shown(pilot, "All that was found")
        await pilot.press("t")
        await until_shown(pilot, "all kinds")
        assert "telephone numbers" in shown(app)
        await pilot.press("j", "j", "enter")
        await until(pilot, lambda: screen._view.category is not None and screen._place is not None)
        await pilot.press("n")
        await until_shown(pilot, "never replaced")
        assert [decision for _, decision in decisions(workspace)] == ["never"]


async def test_value_that_the_fields_name_is_not_let_go(app: MedtuiApp, workspace: Workspace) -> None:
    async with app.run_test(size=SMALLEST) as pilot:
        await opened(pilot, ReviewScreen(workspace, doubts=False), "All that was found")
        await pilot.press("slash", *"00451127", "enter")
        await until_shown(pilot, "1 place, 1 different string")
        await until_shown(pilot, "Record numbers (MRN)")
        await pilot.press("n")
        await until_shown(pilot, "own fields say")
        assert decisions(workspace) == []


async def test_patient_and_report(app: MedtuiApp, workspace: Workspace) -> None:
    async with app.run_test(size=SMALLEST) as pilot:
        screen = ReviewScreen(workspace)
        await opened(pilot, screen, "replaced until you decide")
        await pilot.press("p")
        await until_shown(pilot, "one patient")
        await until(pilot, lambda: screen._place is not None)
        await pilot.press("b")
        await until_shown(pilot, "Before: as it was read")
        await pilot.press("b")
        await until_shown(pilot, "After: what the model learns from")
        assert "[PHONE]" in shown(app)
        await pilot.press("escape")
        await until_shown(pilot, "one patient")


async def test_sample_is_read_and_what_was_missed_is_kept(app: MedtuiApp, workspace: Workspace) -> None:
    left: list[bool | None] = []
    async with app.run_test(size=SMALLEST) as pilot:
        screen = SampleScreen(workspace)
        await until(pilot, lambda: bool(app.screen_stack) and app.screen.is_mounted)
        app.push_screen(screen, left.append)
        await until_shown(pilot, "Report 1 of 2 (0 read)")
        await pilot.press("f")
        await until_shown(pilot, "Report 2 of 2 (1 read)")
        await until_shown(pilot, "A person read 1 of 2 reports")
        letters = "lives alone" if "lives alone" in screen._reports[1].text else "Wells score"
        await pilot.press("m", *letters, "enter")
        await until_shown(pilot, "What is it?")
        await pilot.press("enter")
        await until_shown(pilot, "something was missed in it")
        await pilot.press("escape")
        await until(pilot, lambda: left == [True])
    assert decisions(workspace) == [(letters, "always")]
    assert (workspace.result("deid") or {})["sample"]["missed"] == 1
    assert letters not in workspace.audit_path.read_text()


async def test_override_must_be_typed(app: MedtuiApp, workspace: Workspace) -> None:
    with closing(vault.connect(workspace)) as connection, connection:
        connection.execute("UPDATE deidentified SET left_over = 1 WHERE number = 1")
        sentence = gate.gate(connection).sentence
    left: list[bool | None] = []
    async with app.run_test(size=SMALLEST) as pilot:
        dialog = OverrideDialog(workspace)
        await until(pilot, lambda: bool(app.screen_stack) and app.screen.is_mounted)
        app.push_screen(dialog, left.append)
        await until_shown(pilot, "Known identifiers left: 1")
        field = dialog.query_one("#typed", TypedInput)
        field.post_message(events.Paste(sentence))
        await until_shown(pilot, "cannot be pasted")
        await pilot.press(*"yes", "enter")
        await until_shown(pilot, "not the sentence word by word")
        # The keys were shown above; eighty more of them would only cost time.
        field.value = sentence
        await pilot.press("enter")
        await until(pilot, lambda: left == [True])
    records, _ = journal.read(workspace.audit_path)
    assert records[-1]["action"] == "gate overridden"
