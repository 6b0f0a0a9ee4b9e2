"""`medtui deid`: remove what identifies patients; search or measure loose texts."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from medtui.deid import command_checks, command_rules, command_vault, ray_extra, step
from medtui.deid.profile import DEFAULT, profile, stated
from medtui.deid.replacement import replace
from medtui.deid.scan.client import scan as search
from medtui.deid.score import Score
from medtui.deid.spans import Span
from medtui.deid.vote.client import chosen
from medtui.errors import Refusal
from medtui.options import json_option, print_result, required, terminal_progress, workspace_option
from medtui.phi import Category
from medtui.text import sanitize
from medtui.workspace import Workspace


@click.group(invoke_without_command=True)
@workspace_option
@json_option
@click.pass_context
def command(context: click.Context, workspace: Workspace | None, as_json: bool) -> None:
    """Remove what identifies patients from all reports of a practice."""
    if context.invoked_subcommand is None:
        _run(workspace, as_json)


@command.command("run")
@workspace_option
@click.option("--vote", metavar="MODEL", help="Ask this model for names as well: a folder, or off. Kept for next time.")
@click.option("--ray", metavar="WHERE", help="Spread over Ray: local, a cluster's address, or off. Kept for next time.")
@json_option
def run(workspace: Workspace | None, vote: str | None, ray: str | None, as_json: bool) -> None:
    """De-identify all reports of the practice."""
    practice = required(workspace)
    given = {key: "" if value == "off" else value for key, value in (("vote", vote), ("ray", ray)) if value is not None}
    chosen(given)
    ray_extra.check(given)
    for key, value in given.items():
        practice.save_answer("deid", key, value)
    _run(practice, as_json)


def _run(workspace: Workspace | None, as_json: bool) -> None:
    practice = required(workspace)
    with terminal_progress() as progress:
        result = step.run(practice, progress)
    print_result(result, as_json, in_words)


def in_words(result: Mapping[str, Any]) -> str:
    """Put the step's result into sentences."""
    kinds = ", ".join(f"{count} {kind}" for kind, count in result["by_category"].items())
    return "\n".join(
        (
            f"{result['documents']} reports transformed by this policy: {stated(result)}",
            f"{result['identifiers_found']} findings: {kinds}.",
            f"Known identifiers left: {result['known_identifiers_left']}. "
            f"Doubts replaced without asking: {result['doubts_redacted']}. Doubts to decide: {result['reviews_open']}.",
        )
    )


@command.command("purge")
@workspace_option
@click.option("--yes", is_flag=True, help="Required: what is destroyed cannot be brought back.")
def purge(workspace: Workspace | None, yes: bool) -> None:
    """Destroy the vault: reports, identifiers, decisions. Training data and models made from them stay."""
    practice = required(workspace)
    if not yes:
        raise Refusal("Nothing was destroyed; add --yes to destroy the vault of this practice for good.")
    click.echo(f"{step.purge(practice)} files destroyed.")


@command.command("text")
@click.argument("file", type=click.File("r", encoding="utf-8", errors="replace"))
def text(file: Any) -> None:
    """De-identify one text file, or standard input (-), and print the result."""
    given = sanitize(file.read())
    (answer,) = search([{"id": 0, "text": given}])
    spans = sorted((_span(entry) for entry in (*answer["spans"], *answer["doubts"])), key=lambda span: span.start)
    click.echo(replace(given, spans, profile(DEFAULT)).text, nl=False)


def _span(entry: Mapping[str, Any]) -> Span:
    return Span(entry["start"], entry["end"], Category(entry["entity"]), entry["score"], entry["rule"])


@command.command("scan")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True, allow_dash=True))
@click.option("--json", "as_json", is_flag=True, help="Print JSON lines (the only form there is).")
def scan(file: Path, as_json: bool) -> None:
    """Search texts: input lines {"id", "text"}, optionally "known"; output lines {"id", "spans", "doubts"}."""
    del as_json
    for answer in search(_requests(file)):
        answer.pop("seconds", None)
        click.echo(json.dumps(answer, ensure_ascii=True))


def _requests(file: Path) -> Iterator[dict[str, Any]]:
    with click.open_file(str(file), encoding="utf-8") as stream:
        for number, line in enumerate(stream, start=1):
            if not line.strip():
                continue
            try:
                entry = json.loads(line)
            except ValueError:
                raise Refusal(
                    f"Line {number} of {file.name} is not JSON; each line must be an object with id and text."
                ) from None
            if not isinstance(entry, dict) or not isinstance(entry.get("text"), str) or "id" not in entry:
                raise Refusal(f'Line {number} of {file.name} is not an object with "id" and a string "text".')
            yield entry


@command.command("score")
@click.argument("gold", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--doubts", is_flag=True, help="Count doubts as findings, as the deid step does until somebody decides.")
@json_option
def score(gold: Path, doubts: bool, as_json: bool) -> None:
    """Measure against a gold standard: lines {"id", "text", "spans": [[start, end, label]]}."""
    entries = list(_requests(gold))
    total, seconds = Score(), 0.0
    for entry, answer in zip(
        entries, search({"id": entry["id"], "text": entry["text"]} for entry in entries), strict=True
    ):
        seconds += answer["seconds"]
        found = [*answer["spans"], *(answer["doubts"] if doubts else ())]
        total.add(entry["text"], entry.get("spans") or (), [(span["start"], span["end"]) for span in found])
    print_result(total.to_dict(seconds), as_json, _table)


def _table(result: Mapping[str, Any]) -> str:
    lines = [f"{'label':32}{'spans':>7}{'full':>9}{'at least':>10}{'touched':>9}"]
    lines += [
        f"{label:32}{entry['spans']:7}{entry['full']:9.2%}{entry['full_lower']:10.2%}{entry['touched']:9.2%}"
        for label, entry in result["labels"].items()
    ]
    recall, precision = result["character_recall"] or 0.0, result["character_precision"] or 0.0
    lines.append(f"characters: recall {recall:.2%}, precision {precision:.2%}")
    lines.append(f"texts without identifiers touched: {result['negatives_hit']} of {result['negatives']}")
    lines.append(f"{result['megabytes_per_minute']} MB a minute on one core")
    return "\n".join(lines)


for _part in (
    *(command_checks.sample, command_checks.gate, command_checks.override),
    *(command_rules.rules, command_vault.encrypt, command_vault.decrypt),
):
    command.add_command(_part)
