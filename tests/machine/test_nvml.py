"""The real pynvml against a stand-in driver: one GPU, four, MIG slices, and every error as a sentence."""

from pathlib import Path

import pytest

from medtui.machine import nvml_errors
from medtui.machine.gpu import GIB
from tests.machine.conftest import Survey


def test_one_gpu_is_found_with_everything_the_driver_says(on_machine: Survey) -> None:
    found = on_machine()
    (gpu,) = found["gpus"]
    assert gpu["name"] == "NVIDIA GeForce RTX 4090"
    assert gpu["uuid"] == "GPU-0000"
    assert gpu["total_bytes"] == 24 * GIB
    assert gpu["free_bytes"] == 22 * GIB
    assert gpu["used_bytes"] == 2 * GIB
    assert gpu["compute_capability"] == "8.9"
    assert gpu["native_bf16"]
    assert gpu["pci_bus_id"] == "00000000:01:00.0"
    assert gpu["bandwidth_gbs"] == pytest.approx(1008.1)
    assert gpu["processes"] == 1
    assert gpu["ready"]
    assert (found["driver"], found["cuda"]) == ("580.65.06", "13.0")
    assert found["mode"] == "gpu"
    assert found["problems"] == []


def test_of_four_gpus_the_freest_is_the_default_and_none_are_added_up(on_machine: Survey) -> None:
    found = on_machine(GPUS=4)
    assert [gpu["uuid"] for gpu in found["gpus"]] == ["GPU-0000", "GPU-0001", "GPU-0002", "GPU-0003"]
    assert found["default_gpu"] == "GPU-0000"
    assert "22.0 GiB" in found["mode_note"]


def test_a_sliced_gpu_is_replaced_by_its_slices(on_machine: Survey) -> None:
    found = on_machine(GPUS=2, MIG=1)
    assert [gpu["uuid"] for gpu in found["gpus"]] == ["MIG-0000-1", "MIG-0000-3", "GPU-0001"]
    assert [gpu["is_mig"] for gpu in found["gpus"]] == [True, True, False]
    assert found["gpus"][0]["total_bytes"] == 10 * GIB
    assert found["gpus"][0]["processes"] is None


def test_mig_mode_without_a_slice_is_explained(on_machine: Survey) -> None:
    found = on_machine(MIG=2)
    assert found["gpus"] == []
    assert "MIG mode but has no slice" in found["problems"][0]
    assert found["mode"] == "demo"


def test_a_lost_gpu_does_not_hide_the_others(on_machine: Survey) -> None:
    found = on_machine(GPUS=3, LOST=1)
    assert [gpu["index"] for gpu in found["gpus"]] == [0, 2]
    assert found["problems"] == [nvml_errors.sentence(15, "GPU 1")]


def test_an_old_driver_is_asked_in_the_old_way(on_machine: Survey, old_driver: Path) -> None:
    found = on_machine(old_driver)
    assert found["gpus"][0]["free_bytes"] == 22 * GIB


def test_a_gpu_that_shares_main_memory_takes_what_is_available_there(on_machine: Survey) -> None:
    found = on_machine(MEMORY=3)
    assert found["gpus"][0]["unified_memory"]
    assert found["gpus"][0]["total_bytes"] == found["ram_total"]


def test_a_gpu_whose_memory_cannot_be_read_is_left_out_with_a_sentence(on_machine: Survey) -> None:
    found = on_machine(MEMORY=4)
    assert found["gpus"] == []
    assert "GPU 0: The NVIDIA driver refused" in found["problems"][0]


@pytest.mark.parametrize("code", [4, 8, 9, 10, 11, 13, 15, 17, 18, 20, 999, 4711])
def test_every_error_at_the_start_is_one_sentence(on_machine: Survey, code: int) -> None:
    found = on_machine(INIT=code)
    assert found["gpus"] == []
    assert found["mode"] == "demo"
    assert found["problems"] == [nvml_errors.sentence(code)]
    assert found["problems"][0].endswith(".")


def test_a_driver_that_was_updated_says_restart(on_machine: Survey) -> None:
    assert "restart the machine" in on_machine(INIT=18)["problems"][0]


def test_an_old_card_trains_in_float16_and_a_too_old_one_not_at_all(on_machine: Survey) -> None:
    turing = on_machine(CAPABILITY=75)
    assert not turing["gpus"][0]["native_bf16"]
    assert turing["mode"] == "gpu"
    volta = on_machine(CAPABILITY=70)
    assert volta["mode"] == "demo"
    assert "too old for this PyTorch build" in volta["problems"][0]


def test_a_driver_older_than_pytorch_needs_says_so(on_machine: Survey) -> None:
    found = on_machine(CUDA=12040)
    assert "supports CUDA up to 12.4, but PyTorch needs CUDA 13.0" in found["problems"][0]
    assert found["mode"] == "demo"


def test_a_hostile_product_name_cannot_address_the_terminal(on_machine: Survey) -> None:
    name = on_machine(NAME="\x1b]0;pwned\x07[@click=app.quit]")["gpus"][0]["name"]
    assert "\x1b" not in name
    assert "\x07" not in name


def test_inside_windows_a_missing_driver_is_explained_for_windows(tmp_path: Path) -> None:
    release = tmp_path / "osrelease"
    release.write_text("5.15.167.4-microsoft-standard-WSL2\n")
    assert nvml_errors.under_wsl(release)
    assert "in Windows" in nvml_errors.sentence(12, wsl=True)
    assert not nvml_errors.under_wsl(tmp_path / "absent")
