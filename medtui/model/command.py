"""`medtui model`: the list of models, the memory plan of one, and the choice for a practice."""

from pathlib import Path
from typing import Any

import click

from medtui.machine.survey import survey
from medtui.model import details, fit, memory, offers, rendering, search, step, terms
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
        print_result(step.run(required(workspace)), as_json, rendering.choice)


@command.command("list")
@gpu_option
@vram_option
@click.option("--search", "words", default="", help="Only models in whose name or description all words occur.")
@click.option("--group", type=click.Choice(["general", "medical", "multilingual-medical", "indic", "own", "demo"]))
@click.option("--fits", "fits_only", is_flag=True, help="Only models that fit or are tight.")
@click.option("--sort", "order", type=click.Choice(list(search.ORDERS)), help="Order of the list.")
@json_option
def list_(gpu_name: str | None, vram_gib: float | None, fits_only: bool, as_json: bool, **choice: Any) -> None:
    """List the models, with what fits on the GPU here or on a named one."""
    machine = survey()
    free, gpu = offers.free_memory(machine, gpu_name, vram_gib)
    levels = (fit.DEMO, fit.FITS, fit.TIGHT) if fits_only else ()
    found = search.search(offers.offers(machine, gpu_name, vram_gib), levels=levels, **choice)
    encoders = [{"id": model.id, "description": model.description} for model in offers.encoders()]
    listed = [offer.to_dict() for offer in found]
    result = {"gpu": gpu, "free_gib": round(free, 2), "models": listed, "for_deidentification": encoders}
    print_result(result, as_json, rendering.listing)


@command.command("show")
@click.argument("model")
@json_option
def show_command(model: str, as_json: bool) -> None:
    """Tell everything that is known about MODEL of the list."""
    print_result(details.details(model), as_json, rendering.details)


@command.command("explain")
@click.argument("name", required=False)
@click.option("--gigabytes", type=click.FloatRange(min=0), help="Translate a size of files into parameters.")
@json_option
def explain_command(name: str | None, gigabytes: float | None, as_json: bool) -> None:
    """Explain the syllables in a model's NAME (all of them without one), or a size in gigabytes."""
    if gigabytes is not None:
        counts = {precision: round(count, 1) for precision, count in terms.parameters_of(gigabytes).items()}
        print_result({"billions": counts}, as_json, rendering.explanation)
        return
    chosen = terms.explain(name) if name else terms.terms()
    print_result({"terms": {term.term: term.text for term in chosen}}, as_json, rendering.explanation)


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
@workspace_option
@json_option
def plan_command(
    model: str, no_checkpointing: bool, dry_run: bool, workspace: Workspace | None, as_json: bool, **options: Any
) -> None:
    """Say what tuning MODEL (a listed model, "demo", or a folder) needs, and what to change to make it fit.

    With a practice's --workspace its own GPU, examples and finished runs are taken into account.
    """
    gpu_name, vram_gib = options.pop("gpu_name"), options.pop("vram_gib")
    chosen = memory.Settings(checkpointing=not no_checkpointing, **options)
    with terminal_progress() as progress:
        result = plans.plan(
            model,
            survey(workspace.path if workspace else None),
            chosen,
            gpu_name,
            vram_gib,
            dry_run=dry_run,
            practice=workspace,
            progress=progress,
        )
    print_result(result, as_json, rendering.plan)


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
