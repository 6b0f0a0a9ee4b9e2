"""What this machine has: GPUs, main memory, disk, cores, and whether work survives log-out."""

import os
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psutil

from medtui import workspace as workspaces
from medtui.machine import detached, nvml, runtime
from medtui.machine.gpu import GIB, Gpu

GPU_MODE, DEMO_MODE = "gpu", "demo"


@dataclass(frozen=True)
class Disk:
    """Room on the file system that holds one of medtui's folders; bytes."""

    purpose: str
    path: str
    mount: str
    free_bytes: int
    total_bytes: int


@dataclass(frozen=True)
class Machine:
    """The survey; sizes in bytes, `problems` are sentences for the user.

    `ready` holds the UUIDs of the GPUs on which the installed PyTorch can compute.
    """

    gpus: tuple[Gpu, ...]
    ready: tuple[str, ...]
    driver: str | None
    cuda: str | None
    ram_total: int
    ram_available: int
    disks: tuple[Disk, ...]
    cores: int
    survives_logout: bool | None
    logout_note: str
    problems: tuple[str, ...]

    @property
    def usable(self) -> tuple[Gpu, ...]:
        """GPUs whose hardware suits the 4-bit training path."""
        return tuple(gpu for gpu in self.gpus if gpu.nf4 is not False and gpu.free_bytes is not None)

    @property
    def mode(self) -> str:
        """`gpu` when a model can be trained on a GPU here now, else `demo`."""
        return GPU_MODE if any(gpu.uuid in self.ready for gpu in self.usable) else DEMO_MODE

    @property
    def disk_free(self) -> int:
        """Free bytes where the workspace lies."""
        return self.disks[0].free_bytes

    @property
    def mode_note(self) -> str:
        """One or two sentences on what can be done here."""
        best = self.default_gpu()
        if best is None:
            return (
                "No GPU that can train was found here, so medtui works in demo mode: the small demo model runs on the "
                "processor, the whole journey can be walked through, and larger models can be planned for a named GPU."
            )
        if self.mode == DEMO_MODE:
            return (
                f"{best.name} is here, but PyTorch cannot use it yet (the reason is below), so medtui works in demo "
                "mode on the processor; models can already be planned for this GPU."
            )
        return f"Training runs on {best.name}, which has {(best.free_bytes or 0) / GIB:.1f} GiB free."

    def default_gpu(self, chosen: str | None = None) -> Gpu | None:
        """Give the GPU that work runs on: the chosen one, else the one with the most free memory.

        Several GPUs are never added up: one QLoRA job runs on one of them.

        Args:
            chosen: UUID, or "none" for no GPU at all.
        """
        if chosen == "none":
            return None
        for gpu in self.usable:
            if gpu.uuid == chosen:
                return gpu
        return max(self.usable, key=lambda gpu: (gpu.uuid in self.ready, gpu.free_bytes or 0), default=None)

    def to_dict(self) -> dict[str, Any]:
        """Give everything, JSON-able."""
        best = self.default_gpu()
        return {
            "mode": self.mode,
            "mode_note": self.mode_note,
            "gpus": [{**gpu.to_dict(), "ready": gpu.uuid in self.ready} for gpu in self.gpus],
            "default_gpu": best.uuid if best else None,
            "driver": self.driver,
            "cuda": self.cuda,
            "ram_total": self.ram_total,
            "ram_available": self.ram_available,
            "disk_free": self.disk_free,
            "disks": [asdict(disk) for disk in self.disks],
            "cores": self.cores,
            "survives_logout": self.survives_logout,
            "logout_note": self.logout_note,
            "problems": list(self.problems),
        }


def survey(workspace_path: Path | None = None) -> Machine:
    """Look at this machine; takes some milliseconds and never raises because of a GPU.

    Args:
        workspace_path: the practice's folder, None when there is none yet.
    """
    reading = nvml.read()
    main = psutil.virtual_memory()
    disks = _disks(workspace_path or workspaces.default_root())
    survives, note = detached.survives_logout()
    problems = [*reading.problems, *runtime.problems(reading), *_disk_problems(disks)]
    return Machine(
        gpus=reading.gpus,
        ready=tuple(gpu.uuid for gpu in reading.gpus if runtime.drives(reading, gpu)),
        driver=reading.driver,
        cuda=reading.cuda,
        ram_total=main.total,
        ram_available=main.available,
        disks=disks,
        cores=len(os.sched_getaffinity(0)),
        survives_logout=survives,
        logout_note=note,
        problems=tuple(problems),
    )


def models_folder() -> Path:
    """Give the folder into which models are downloaded: `$XDG_DATA_HOME/medtui/models`."""
    return workspaces.default_root() / "models"


def _disks(workspace_path: Path) -> tuple[Disk, ...]:
    mounts = sorted((part.mountpoint for part in psutil.disk_partitions(all=True)), key=len, reverse=True)
    folders = (("workspace", workspace_path), ("models", models_folder()))
    return tuple(_disk(purpose, folder.expanduser().absolute(), mounts) for purpose, folder in folders)


def _disk(purpose: str, folder: Path, mounts: list[str]) -> Disk:
    existing = next(path for path in (folder, *folder.parents) if path.exists())
    usage = shutil.disk_usage(existing)
    real = existing.resolve()
    mount = next((mount for mount in mounts if real.is_relative_to(mount)), "/")
    return Disk(purpose, str(folder), mount, usage.free, usage.total)


def _disk_problems(disks: tuple[Disk, ...]) -> list[str]:
    """Warn below 2 GiB: a demo journey with its merged model and vault stays below one."""
    short = {disk.mount: disk for disk in disks if disk.free_bytes < 2 * GIB}
    return [
        f"Only {disk.free_bytes / GIB:.1f} GiB are free on {disk.mount}, where {disk.path} lies; free some space first."
        for disk in short.values()
    ]
