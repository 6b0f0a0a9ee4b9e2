"""`medtui reports`: import, read and list."""

import json
from collections.abc import Mapping as Values
from pathlib import Path
from typing import Any

import click

from medtui import vault
from medtui.errors import Refusal
from medtui.options import json_option, print_result, required, terminal_progress, workspace_option
from medtui.reports import importing, step, store
from medtui.reports.asking import Terminal
from medtui.reports.document import Document, UnreadFile
from medtui.reports.settings import Settings
from medtui.text import sanitize
from medtui.workspace import Workspace

_PATHS = click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
_PASSWORDS = click.option(
    "--ask-password",
    is_flag=True,
    help="Ask for the password of each group of protected files; it is kept in memory only.",
)


@click.group(invoke_without_command=True)
@workspace_option
@json_option
@click.pass_context
def command(context: click.Context, workspace: Workspace | None, as_json: bool) -> None:
    """Import the practice's reports: whatever its software exports.

    Without a subcommand the files of the last import are looked at again; only what is new is added.
    """
    if context.invoked_subcommand is None:
        with terminal_progress() as progress:
            result = step.run(required(workspace), progress)
        print_result(result, as_json, _summary)


@command.command("import")
@_PATHS
@workspace_option
@json_option
@_PASSWORDS
def import_command(paths: tuple[Path, ...], workspace: Workspace | None, as_json: bool, ask_password: bool) -> None:
    """Import files and folders into a practice's workspace."""
    practice = required(workspace)
    earlier = [str(path) for path in practice.answers("reports").get("paths", [])]
    named = [str(path.expanduser().absolute()) for path in paths]
    practice.save_answer("reports", "paths", list(dict.fromkeys([*earlier, *named])))
    with Terminal() as terminal:
        result = step.run(practice, terminal, asker=terminal if ask_password else None)
    print_result(result, as_json, _summary)


@command.command("read")
@_PATHS
@json_option
@_PASSWORDS
def read_command(paths: tuple[Path, ...], as_json: bool, ask_password: bool) -> None:
    """Read files and print what is in them, without storing anything."""
    results = importing.read_paths(list(paths))
    if ask_password:
        from medtui.reports import protected

        results = protected.opened(
            results, Terminal(), lambda only, given: importing.read_paths(list(paths), Settings(given, only=only))
        )
    for result in results:
        click.echo(json.dumps(_line(result), ensure_ascii=True) if as_json else sanitize(_shown(result)))


@command.command("list")
@workspace_option
@json_option
def list_command(workspace: Workspace | None, as_json: bool) -> None:
    """List what was read, without its text, and every file that could not be read with the reason."""
    connection = vault.connect(required(workspace))
    try:
        for document in store.documents(connection):
            line = _line(document)
            click.echo(json.dumps(_listed(line)) if as_json else sanitize(_row(line)))
        for unread in store.refusals(connection):
            line = _line(unread)
            click.echo(json.dumps(_listed(line)) if as_json else sanitize(_row(line)))
    finally:
        connection.close()


@command.command("show")
@click.argument("identifier")
@click.option("--before", is_flag=True, help="Show the text as it was before it was standardised.")
@workspace_option
def show_command(identifier: str, before: bool, workspace: Workspace | None) -> None:
    """Show one report's text, by the id that `list` gives, and what standardising changed in it."""
    connection = vault.connect(required(workspace))
    try:
        document = store.document(connection, identifier)
    finally:
        connection.close()
    if document is None:
        raise Refusal(f"There is no report {identifier}; `medtui reports list --workspace DIR` gives the ids.")
    for name, times in document.steps:
        click.echo(f"Standardised: {name} ({times})", err=True)
    click.echo(sanitize(document.original or document.text if before else document.text))


@command.command("columns")
@click.argument("path", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--report", multiple=True, help="Column that holds the report; give it again for reports in parts.")
@click.option("--patient", default="", help="Column that tells patients apart.")
@click.option("--date", default="", help="Column of the report's date.")
@click.option("--title", default="", help="Column that says what kind of report it is.")
@click.option(
    "--identifies", nargs=2, multiple=True, metavar="COLUMN KIND",
    help="Column that identifies somebody, and how (NAME, PHONE, MRN, ...); without any, the headings decide.",
)  # fmt: skip
@click.option("--no-reports", is_flag=True, help="The table holds no reports: leave it out.")
@workspace_option
@json_option
def columns_command(path: Path, workspace: Workspace | None, as_json: bool, **chosen: Any) -> None:
    """Show what the columns of a table are taken for, or say what they are."""
    from medtui.reports import column_choice

    practice = required(workspace)
    for table in column_choice.choose(practice, path, **chosen):
        result = column_choice.described(table)
        print_result(result, as_json, lambda _, table=table: column_choice.shown(table))  # type: ignore[misc]


def _line(result: Document | UnreadFile) -> dict[str, Any]:
    if isinstance(result, Document):
        values = result.to_dict()
        return {**values, "reason": "; ".join(result.warnings), "chars": len(result.text)}
    return {
        "path": result.path, "inner_path": result.inner_path, "format": result.format, "status": "refused",
        "reason": result.reason, "chars": 0, "patient_key": "", "known_identifiers": [], "report_date": None,
        "title": "", "sections": [], "text": "", "warnings": [],
    }  # fmt: skip


def _listed(line: Values[str, Any]) -> dict[str, Any]:
    names = ("id", "path", "inner_path", "format", "status", "reason", "chars", "report_date", "title")
    return {name: line[name] for name in names if name in line}


def _row(line: Values[str, Any]) -> str:
    where = line["path"] + (f" ! {line['inner_path']}" if line["inner_path"] else "")
    what = line["reason"] if line["status"] == "refused" else f"{line['chars']} characters  {line['title']}"
    return f"{line['status']:8}{line.get('id', ''):17}{line['format']:10}{where}  {what}".rstrip()


def _shown(result: Document | UnreadFile) -> str:
    head = _row(_line(result))
    return f"{head}\n\n{result.text}\n" if isinstance(result, Document) else head


def _summary(result: Values[str, Any]) -> str:
    formats = ", ".join(f"{number} {name}" for name, number in result["formats"].items())
    lines = [
        f"{result['documents']} reports of {result['patients']} patients ({formats}).",
        f"{result['added']} are new, {result['already_known']} were known already.",
    ]
    if result.get("patient_records"):
        lines.append(f"{result['patient_records']} patient records tell names and numbers to remove from reports.")
    if result.get("directory_entries"):
        lines.append(f"{result['directory_entries']} records say who the people and places are that reports refer to.")
    if result["unreadable"]:
        lines.append(f"{result['unreadable']} could not be read: `medtui reports list` names each with the reason.")
    lines += [f"Note: {warning}." for warning in result["warnings"]]
    if result["cancelled"]:
        lines.append("Stopped before the end; run it again to carry on.")
    return "\n".join(lines)
