"""`medtui evaluation`: base against tuned model on held-out examples."""

from collections.abc import Mapping
from typing import Any

import click

from medtui.errors import Refusal
from medtui.evaluation import step
from medtui.examples import tasks
from medtui.options import json_option, print_result, required, terminal_progress, workspace_option
from medtui.workspace import Workspace


@click.group(invoke_without_command=True)
@workspace_option
@json_option
@click.pass_context
def command(context: click.Context, workspace: Workspace | None, as_json: bool) -> None:
    """Compare the tuned model with its base on patients that the training never saw.

    Without a subcommand the evaluation is done.
    """
    context.obj = (workspace, as_json)
    if context.invoked_subcommand is None:
        with terminal_progress() as progress:
            result = step.run(required(workspace), progress)
        print_result(result, as_json, render)


@command.command("show")
@workspace_option
@json_option
@click.pass_context
def show_command(context: click.Context, workspace: Workspace | None, as_json: bool) -> None:
    """Show the last evaluation again."""
    before, json_before = context.obj
    result = required(workspace or before).result("evaluation")
    if result is None:
        raise Refusal("Nothing was evaluated yet; run `medtui evaluation --workspace DIR`.")
    print_result(result, as_json or json_before, render)


def render(result: Mapping[str, Any]) -> str:
    """Write the figures as plain text."""
    lines = [str(result["verdict"]), "", f"{'':44}{'base':>8}{'tuned':>8}  examples"]
    rows = [
        ("all", result),
        *((tasks.title(name), row) for name, row in result["tasks"].items()),
    ]
    for title, row in rows:
        lines.append(f"{title:44}{row['base']['loss']:8.3f}{row['tuned']['loss']:8.3f}  {row['items']}")
    return "\n".join(lines)
