"""Tables in the practice's files: which there are, and what the user says their columns are."""

import threading
from pathlib import Path

from medtui.reports.clean import clean_line
from medtui.reports.mapping import Mapping, Table, check
from medtui.reports.pool import Job, Pool
from medtui.reports.settings import Settings, Waiting
from medtui.workspace import Workspace


def tables_in(paths: list[Path], settings: Settings, cancelled: threading.Event | None = None) -> dict[str, Waiting]:
    """Give the tables in some files with the mapping that would be used, those with the same headings once.

    Args:
        paths: files.
        settings: passwords, and mappings chosen before.
        cancelled: set by another thread to look no further.
    """
    request = {**settings.request(), "preview": True}
    found: dict[str, Waiting] = {}
    with Pool() as pool:
        jobs = (Job(str(path), clean_line(str(path)), request) for path in paths)
        for job, answer in pool.run(jobs, cancelled):
            if "table" in answer:
                note(found, answer["table"], job.shown)
    return found


def note(waiting: dict[str, Waiting], table: Table, path: str) -> None:
    """Count a table that waits; of those with the same headings the first is shown."""
    known = waiting.get(table.signature)
    if known is None:
        waiting[table.signature] = Waiting(table, path)
        return
    known.places += 1
    # Readers work at once: which table comes first is chance, which is shown is not.
    if (path, table.inner) < (known.path, known.table.inner):
        known.table, known.path = table, path


def tables(path: Path, settings: Settings | None = None) -> list[Table]:
    """Give the tables in a file with the mapping that would be used, to be shown before an import.

    Args:
        path: one file.
        settings: passwords, and mappings chosen before.
    """
    request = {**(settings or Settings()).request(), "preview": True}
    with Pool(1) as pool:
        answers = [answer["table"] for _, answer in pool.run(iter([Job(str(path), "", request)])) if "table" in answer]
    return answers


def choose_columns(workspace: Workspace, table: Table, mapping: Mapping) -> None:
    """Remember what a table's columns are; tables with the same headings are read so from now on.

    Raises:
        Refusal: the mapping names columns that the table does not have.
    """
    check(mapping, table.headers)
    chosen = {**workspace.answers("reports").get("columns", {}), table.signature: mapping.to_dict()}
    workspace.save_answer("reports", "columns", chosen)
