"""The parts of `medtui deid` by which a person checks the work: sample, gate, override."""

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from typing import Any

import click

from medtui import vault
from medtui.deid import gate as gates
from medtui.deid import sampling
from medtui.deid.sampling import Report
from medtui.errors import Refusal
from medtui.options import json_option, print_result, required, workspace_option
from medtui.phi import Category
from medtui.text import sanitize
from medtui.workspace import Workspace

_KINDS = click.Choice([category.value for category in Category], case_sensitive=False)


@contextmanager
def _opened(workspace: Workspace) -> Iterator[Any]:
    with closing(vault.connect(workspace)) as connection:
        yield connection


@click.command("sample")
@workspace_option
@json_option
@click.option("--n", "size", type=click.IntRange(1), help="Draw at random until the sample has this many reports.")
@click.option("--show", metavar="ID", help="Print one report of the sample, de-identified.")
@click.option("--fine", metavar="ID", help="You have read this report and nothing in it identifies anybody.")
@click.option("--missed", nargs=2, metavar="ID LETTERS", help="These letters of a report still identify somebody.")
@click.option("--kind", type=_KINDS, default=Category.NAME.value, show_default=True, help="What --missed is.")
@click.option("--new", "start_over", is_flag=True, help="Forget the sample first; the audit trail keeps its figures.")
def sample(
    workspace: Workspace | None,
    as_json: bool,
    size: int | None,
    show: str | None,
    fine: str | None,
    missed: tuple[str, str] | None,
    kind: str,
    start_over: bool,
) -> None:
    """Check reports drawn at random, and see what they show about all others."""
    practice = required(workspace)
    with _opened(practice) as connection:
        if show is not None:
            click.echo(sanitize(_find(sampling.reports(connection), show).text))
            return
        if start_over:
            sampling.start_over(connection, practice)
        if size is not None or not (fine or missed or sampling.reports(connection)):
            sampling.draw(connection, size or sampling.DEFAULT_SIZE)
        if fine:
            sampling.mark(connection, practice, fine)
        if missed:
            sampling.mark(connection, practice, missed[0], [(Category(kind.upper()), missed[1])])
        said = sampling.statement(connection).to_dict()
        listed = [{"id": one.document_id, "verdict": one.verdict} for one in sampling.reports(connection)]
    practice.amend("deid", {"sample": said})
    print_result({**said, "reports": listed, "search_again": bool(missed)}, as_json, _sample_in_words)


def _find(reports: list[Report], document_id: str) -> Report:
    for report in reports:
        if report.document_id == document_id:
            return report
    raise Refusal("This report is not in the sample; see `medtui deid sample` for those that are.")


def _sample_in_words(result: Mapping[str, Any]) -> str:
    lines = [f"{report['id']}  {report['verdict'] or 'not read yet'}" for report in result["reports"]]
    lines += [
        "",
        f"{result['read']} of {result['drawn']} read.",
        str(result["statement"]),
        "Read one with --show ID, then give --fine ID or --missed ID LETTERS.",
    ]
    if result["search_again"]:
        lines.append("All reports must be searched for what was missed: run `medtui deid run`.")
    return "\n".join(lines)


@click.command("gate")
@workspace_option
@json_option
def gate(workspace: Workspace | None, as_json: bool) -> None:
    """Tell whether training may start, and if not, why."""
    with _opened(required(workspace)) as connection:
        print_result(gates.gate(connection).to_dict(), as_json, _gate_in_words)


@click.command("override")
@workspace_option
@json_option
@click.argument("sentence")
def override(workspace: Workspace | None, as_json: bool, sentence: str) -> None:
    """Let training start although something is left: SENTENCE is what `medtui deid gate` asks for, typed in full."""
    practice = required(workspace)
    with _opened(practice) as connection:
        print_result(gates.override(connection, practice, sentence).to_dict(), as_json, _gate_in_words)


def _gate_in_words(state: Mapping[str, Any]) -> str:
    lines = list(state["reasons"]) or ["Nothing stands in the way of training."]
    if state["overridden"]:
        lines.append(f"{state['overridden']['user'] or 'Somebody'} answers for it; training may start.")
    elif state["sentence"]:
        lines.append(f'To start training all the same: medtui deid override "{state["sentence"]}"')
    return "\n".join(lines)
