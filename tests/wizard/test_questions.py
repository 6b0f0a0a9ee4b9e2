"""Every question has a default that can be chosen, and results read as words."""

import dataclasses
from typing import Any

import pytest

from medtui.deid.profile import PROFILES
from medtui.machine.gpu import GIB, Gpu
from medtui.machine.survey import Disk, Machine
from medtui.wizard import deid, evaluation, examples, export, machine, reports, training
from medtui.wizard.question import Option, Question
from medtui.wizard.units import counted, gib, parameters

NO_GPU = Machine((), (), None, None, 16 * GIB, 8 * GIB, (Disk("workspace", "/", "/", GIB, 2 * GIB),), 2, True, "", ())


def gpu(index: int, free: int) -> Gpu:
    return Gpu(index, "NVIDIA L4", f"GPU-{index}", 24 * GIB, free * GIB, "8.9")


def test_without_a_gpu_the_processor_is_the_default() -> None:
    (question,) = machine.questions(NO_GPU)
    assert question.default == "none"
    assert [option.value for option in question.options] == ["none"]


def test_the_freest_of_four_gpus_comes_first() -> None:
    gpus = tuple(gpu(index, free) for index, free in enumerate((3, 20, 23, 1)))
    four = dataclasses.replace(NO_GPU, gpus=gpus, ready=tuple(card.uuid for card in gpus))
    (question,) = machine.questions(four)
    assert question.default == "GPU-2"
    assert question.options[0].value == "GPU-2"
    assert len(question.options) == 5


def test_a_gpu_that_cannot_work_yet_is_shown_with_the_reason_and_not_the_default() -> None:
    waiting = dataclasses.replace(NO_GPU, gpus=(gpu(0, 20),), problems=("The driver needs a restart.",))
    (question,) = machine.questions(waiting)
    assert question.default == "none"
    assert "The driver needs a restart." in question.options[0].refusal


def test_defaults_can_be_chosen() -> None:
    plan = {
        "steps": 1,
        "passes": 1.0,
        "examples": 1,
        "rank": 16,
        "learning_rate": 1e-4,
        "max_length": 64,
        "left_out": 0,
    }
    plans: dict[str, dict[str, Any]] = {
        "thoroughness": dict.fromkeys(("demo", "short", "normal", "long"), plan),
        "strength": dict.fromkeys(("gentle", "normal", "strong"), plan),
        "length": dict.fromkeys(("all", "half"), plan),
        "method": {key: {**plan, "seconds": (60.0, 7000.0), "peak_bytes": 2**33} for key in ("qlora", "lora")},
    }
    asked = (
        *deid.questions(tuple(PROFILES.values()), 1),
        *examples.questions(1, 384, 512),
        *reports.questions((), "/demo", {"/demo": 3}),
        *reports.questions(("/own",), "", {"/own": 1}),
        *training.questions(plans, "normal"),
        *evaluation.questions(3),
        *export.questions(1),
    )
    for question in asked:
        chosen = question.option(question.default)
        assert chosen is not None, question
        assert not chosen.refusal
        assert question.title.endswith("?")


def test_a_default_that_cannot_be_chosen_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="default"):
        Question("model", "model", "?", "", (Option("a", "A", refusal="does not fit"),), "a")


def test_a_saved_answer_wins_unless_it_cannot_be_chosen_any_more() -> None:
    options = (Option("a", "A"), Option("b", "B"), Option("c", "C", refusal="gone"))
    question = Question("model", "model", "?", "", options, "a", typed="folder")
    assert question.with_saved({}) == "a"
    assert question.with_saved({"model": "b"}) == "b"
    assert question.with_saved({"model": "c"}) == "a"
    assert question.with_saved({"model": "/x"}) == "/x"
    many = Question("reports", "paths", "?", "", options, "a", typed="folder", many=True)
    assert many.with_saved({"paths": ["/x"]}) == "/x"
    assert many.saved_form("/x") == ["/x"]
    (several,) = reports.questions(("/a", "/b"), "/demo", {"/a": 1, "/b": 2})
    assert several.with_saved({"paths": ["/a", "/b"]}) == several.default == ("/a", "/b")
    assert several.saved_form(several.default) == ["/a", "/b"]
    assert several.options[0].consequence.figures == (("Files", "3"),)


def test_nothing_left_over_is_called_safe() -> None:
    result = {"documents": 3, "identifiers_found": 9, "known_identifiers_left": 2, "by_category": {}}
    words = deid.outcome(result)
    assert "not safe" in words.headline
    assert "2 known identifiers are left" in words.warnings[0]


def test_a_worse_model_is_called_worse() -> None:
    losses = {"base": {"loss": 1.0, "perplexity": 2.7}, "tuned": {"loss": 2.0, "perplexity": 7.4}}
    words = evaluation.outcome({**losses, "items": 40, "outcome": "worse", "verdict": "Worse."})
    assert "do not use it" in words.headline
    assert words.warnings


def test_units() -> None:
    assert gib(24 * GIB) == "24.0 GiB"
    assert gib(9 << 20) == "9 MiB"
    assert counted(1, "report") == "1 report"
    assert counted(1200, "report") == "1,200 reports"
    assert parameters(8_030_000_000) == "8.0 billion"


def test_the_last_look_says_when_more_cards_would_help() -> None:
    cards = [{"uuid": f"GPU-{index}", "name": "NVIDIA L40S"} for index in range(2)]
    recipe = {
        "method": "qlora", "batch": 4, "accumulation": 4, "total_steps": 100, "learning_rate": 2e-4, "rank": 16,
        "max_length": 512, "peak_bytes": 2**33, "seconds": (600.0, 1200.0),
    }  # fmt: skip
    results: dict[str, Any] = {"machine": {"gpu": "GPU-0", "gpus": cards}, "examples": {"train": 1000}}
    figures, notes = training.last_look(results, {**recipe, "processes": 1})
    assert dict(figures)["Memory"] == "about 8.0 GiB"
    assert dict(figures)["Time"] == "10 to 20 min"
    assert notes == (
        "This machine has 2 cards. Working together they take about half the time: press e and set `processes` to 2.",
    )
    assert training.last_look(results, {**recipe, "processes": 2})[1] == ()
    figures, notes = training.last_look(results, {**recipe, "processes": 2, "sharded": True})
    assert dict(figures)["Works on"] == "2 cards that share the model"
    assert len(notes) == 1
    assert "too large for one card: each of 2 cards holds a part" in notes[0]
    assert training.last_look({**results, "machine": {"gpu": "none", "gpus": []}}, recipe)[1] == ()
