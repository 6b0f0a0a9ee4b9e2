"""The survey of a machine, on the machine that runs the tests."""

from pathlib import Path

import psutil
import pytest

from medtui.errors import Refusal
from medtui.machine import step
from medtui.machine.gpu import GIB, Gpu
from medtui.machine.survey import Machine, survey
from medtui.workspace import DONE, Workspace


def card(uuid: str, free_gib: float, capability: str = "8.9") -> Gpu:
    return Gpu(0, "Card", uuid, 24 * GIB, int(free_gib * GIB), compute_capability=capability)


def machine(*gpus: Gpu, ready: tuple[str, ...] | None = None) -> Machine:
    here = survey()
    uuids = tuple(gpu.uuid for gpu in gpus) if ready is None else ready
    return Machine(
        gpus, uuids, None, None, here.ram_total, here.ram_available, here.disks, here.cores, True, "", here.problems
    )


def test_main_memory_disk_and_cores_are_those_of_this_machine(tmp_path: Path) -> None:
    found = survey(tmp_path / "not" / "yet" / "there")
    assert found.ram_total == psutil.virtual_memory().total
    assert 0 < found.ram_available <= found.ram_total
    assert 0 < found.disk_free <= found.disks[0].total_bytes
    assert 1 <= found.cores <= (psutil.cpu_count() or 1)
    assert tmp_path.resolve().is_relative_to(found.disks[0].mount)


def test_without_a_gpu_the_mode_is_demo_and_says_so() -> None:
    found = machine()
    assert found.mode == "demo"
    assert "demo mode" in found.mode_note
    assert found.default_gpu() is None


def test_the_gpu_with_most_free_memory_is_the_default_and_a_chosen_one_wins() -> None:
    found = machine(card("GPU-a", 3), card("GPU-b", 20), card("GPU-c", 10))
    best, chosen = found.default_gpu(), found.default_gpu("GPU-a")
    assert best is not None
    assert best.uuid == "GPU-b"
    assert chosen is not None
    assert chosen.uuid == "GPU-a"
    assert found.default_gpu("none") is None
    assert found.mode == "gpu"


def test_a_gpu_that_pytorch_cannot_use_leaves_demo_mode_and_says_why_it_is_not_used() -> None:
    found = machine(card("GPU-a", 20), ready=())
    assert found.mode == "demo"
    assert "PyTorch cannot use it yet" in found.mode_note


def test_a_gpu_without_four_bit_kernels_is_not_usable() -> None:
    found = machine(card("GPU-old", 20, "5.2"))
    assert found.usable == ()
    assert found.mode == "demo"


@pytest.mark.parametrize(("capability", "native"), [("7.5", False), ("8.0", True), ("12.1", True)])
def test_bfloat16_is_native_from_ampere_on(capability: str, native: bool) -> None:
    assert card("GPU-a", 1, capability).native_bf16 is native


def test_the_step_records_what_it_found(workspace: Workspace) -> None:
    result = step.run(workspace)
    assert workspace.state("machine") == DONE
    assert workspace.result("machine") == result
    assert result["cores"] >= 1


def test_a_chosen_gpu_that_is_gone_is_refused_and_nothing_is_recorded(workspace: Workspace) -> None:
    workspace.save_answer("machine", "gpu", "GPU-gone")
    with pytest.raises(Refusal, match="GPU-gone cannot be used"):
        step.run(workspace)
    assert workspace.state("machine") != DONE
