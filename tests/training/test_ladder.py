"""The ladder: every rung saves memory, the effective batch stays, and it ends."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from medtui.training import ladder
from medtui.training.recipe import Recipe

_RECIPES = st.builds(
    Recipe,
    model=st.just("m"),
    dataset=st.just("d"),
    batch=st.integers(1, 64),
    accumulation=st.integers(1, 8),
    checkpointing=st.booleans(),
    max_length=st.integers(16, 8192),
    rank=st.integers(1, 128),
    over_length=st.sampled_from(("refuse", "leave_out")),
)


@given(_RECIPES, st.booleans(), st.booleans())
def test_the_ladder_ends_and_keeps_the_effective_batch(recipe: Recipe, before_start: bool, gpu: bool) -> None:
    effective = recipe.batch * recipe.accumulation
    seen = 0
    while rung := ladder.next_rung(recipe, [100, 5000], before_start=before_start, gpu=gpu):
        changed = rung.apply(recipe)
        assert changed != recipe
        assert changed.batch * changed.accumulation == effective
        assert changed.batch <= recipe.batch
        if not before_start:
            same = (changed.rank, changed.max_length, changed.optimizer)
            assert same == (recipe.rank, recipe.max_length, recipe.optimizer)
        if recipe.over_length == "refuse":
            assert changed.max_length == recipe.max_length
        recipe, seen = changed, seen + 1
        assert seen < 40
    assert recipe.batch == 1
    assert recipe.checkpointing


def test_a_shorter_limit_says_what_it_costs() -> None:
    recipe = Recipe(model="m", dataset="d", batch=1, max_length=2048, over_length="leave_out")
    rung = ladder.next_rung(recipe, [500, 1024, 1025, 2000], before_start=True, gpu=False)
    assert rung is not None
    assert rung.sentence == "At most 1024 tokens an example: 2 examples are left out."


def test_rungs_survive_on_disk_and_damage_means_none(tmp_path: Path) -> None:
    recipe = Recipe(model="m", dataset="d")
    rung = ladder.next_rung(recipe, before_start=True, gpu=True)
    assert rung is not None
    ladder.save(tmp_path, [rung])
    assert ladder.load(tmp_path) == [rung]
    assert ladder.apply(recipe, ladder.load(tmp_path)) == rung.apply(recipe)
    (tmp_path / "rungs.json").write_text("[{")
    assert ladder.load(tmp_path) == []
