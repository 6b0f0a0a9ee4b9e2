"""The long look: PyTorch is asked in a process of its own."""

from typing import Any

import pytest

from medtui.machine import check
from medtui.machine.survey import survey
from tests.machine.test_survey import card, machine


def answer(**changes: Any) -> dict[str, Any]:
    gpu = {"name": "Card", "uuid": "GPU-a", "compute_capability": "8.9", "free_bytes": 1, "total_bytes": 2}
    told = {"torch": "2.13.0", "cuda": "13.0", "architectures": ["sm_80", "sm_86", "sm_90"], "gpus": [gpu]}
    return {**told, "nf4_on": "cuda", "nf4_error": None, **changes}


def test_four_bit_layers_compute_here() -> None:
    found = check.check(survey())
    assert found["nf4_error"] is None
    assert found["torch"].startswith("2.13")


def test_all_well_has_no_findings() -> None:
    assert check.findings(machine(card("GPU-a", 20)), answer()) == []


def test_a_gpu_that_pytorch_does_not_see_is_said() -> None:
    assert "PyTorch sees none" in check.findings(machine(card("GPU-a", 20)), answer(gpus=[]))[0]


@pytest.mark.parametrize(
    ("architectures", "lacks"),
    [(["sm_75"], True), (["sm_90"], True), (["sm_80"], False), (["sm_75", "compute_75"], False), (["sm_90a"], True)],
)
def test_missing_kernels_are_said(architectures: list[str], lacks: bool) -> None:
    found = check.findings(machine(card("GPU-a", 20)), answer(architectures=architectures))
    assert bool(found) is lacks


def test_a_four_bit_layer_that_fails_is_said() -> None:
    assert "install bitsandbytes again" in check.findings(machine(), answer(nf4_error="RuntimeError"))[0]
