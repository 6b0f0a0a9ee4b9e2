"""The reports step: imports what the answers name and says what is in the vault."""

import threading
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from medtui import vault
from medtui.errors import Refusal
from medtui.progress import Progress, silent
from medtui.reports import importing, store
from medtui.reports.clean import clean_line
from medtui.reports.document import UnreadFile
from medtui.reports.settings import Audience, Settings
from medtui.workspace import Workspace

if TYPE_CHECKING:
    from medtui.reports.intake import Summary
    from medtui.reports.protected import Asker


def run(
    workspace: Workspace,
    progress: Progress = silent,
    passwords: tuple[str, ...] = (),
    cancelled: threading.Event | None = None,
    audience: Audience | None = None,
    asker: "Asker | None" = None,
) -> dict[str, Any]:
    """Import the paths of the answers and finish the step.

    Args:
        workspace: the practice; answers `paths` (files and folders) and `columns` (column mappings).
        progress: told how many files are done.
        passwords: for protected files; kept in memory only.
        cancelled: set by another thread to stop; the step is then not marked as done.
        audience: who watches and is asked; the step is not done while tables wait for an answer.
        asker: is asked for the passwords of protected files after everything else was read, once for each group.

    Returns:
        `documents`, `unreadable`, `formats`, `patients`, `already_known`, `added`, `warnings`, `cancelled`,
        `patient_records`, `directory_entries`.

    Raises:
        Refusal: no path was given, or nothing that could be read was found.
    """
    answers = workspace.answers("reports")
    paths = [Path(str(path)).expanduser() for path in answers.get("paths", [])]
    if not paths:
        raise Refusal("No reports were named; give their folder with `medtui reports import PATH --workspace DIR`.")
    settings = Settings(passwords, dict(answers.get("columns", {})), audience=audience)
    summary = importing.import_paths(workspace, paths, progress, settings, cancelled)
    if asker is not None and not summary.cancelled:
        _unlock(workspace, paths, progress, settings, asker, summary)
    result = describe(workspace) | {
        "already_known": summary.already_known,
        "added": summary.added,
        "warnings": list(summary.warnings),
        "cancelled": summary.cancelled,
        "patient_records": summary.patient_records,
        "directory_entries": summary.directory_entries,
    }
    workspace.audit("reports imported", files=summary.files, **result)
    if summary.cancelled or (audience is not None and audience.waiting):
        return result
    if not result["documents"]:
        raise Refusal(
            f"None of the {summary.files} files could be read as a report; "
            "`medtui reports list --workspace DIR` says why for each."
        )
    workspace.finish("reports", result)
    return result


def _unlock(
    workspace: Workspace, paths: list[Path], progress: Progress, settings: Settings, asker: "Asker", summary: "Summary"
) -> None:
    """Ask for passwords, read what they open, and count it with the rest."""
    from medtui.reports import protected

    roots = [clean_line(str(path)) for path in paths]

    def refused() -> Iterable[UnreadFile]:
        with closing(vault.connect(workspace)) as connection:
            # The vault also knows files of imports that are no longer asked for.
            everything = list(store.refusals(connection))
        return [unread for unread in everything if any(_is_below(unread.path, root) for root in roots)]

    def read(only: frozenset[str], passwords: tuple[str, ...]) -> None:
        chosen = msgspec.structs.replace(settings, passwords=(*settings.passwords, *passwords), only=only)
        more = importing.import_paths(workspace, paths, progress, chosen)
        summary.added += more.added
        summary.patient_records += more.patient_records
        summary.directory_entries += more.directory_entries

    protected.unlock(refused, asker, read)


def _is_below(path: str, root: str) -> bool:
    return path == root or path.startswith(root.rstrip("/") + "/")


def describe(workspace: Workspace) -> dict[str, Any]:
    """Give what the vault holds: `documents`, `unreadable`, `formats`, `patients`."""
    connection = vault.connect(workspace)
    try:
        return {
            "documents": store.count(connection),
            "unreadable": sum(1 for _ in store.refusals(connection)),
            "formats": store.formats(connection),
            "patients": store.patients(connection),
        }
    finally:
        connection.close()
