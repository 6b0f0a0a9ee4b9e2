"""What is offered, found and recommended."""

import math
from pathlib import Path

import pytest

from medtui.errors import Refusal
from medtui.machine import cards
from medtui.machine.survey import models_folder, survey
from medtui.model import catalogue, fit, offers, resolve, step
from medtui.workspace import DONE, Workspace
from tests.model.conftest import shapes


@pytest.fixture(autouse=True)
def own_data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hub"))


def test_every_model_that_can_write_is_offered_once_and_the_demo_model_first() -> None:
    listed = offers.offers(survey(), vram_gib=24)
    assert listed[0].id == "demo"
    assert listed[0].level == fit.DEMO
    assert listed[0].available
    assert resolve.resolve("demo").name == "demo_model"
    writing = [model.id for model in catalogue.models() if model.group != catalogue.ENCODER]
    assert sorted(offer.id for offer in listed[1:]) == sorted(writing)
    assert len(writing) + len(offers.encoders()) == len(catalogue.models())


def test_the_list_runs_from_what_fits_to_what_cannot_be_judged() -> None:
    listed = offers.offers(survey(), vram_gib=24)
    levels = [offer.level for offer in listed if offer.trainable or offer.level == fit.DEMO]
    assert levels == sorted(levels, key=[fit.DEMO, fit.FITS, fit.TIGHT, fit.DOES_NOT_FIT, fit.UNKNOWN].index)
    assert listed[-1].level == fit.UNKNOWN
    sizes = {level: [offer.parameters or 0 for offer in listed if offer.level == level] for level in set(levels)}
    assert sizes[fit.FITS] == sorted(sizes[fit.FITS], reverse=True)
    large = [offer.parameters or 0 for offer in listed if offer.level == fit.DOES_NOT_FIT and offer.trainable]
    assert large == sorted(large)


@pytest.mark.parametrize("vram", [8.0, 12.0, 24.0, 48.0, 80.0])
def test_one_general_model_without_traps_is_recommended(vram: float) -> None:
    recommended = [offer for offer in offers.offers(survey(), vram_gib=vram) if offer.recommended]
    assert len(recommended) == 1
    assert recommended[0].level == fit.FITS
    assert not recommended[0].traps
    assert recommended[0].group == "general"


def test_without_a_gpu_nothing_but_the_demo_model_fits() -> None:
    machine = survey()
    levels = {offer.level for offer in offers.offers(machine)[1:]} if not machine.usable else set()
    assert levels <= {fit.DOES_NOT_FIT, fit.UNKNOWN}


def test_models_that_need_foreign_code_are_listed_but_never_trainable() -> None:
    for offer in offers.offers(survey(), vram_gib=1000):
        model = catalogue.find(offer.id)
        if model and model.remote_code:
            assert not offer.trainable
            assert offer.level == fit.DOES_NOT_FIT


def test_every_level_has_words_and_every_offer_a_reason() -> None:
    for offer in offers.offers(survey(), gpu_name="RTX 4090"):
        assert fit.WORDS[offer.level]
        assert offer.why.endswith(".")
        assert offer.description.endswith(".")


def test_a_model_put_into_the_models_folder_is_offered(model_folder: Path) -> None:
    models_folder().mkdir(parents=True)
    model_folder.rename(models_folder() / "my-model")
    own = [offer for offer in offers.offers(survey(), vram_gib=8) if offer.group == "own"]
    assert [offer.title for offer in own] == ["my-model"]
    assert own[0].available
    assert own[0].level == fit.FITS


def test_a_damaged_own_model_is_offered_with_its_reason_and_hides_no_other(model_folder: Path) -> None:
    models_folder().mkdir(parents=True)
    (model_folder / "tokenizer.json").unlink()
    model_folder.rename(models_folder() / "broken")
    listed = offers.offers(survey(), vram_gib=8)
    own = next(offer for offer in listed if offer.group == "own")
    assert not own.trainable
    assert "tokenizer.json is missing" in own.why
    assert len(listed) > 90


def test_a_downloaded_model_is_available_and_resolves(model_folder: Path) -> None:
    models_folder().mkdir(parents=True)
    target = models_folder() / "Qwen--Qwen3-8B"
    model_folder.rename(target)
    offer = next(offer for offer in offers.offers(survey(), vram_gib=8) if offer.id == "Qwen/Qwen3-8B")
    assert offer.available
    assert resolve.resolve("Qwen/Qwen3-8B") == target


def test_a_model_in_the_hub_cache_is_found(model_folder: Path, tmp_path: Path) -> None:
    cache = tmp_path / "hub" / "hub" / "models--Qwen--Qwen3-8B"
    (cache / "refs").mkdir(parents=True)
    (cache / "refs" / "main").write_text("a" * 40)
    (cache / "snapshots").mkdir()
    model_folder.rename(cache / "snapshots" / ("a" * 40))
    assert resolve.resolve("Qwen/Qwen3-8B") == cache / "snapshots" / ("a" * 40)


def test_a_model_that_is_not_here_is_refused_with_the_way_to_get_it() -> None:
    with pytest.raises(Refusal, match="medtui model fetch Qwen/Qwen3-8B"):
        resolve.resolve("Qwen/Qwen3-8B")
    with pytest.raises(Refusal, match="no model at"):
        resolve.resolve("/nowhere/at/all")


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("4090", "RTX 4090"),
        ("NVIDIA GeForce RTX 4090", "RTX 4090"),
        ("rtx 4070", "RTX 4070"),
        ("4080", "RTX 4080"),
        ("NVIDIA A100-SXM4-80GB", "A100 80GB"),
        ("NVIDIA H100 80GB HBM3", "H100 SXM"),
        ("Tesla T4", "T4"),
    ],
)
def test_cards_are_found_as_people_and_drivers_name_them(asked: str, found: str) -> None:
    assert cards.find(asked).name == found


@pytest.mark.parametrize(("asked", "hint"), [("A100", "A100 40GB, A100 80GB"), ("RTX 4900", "Did you mean")])
def test_an_unclear_card_is_asked_back(asked: str, hint: str) -> None:
    with pytest.raises(Refusal, match=hint):
        cards.find(asked)


def test_the_step_records_the_chosen_folder(workspace: Workspace, model_folder: Path) -> None:
    workspace.save_answer("model", "model", str(model_folder))
    result = step.run(workspace)
    assert result["path"] == str(model_folder)
    assert result["parameters"] == sum(math.prod(extent) for extent in shapes().values())
    assert workspace.state("model") == DONE


def test_the_step_refuses_a_broken_folder_and_records_nothing(workspace: Workspace, model_folder: Path) -> None:
    (model_folder / "config.json").unlink()
    workspace.save_answer("model", "model", str(model_folder))
    with pytest.raises(Refusal):
        step.run(workspace)
    assert workspace.state("model") != DONE


def test_the_demo_model_is_chosen_by_default_and_needs_no_gpu(workspace: Workspace) -> None:
    result = step.run(workspace)
    assert result["model"] == "demo"
    assert result["fits"] == fit.DEMO
    assert result["chat_template"]
    assert result["warnings"] == []
