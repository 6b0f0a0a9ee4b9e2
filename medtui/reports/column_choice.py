"""What `medtui reports columns` does: shows what columns are taken for, and takes what the user says instead."""

from pathlib import Path
from typing import Any

import msgspec

from medtui.errors import Refusal
from medtui.phi import Category
from medtui.reports import tables
from medtui.reports.columns import identifying
from medtui.reports.mapping import Mapping, Table
from medtui.reports.settings import Settings
from medtui.workspace import Workspace


def choose(workspace: Workspace, path: Path, **chosen: Any) -> list[Table]:
    """Remember what the user says about a table's columns, if anything, and give the file's tables as they are now.

    Args:
        workspace: the practice.
        path: a file with tables.
        **chosen: the options of `medtui reports columns`.

    Raises:
        Refusal: there is no table, no such column or no such kind.
    """
    settings = Settings(columns=dict(workspace.answers("reports").get("columns", {})))
    found = tables.tables(path, settings)
    if not found:
        raise Refusal(f"No table was found in {path}.")
    if chosen["report"] or chosen["no_reports"]:
        tables.choose_columns(workspace, found[0], _mapping(**chosen))
        settings.columns = dict(workspace.answers("reports")["columns"])
        found = tables.tables(path, settings)
    return found


def described(table: Table) -> dict[str, Any]:
    """Give JSON-able values."""
    return {**msgspec.to_builtins(table), "mapping": table.mapping.to_dict()}


def _mapping(
    report: tuple[str, ...], patient: str, date: str, title: str, identifies: tuple[tuple[str, str], ...],
    no_reports: bool,
) -> Mapping:  # fmt: skip
    kinds = _kinds(identifies) if identifies else None
    return Mapping(list(report), patient, date, title, guessed=False, identifiers=kinds, left_out=no_reports)


def _kinds(identifies: tuple[tuple[str, str], ...]) -> dict[str, str]:
    known = [kind.value for kind in Category]
    for _, kind in identifies:
        if kind.upper() not in known:
            raise Refusal(f"There is no kind {kind}; the kinds are: {', '.join(known)}.")
    return {column: kind.upper() for column, kind in identifies}


def shown(table: Table) -> str:
    """Give a table's columns as lines: what each is taken for, its heading and what stands in it."""
    mapping = table.mapping
    uses = {name: "report" for name in mapping.report}
    singles = {"patient": mapping.patient, "date": mapping.date, "title": mapping.title}
    uses |= {name: use for use, name in singles.items() if name}
    named = mapping.identifiers
    if named is None:
        named = {name: str(kind) for name in table.headers if (kind := identifying(name))}
    uses = {**{name: kind.lower() for name, kind in named.items()}, **uses}
    lines = [f"Table {table.inner}".rstrip() + (" (left out: it holds no reports)" if mapping.left_out else ""), ""]
    for place, name in enumerate(table.headers):
        examples = "; ".join(row[place][:40] for row in table.rows if place < len(row) and row[place])
        lines.append(f"{uses.get(name, ''):<8} {name}: {examples}")
    return "\n".join(lines)
