"""Cards share a model only where one is too small and they can."""

from typing import Any

import pytest

from medtui.model import catalogue, division, fit, memory
from medtui.model.architecture import Architecture
from medtui.model.memory import GIB, Settings


def shape(identifier: str) -> Architecture:
    model = catalogue.find(identifier)
    assert model is not None
    assert model.architecture is not None
    return model.architecture


def survey(*free: float, ram: float = 500, **card: Any) -> dict[str, Any]:
    gpus = [
        {"uuid": f"GPU-{number}", "free_bytes": int(gib * GIB), "native_bf16": True, "is_mig": False, **card}
        for number, gib in enumerate(free)
    ]
    return {"gpu": "GPU-0", "gpus": gpus, "ram_available": int(ram * GIB)}


LARGE = shape("meta-llama/Llama-3.3-70B-Instruct")


def test_the_fewest_cards_that_hold_a_model_share_it() -> None:
    found = division.divided(LARGE, survey(47, 47, 47, 47), Settings())
    assert found is not None
    assert found.cards == 2
    assert 16 < found.peak_gib < 40
    assert fit.judge(found.peak_gib, found.free_gib).level != fit.DOES_NOT_FIT
    assert "2 cards share it" in found.sentence
    longer = division.divided(LARGE, survey(44, 30, 30, 30), Settings(sequence_length=4096))
    assert longer is not None
    assert longer.cards == 3
    assert division.divided(LARGE, survey(44, 30, 30, 30), Settings(), 16).cards == 4  # type: ignore[union-attr]


def test_each_card_holds_its_part_and_what_is_whole_everywhere() -> None:
    alone = memory.breakdown(LARGE, Settings()).peak
    peaks = [division.peak_bytes(LARGE, Settings(), cards) for cards in (2, 4, 8)]
    assert alone > peaks[0] > peaks[1] > peaks[2] > alone / 8


@pytest.mark.parametrize(
    ("machine", "settings", "micro_batches"),
    [
        (survey(79, 79), Settings(), 0),
        (survey(47), Settings(), 0),
        (survey(12, 12), Settings(), 0),
        (survey(30, 47, 47), Settings(), 0),
        (survey(47, 47, ram=60), Settings(), 0),
        (survey(47, 47, is_mig=True), Settings(), 0),
        (survey(47, 47, native_bf16=False), Settings(), 0),
        (survey(47, 47), Settings("lora8"), 0),
        (survey(47, 47), Settings("full"), 0),
        (survey(47, 47), Settings(), 5),
        (None, Settings(), 0),
    ],
)
def test_cards_share_nothing_where_one_suffices_or_they_cannot(
    machine: dict[str, Any] | None, settings: Settings, micro_batches: int
) -> None:
    assert division.divided(LARGE, machine, settings, micro_batches) is None
