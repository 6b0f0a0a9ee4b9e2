"""`medtui chat`: put questions to base and tuned model without a screen."""

import sys
from collections.abc import Mapping
from typing import Any

import click

from medtui import vault
from medtui.chat import step, transcript
from medtui.chat.client import ask_both
from medtui.chat.protocol import BASE, TUNED, Sampling
from medtui.options import json_option, print_result, required, terminal_progress, workspace_option
from medtui.workspace import Workspace

SYSTEM = "You draft clinical text for a clinician to check."


@click.command("chat")
@workspace_option
@json_option
@click.option(
    "--ask", "question", help="Your question; `-` reads it from standard input. Without it, test examples are asked."
)
@click.option("--temperature", default=0.0, show_default=True, type=click.FloatRange(0, 2), help="0 = repeatable.")
@click.option("--max-new-tokens", default=256, show_default=True, type=click.IntRange(1, 8192), help="Longest answer.")
@click.option("--seed", default=0, show_default=True, help="Start of the random numbers.")
def command(
    workspace: Workspace | None, as_json: bool, question: str | None, temperature: float, max_new_tokens: int, seed: int
) -> None:
    """Ask the base and the tuned model the same question, side by side."""
    practice = required(workspace)
    with terminal_progress() as progress:
        if question is None:
            result: Mapping[str, Any] = step.run(practice, progress)
        else:
            text = sys.stdin.read() if question == "-" else question
            sampling = Sampling(temperature=temperature, max_new_tokens=max_new_tokens, seed=seed)
            result = {"chat": [_ask(practice, text, sampling)]}
    print_result(result, as_json, _render)


def _ask(workspace: Workspace, text: str, sampling: Sampling) -> dict[str, str]:
    model, adapter = step.model_and_adapter(workspace)
    messages = [{"role": "system", "content": SYSTEM}, {"role": "user", "content": text}]
    reply = ask_both(model, adapter, [messages], sampling, lambda _done, _total: None)[0]
    run = str((workspace.result("training") or {}).get("run", ""))
    connection = vault.connect(workspace)
    for which in (BASE, TUNED):
        transcript.keep(connection, run, which, messages, sampling, reply[which])
    connection.close()
    return {"prompt": text, "base": reply[BASE], "tuned": reply[TUNED]}


def _render(result: Mapping[str, Any]) -> str:
    blocks = [
        f"QUESTION\n{item['prompt']}\n\nBASE\n{item['base']}\n\nTUNED\n{item['tuned']}" for item in result["chat"]
    ]
    return "\n\n----\n\n".join(blocks)
