"""`medtui deid encrypt` and `decrypt`: the vault's passphrase."""

from pathlib import Path

import click

from medtui.deid import step
from medtui.options import required, workspace_option
from medtui.passphrase import key_file_option, new_secret, passphrase_fd_option
from medtui.workspace import Workspace


@click.command("encrypt")
@workspace_option
@key_file_option
@passphrase_fd_option
def encrypt(workspace: Workspace | None, key_file: Path | None, passphrase_fd: int | None) -> None:
    """Encrypt the vault with a passphrase or key file, or change these. Whoever loses them loses the vault.

    A key file that is not there is made. The present passphrase or key file, if there is one, is given before the
    command: medtui --key-file OLD deid encrypt --key-file NEW.
    """
    practice = required(workspace)
    step.secure(practice, new_secret(practice, key_file, passphrase_fd))
    click.echo("The vault is encrypted. Keep the passphrase or key file safe: without it nobody can open the vault.")


@click.command("decrypt")
@workspace_option
def decrypt(workspace: Workspace | None) -> None:
    """Store the vault unencrypted, readable by its owner and by whoever gets at the disk."""
    step.secure(required(workspace), None)
    click.echo("The vault is stored unencrypted.")
