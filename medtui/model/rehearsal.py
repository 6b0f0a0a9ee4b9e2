"""Asks a worker to count a model or to try one training step without data; the caller loads no torch."""

import contextlib
import json
import signal
import tempfile
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from medtui.errors import Refusal
from medtui.model.architecture import Architecture, architecture
from medtui.model.memory import Breakdown, Settings
from medtui.process import Job
from medtui.progress import Progress, silent
from medtui.workspace import write_atomic

MODULE = "medtui.model.dry_run.worker"


def count(config: Mapping[str, Any], progress: Progress = silent) -> Architecture:
    """Build a model on the meta device and count it.

    Args:
        config: content of a config.json; the weights are not needed.
        progress: told what happens.

    Raises:
        Refusal: the kind of model is not known, or it needs program code of its own.
    """
    if "auto_map" in config:
        raise Refusal("The model brings its own program code (auto_map), which medtui never runs; choose another.")
    return architecture(config, _ask(config, None, progress)["counts"])


def dry_run(config: Mapping[str, Any], settings: Settings, progress: Progress = silent) -> Breakdown:
    """Try one training step on tensors without data and measure its peak.

    Args:
        config: content of a config.json.
        settings: how it would be trained.
        progress: told after each part.

    Returns:
        Bytes by purpose, as the formula gives them.

    Raises:
        Refusal: the kind of model cannot be tried.
    """
    return Breakdown(**_ask(config, settings, progress)["bytes"])


def _ask(config: Mapping[str, Any], settings: Settings | None, progress: Progress) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="medtui-dry-run-") as folder:
        job = Job(Path(folder))
        request = {"config": dict(config), "settings": asdict(settings) if settings else None}
        write_atomic(Path(folder) / "request.json", json.dumps(request))
        job.start(MODULE, environment={"OMP_NUM_THREADS": "1"})
        try:
            return job.follow(progress)
        except BaseException:
            with contextlib.suppress(Refusal):
                job.signal(signal.SIGTERM)
            raise
