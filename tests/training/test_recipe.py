"""Recipes: what is written is read back, and every mistake is told with its line."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medtui.errors import Refusal
from medtui.training import recipe as recipes
from medtui.training.fields import FIELDS, Field
from medtui.training.recipe import Recipe


def _values(field: Field) -> st.SearchStrategy[object]:
    if field.choices:
        return st.sampled_from(field.choices)
    if field.kind is bool:
        return st.booleans()
    if field.kind is int:
        return st.integers(int(field.minimum or 0), int(field.maximum or 10))
    if field.kind is float:
        return st.floats(field.minimum, field.maximum, allow_nan=False)
    return st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1)


_POSSIBLE = st.fixed_dictionaries({field.key: _values(field) for field in FIELDS}).filter(
    lambda values: not recipes.contradictions(values)
)


@given(_POSSIBLE)
def test_a_written_recipe_is_read_back_unchanged(values: dict[str, object]) -> None:
    recipe = Recipe(**values)  # type: ignore[arg-type]
    assert recipes.parse(recipes.render(recipe)) == recipe


def test_every_setting_explains_itself_and_matches_the_recipe() -> None:
    recipe = Recipe(model="m", dataset="d")
    for field in FIELDS:
        assert field.title
        assert field.effect
        assert field.source
        if field.key not in {"model", "dataset"}:
            assert getattr(recipe, field.key) == field.default


def test_each_mistake_gets_one_sentence_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "recipe.toml"
    path.write_text(
        '[model]\nmodel = "m"\n[data]\ndataset = "d"\nmax_length = "long"\n'
        "[adapter]\nrank = 0\nranks = 8\n[optimisation]\ndropout = 0.1\nlearning_rate = 7.0\n"
    )
    with pytest.raises(Refusal) as refusal:
        recipes.load(path)
    assert str(refusal.value).splitlines() == [
        "recipe.toml line 5: `max_length` must be a whole number.",
        "recipe.toml line 7: `rank` must lie between 1 and 512.",
        "recipe.toml line 8: `ranks` is not a setting of [adapter]; remove it.",
        "recipe.toml line 10: `dropout` is not a setting of [optimisation]; it belongs in [adapter].",
        "recipe.toml line 11: `learning_rate` must lie between 1e-08 and 1.",
    ]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[model\n", "line 1: this is not TOML"),
        ("[model]\nmodel = 'm'\n", "`dataset` is missing in [data]"),
        ("model = 'm'\n", "`model` stands outside a section"),
        ("[model]\nmodel = 'm'\n[data]\ndataset = 'd'\n[adapter]\ndropout = nan\n", "line 6: `dropout` must lie"),
        (
            "[model]\nmodel = 'm'\nmethod = 'full'\n[data]\ndataset = 'd'\nobjective = 'dpo'\npacking = true\n",
            "line 3: `method` cannot be full with `objective` dpo; choose qlora or lora.\nrecipe.toml line 7: `pack",
        ),
    ],
)
def test_broken_recipes_are_refused(text: str, sentence: str) -> None:
    with pytest.raises(Refusal, match=r"recipe\.toml") as refusal:
        recipes.parse(text)
    assert sentence in str(refusal.value)


@given(st.text())
def test_any_text_is_a_recipe_or_a_refusal(text: str) -> None:
    try:
        recipes.parse(text)
    except Refusal as refusal:
        assert "line" in str(refusal)  # noqa: PT017


def test_steps_follow_from_epochs_batch_and_accumulation() -> None:
    recipe = Recipe(model="m", dataset="d", epochs=2.0, batch=4, accumulation=2)
    assert recipe.total_steps(33) == 2 * 5
    assert Recipe(model="m", dataset="d", steps=7).total_steps(1000) == 7
