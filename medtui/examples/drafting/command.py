"""`medtui examples draft` and `medtui examples drafts`: let a model draft questions, decide about them."""

import sys
import textwrap
from collections.abc import Mapping
from contextlib import closing
from typing import Any

import click

from medtui import vault
from medtui.examples import checks
from medtui.examples.drafting import corrections, decisions, job, store
from medtui.examples.grounding import KINDS
from medtui.options import json_option, print_result, required, terminal_progress, workspace_option
from medtui.workspace import Workspace


def _chosen(context: click.Context, workspace: Workspace | None, as_json: bool) -> tuple[Workspace, bool]:
    """Take options from before or behind the subcommand's name."""
    while context.parent is not None and not isinstance(context.obj, tuple):
        context = context.parent
    before, json_before = context.obj
    return required(workspace or before), as_json or json_before


@click.command("draft")
@workspace_option
@json_option
@click.option("--n", "count", default=job.USUAL, show_default=True, type=click.IntRange(1, job.MOST), help="How many.")
@click.pass_context
def draft_command(context: click.Context, workspace: Workspace | None, as_json: bool, count: int) -> None:
    """Let the chosen model draft questions and answers from the reports.

    None is used before a person approves it: see `medtui examples drafts`. Small models write drafts that are hardly
    worth reading.
    """
    chosen, json_wanted = _chosen(context, workspace, as_json)
    with terminal_progress() as progress:
        result = job.begin(chosen, count).follow(progress)
    print_result(result, json_wanted, _render_run)


def _render_run(result: Mapping[str, Any]) -> str:
    told = [f"{result['drafted']} drafts by {result['model']}: {result['passed']} passed the checks and wait for you."]
    told += [f"  {count:6}  {checks.REASONS[reason]}" for reason, count in result["failed"].items()]
    if result["skipped"]:
        told += ["Reports skipped:"]
        told += [f"  {count:6}  {checks.REASONS[reason]}" for reason, count in result["skipped"].items()]
    return "\n".join(told)


@click.group("drafts", invoke_without_command=True)
@workspace_option
@json_option
@click.option("--failed", is_flag=True, help="Those that did not pass the checks, and why.")
@click.option("--state", type=click.Choice([store.OPEN, store.APPROVED, store.REJECTED]), help="Only those.")
@click.pass_context
def drafts_command(
    context: click.Context, workspace: Workspace | None, as_json: bool, state: str | None, *, failed: bool
) -> None:
    """Show drafted questions and answers, or decide about one."""
    if context.invoked_subcommand is not None:
        if workspace is not None or as_json:
            context.obj = (workspace, as_json)
        return
    chosen, json_wanted = _chosen(context, workspace, as_json)
    with closing(vault.connect(chosen)) as connection:
        drafts = store.drafts(connection, state=state, passed=False if failed else None)
        # A correction waits for its person, also while it does not pass.
        shown = [_shown(draft) for draft in drafts if failed or not draft.reason or draft.original]
        result = {"counts": store.figures(connection), "drafts": shown}
    print_result(result, json_wanted, _render_drafts)


def _shown(draft: store.Draft) -> dict[str, Any]:
    return {"number": draft.number, "document_id": draft.document_id, "question": draft.question,
            "answer": draft.answer, "source": draft.source, "asked_by": draft.asked_by, "model": draft.model,
            "reason": draft.reason, "details": draft.details, "state": draft.state,
            "edited": draft.original is not None, "original": _original(draft)}  # fmt: skip


def _original(draft: store.Draft) -> dict[str, str] | None:
    return None if draft.original is None else dict(zip(("question", "answer"), draft.original, strict=True))


def _render_drafts(result: Mapping[str, Any]) -> str:
    counts = result["counts"]
    told = ["{drafted} drafts: {waiting} wait, {approved} approved, {rejected} rejected; ".format(**counts)
            + "{failed} did not pass the checks; a person corrected {edited}.".format(
                failed=sum(counts["failed"].values()), edited=counts["edited"])]  # fmt: skip
    for draft in result["drafts"]:
        told += ["", f"== {draft['number']}, {draft['state']}, report {draft['document_id']}", draft["source"],
                 f"-- {draft['question']}", draft["answer"]]  # fmt: skip
        if draft["original"]:
            told += ["  corrected by a person; the model wrote:", f"  -- {draft['original']['question']}",
                     textwrap.indent(draft["original"]["answer"], "  ")]  # fmt: skip
        if draft["reason"]:
            told += [f"  left out: {checks.REASONS[draft['reason']]}"]
        told += [f"  unsupported: {draft['answer'][start:end]}: {KINDS[kind]}"
                 for start, end, kind in draft["details"].get("unsupported", [])]  # fmt: skip
        told += [f"  identifier: {piece}" for piece in draft["details"].get("identifiers", [])]
    return "\n".join(told)


def _decision(name: str, state: str, words: str) -> click.Command:
    @click.command(name, help=words)
    @workspace_option
    @json_option
    @click.argument("number", type=int)
    @click.pass_context
    def command(context: click.Context, workspace: Workspace | None, as_json: bool, number: int) -> None:
        chosen, json_wanted = _chosen(context, workspace, as_json)
        result = decisions.decide(chosen, number, state)
        print_result(result, json_wanted, lambda told: f"Draft {told['number']}: {told['state']}.")

    return command


drafts_command.add_command(_decision("approve", store.APPROVED, "Use this draft when the examples are built next."))
drafts_command.add_command(_decision("reject", store.REJECTED, "Never use this draft."))
drafts_command.add_command(_decision("reopen", store.OPEN, "Take a decision back."))


@click.command("edit")
@workspace_option
@json_option
@click.argument("number", type=int)
@click.option("--question", help="The question as it shall be asked; as it was when not given.")
@click.option("--answer", help="The answer as it shall be; - reads it from standard input.")
@click.pass_context
def edit_command(
    context: click.Context,
    workspace: Workspace | None,
    as_json: bool,
    number: int,
    question: str | None,
    answer: str | None,
) -> None:
    """Correct a draft before it is approved; the correction is checked against the report.

    What the model wrote is kept beside it, and the example stays marked as drafted and corrected.
    """
    chosen, json_wanted = _chosen(context, workspace, as_json)
    with closing(vault.connect(chosen)) as connection:
        draft = store.find(connection, number)
    if answer == "-":
        answer = sys.stdin.read()
    texts = (draft.question if question is None else question, draft.answer if answer is None else answer)
    result = corrections.correct(chosen, number, *texts)
    print_result(result, json_wanted, _render_edit)


drafts_command.add_command(edit_command)


def _render_edit(result: Mapping[str, Any]) -> str:
    kept = "corrected" if result["edited"] else "as the model wrote it"
    if not result["reason"]:
        return f"Draft {result['number']}: {kept}. It passes the checks and waits to be approved."
    problems = [f"  {problem}" for problem in result["problems"]]
    return "\n".join([f"Draft {result['number']}: {kept}, but it cannot be approved:", *problems])
