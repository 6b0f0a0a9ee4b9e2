"""`medtui export`: save the tuned model for use inside the practice."""

from collections.abc import Mapping
from typing import Any

import click

from medtui.export import step
from medtui.options import json_option, print_result, required, terminal_progress, workspace_option
from medtui.workspace import Workspace


@click.group("export", invoke_without_command=True)
@workspace_option
@json_option
@click.pass_context
def command(context: click.Context, workspace: Workspace | None, as_json: bool) -> None:
    """Save the adapter and a merged model, each with a card."""
    if context.invoked_subcommand is None:
        with terminal_progress() as progress:
            result = step.run(required(workspace), progress)
        print_result(result, as_json, _render)


def _render(result: Mapping[str, Any]) -> str:
    lines = [f"The adapter lies in {result['adapter']}"] if result["adapter"] else []
    if result["merged"]:
        lines.append(f"The {'merged ' if result['adapter'] else ''}model lies in {result['merged']}")
        figures = result["check"]
        lines.append(
            f"Checked on {figures['items']} test reports: loss {figures['loss_merged']:.4f} merged, "
            f"{figures['loss_adapter']:.4f} before merging."
        )
    return "\n".join(lines)
