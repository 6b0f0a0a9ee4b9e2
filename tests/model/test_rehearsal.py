"""The worker that counts models and tries one step without data."""

import json
from pathlib import Path

import pytest

from medtui.errors import Refusal
from medtui.machine.survey import survey
from medtui.model import catalogue, memory, plan, rehearsal
from medtui.model.memory import GIB, Settings
from tests.model.conftest import CONFIG


def config(identifier: str) -> dict[str, object]:
    model = catalogue.find(identifier)
    assert model is not None
    assert model.config is not None
    return model.config


def test_a_step_of_an_8b_model_is_measured_and_weighs_what_the_counts_say() -> None:
    messages: list[str] = []
    measured = rehearsal.dry_run(
        config("meta-llama/Llama-3.1-8B-Instruct"), Settings(), lambda _done, _total, message: messages.append(message)
    )
    assert any("of 32 layers" in message for message in messages)
    # 6.98 billion quantised weights, 1.05 billion in 16 bits, 41.9 million of LoRA in float32.
    assert measured.quantised_weights == pytest.approx(6979321856 * memory.NF4_BYTES, rel=0.001)
    assert measured.other_weights == pytest.approx(1050939392 * 2, rel=0.001)
    assert measured.lora == measured.gradients == 16 * 2621440 * 4
    assert measured.optimizer == 2 * measured.lora
    assert 6.5 < measured.peak / GIB < 7.5


def test_a_folder_that_only_describes_a_model_can_be_planned(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(json.dumps(CONFIG))
    result = plan.plan(str(tmp_path), survey(), Settings(sequence_length=256), vram_gib=4)
    assert result["params"] == 80_448
    assert result["fits"] == "fits"


def test_an_unknown_kind_of_model_is_one_sentence() -> None:
    with pytest.raises(Refusal, match="kind of model not-a-model is not known"):
        rehearsal.count({**CONFIG, "model_type": "not-a-model"})


def test_program_code_is_refused_before_a_worker_starts() -> None:
    with pytest.raises(Refusal, match="never runs"):
        rehearsal.count({**CONFIG, "auto_map": {"AutoConfig": "x.Y"}})
