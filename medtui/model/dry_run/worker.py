"""The worker of a dry run: `python -m medtui.model.dry_run.worker FOLDER`, with request.json in the folder."""

import json
import sys
import warnings
from pathlib import Path
from typing import Any

from medtui.model.memory import Settings
from medtui.process import progress_of, worker


def main(folder: Path) -> None:
    """Count the model of the request, and try a step when settings are given."""
    with worker(folder) as emit:
        request: dict[str, Any] = json.loads((folder / "request.json").read_text())
        emit("progress", done=0, total=0, message="Loading the training libraries")
        warnings.filterwarnings("ignore", category=FutureWarning)
        from medtui.model.dry_run import counting

        result: dict[str, Any] = {"counts": counting.count(request["config"])}
        if request.get("settings"):
            from medtui.model.dry_run import simulation

            settings = Settings(**request["settings"])
            measured = simulation.simulate(request["config"], settings, progress_of(emit))
            result["bytes"] = vars(measured)
        emit("end", status="finished", result=result)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
