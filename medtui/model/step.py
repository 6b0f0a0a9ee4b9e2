"""The second step: settle on a base model that is on this disk, whole and safe."""

from typing import Any

from medtui.machine.survey import survey
from medtui.model import folder, plan, resolve
from medtui.progress import Progress, silent
from medtui.workspace import Workspace


def run(workspace: Workspace, progress: Progress = silent) -> dict[str, Any]:
    """Check the chosen model and record where it lies and what it needs.

    Answers: `model`, "demo" (default), a hub id that was downloaded, or a folder.

    Raises:
        Refusal: there is no such model here, or it cannot be tuned.
    """
    reference = str(workspace.answers("model").get("model") or resolve.DEMO)
    progress(0, 1, "Checking the model's files")
    checked = folder.check(resolve.resolve(reference))
    planned = plan.plan(reference, survey(workspace.path), practice=workspace)
    result = {
        "model": reference,
        "path": str(checked.path),
        "parameters": planned["params"],
        "chat_template": checked.chat_template,
        "fits": planned["fits"],
        "shared_by": planned["shared_by"],
        "peak_gib": planned["peak_gib"],
        "warnings": planned["warnings"],
    }
    workspace.finish("model", result)
    workspace.audit("model chosen", model=reference, parameters=planned["params"])
    progress(1, 1, "The model is whole and safe to load")
    return result
