"""The first step: see what this machine has and settle on a GPU, or on none."""

from typing import Any

from medtui.errors import Refusal
from medtui.machine.survey import Machine, survey
from medtui.progress import Progress, silent
from medtui.workspace import Workspace


def run(workspace: Workspace, progress: Progress = silent) -> dict[str, Any]:
    """Survey the machine and record which GPU is used.

    Answers: `gpu`, a UUID or "none"; by default the GPU with the most free memory.

    Raises:
        Refusal: the GPU that was answered is not here (any more).
    """
    progress(0, 1, "Looking at this machine")
    machine = survey(workspace.path)
    answer = workspace.answers("machine").get("gpu")
    gpu = machine.default_gpu(answer)
    if answer not in (None, "", "none") and (gpu is None or gpu.uuid != answer):
        raise Refusal(_missing(machine, str(answer)))
    result = {**machine.to_dict(), "gpu": gpu.uuid if gpu and gpu.uuid in machine.ready else "none"}
    workspace.finish("machine", result)
    workspace.audit("machine surveyed", mode=machine.mode, gpu=gpu.name if gpu else "none")
    progress(1, 1, machine.mode_note)
    return result


def _missing(machine: Machine, answer: str) -> str:
    present = ", ".join(f"{gpu.name} ({gpu.uuid})" for gpu in machine.usable) or "none"
    return f"The chosen GPU {answer} cannot be used on this machine; usable now: {present}; choose again."
