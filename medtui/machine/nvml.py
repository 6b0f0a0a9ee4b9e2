"""Asks NVIDIA's management library (NVML) which GPUs there are, without a CUDA context.

NVML numbers GPUs by PCI bus and ignores `CUDA_VISIBLE_DEVICES`, so a GPU is always named by its UUID, and a worker that
uses it runs with `CUDA_DEVICE_ORDER=PCI_BUS_ID` and `CUDA_VISIBLE_DEVICES=<uuid>`.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

import psutil
import pynvml

from medtui.machine import nvml_errors
from medtui.machine.gpu import Gpu
from medtui.text import sanitize_line

T = TypeVar("T")


@dataclass(frozen=True)
class Reading:
    """What NVML said; `problems` are sentences for the user."""

    gpus: tuple[Gpu, ...] = ()
    driver: str | None = None
    cuda: str | None = None
    problems: tuple[str, ...] = ()


@contextmanager
def session() -> Iterator[None]:
    """Hold NVML open.

    Raises:
        pynvml.NVMLError: there is no driver, or it does not answer.
    """
    pynvml.nvmlInit()
    try:
        yield
    finally:
        optional(pynvml.nvmlShutdown)


def optional(question: Callable[..., T], *arguments: Any) -> T | None:
    """Ask NVML; None when this driver or GPU does not say."""
    try:
        return question(*arguments)
    except (pynvml.NVMLError, UnicodeDecodeError):
        return None


def memory(handle: Any) -> Any:
    """Give total, free and used bytes; version 2 where the driver has it.

    Version 1 counts the driver's reserve as used. Decisions rest on `free`, which means the same in both.
    """
    try:
        return pynvml.nvmlDeviceGetMemoryInfo(handle, version=pynvml.nvmlMemory_v2)
    except (pynvml.NVMLError_FunctionNotFound, pynvml.NVMLError_InvalidArgument):
        return pynvml.nvmlDeviceGetMemoryInfo(handle)


def handles() -> Iterator[tuple[int, Any, str]]:
    """Walk over the usable devices inside a session: each GPU, or its MIG slices where it is sliced.

    Yields:
        Index in PCI order, the handle (None when the GPU does not answer) and the sentence about it.
    """
    for index in range(pynvml.nvmlDeviceGetCount()):
        try:
            parent = pynvml.nvmlDeviceGetHandleByIndex(index)
        except pynvml.NVMLError as error:
            yield index, None, nvml_errors.sentence(error.value, f"GPU {index}")
            continue
        slices = list(_mig_slices(parent))
        if not slices and _mig_enabled(parent):
            yield (
                index,
                None,
                f"GPU {index} is in MIG mode but has no slice; create one with `nvidia-smi mig`, or turn MIG off.",
            )
            continue
        for handle in slices or [parent]:
            yield index, handle, ""


def _mig_enabled(handle: Any) -> bool:
    mode = optional(pynvml.nvmlDeviceGetMigMode, handle)
    return bool(mode and mode[0] == pynvml.NVML_DEVICE_MIG_ENABLE)


def _mig_slices(parent: Any) -> Iterator[Any]:
    if not _mig_enabled(parent):
        return
    for position in range(optional(pynvml.nvmlDeviceGetMaxMigDeviceCount, parent) or 0):
        # A gap in the numbering answers "not found"; the next position may be used.
        handle = optional(pynvml.nvmlDeviceGetMigDeviceHandleByIndex, parent, position)
        if handle is not None:
            yield handle


def read() -> Reading:
    """Survey all GPUs.

    Returns:
        GPUs in PCI order with MIG slices in place of their parent; every failure is one sentence in `problems`.
    """
    wsl = nvml_errors.under_wsl()
    try:
        with session():
            found: list[Gpu] = []
            problems: list[str] = []
            for index, handle, problem in handles():
                if handle is None:
                    problems.append(problem)
                    continue
                try:
                    found.append(_gpu(index, handle))
                except pynvml.NVMLError as error:
                    problems.append(nvml_errors.sentence(error.value, f"GPU {index}", wsl))
            cuda = optional(pynvml.nvmlSystemGetCudaDriverVersion)
            return Reading(
                gpus=tuple(found),
                driver=optional(pynvml.nvmlSystemGetDriverVersion),
                cuda=f"{cuda // 1000}.{cuda % 1000 // 10}" if cuda else None,
                problems=tuple(problems),
            )
    except pynvml.NVMLError as error:
        return Reading(problems=(nvml_errors.sentence(error.value, wsl=wsl),))


def _gpu(index: int, handle: Any) -> Gpu:
    total, free, unified = _sizes(handle)
    capability = optional(pynvml.nvmlDeviceGetCudaComputeCapability, handle)
    location = optional(pynvml.nvmlDeviceGetPciInfo, handle)
    mig = optional(pynvml.nvmlDeviceIsMigDeviceHandle, handle)
    running = optional(pynvml.nvmlDeviceGetComputeRunningProcesses, handle)
    return Gpu(
        index=index,
        name=sanitize_line(pynvml.nvmlDeviceGetName(handle)),
        uuid=sanitize_line(pynvml.nvmlDeviceGetUUID(handle)),
        total_bytes=total,
        free_bytes=free,
        compute_capability=f"{capability[0]}.{capability[1]}" if capability else None,
        pci_bus_id=location.busId if location else None,
        is_mig=bool(mig and mig.value),
        unified_memory=unified,
        bandwidth_gbs=_bandwidth(handle),
        processes=None if running is None else len(running),
    )


def _sizes(handle: Any) -> tuple[int | None, int | None, bool]:
    """Total and free bytes; a GPU that shares the machine's memory answers "not supported"."""
    try:
        info = memory(handle)
    except pynvml.NVMLError_NotSupported:
        main = psutil.virtual_memory()
        return main.total, main.available, True
    return int(info.total), int(info.free), False


def _bandwidth(handle: Any) -> float | None:
    """Memory bandwidth in GB/s: bus width x memory clock x 2 transfers a clock / 8 bits."""
    width = optional(pynvml.nvmlDeviceGetMemoryBusWidth, handle)
    clock = optional(pynvml.nvmlDeviceGetMaxClockInfo, handle, pynvml.NVML_CLOCK_MEM)
    return round(width * clock * 2 / 8 / 1000, 1) if width and clock else None
