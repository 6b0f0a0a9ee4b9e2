"""An import: files through the readers into the vault, or only through the readers."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from medtui.progress import Progress, silent
from medtui.reports.nursery import taken

if TYPE_CHECKING:
    import threading

    from medtui.reports.document import Document, UnreadFile
    from medtui.reports.intake import Summary
    from medtui.reports.settings import Settings
    from medtui.workspace import Workspace

# What only an import needs is loaded while the process that readers come from starts: each takes a tenth of a second.


def import_paths(
    workspace: "Workspace",
    paths: list[Path],
    progress: Progress = silent,
    settings: "Settings | None" = None,
    cancelled: "threading.Event | None" = None,
) -> "Summary":
    """Read files and folders into the vault; what is there already is passed over.

    Args:
        workspace: the practice.
        paths: files and folders.
        progress: told how many files are done, and counts; never a path.
        settings: passwords and column mappings.
        cancelled: set by another thread to stop at once, in the middle of a file too, which is then read again when
            the import is carried on by starting it again.

    Raises:
        Refusal: the disk is full; what was imported until then is kept.
    """
    with taken() as nursery:
        from medtui.reports import intake

        return intake.run(nursery, workspace, paths, progress, settings, cancelled)


def read_paths(paths: list[Path], settings: "Settings | None" = None) -> Iterator["Document | UnreadFile"]:
    """Read files and folders without storing anything.

    Args:
        paths: files and folders.
        settings: passwords and column mappings.

    Returns:
        Each document, and each file or part of one that could not be read with the reason.
    """
    with taken() as nursery:
        from medtui.reports import intake

        yield from intake.read(nursery, paths, settings)
