"""The command `medtui`: one command per step; asking for help loads neither Textual nor torch."""

import importlib
import sys
from pathlib import Path

import click

from medtui import __version__
from medtui.errors import Refusal
from medtui.text import sanitize

COMMANDS: dict[str, tuple[str, str]] = {
    "machine": ("medtui.machine.command:command", "See what this machine has."),
    "model": ("medtui.model.command:command", "Choose a base model that fits."),
    "reports": ("medtui.reports.command:command", "Import the practice's reports."),
    "deid": ("medtui.deid.command:command", "Remove what identifies patients."),
    "examples": ("medtui.examples.command:command", "Turn reports into training examples."),
    "training": ("medtui.training.command:command", "Tune the model (QLoRA)."),
    "evaluation": ("medtui.evaluation.command:command", "Compare the tuned model with its base."),
    "chat": ("medtui.chat.command:command", "Talk to base and tuned model side by side."),
    "export": ("medtui.export.command:command", "Save the model for use inside the practice."),
    "run": ("medtui.journey.command:run", "Replay a practice's answers without a screen."),
    "demo": ("medtui.journey.command:demo", "Walk through everything with a fictional practice."),
}


class _LazyGroup(click.Group):
    """Imports a command's module only when that command is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name][0].partition(":")
        command = getattr(importlib.import_module(module), name)
        if not isinstance(command, click.Command):
            raise TypeError(f"{module}:{name} is not a command")
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary) for name, (_, summary) in COMMANDS.items()])


@click.group(cls=_LazyGroup, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="medtui")
@click.option("--key-file", type=click.Path(path_type=Path, dir_okay=False), help="Opens an encrypted vault.")
@click.option("--passphrase-fd", type=int, metavar="N", help="Read an encrypted vault's passphrase from here.")
@click.pass_context
def medtui(context: click.Context, key_file: Path | None, passphrase_fd: int | None) -> None:
    """Tune a language model on your practice's own reports, on your own machine.

    Without a command the guided screen opens.
    """
    screen = context.invoked_subcommand is None
    # Only what runs pays for these.
    from medtui import passphrase, vault

    vault.ask_with(passphrase.asker(key_file, passphrase_fd, may_prompt=not screen))
    if screen:
        if not (sys.stdin.isatty() and sys.stdout.isatty()):
            raise Refusal("The guided screen needs a terminal; without one use `medtui run --workspace DIR --yes`.")
        importlib.import_module("medtui.ui.app").open_app()


def main() -> None:
    """Run the command line; a Refusal becomes one sentence and exit code 2."""
    try:
        medtui(prog_name="medtui")
    except Refusal as refusal:
        click.echo(sanitize(str(refusal)), err=True)
        sys.exit(2)
