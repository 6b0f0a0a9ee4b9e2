"""The catalogue: figures that are right, sources for what is claimed, traps said aloud."""

import json

import pytest

from medtui import assets
from medtui.errors import Refusal
from medtui.machine import cards
from medtui.machine.survey import survey
from medtui.model import catalogue, details, fit, offers, search, terms, traps
from medtui.model.dry_run import counting


@pytest.mark.parametrize("key", list(catalogue.architectures()))
def test_counts_are_those_of_the_model_built_from_its_fields(key: str) -> None:
    entry = catalogue.architectures()[key]
    counted = counting.count(entry["config"])
    assert counted["parameters"] == pytest.approx(entry["counts"]["parameters"], rel=0.005)
    assert counted["linear"] == pytest.approx(entry["counts"]["linear"], rel=0.005)
    assert counted["lora_per_rank"] == pytest.approx(entry["counts"]["lora_per_rank"], rel=0.005)
    assert counted["largest_linear"] == entry["counts"]["largest_linear"]


def test_what_is_claimed_as_verified_names_its_source() -> None:
    for model in catalogue.models():
        assert not model.licence_verified or model.licence_source, model.id
        assert model.gated is None or model.gated_source, model.id
        assert model.intended_use is None or model.intended_use_source, model.id
        assert model.architecture is None or model.architecture_source, model.id
        assert all(score.source for score in model.scores), model.id
        assert model.parameters is None or model.sources["parameters"], model.id
        unsourced = model.languages is not None and not model.sources["languages"]
        assert not unsourced or "not verified" in str(model.languages_note), model.id


def test_every_model_is_described_once_and_spans_one_to_over_a_hundred_billion() -> None:
    models = catalogue.models()
    assert len({model.id for model in models}) == len(models)
    assert all(model.description.endswith(".") and model.maker for model in models)
    sizes = [model.parameters for model in models if model.parameters and model.group != catalogue.ENCODER]
    assert min(sizes) <= 1e9
    assert max(sizes) > 1.1e11
    assert {"general", "medical", "indic", "encoder"} <= {model.group for model in models}


def test_sources_name_what_anyone_can_look_up() -> None:
    text = (
        assets.path("catalogue", "models.json").read_text() + assets.path("catalogue", "architectures.json").read_text()
    )
    assert "find_string" not in text
    assert json.loads(assets.path("catalogue", "terms.json").read_text())


@pytest.mark.parametrize(
    ("identifier", "words"),
    [
        ("mistralai/Mixtral-8x7B-Instruct-v0.1", "experts stay in 16 bits"),
        ("google/gemma-2-9b-it", "square of the report's length"),
        ("google/gemma-3-27b-it", "vision part"),
        ("Qwen/Qwen3.5-9B", "flash-linear-attention"),
        ("ZJU-AI4H/Hulu-Med-7B", "never runs"),
        ("meta-llama/Llama-3.1-8B", "without chat template"),
        ("meta-llama/Llama-3.1-8B-Instruct", "Gated"),
        ("BioMistral/BioMistral-7B", "advise against"),
        ("emilyalsentzer/Bio_ClinicalBERT", "de-identification"),
        ("dmis-lab/biobert-base-cased-v1.2", "cannot write"),
        ("microsoft/biogpt", "without chat template"),
    ],
)
def test_traps_are_said_aloud(identifier: str, words: str) -> None:
    model = catalogue.find(identifier)
    assert model is not None
    assert words in " ".join(traps.traps(model))


def test_a_strong_plain_model_has_no_trap() -> None:
    model = catalogue.find("Qwen/Qwen3-8B")
    assert model is not None
    assert traps.traps(model) == []


def test_details_leave_unknown_unknown() -> None:
    found = details.details("Qwen/Qwen3-8B")
    assert found["licence"] == {"name": "Apache-2.0", "verified": False, "source": None}
    assert found["languages"] is None
    with pytest.raises(Refusal, match="not in the catalogue"):
        details.details("nobody/nothing")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("google/gemma-3-4b-it", "instruct"),
        ("google/gemma-3-27b-pt", "base"),
        ("deepseek-ai/DeepSeek-R1-Distill-Llama-8B", "distilled"),
        ("unsloth/llama-3-8b-bnb-4bit", "-bnb-4bit"),
        ("Qwen/Qwen3-30B-A3B-Thinking-2507", "mixture of experts"),
        ("TheBloke/Llama-2-7B-GGUF", "GGUF"),
        ("TheBloke/Llama-2-7B-AWQ", "AWQ"),
        ("lab/model-GRPO", "Group Relative Policy Optimization"),
    ],
)
def test_syllables_of_a_name_are_explained(name: str, expected: str) -> None:
    assert any(expected in term.term for term in terms.explain(name))


def test_a_size_in_gigabytes_becomes_parameters() -> None:
    assert terms.parameters_of(32)["16 bits"] == 16
    assert 55 < terms.parameters_of(32)["4 bits (NF4)"] < 70


def test_the_list_can_be_searched_filtered_and_sorted() -> None:
    listed = offers.offers(survey(), vram_gib=24)
    medical = search.search(listed, group="medical", levels=[fit.FITS], order="memory")
    assert medical
    assert all(offer.group == "medical" and offer.level == fit.FITS for offer in medical)
    peaks = [offer.peak_gib or 0 for offer in medical]
    assert peaks == sorted(peaks)
    assert [offer.id for offer in search.search(listed, "QWEN3-8b")] == ["Qwen/Qwen3-8B"]
    with pytest.raises(Refusal, match="is no order"):
        search.search(listed, order="beauty")


def test_every_listed_card_can_be_named() -> None:
    for card in cards.cards():
        assert cards.find(card.name) == card
