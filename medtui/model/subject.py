"""What a plan is made for: a model of the catalogue or a folder, with its shape."""

from dataclasses import dataclass
from pathlib import Path

from medtui.errors import Refusal
from medtui.model import catalogue, folder, measure, resolve, traps
from medtui.model.architecture import Architecture
from medtui.text import sanitize_line


@dataclass(frozen=True)
class Subject:
    """A model with a known shape; `path` is None while its weights are not on this disk."""

    id: str
    architecture: Architecture
    path: Path | None
    entry: catalogue.Model | None
    warnings: tuple[str, ...]


def find(reference: str) -> Subject:
    """Settle what a reference means; a folder's own files win over the catalogue's figures.

    Raises:
        Refusal: nothing is known of it, or the folder cannot be used.
    """
    entry = catalogue.find(reference)
    warnings = tuple(traps.traps(entry)) if entry else ()
    located = resolve.locate(reference)
    if located is not None:
        checked = folder.check(located)
        return Subject(
            reference if reference == resolve.DEMO or entry else str(located),
            measure.architecture(checked),
            located,
            entry,
            (*warnings, *checked.warnings),
        )
    if entry is None:
        resolve.resolve(reference)
    if entry is None or entry.architecture is None:
        raise Refusal(
            f"The shape of {sanitize_line(reference)} is not known here; fetch it first, then it can be planned."
        )
    return Subject(entry.id, entry.architecture, None, entry, warnings)
