"""The long look at a machine: PyTorch is asked in a process of its own whether training will work."""

import json
import os
import subprocess
import sys
from typing import Any

from medtui.errors import Refusal
from medtui.machine.survey import Machine
from medtui.process import offline_environment

MODULE = "medtui.machine.worker"
# Importing PyTorch on a slow disk for the first time takes a minute or two.
LONGEST_SECONDS = 300


def check(machine: Machine) -> dict[str, Any]:
    """Ask PyTorch and compare with the survey; takes some seconds.

    Returns:
        What the worker found, and `findings`: sentences, empty when all is well.

    Raises:
        Refusal: the training libraries cannot be loaded at all.
    """
    environment = {**os.environ, **offline_environment(), "CUDA_DEVICE_ORDER": "PCI_BUS_ID"}
    try:
        done = subprocess.run(
            [sys.executable, "-m", MODULE],
            capture_output=True,
            text=True,
            check=False,
            env=environment,
            timeout=LONGEST_SECONDS,
        )
        found = dict(json.loads(done.stdout.strip().splitlines()[-1]))
    except (subprocess.TimeoutExpired, ValueError, IndexError) as error:
        raise Refusal(
            "PyTorch could not be loaded for the check; install medtui again, and look at the GPU driver if this "
            "machine has a GPU."
        ) from error
    return {**found, "findings": findings(machine, found)}


def findings(machine: Machine, found: dict[str, Any]) -> list[str]:
    """Say where PyTorch's answer differs from what the driver promised.

    Args:
        machine: the survey.
        found: the worker's answer.
    """
    sentences = []
    if machine.gpus and not found["gpus"]:
        sentences.append("The driver shows a GPU, but PyTorch sees none; install its CUDA build of the same version.")
    built = {name.removeprefix("sm_") for name in found["architectures"] if name.startswith("sm_")}
    for gpu in found["gpus"]:
        if built and not _runs(gpu["compute_capability"], found["architectures"]):
            sentences.append(
                f"{gpu['name']} needs kernels for compute capability {gpu['compute_capability']}, which this PyTorch "
                f"build lacks (it has {', '.join(sorted(built))}); install another build."
            )
    if found["nf4_error"]:
        sentences.append(
            f"A 4-bit layer does not compute on the {found['nf4_on']} ({found['nf4_error']}); install bitsandbytes "
            "again."
        )
    return sentences


def _runs(capability: str, architectures: list[str]) -> bool:
    """Kernels run on the same major version with a higher or equal minor one; PTX is compiled for any newer card."""
    major, minor = (int(part) for part in capability.split("."))
    for name in architectures:
        kind, _, digits = name.partition("_")
        number = int("".join(filter(str.isdigit, digits)) or 0)
        if kind == "compute" and number <= 10 * major + minor:
            return True
        if kind == "sm" and number // 10 == major and number % 10 <= minor:
            return True
    return False
