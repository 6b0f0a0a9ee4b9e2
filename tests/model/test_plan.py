"""The closed formula, the verdict, and the owner's questions."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medtui import journal
from medtui.errors import Refusal
from medtui.machine.survey import survey
from medtui.model import catalogue, fit, memory, plan, questions
from medtui.model.architecture import Architecture
from medtui.model.memory import Settings
from medtui.training import recipe as recipes
from medtui.workspace import Workspace

DENSE = [model for model in catalogue.models() if model.architecture and not model.architecture.experts]


def shape(identifier: str) -> Architecture:
    model = catalogue.find(identifier)
    assert model is not None
    assert model.architecture is not None
    return model.architecture


def peak(identifier: str, **settings: object) -> float:
    return memory.breakdown(shape(identifier), Settings(**settings)).peak / memory.GIB  # type: ignore[arg-type]


def test_the_parts_add_up_to_the_peak() -> None:
    parts = memory.breakdown(shape("Qwen/Qwen3-8B"), Settings())
    assert sum(parts.gib().values()) == pytest.approx(parts.peak / memory.GIB)


@given(
    model=st.sampled_from(DENSE),
    method=st.sampled_from(list(memory.METHODS)),
    sequence=st.integers(64, 8192),
    batch=st.integers(1, 8),
)
def test_more_tokens_never_need_less(model: catalogue.Model, method: str, sequence: int, batch: int) -> None:
    assert model.architecture is not None
    small = memory.breakdown(model.architecture, Settings(method, 16, sequence, batch)).peak
    longer = memory.breakdown(model.architecture, Settings(method, 16, sequence + 64, batch)).peak
    more = memory.breakdown(model.architecture, Settings(method, 16, sequence, batch + 1)).peak
    # Where everything learns and the output head is the embedding, its gradient may be the peak whatever the length.
    assert small < longer or (method == "full" and small == pytest.approx(longer))
    assert small < more or (method == "full" and small == pytest.approx(more))


def test_methods_are_ordered_by_what_they_need() -> None:
    needs = [peak("Qwen/Qwen3-8B", method=method) for method in ("qlora", "lora8", "lora", "full")]
    assert needs == sorted(needs)
    assert needs[-1] > 8.19 * 16 / 1.0737


def test_seventy_billion_parameters_do_not_fit_into_24_gib() -> None:
    assert fit.judge(peak("meta-llama/Llama-3.3-70B-Instruct"), 24).level == fit.DOES_NOT_FIT


@pytest.mark.parametrize(
    ("identifier", "free", "level"),
    [
        ("Qwen/Qwen3-4B", 8, fit.FITS),
        ("meta-llama/Llama-3.1-8B-Instruct", 12, fit.FITS),
        ("google/gemma-3-12b-it", 12, fit.TIGHT),
        ("microsoft/phi-4", 16, fit.FITS),
        ("mistralai/Mistral-Small-24B-Instruct-2501", 24, fit.FITS),
        ("google/gemma-3-27b-it", 24, fit.TIGHT),
        ("Qwen/Qwen3-32B", 26, fit.TIGHT),
        ("mistralai/Mixtral-8x7B-Instruct-v0.1", 48, fit.DOES_NOT_FIT),
    ],
)
def test_common_cards_get_the_expected_verdict(identifier: str, free: float, level: str) -> None:
    assert fit.judge(peak(identifier), free).level == level


def test_experts_of_a_mixture_stay_in_16_bits() -> None:
    parts = memory.breakdown(shape("Qwen/Qwen3-30B-A3B-Instruct-2507"), Settings()).gib()
    assert parts["other_weights"] > 50


@given(free=st.floats(4, 90), model=st.sampled_from(DENSE), method=st.sampled_from(["qlora", "lora"]))
def test_the_longest_sequence_fits_and_the_next_step_does_not(free: float, model: catalogue.Model, method: str) -> None:
    assert model.architecture is not None
    longest = questions.longest_sequence(model.architecture, Settings(method), free)
    if longest:
        assert questions.level(model.architecture, Settings(method, 16, longest), free) == fit.FITS
    if longest < questions.LONGEST:
        beyond = Settings(method, 16, longest + questions.SEQUENCE_STEP)
        assert questions.level(model.architecture, beyond, free) != fit.FITS


def test_the_largest_batch_fits_and_one_more_does_not() -> None:
    model, free = shape("Qwen/Qwen3-8B"), 24.0
    batch = questions.largest_batch(model, Settings(), free)
    assert questions.level(model, Settings(batch=batch), free) == fit.FITS
    assert questions.level(model, Settings(batch=batch + 1), free) != fit.FITS


def test_advice_names_what_makes_a_model_fit_and_it_does() -> None:
    model = shape("meta-llama/Llama-3.1-8B-Instruct")
    advice = questions.advice(model, Settings(method="lora"), 12)
    assert any("--method qlora" in sentence for sentence in advice)
    assert questions.level(model, Settings(), 12) == fit.FITS


def test_a_model_that_no_setting_fits_is_said_to_be_too_large() -> None:
    advice = questions.advice(shape("meta-llama/Llama-3.3-70B-Instruct"), Settings(), 16)
    assert advice == [sentence for sentence in advice if "No setting makes it fit" in sentence]
    assert len(advice) == 1


@pytest.mark.parametrize("settings", [{"method": "magic"}, {"rank": 0}, {"sequence_length": 0}, {"batch": 10**9}])
def test_settings_out_of_range_are_refused(settings: dict[str, object]) -> None:
    with pytest.raises(Refusal):
        Settings(**settings)  # type: ignore[arg-type]


def test_a_disk_or_main_memory_that_is_too_small_is_said() -> None:
    small = replace(survey(), ram_available=1 << 30)
    small = replace(small, disks=tuple(replace(disk, free_bytes=1 << 30) for disk in small.disks))
    warnings = " ".join(plan.plan("Qwen/Qwen3-8B", small)["warnings"])
    assert "The download takes 15.3 GiB, but 1.0 GiB are free" in warnings
    assert "Merging loads 15.3 GiB" in warnings
    assert plan.plan("demo", small)["warnings"] == []


def test_the_plan_suggests_settings_that_training_can_take() -> None:
    found = plan.plan("Qwen/Qwen3-8B", survey(), vram_gib=24)
    suggested = found["suggested"]
    assert (suggested["method"], suggested["fits"]) == ("qlora", fit.FITS)
    taken = Settings("qlora", 16, 2048, suggested["batch"], suggested["checkpointing"])
    assert questions.level(shape("Qwen/Qwen3-8B"), taken, 24) == fit.FITS
    assert found["beside_gib"]["checkpoints_disk"] == pytest.approx(4 * 12 * 43646976 / memory.GIB, rel=0.01)


def run_of(workspace: Workspace, model: Path, steps: int, memory_gib: float) -> None:
    """Leave what a training run leaves, written by the product's own writers."""
    folder = workspace.runs / "20260101-090000-abcd"
    folder.mkdir(parents=True)
    recipe = recipes.Recipe(str(model), str(workspace.dataset), max_length=512, batch=2, accumulation=2)
    recipes.save(recipe, folder / "recipe.toml")
    (folder / "lengths.json").write_text(json.dumps([100, 400, 300, 200]))
    found = {"peak_bytes": int(memory_gib * memory.GIB), "step_seconds": 0.5}
    (folder / "probe.json").write_text(json.dumps(found))
    for step in range(1, steps + 1):
        event = {"event": "step", "step": step, "tokens_per_second": 50.0, "memory_bytes": 1}
        journal.append(folder / "events.jsonl", event)


def test_a_measured_run_takes_the_place_of_the_estimate(workspace: Workspace, model_folder: Path) -> None:
    estimate = plan.plan(str(model_folder), survey(), practice=workspace)
    assert estimate["measured"] is None
    assert estimate["minutes_per_epoch"] is None
    run_of(workspace, model_folder, steps=3, memory_gib=3.0)
    found = plan.plan(str(model_folder), survey(), practice=workspace)
    assert found["measured"]["tokens_per_second"] == 50
    assert found["minutes_per_epoch"] == (pytest.approx(1000 / 50 / 60, abs=0.05),) * 2
    assert found["measured"]["settings"]["sequence_length"] == 400
    # Without a GPU the measured memory is main memory, which is not what the plan is about.
    assert found["measured"]["peak_gib"] is None
    elsewhere = plan.plan(str(model_folder), survey(), vram_gib=8, practice=workspace)
    assert elsewhere["measured"] is None


def test_memory_beyond_the_estimate_raises_what_is_asked_for(workspace: Workspace, model_folder: Path) -> None:
    workspace.finish("machine", {"gpu": "GPU-a", "gpus": []})
    before = plan.plan(str(model_folder), survey(), practice=workspace)["needed_gib"]
    run_of(workspace, model_folder, steps=0, memory_gib=3.0)
    found = plan.plan(str(model_folder), survey(), practice=workspace)
    assert found["measured"]["peak_gib"] == 3
    assert found["measured"]["peak_ratio"] > 2
    assert found["needed_gib"] > before
    # The trial of two steps saw all four examples in half a second.
    assert found["measured"]["tokens_per_second"] == 2000


def test_a_damaged_run_is_passed_over(workspace: Workspace, model_folder: Path) -> None:
    run_of(workspace, model_folder, steps=1, memory_gib=1.0)
    (workspace.runs / "20260101-090000-abcd" / "lengths.json").write_text("[1, null]")
    assert plan.plan(str(model_folder), survey(), practice=workspace)["measured"] is None
