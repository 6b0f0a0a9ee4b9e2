"""`medtui training`: tune the model, watch it, stop it, go on with it."""

import dataclasses
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from medtui.options import json_option, print_result, required, terminal_progress, workspace_option
from medtui.process import RUNNING
from medtui.training import defaults, runs, step
from medtui.training import recipe as recipes
from medtui.workspace import Workspace

_run_argument = click.argument("run", required=False)


@click.group("training", invoke_without_command=True)
@workspace_option
@json_option
@click.pass_context
def command(context: click.Context, workspace: Workspace | None, as_json: bool) -> None:
    """Tune the model on the practice's examples (QLoRA)."""
    if context.invoked_subcommand is None:
        with terminal_progress() as progress:
            result = step.run(required(workspace), progress)
        print_result(result, as_json, _render_result)


def _render_result(result: Mapping[str, Any]) -> str:
    return (
        f"Training run {result['run']} took {result['steps']} steps. Validation loss: "
        f"{result['validation_loss_first']:.3f} before, {result['validation_loss_best']:.3f} at its best."
    )


@command.command("recipe")
@workspace_option
@json_option
@click.option("--file", type=click.Path(path_type=Path, dir_okay=False), help="Check this recipe file instead.")
def recipe_command(workspace: Workspace | None, as_json: bool, file: Path | None) -> None:
    """Show the recipe that the answers lead to, or check a file."""
    chosen = recipes.load(file) if file else defaults.resolve_recipe(required(workspace))
    print_result(dataclasses.asdict(chosen), as_json, lambda _values: recipes.render(chosen).rstrip())


@command.command("start")
@workspace_option
@json_option
@click.option("--recipe", "file", type=click.Path(path_type=Path, dir_okay=False), help="Replay this recipe file.")
@click.option("--queue", is_flag=True, help="Begin when the runs before it have ended.")
def start_command(workspace: Workspace | None, as_json: bool, file: Path | None, queue: bool) -> None:
    """Start a run and return; it goes on without the terminal."""
    run = runs.start(required(workspace), recipes.load(file) if file else None, queue=queue)
    print_result(_summary(run), as_json, lambda found: f"Training run {found['run']} goes on by itself.")


@command.command("list")
@workspace_option
@json_option
def list_command(workspace: Workspace | None, as_json: bool) -> None:
    """List the runs."""
    known = [_summary(run) for run in runs.runs(required(workspace))]
    print_result({"runs": known}, as_json, lambda _found: "\n".join(map(_render_line, known)) or "No run yet.")


@command.command("show")
@workspace_option
@json_option
@_run_argument
def show_command(workspace: Workspace | None, as_json: bool, run: str | None) -> None:
    """Show how a run stands."""
    print_result(_summary(runs.find(required(workspace), run)), as_json, _render_line)


@command.command("watch")
@workspace_option
@_run_argument
def watch_command(workspace: Workspace | None, run: str | None) -> None:
    """Print one line a step until the run ends; leaving does not stop it."""
    watched = runs.find(required(workspace), run)
    known = None
    printed = 0
    while True:
        alive = watched.status() == RUNNING
        known = watched.curves(known)
        for index, number in enumerate(known.train.steps):
            if number > printed:
                click.echo(f"step {number}/{known.total} loss {known.train.values[index]:.4f}")
        printed = max(printed, known.step)
        if not alive:
            click.echo(_render_line(_summary(watched)))
            return
        time.sleep(runs.LOOK_SECONDS)


@command.command("pause")
@workspace_option
@json_option
@_run_argument
def pause_command(workspace: Workspace | None, as_json: bool, run: str | None) -> None:
    """Save a checkpoint and free the device; `continue` goes on from there."""
    paused = runs.find(required(workspace), run)
    runs.stop(paused)
    print_result(_summary(paused), as_json, _render_line)


@command.command("stop")
@workspace_option
@json_option
@click.option("--abandon", is_flag=True, help="Keep nothing that was learnt; the checkpoints are deleted.")
@_run_argument
def stop_command(workspace: Workspace | None, as_json: bool, abandon: bool, run: str | None) -> None:
    """End a run for good and keep the best it has learnt so far."""
    practice = required(workspace)
    ended = runs.find(practice, run)
    if abandon:
        runs.abandon(ended)
    else:
        step.accept(practice, ended, runs.keep(ended))
    print_result(_summary(ended), as_json, _render_line)


@command.command("probe")
@workspace_option
@json_option
def probe_command(workspace: Workspace | None, as_json: bool) -> None:
    """Try two steps on the longest examples: does it fit, and how long will it take?"""
    with terminal_progress() as progress:
        found = runs.probe(required(workspace), progress)
    print_result(found, as_json, _render_probe)


def _render_probe(found: Mapping[str, Any]) -> str:
    lines = [
        f"It fits: {found['peak_bytes'] / 2**30:.2f} GiB at most, {found['step_seconds']:.2f} s a step on the longest "
        f"examples, {found['total_steps']} steps in about {max(1, round(found['seconds'] / 60))} min at most.",
        *found["rungs"],
    ]
    return "\n".join(lines)


@command.command("continue")
@workspace_option
@json_option
@_run_argument
def continue_command(workspace: Workspace | None, as_json: bool, run: str | None) -> None:
    """Go on with a run that was stopped or lost."""
    continued = runs.find(required(workspace), run)
    runs.resume(continued)
    print_result(_summary(continued), as_json, _render_line)


def _summary(run: runs.Run) -> dict[str, Any]:
    known = run.curves()
    return {
        "run": run.id,
        "status": run.status(),
        "phase": known.phase,
        "step": known.step,
        "total": known.total,
        "train_loss": known.train.last,
        "validation_loss": known.validation.last,
        "validation_loss_best": known.validation.best,
        "seconds_left": known.seconds_left,
        "reason": known.end.get("reason", ""),
        "warnings": known.warnings,
    }


def _render_line(found: Mapping[str, Any]) -> str:
    loss = f", loss {found['train_loss']:.4f}" if found["train_loss"] is not None else ""
    best = f", best validation {found['validation_loss_best']:.4f}" if found["validation_loss_best"] is not None else ""
    reason = f" {found['reason']}" if found["reason"] else ""
    if found["status"] == RUNNING and not found["total"]:
        return f"{found['run']}: running. {found['phase'] or 'Starting the training program'}."
    return f"{found['run']}: {found['status']}, step {found['step']}/{found['total']}{loss}{best}.{reason}"
