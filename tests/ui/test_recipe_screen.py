"""Every setting of a run on the screen: explained, checked, saved, given back."""

import dataclasses

from medtui.training import defaults
from medtui.training import recipe as recipes
from medtui.training.fields import FIELDS
from medtui.ui.app import MedtuiApp
from medtui.ui.screens.recipe import RecipeScreen
from medtui.ui.widgets.plain import PlainInput, PlainOptionList
from medtui.workspace import Workspace
from tests.training import tiny
from tests.ui.driving import shown, until_shown


async def test_a_setting_is_explained_refused_changed_and_given_back(practice: Workspace) -> None:
    tiny.write_examples(practice.dataset)
    usual = defaults.resolve_recipe(practice)
    app = MedtuiApp()
    async with app.run_test(size=(80, 24)) as pilot:
        screen = RecipeScreen(practice)
        await app.push_screen(screen)
        settings = screen.query_one("#settings", PlainOptionList)
        assert settings.option_count == len(FIELDS)
        settings.highlighted = next(index for index, field in enumerate(screen.fields) if field.key == "rank")
        await until_shown(pilot, "Doubling it doubles the adapter")
        assert "Hu et al. 2021" in shown(app)
        await pilot.press("enter")
        entry = screen.query_one("#value", PlainInput)
        assert entry.value == str(usual.rank)
        entry.value = "1000"
        await pilot.press("enter")
        await until_shown(pilot, "must lie between 1 and 512")
        assert "rank" not in practice.answers("training")
        entry.value = "64"
        await pilot.press("enter")
        await until_shown(pilot, "* 64")
        assert practice.answers("training")["rank"] == 64
        assert defaults.resolve_recipe(practice) == dataclasses.replace(usual, rank=64)
        await pilot.press("d")
        await until_shown(pilot, f"  {usual.rank} ")
        assert practice.answers("training") == {}
        await pilot.press("escape")
        assert not isinstance(app.screen, RecipeScreen)


async def test_what_other_steps_settle_is_shown_but_not_changed_here(practice: Workspace) -> None:
    tiny.write_examples(practice.dataset)
    app = MedtuiApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await app.push_screen(RecipeScreen(practice))
        await pilot.press("enter")
        await until_shown(pilot, "This is settled in the model step")
        assert not app.screen.query_one("#value", PlainInput).has_class("-shown")


def test_a_written_value_is_read_back() -> None:
    from medtui.ui.screens.recipe import written

    recipe = recipes.Recipe("m", "d")
    for field in FIELDS:
        value = getattr(recipe, field.key)
        assert recipes.read_value(written(value), field) == value
