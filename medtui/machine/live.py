"""What a GPU does right now: load, memory, temperature, power, and whether and why its clocks are held back.

Asking the driver can take long when a GPU is in trouble, so a thread asks and the screen only reads the last answer.
"""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import pynvml

from medtui.machine import nvml, nvml_errors
from medtui.machine.gpu import GIB

# Clock event reasons that slow a GPU down (NVML API Reference Guide, nvmlClocksEventReasons); idling, clocks that an
# administrator chose and display settings do not count.
_REASONS = {
    0x04: "its power limit",
    0x08: "a hardware protection",
    0x10: "another GPU that it keeps pace with",
    0x20: "its temperature",
    0x40: "heat (hardware protection)",
    0x80: "the power supply",
    0x200: "the board's own limit",
    0x400: "the voltage at high clocks",
}


@dataclass(frozen=True)
class Sample:
    """One look at a GPU; None where it does not say.

    Attributes:
        time: seconds since the epoch.
        utilisation: percent of the last second in which it computed.
        memory_used: bytes held by all programs.
        memory_total: bytes.
        temperature: degrees Celsius.
        power: watts.
        power_limit: watts.
        clock: megahertz of the processing cores.
        throttled: why its clocks are held back, in plain words; empty when they are not.
        problem: one sentence when the GPU did not answer.
    """

    time: float
    utilisation: int | None = None
    memory_used: int | None = None
    memory_total: int | None = None
    temperature: int | None = None
    power: float | None = None
    power_limit: float | None = None
    clock: int | None = None
    throttled: tuple[str, ...] = ()
    problem: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Give all fields, JSON-able."""
        return {**asdict(self), "throttled": list(self.throttled)}


def render(found: Mapping[str, Any]) -> str:
    """Write a sample, as `Sample.to_dict` gives it, on one line; what the GPU does not say is left out."""
    if found["problem"]:
        return str(found["problem"])
    used, total = found["memory_used"], found["memory_total"]
    power, limit = found["power"], found["power_limit"]
    parts = [
        f"{found['utilisation']} % busy" if found["utilisation"] is not None else "",
        f"memory {used / GIB:.1f} of {total / GIB:.1f} GiB" if used is not None and total else "",
        f"{found['temperature']} C" if found["temperature"] is not None else "",
        f"{power:.0f} W" + (f" of {limit:.0f}" if limit else "") if power is not None else "",
        f"{found['clock']} MHz" if found["clock"] is not None else "",
        f"slowed by {', '.join(found['throttled'])}" if found["throttled"] else "",
    ]
    return ", ".join(part for part in parts if part)


def sample(uuid: str) -> Sample:
    """Look at one GPU or MIG slice once; never raises because of the GPU."""
    now = time.time()
    try:
        with nvml.session():
            return _sample(now, pynvml.nvmlDeviceGetHandleByUUID(uuid))
    except pynvml.NVMLError as error:
        return Sample(now, problem=nvml_errors.sentence(error.value, wsl=nvml_errors.under_wsl()))


def _sample(now: float, handle: Any) -> Sample:
    rates = nvml.optional(pynvml.nvmlDeviceGetUtilizationRates, handle)
    memory = nvml.optional(nvml.memory, handle)
    power = nvml.optional(pynvml.nvmlDeviceGetPowerUsage, handle)
    limit = nvml.optional(pynvml.nvmlDeviceGetEnforcedPowerLimit, handle)
    return Sample(
        time=now,
        utilisation=rates.gpu if rates else None,
        memory_used=int(memory.total - memory.free) if memory else None,
        memory_total=int(memory.total) if memory else None,
        temperature=_temperature(handle),
        power=power / 1000 if power is not None else None,
        power_limit=limit / 1000 if limit is not None else None,
        clock=nvml.optional(pynvml.nvmlDeviceGetClockInfo, handle, pynvml.NVML_CLOCK_SM),
        throttled=_throttled(handle),
    )


def _temperature(handle: Any) -> int | None:
    """Ask in the new way, and in the old one where the driver lacks it."""
    degrees = nvml.optional(pynvml.nvmlDeviceGetTemperatureV, handle, pynvml.NVML_TEMPERATURE_GPU)
    if degrees is None:
        degrees = nvml.optional(pynvml.nvmlDeviceGetTemperature, handle, pynvml.NVML_TEMPERATURE_GPU)
    return degrees


def _throttled(handle: Any) -> tuple[str, ...]:
    mask = nvml.optional(pynvml.nvmlDeviceGetCurrentClocksEventReasons, handle)
    if mask is None:
        mask = nvml.optional(pynvml.nvmlDeviceGetCurrentClocksThrottleReasons, handle)
    return tuple(words for bit, words in _REASONS.items() if (mask or 0) & bit)


class Monitor:
    """Looks at a GPU again and again in a thread of its own, until it is closed.

    Use it as a context manager, or call `start` and `close`.
    """

    def __init__(self, uuid: str, seconds: float = 1.0, receive: Callable[[Sample], None] | None = None) -> None:
        """Set what is watched.

        Args:
            uuid: the GPU or MIG slice.
            seconds: pause between two looks.
            receive: called with each sample from the monitor's thread; a screen posts a message in it.
        """
        self._uuid = uuid
        self._seconds = seconds
        self._receive = receive
        self._closed = threading.Event()
        self._latest: Sample | None = None
        self._thread = threading.Thread(target=self._run, name="gpu-monitor", daemon=True)

    @property
    def latest(self) -> Sample | None:
        """The last sample, None before the first."""
        return self._latest

    def start(self) -> "Monitor":
        """Begin to look."""
        self._thread.start()
        return self

    def close(self) -> None:
        """Stop looking; returns at once, a question that hangs in the driver is left to end by itself."""
        self._closed.set()

    def __enter__(self) -> "Monitor":
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.close()

    def _run(self) -> None:
        while not self._closed.is_set():
            found = sample(self._uuid)
            self._latest = found
            if self._receive is not None and not self._closed.is_set():
                self._receive(found)
            self._closed.wait(self._seconds)
