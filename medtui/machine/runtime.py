"""Whether the installed PyTorch can use the GPUs found, read from its files without loading it."""

import importlib.util
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from medtui.machine.gpu import Gpu
from medtui.machine.nvml import Reading

# Oldest compute capability in PyTorch's wheels for each CUDA version (pytorch RELEASE.md, "PyTorch CUDA Support
# Matrix", release 2.11 on). A GPU newer than a wheel's list runs through PTX, so only the lower end is checked.
_OLDEST = {"12.6": (5, 0), "12.8": (7, 5), "13.0": (7, 5)}


@dataclass(frozen=True)
class Torch:
    """The installed PyTorch: its version and the CUDA version it was built for, None for a CPU build."""

    version: str
    cuda: str | None


@cache
def installed() -> Torch | None:
    """Read the version file of the installed PyTorch; None when it is not installed."""
    found = importlib.util.find_spec("torch")
    if found is None or found.origin is None:
        return None
    try:
        text = (Path(found.origin).parent / "version.py").read_text()
    except OSError:
        return None
    version = re.search(r"^__version__ = ['\"]([^'\"]+)", text, re.M)
    cuda = re.search(r"^cuda(?:: [^=]+)? = ['\"]([0-9.]+)", text, re.M)
    return Torch(version.group(1) if version else "unknown", cuda.group(1) if cuda else None)


def problems(reading: Reading) -> list[str]:
    """Say where driver, GPUs and PyTorch do not go together."""
    torch = installed()
    if not reading.gpus or torch is None:
        return []
    if torch.cuda is None:
        return [
            f"PyTorch {torch.version} here is built for the processor only, so the GPU cannot be used; install the "
            "CUDA build of the same version."
        ]
    found = []
    if not _driver_suits(reading, torch.cuda):
        found.append(
            f"The NVIDIA driver {reading.driver} supports CUDA up to {reading.cuda}, but PyTorch needs CUDA "
            f"{torch.cuda}; update the driver."
        )
    found += [
        f"{gpu.name} (compute capability {gpu.compute_capability}) is too old for this PyTorch build (CUDA "
        f"{torch.cuda}); install the build for CUDA 12.6, or use another GPU."
        for gpu in reading.gpus
        if not _has_kernels(gpu, torch.cuda)
    ]
    return found


def drives(reading: Reading, gpu: Gpu) -> bool:
    """Tell whether the installed PyTorch, as far as its files say, can compute on this GPU."""
    torch = installed()
    cuda = torch.cuda if torch else None
    return cuda is not None and _driver_suits(reading, cuda) and _has_kernels(gpu, cuda)


def _driver_suits(reading: Reading, cuda: str) -> bool:
    """Any driver of the same CUDA major version runs it (CUDA minor version compatibility)."""
    return reading.cuda is None or int(reading.cuda.split(".")[0]) >= int(cuda.split(".")[0])


def _has_kernels(gpu: Gpu, cuda: str) -> bool:
    oldest = _OLDEST.get(cuda)
    return oldest is None or gpu.capability is None or gpu.capability >= oldest
