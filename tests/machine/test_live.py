"""The live figures of a GPU, read by a thread of its own."""

import json
from pathlib import Path
from typing import Any

from tests.machine.conftest import run_with_driver

WATCH = """
import json, queue, sys
from medtui.machine.live import Monitor
samples = queue.Queue()
with Monitor(sys.argv[1], seconds=0.01, receive=samples.put) as monitor:
    found = [samples.get(timeout=30).to_dict() for _ in range(3)]
    assert monitor.latest is not None
print(json.dumps(found))
"""


def watch(driver: Path, torch: Path, uuid: str, **settings: object) -> list[dict[str, Any]]:
    return list(json.loads(run_with_driver(driver, torch, ["-c", WATCH, uuid], settings)))


def test_load_memory_temperature_power_and_clock_arrive_again_and_again(driver: Path, cuda_torch: Path) -> None:
    samples = watch(driver, cuda_torch, "GPU-0000")
    assert len(samples) == 3
    last = samples[-1]
    assert (last["utilisation"], last["temperature"], last["clock"]) == (97, 71, 2520)
    assert (last["power"], last["power_limit"]) == (401.5, 450.0)
    assert last["memory_used"] == 2 * 1024**3
    assert last["throttled"] == []
    assert samples[0]["time"] <= last["time"]


def test_why_the_clocks_are_held_back_is_said_in_words(driver: Path, cuda_torch: Path) -> None:
    last = watch(driver, cuda_torch, "GPU-0000", THROTTLE=0x24)[-1]
    assert last["throttled"] == ["its power limit", "its temperature"]


def test_an_idle_gpu_is_not_called_throttled(driver: Path, cuda_torch: Path) -> None:
    assert watch(driver, cuda_torch, "GPU-0000", THROTTLE=0x1)[-1]["throttled"] == []


def test_a_gpu_that_is_lost_while_watched_is_one_sentence(driver: Path, cuda_torch: Path) -> None:
    last = watch(driver, cuda_torch, "GPU-0000", LOST=0)[-1]
    assert "fallen off the bus" in last["problem"]
    assert last["utilisation"] is None


def test_without_a_driver_the_monitor_says_so(tmp_path: Path, cuda_torch: Path) -> None:
    last = watch(tmp_path, cuda_torch, "GPU-0000")[-1]
    assert "No NVIDIA driver was found" in last["problem"]


def test_the_command_writes_a_line_a_look(driver: Path, cuda_torch: Path) -> None:
    line = run_with_driver(driver, cuda_torch, ["-m", "medtui", "machine", "live", "--count", "1"], {"THROTTLE": 0x20})
    assert line.strip() == "97 % busy, memory 2.0 of 24.0 GiB, 71 C, 402 W of 450, 2520 MHz, slowed by its temperature"
