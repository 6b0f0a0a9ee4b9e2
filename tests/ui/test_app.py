"""The frame of the screen: the list of practices, keys, help, palette, small terminals."""

from pathlib import Path

import pytest

from medtui.ui.app import MedtuiApp
from medtui.ui.screens.explain import Explain
from medtui.ui.screens.new_practice import folder_for
from medtui.workspace import DONE, Workspace, practices
from tests.ui.driving import shown, until, until_shown

SIZES = [(80, 24), (140, 45)]


@pytest.mark.parametrize("size", SIZES)
async def test_enter_opens_the_practice_and_walks_on(practice: Workspace, size: tuple[int, int]) -> None:
    app = MedtuiApp()
    async with app.run_test(size=size) as pilot:
        await until_shown(pilot, "Northside Imaging")
        await pilot.press("enter")
        await until_shown(pilot, "What shall do the work?")
        await pilot.press("enter")
        await until_shown(pilot, "Continue")
        assert practice.state("machine") == DONE
        await pilot.press("enter")
        await until_shown(pilot, "Which model shall learn")
        await pilot.press("enter")
        await until_shown(pilot, "The demo model is chosen.")
        assert practice.answers("model") == {"model": "demo"}


async def test_a_new_practice_gets_a_folder(data_folder: Path) -> None:
    app = MedtuiApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await until_shown(pilot, "New practice")
        await pilot.press("n")
        await until_shown(pilot, "What is the practice called?")
        await pilot.press("enter")
        await until_shown(pilot, "What shall do the work?")
    assert [workspace.practice for workspace in practices()] == ["My practice"]
    assert (data_folder / "my-practice").stat().st_mode & 0o777 == 0o700


def test_folders_of_practices_are_plain(tmp_path: Path) -> None:
    assert folder_for("Praxis Dr. Müller / München", tmp_path).name == "praxis-dr-muller-munchen"
    assert folder_for("../..", tmp_path) == tmp_path / "practice"
    (tmp_path / "practice").mkdir()
    assert folder_for("", tmp_path) == tmp_path / "practice-2"


async def test_escape_leads_back_and_a_changed_answer_asks_for_another_look(practice: Workspace) -> None:
    practice.finish("machine", {"gpu": "none", "gpus": []})
    practice.finish("model", {"model": "demo", "path": "/", "parameters": 1})
    practice.finish("examples", {"train": 1, "validation": 1, "test": 1})
    app = MedtuiApp(practice.path)
    async with app.run_test(size=(80, 24)) as pilot:
        await until_shown(pilot, "Where are your reports?")
        await pilot.press("escape")
        await until_shown(pilot, "The demo model is chosen.")
        await pilot.press("escape")
        await until_shown(pilot, "Which model shall learn")
        await until_shown(pilot, "Examples    done")
        practice.save_answer("model", "model", "other")
        await pilot.press("enter")
        await until(pilot, lambda: practice.answers("model") == {"model": "demo"})
        await until_shown(pilot, "Examples    again")


async def test_help_explains_the_page(practice: Workspace) -> None:
    app = MedtuiApp(practice.path)
    async with app.run_test(size=(80, 24)) as pilot:
        await until_shown(pilot, "What shall do the work?")
        await pilot.press("question_mark")
        await until(pilot, lambda: isinstance(app.screen, Explain))
        await until_shown(pilot, "Nothing is changed and nothing is")
        await pilot.press("escape")
        await until_shown(pilot, "What shall do the work?")


async def test_the_palette_finds_every_action(practice: Workspace) -> None:
    app = MedtuiApp(practice.path)
    async with app.run_test(size=(80, 24)) as pilot:
        await until_shown(pilot, "What shall do the work?")
        names = {command.title for command in app.get_system_commands(app.screen)}
        assert {"Back", "Help", "Quit", "Practices", "Step 1: Machine", "Step 3: Reports", "Colours"} <= names
        await pilot.press("ctrl+p")
        await pilot.press(*"Step 3")
        await until_shown(pilot, "Step 3: Reports")
        await pilot.press("enter")
        await until_shown(pilot, "Where are your reports?")


async def test_j_and_k_and_the_mouse_choose(practice: Workspace) -> None:
    app = MedtuiApp(practice.path)
    async with app.run_test(size=(140, 45)) as pilot:
        await until_shown(pilot, "What shall do the work?")
        await pilot.click("#rail", offset=(4, 3))
        await until_shown(pilot, "Where are your reports?")
        await pilot.click("#rail", offset=(4, 2))
        await until_shown(pilot, "Which model shall learn")
        await pilot.press("j", "k", "j")
        answers = app.screen.query_one("#answers")
        assert getattr(answers, "highlighted", None) == 1


async def test_a_small_terminal_says_so_and_recovers(practice: Workspace) -> None:
    app = MedtuiApp(practice.path)
    async with app.run_test(size=(80, 24)) as pilot:
        await until_shown(pilot, "What shall do the work?")
        await pilot.resize_terminal(60, 20)
        await until_shown(pilot, "Please enlarge the terminal")
        assert "What shall do the work?" not in shown(app)
        await pilot.resize_terminal(100, 30)
        await until_shown(pilot, "What shall do the work?")


async def test_an_unreadable_practice_does_not_stop_the_others(practice: Workspace, data_folder: Path) -> None:
    broken = Workspace.create(data_folder / "broken", "Broken")
    (broken.path / "workspace.toml").write_text("not = = toml")
    app = MedtuiApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await until_shown(pilot, "Northside Imaging")
        await until_shown(pilot, "Cannot read")


async def test_copying_and_links_lead_nowhere(practice: Workspace) -> None:
    app = MedtuiApp(practice.path)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await until_shown(pilot, "What shall do the work?")
        app.copy_to_clipboard("secret")
        assert app.clipboard == ""
        app.open_url("https://example.org")
        await until_shown(pilot, "Links are never opened")


async def test_figures_of_another_version_are_no_crash(practice: Workspace) -> None:
    practice.finish("machine", {"something": "else"})
    app = MedtuiApp(practice.path)
    async with app.run_test(size=(80, 24)) as pilot:
        await until_shown(pilot, "Which model shall learn")
        await pilot.press("escape")
        await until_shown(pilot, "do it once more to see them.")
        await pilot.press("enter")
        await until_shown(pilot, "What shall do the work?")
