"""`medtui examples`: build the training examples, look at them, see what was left out and why."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from medtui import vault
from medtui.errors import Refusal
from medtui.examples import checks, lines, step, store
from medtui.examples.grounding import KINDS, STRICTNESS, unsupported
from medtui.examples.segmenter import segment
from medtui.examples.tasks import BY_NAME
from medtui.options import json_option, print_result, required, terminal_progress, workspace_option
from medtui.workspace import Workspace


@click.group(invoke_without_command=True)
@workspace_option
@json_option
@click.pass_context
def command(context: click.Context, workspace: Workspace | None, as_json: bool) -> None:
    """Turn de-identified reports into training examples.

    Without a subcommand the examples are built.
    """
    context.obj = (workspace, as_json)
    if context.invoked_subcommand is None:
        _build(required(workspace), as_json)


def _chosen(context: click.Context, workspace: Workspace | None, as_json: bool) -> tuple[Workspace, bool]:
    """Take options from before or behind the subcommand's name."""
    before, json_before = context.obj
    return required(workspace or before), as_json or json_before


def _build(workspace: Workspace, as_json: bool) -> None:
    with terminal_progress() as progress:
        result = step.run(workspace, progress)
    print_result(result, as_json, render)


@command.command("build")
@workspace_option
@json_option
@click.pass_context
def build_command(context: click.Context, workspace: Workspace | None, as_json: bool) -> None:
    """Build the examples anew and write the dataset."""
    _build(*_chosen(context, workspace, as_json))


@command.command("stats")
@workspace_option
@json_option
@click.pass_context
def stats_command(context: click.Context, workspace: Workspace | None, as_json: bool) -> None:
    """Show what was built, and why reports were left out."""
    chosen, json_wanted = _chosen(context, workspace, as_json)
    result = chosen.result("examples")
    if result is None:
        raise Refusal("There are no examples yet; build them with `medtui examples build`.")
    print_result(result, json_wanted, render)


@command.command("show")
@workspace_option
@json_option
@click.option("--split", type=click.Choice(["train", "validation", "test"]), help="Only examples of this split.")
@click.option("--task", type=click.Choice(sorted(BY_NAME)), help="Only examples of this task.")
@click.option("--reason", type=click.Choice(sorted(checks.REASONS)), help="Those left out for this reason.")
@click.option("--number", default=3, show_default=True, type=click.IntRange(min=1), help="How many to show.")
@click.pass_context
def show_command(
    context: click.Context,
    workspace: Workspace | None,
    as_json: bool,
    split: str | None,
    task: str | None,
    reason: str | None,
    number: int,
) -> None:
    """Show some examples, or some that were left out."""
    chosen, json_wanted = _chosen(context, workspace, as_json)
    connection = vault.connect(chosen)
    try:
        shown = []
        for candidate in store.candidates(connection, reason=reason or "", split=split, task=task):
            shown.append({**candidate.row, "split": candidate.split, "tokens": candidate.tokens,
                          "reason": candidate.reason, "details": candidate.details})  # fmt: skip
            if len(shown) == number:
                break
    finally:
        connection.close()
    print_result({"examples": shown}, json_wanted, _render_examples)


_FILE = click.Path(path_type=Path, dir_okay=False, exists=True)


@command.command("sections")
@click.argument("file", type=_FILE)
@json_option
def sections_command(file: Path, as_json: bool) -> None:
    """Find the sections of the notes in FILE: JSON lines with `id` and `text`."""
    for record in lines.read(file, "text"):
        found = [
            {"kind": part.kind.value, "title": part.title, "start": part.start, "end": part.end}
            for part in segment(record["text"])
        ]
        print_result({"id": record.get("id"), "sections": found}, as_json, _render_sections)


@command.command("ground")
@click.argument("file", type=_FILE)
@json_option
@click.option("--strictness", type=click.Choice(list(STRICTNESS)), default="strict", show_default=True)
def ground_command(file: Path, as_json: bool, strictness: str) -> None:
    """Look for what outputs state without support in their inputs: JSON lines with `id`, `input`, `output`."""
    for record in lines.read(file, "input", "output"):
        found = [
            {"start": piece.start, "end": piece.end, "kind": piece.kind}
            for piece in unsupported(record["input"], record["output"], strictness)
        ]
        result = {"id": record.get("id"), "grounded": not found, "unsupported": found}
        print_result(result, as_json, _render_ground)


def _render_sections(result: Mapping[str, Any]) -> str:
    named = (f"  {part['start']:6} {part['kind']:24} {part['title']}" for part in result["sections"])
    return "\n".join([str(result["id"]), *named])


def _render_ground(result: Mapping[str, Any]) -> str:
    named = (f"  {part['start']}-{part['end']}: {KINDS[part['kind']]}" for part in result["unsupported"])
    return "\n".join([f"{result['id']}: {'grounded' if result['grounded'] else 'not grounded'}", *named])


def render(result: Mapping[str, Any]) -> str:
    """Write the figures of a build as plain text."""
    tokens = result["tokens"]
    told = [
        f"{result['documents']} reports: {result['used']} gave examples, {sum(result['excluded'].values())} did not.",
        *(f"  {count:6}  {checks.REASONS[reason]}" for reason, count in result["excluded"].items()),
        "",
        f"Examples: {result['train']} to train, {result['validation']} to validate, {result['test']} to test "
        "(no patient is in two of them).",
        *(f"  {count:6}  {BY_NAME[task].title}" for task, count in result["tasks"].items() if task in BY_NAME),
        "",
        f"Length: median {tokens['median']}, longest {tokens['longest']} tokens; "
        f"{tokens['over_limit']} over the limit of {tokens['limit']} were left out.",
    ]
    if result["pairs_excluded"]:
        told += ["", "Candidates left out:"]
        told += [f"  {count:6}  {checks.REASONS[reason]}" for reason, count in result["pairs_excluded"].items()]
    return "\n".join(told)


def _render_examples(result: Mapping[str, Any]) -> str:
    if not result["examples"]:
        return "There is no such example."
    blocks = []
    for shown in result["examples"]:
        meta = shown["meta"]
        blocks.append(f"== {meta['task']}, report {meta['document_id']}, {shown['split'] or shown['reason']}")
        blocks.append(f"{shown['prompt'][-1]['content']}\n-- answer:\n{shown['completion'][-1]['content']}\n")
    return "\n".join(blocks)
