"""`medtui examples`: build the training examples, look at them, see what was left out and why."""

import itertools
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import click

from medtui import vault
from medtui.errors import Refusal
from medtui.examples import checks, dataset, formats, free_text, lengths, lines, step, store
from medtui.examples import shown as shown_examples
from medtui.examples.drafting.command import draft_command, drafts_command
from medtui.examples.drafting.questions import in_words as drafts_in_words
from medtui.examples.general import REASONS
from medtui.examples.grounding import KINDS, STRICTNESS, unsupported
from medtui.examples.learns import lesson
from medtui.examples.segmenter import segment
from medtui.examples.settings import model_folder, settings
from medtui.examples.split import NEWEST
from medtui.examples.tasks import BY_NAME, title
from medtui.examples.tokens import ChatTokenizer
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
@click.option("--dropped", is_flag=True, help="Only examples that lost unsupported sentences, beside the original.")
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
    *,
    dropped: bool,
) -> None:
    """Show some examples, or some that were left out."""
    chosen, json_wanted = _chosen(context, workspace, as_json)
    connection = vault.connect(chosen)
    try:
        shown = []
        for candidate in store.candidates(connection, reason=reason or "", split=split, task=task):
            if dropped and not candidate.row["meta"].get("dropped_sentences"):
                continue
            shown.append({**candidate.row, "split": candidate.split, "tokens": candidate.tokens,
                          "reason": candidate.reason, "details": candidate.details})  # fmt: skip
            if len(shown) == number:
                break
    finally:
        connection.close()
    print_result({"examples": shown}, json_wanted, shown_examples.render)


@command.command("learns")
@workspace_option
@json_option
@click.option("--number", default=1, show_default=True, type=click.IntRange(min=1), help="Which training example.")
@click.pass_context
def learns_command(context: click.Context, workspace: Workspace | None, as_json: bool, number: int) -> None:
    """Show of a real training example which tokens are only read and which are learned."""
    chosen, json_wanted = _chosen(context, workspace, as_json)
    tokenizer = ChatTokenizer(model_folder(chosen))
    connection = vault.connect(chosen)
    try:
        rows = store.candidates(connection, reason="", split="train")
        candidate = next(itertools.islice(rows, number - 1, None), None)
    finally:
        connection.close()
    if candidate is None:
        raise Refusal(f"There is no training example number {number}.")
    shown = lesson(candidate.row, tokenizer)
    result = {
        "document_id": candidate.document_id,
        "stretches": [{"trained": part.trained, "tokens": part.tokens, "text": part.text} for part in shown.stretches],
        "trained_ids": list(shown.trained_ids),
        "last": list(shown.last),
    }
    print_result(result, json_wanted, _render_lesson)


def _render_lesson(result: Mapping[str, Any]) -> str:
    names = {False: "read only", True: "learned"}
    parts = [f"-- {names[part['trained']]} ({part['tokens']} tokens):\n{part['text']}" for part in result["stretches"]]
    return "\n".join([*parts, f"-- the answer ends with: {' '.join(result['last'])}"])


@command.command("lengths")
@workspace_option
@json_option
@click.option("--at", "length", type=click.IntRange(min=16), help="Name what would be left out at this length.")
@click.pass_context
def lengths_command(context: click.Context, workspace: Workspace | None, as_json: bool, length: int | None) -> None:
    """Show how long the examples are, and what would be left out at other lengths and from which reports."""
    chosen, json_wanted = _chosen(context, workspace, as_json)
    limit = settings(chosen).max_length
    with closing(vault.connect(chosen)) as connection:
        found = lengths.measured(connection)
    if not found:
        raise Refusal("There are no examples yet; build them with `medtui examples build`.")
    named = [one for one in found if one.tokens > (length or limit)]
    result = {
        "limit": limit,
        "histogram": lengths.bars(found, limit),
        "lengths": lengths.table(found, limit),
        "left_out": [{"document_id": one.document_id, "format": one.format, "task": one.task, "tokens": one.tokens}
                     for one in named],
    }  # fmt: skip
    print_result(result, json_wanted, shown_examples.render_lengths)


@command.command("export")
@workspace_option
@json_option
@click.option("--format", "format_name", type=click.Choice(formats.FORMATS), default="messages", show_default=True)
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.pass_context
def export_command(
    context: click.Context, workspace: Workspace | None, as_json: bool, format_name: str, folder: Path
) -> None:
    """Write the dataset into FOLDER in a form that other programs read."""
    chosen, json_wanted = _chosen(context, workspace, as_json)
    counted = dataset.export(chosen.dataset, folder, format_name)
    chosen.audit("examples exported", format=format_name, **counted)
    print_result({"folder": str(folder), "format": format_name, **counted}, json_wanted, _render_export)


@command.command("import")
@workspace_option
@json_option
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.pass_context
def import_command(context: click.Context, workspace: Workspace | None, as_json: bool, file: Path) -> None:
    """Add the practice's own questions and answers in FILE; they are used when the examples are built next.

    FILE is CSV or JSON lines with instruction, input and output, with question and answer, or with chat messages. It
    is not de-identified: pairs that hold something with the form of an identifier are left out.
    """
    chosen, json_wanted = _chosen(context, workspace, as_json)
    count = sum(1 for _ in formats.read(file))
    known = [str(path) for path in chosen.answers("examples").get("question_answers", [])]
    path = str(file.absolute())
    again = chosen.save_answer("examples", "question_answers", [*known, *([] if path in known else [path])])
    result = {"file": path, "pairs": count, "needs_another_look": again}
    print_result(result, json_wanted, lambda told: f"{told['pairs']} pairs found; build the examples to use them.")


def _render_export(result: Mapping[str, Any]) -> str:
    return f"{result['train']}, {result['validation']} and {result['test']} examples written to {result['folder']}."


command.add_command(draft_command)
command.add_command(drafts_command)

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
        *(["The test holds the newest reports."] if result.get("split", {}).get("test") == NEWEST else []),
        *(f"  {count:6}  {title(task)}" for task, count in result["tasks"].items()),
        "",
        f"Length: median {tokens['median']}, longest {tokens['longest']} tokens; "
        f"{tokens['over_limit']} over the limit of {tokens['limit']} were left out.",
        result["advice"],
    ]
    if result.get("general", {}).get("read"):
        told += ["{used} of {read} general instructions joined the training examples: {reached} % of them "
                 "({percent} % wanted).".format(**result["general"])]  # fmt: skip
        told += [f"  {count:6}  {REASONS[reason]}" for reason, count in result["general"]["left_out"].items()]
    if result.get("dropped", {}).get("examples"):
        told += ["{sentences} unsupported sentences were dropped from {examples} examples; see `medtui examples show "
                 "--dropped`.".format(**result["dropped"])]  # fmt: skip
    if texts := result.get("free_text"):
        told += ["{train}, {validation} and {test} whole reports for continued pretraining ({tokens} tokens to train), "
                 "on the same sides; left out:".format(**texts)]  # fmt: skip
        told += [f"  {count:6}  {checks.REASONS[reason]}" for reason, count in texts["left_out"].items()]
        told += [free_text.placeholders(texts)] if free_text.placeholders(texts) else []
    told += [words] if (words := drafts_in_words(result.get("origins", {}))) else []
    if consequence := result.get("chat_template", {}).get("consequence"):
        told += [consequence]
    counts = ", ".join(f"{name} {count}" for name, count in result.get("strictness", {}).items())
    told += ["", f"Pairs that the grounding gate lets pass, by its strictness: {counts}."] if counts else []
    if result["pairs_excluded"]:
        told += ["", "Candidates left out:"]
        told += [f"  {count:6}  {checks.REASONS[reason]}" for reason, count in result["pairs_excluded"].items()]
    return "\n".join(told)
