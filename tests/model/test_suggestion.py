"""The plan's answers as settings: they fit, nothing larger does, and a step sees as many examples as asked."""

from dataclasses import replace
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from medtui.model import catalogue, fit, questions, suggestion
from medtui.model.architecture import Architecture
from medtui.model.memory import Settings

DENSE = [model.architecture for model in catalogue.models() if model.architecture and not model.architecture.experts]


def shape(identifier: str) -> Architecture:
    model = catalogue.find(identifier)
    assert model is not None
    assert model.architecture is not None
    return model.architecture


@given(
    model=st.sampled_from(DENSE),
    free=st.floats(2, 190),
    length=st.integers(64, 8192),
    method=st.sampled_from(["qlora", "lora8", "lora"]),
    per_step=st.integers(1, 32),
)
def test_what_is_suggested_fits_and_nothing_faster_does(
    model: Architecture, free: float, length: int, method: str, per_step: int
) -> None:
    found = suggestion.suggested(model, free, length, method=method, examples_per_step=per_step)
    assert found.batch * found.accumulation == per_step
    chosen = Settings(found.method, 16, length, found.batch, found.checkpointing)
    assert questions.level(model, chosen, free) == found.level
    if found.level != fit.FITS:
        assert (found.method, found.batch, found.checkpointing) == ("qlora", 1, True)
        assert questions.level(model, chosen, free) != fit.FITS
        return
    if found.method == method:
        larger = [size for size in range(found.batch + 1, 5) if per_step % size == 0]
        assert all(questions.level(model, Settings(method, 16, length, size), free) != fit.FITS for size in larger)
    else:
        assert questions.level(model, Settings(method, 16, length), free) != fit.FITS
    if found.checkpointing:
        assert questions.level(model, replace(chosen, checkpointing=False), free) != fit.FITS


def test_a_roomy_card_is_used_and_a_small_one_is_not_overfilled() -> None:
    model = shape("Qwen/Qwen3-8B")
    roomy = suggestion.suggested(model, 79, 1024)
    assert (roomy.batch, roomy.checkpointing, roomy.faster_method) == (4, False, "lora")
    small = suggestion.suggested(model, 11, 2048, method="lora")
    assert (small.method, small.batch, small.checkpointing, small.faster_method) == ("qlora", 1, True, None)
    assert "graphics card" in suggestion.suggested(model, 0, 2048).sentence


def test_the_memory_is_that_of_the_surveyed_card(model_folder: Path) -> None:
    cards = [{"uuid": "GPU-a", "free_bytes": 8 << 30}, {"uuid": "GPU-b", "free_bytes": 20 << 30}]
    assert suggestion.surveyed_gib({"gpus": cards, "gpu": "GPU-b"}) == 20
    assert suggestion.surveyed_gib({"gpus": cards, "gpu": "none"}) == suggestion.surveyed_gib(None) == 0
    found = suggestion.for_folder(model_folder, {"gpus": cards, "gpu": "GPU-a"}, 256, rank=8, examples_per_step=6)
    assert (found.batch, found.accumulation, found.level) == (3, 2, fit.FITS)
