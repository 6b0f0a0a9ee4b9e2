"""`medtui model`: the list of models, the memory plan of one, and the choice for a practice."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from medtui.machine.survey import survey
from medtui.model import fit, memory, offers, step
from medtui.model import plan as plans
from medtui.model.download import client
from medtui.options import json_option, print_result, required, terminal_progress, workspace_option
from medtui.workspace import Workspace

gpu_option = click.option("--gpu", "gpu_name", help='Plan for this GPU instead of the one here, such as "RTX 4090".')
vram_option = click.option("--vram", "vram_gib", type=float, help="Plan for this many GiB of free GPU memory.")


@click.group(invoke_without_command=True)
@workspace_option
@json_option
@click.pass_context
def command(context: click.Context, workspace: Workspace | None, as_json: bool) -> None:
    """Choose a base model: `list` shows what fits, `plan` says what one needs.

    Without a subcommand the practice's chosen model is checked and recorded.
    """
    if context.invoked_subcommand is None:
        print_result(step.run(required(workspace)), as_json, _render_choice)


def _render_choice(result: Mapping[str, Any]) -> str:
    lines = [
        f"Model: {result['model']} ({billions(result['parameters'])} parameters)",
        f"  in {result['path']}",
        f"  Training peak: about {result['peak_gib']:.2f} GiB",
    ]
    return "\n".join([*lines, *(f"  - {warning}" for warning in result["warnings"])])


@command.command("list")
@gpu_option
@vram_option
@json_option
def list_(gpu_name: str | None, vram_gib: float | None, as_json: bool) -> None:
    """List the models, with what fits on the GPU here or on a named one."""
    machine = survey()
    free, gpu = offers.free_memory(machine, gpu_name, vram_gib)
    listed = [offer.to_dict() for offer in offers.offers(machine, gpu_name, vram_gib)]
    encoders = [{"id": model.id, "description": model.description} for model in offers.encoders()]
    result = {"gpu": gpu, "free_gib": round(free, 2), "models": listed, "for_deidentification": encoders}
    print_result(result, as_json, _render_list)


def _render_list(result: Mapping[str, Any]) -> str:
    heading = f"For {result['gpu']}" + (f" ({result['free_gib']:.1f} GiB free)" if result["free_gib"] else "")
    lines = [heading, "4-bit training (QLoRA), one report of up to 2048 tokens at a time", ""]
    for offer in result["models"]:
        peak = "      ?" if offer["peak_gib"] is None else f"{offer['peak_gib']:7.1f}"
        mark = "*" if offer["recommended"] else " "
        here = "on this disk" if offer["available"] else ""
        size = billions(offer["parameters"])
        lines.append(f"{mark} {fit.WORDS[offer['level']]:<22}{peak} GiB {size:>8}  {offer['id']}  {here}".rstrip())
    lines += [
        "",
        "* recommended: the largest general model without a known trap that fits",
        "",
        "For de-identification:",
    ]
    lines += [f"  {model['id']}: {model['description']}" for model in result["for_deidentification"]]
    return "\n".join(lines)


@command.command("plan")
@click.argument("model")
@click.option("--method", type=click.Choice(list(memory.METHODS)), default="qlora", show_default=True)
@click.option("--rank", default=16, show_default=True, help="Size of the LoRA adapter.")
@click.option("--seq-len", "sequence_length", default=2048, show_default=True, help="Longest example in tokens.")
@click.option("--batch", default=1, show_default=True, help="Examples at once.")
@click.option("--no-checkpointing", is_flag=True, help="Keep all activations: faster, much more memory.")
@click.option("--dry-run", is_flag=True, help="Try one training step without data (some seconds, no GPU needed).")
@gpu_option
@vram_option
@json_option
def plan_command(model: str, no_checkpointing: bool, dry_run: bool, as_json: bool, **options: Any) -> None:
    """Say what tuning MODEL (a listed model, "demo", or a folder) needs, and what to change to make it fit."""
    gpu_name, vram_gib = options.pop("gpu_name"), options.pop("vram_gib")
    chosen = memory.Settings(checkpointing=not no_checkpointing, **options)
    with terminal_progress() as progress:
        result = plans.plan(model, survey(), chosen, gpu_name, vram_gib, dry_run=dry_run, progress=progress)
    print_result(result, as_json, _render_plan)


def _render_plan(result: Mapping[str, Any]) -> str:
    lines = [
        f"{result['model']}: {billions(result['params'])} parameters",
        f"On {result['gpu']}: {fit.WORDS[result['fits']]}" if result["free_gib"] else "No GPU to plan for",
        f"Peak {result['peak_gib']:.2f} GiB (by {result['estimated_by']}), with context and reserve "
        f"{result['needed_gib']:.2f} GiB" + (f", free {result['free_gib']:.2f} GiB" if result["free_gib"] else ""),
        "",
    ]
    for name, value in result["breakdown_gib"].items():
        lines.append(f"  {name.replace('_', ' '):<20}{value:9.3f} GiB")
    lines += ["", *_beside(result), *(f"- {sentence}" for sentence in result["advice"])]
    lines += [f"! {sentence}" for sentence in result["warnings"]]
    return "\n".join(lines)


def _beside(result: Mapping[str, Any]) -> list[str]:
    beside, pace = result["beside_gib"], result["tokens_per_second"]
    lines = [
        f"Longest example that fits: {result['longest_sequence']} tokens" if result["free_gib"] else "",
        f"Download {beside['download_disk']:.1f} GiB; merging takes as much disk again and as much main memory",
        f"Chat: {beside['chat_weights_gpu']:.1f} GiB and {beside['chat_gpu_per_1000_tokens']:.2f} per 1000 tokens",
        f"Pace: {pace[0]:.0f} to {pace[1]:.0f} tokens a second, by this GPU's figures" if pace else "",
    ]
    return [f"- {line}." for line in lines if line]


@command.command("fetch")
@click.argument("model", required=False)
@click.option("--from", "source", type=click.Path(path_type=Path, file_okay=False), help="Copy this folder over.")
@click.option("--token", "ask_token", is_flag=True, help="Ask for an access token (gated models); it is not stored.")
@click.option("--config-only", is_flag=True, help="Fetch only the description, to plan with.")
@json_option
def fetch_command(model: str | None, source: Path | None, ask_token: bool, config_only: bool, as_json: bool) -> None:
    """Download MODEL from the hub, or copy its folder over with --from; the only command that uses the network."""
    if model is None and source is None:
        raise click.UsageError("Name a model of `medtui model list`, or give its folder with --from.")
    token = click.prompt("Access token", hide_input=True, err=True) if ask_token else None
    with terminal_progress() as progress:
        if source is not None:
            result = client.take_over(source, model, progress)
        else:
            result = client.fetch(str(model), progress, token, config_only=config_only)
    print_result(result, as_json, lambda done: f"{done['model']} is here: {done['path']}")


def billions(parameters: int | None) -> str:
    """Write a parameter count as people say it."""
    if parameters is None:
        return "?"
    return f"{parameters / 1e9:.1f}B" if parameters >= 5e8 else f"{parameters / 1e6:.1f}M"
