"""What a plan is made for: a model of the catalogue or a folder, with its shape."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from medtui.errors import Refusal
from medtui.model import catalogue, folder, measure, rehearsal, resolve, traps
from medtui.model.architecture import Architecture
from medtui.progress import Progress, silent


@dataclass(frozen=True)
class Subject:
    """A model with a known shape; `path` is None while its weights are not on this disk."""

    id: str
    architecture: Architecture
    config: dict[str, Any]
    path: Path | None
    warnings: tuple[str, ...]


def find(reference: str, progress: Progress = silent) -> Subject:
    """Settle what a reference means; a folder's own files win over the catalogue's figures.

    A folder that holds a config.json without weights is enough for a plan: the model is built without data and counted.

    Args:
        reference: model of the catalogue, "demo", or a folder.
        progress: told when a worker has to count.

    Raises:
        Refusal: nothing is known of it, or the folder cannot be used.
    """
    entry = catalogue.find(reference)
    warnings = tuple(traps.traps(entry)) if entry else ()
    located = resolve.locate(reference)
    if located is not None:
        name = entry.id if entry else reference if reference == resolve.DEMO else str(located)
        if folder.without_weights(located):
            return _described(name, located, warnings, progress)
        checked = folder.check(located)
        return Subject(name, measure.read(checked), checked.config, located, (*warnings, *checked.warnings))
    if entry is not None and entry.architecture is not None and entry.config is not None:
        return Subject(entry.id, entry.architecture, entry.config, None, warnings)
    described = resolve.description(entry.id if entry else reference)
    if described is not None:
        return _described(entry.id if entry else reference, described, warnings, progress)
    if entry is None:
        raise Refusal(resolve.nowhere(reference))
    raise Refusal(
        f"The shape of {entry.id} is not known here; fetch its description with `medtui model fetch {entry.id} "
        "--config-only`, then plan it."
    )


def _described(name: str, path: Path, warnings: tuple[str, ...], progress: Progress) -> Subject:
    config = folder.configuration(path)
    return Subject(name, rehearsal.count(config, progress), config, None, warnings)
