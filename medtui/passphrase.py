"""Where the passphrase of an encrypted vault comes from: a key file, an open file descriptor, or a person."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from medtui.errors import Refusal
from medtui.vault_key import passphrase
from medtui.workspace import Workspace

KEY_FILE_BYTES = 32
FEWEST_CHARACTERS = 12

key_file_option = click.option(
    "--key-file", type=click.Path(path_type=Path, dir_okay=False), help="A file that opens the vault."
)
passphrase_fd_option = click.option(
    "--passphrase-fd", type=int, metavar="N", help="Read the vault's passphrase from this open file descriptor."
)


def asker(
    key_file: Path | None, descriptor: int | None, *, may_prompt: bool = True
) -> Callable[[Workspace], bytes | None]:
    """Give what asks for the passphrase of a locked vault; see `vault.ask_with`.

    Args:
        key_file: as given on the command line.
        descriptor: as given on the command line; read once, then closed.
        may_prompt: whether a person at the terminal may be asked.
    """
    given: list[bytes] = []

    def ask(workspace: Workspace) -> bytes | None:
        if not given and key_file is not None:
            given.append(from_file(key_file))
        if not given and descriptor is not None:
            given.append(from_descriptor(descriptor))
        if not given and may_prompt and sys.stdin.isatty() and sys.stderr.isatty():
            given.append(passphrase(_prompt(f"Passphrase of {workspace.practice}")))
        return given[0] if given else None

    return ask


def new_secret(workspace: Workspace, key_file: Path | None, descriptor: int | None) -> bytes:
    """Get the passphrase or key file that a vault is to have from now on.

    Args:
        workspace: the practice.
        key_file: made, with mode 0600, when it is not there.
        descriptor: to read a passphrase from.

    Raises:
        Refusal: it is too short, the two typed ones differ, nobody can be asked, or the key file lies beside the vault.
    """
    if key_file is not None:
        return _new_key_file(workspace, key_file)
    if descriptor is not None:
        secret = from_descriptor(descriptor)
    elif sys.stdin.isatty():
        typed = _prompt("New passphrase (it cannot be recovered)")
        if typed != _prompt("The same once more"):
            raise Refusal("The two passphrases differ; nothing was changed.")
        secret = passphrase(typed)
    else:
        raise Refusal("Nobody can be asked for a passphrase here; give --passphrase-fd or --key-file.")
    check(secret.decode())
    return secret


def check(typed: str) -> None:
    """Insist on a passphrase that is not guessed quickly.

    Raises:
        Refusal: it is too short.
    """
    if len(typed) < FEWEST_CHARACTERS:
        raise Refusal(f"A passphrase needs at least {FEWEST_CHARACTERS} characters; four or five words are a good one.")


def from_file(path: Path) -> bytes:
    """Read a key file.

    Raises:
        Refusal: it cannot be read or is too short to be one.
    """
    try:
        content = path.expanduser().read_bytes()
    except OSError as error:
        raise Refusal(f"Cannot read the key file {path}: {error.strerror}; check where it is.") from error
    if len(content) < KEY_FILE_BYTES:
        raise Refusal(f"{path} is no key file: it is shorter than {KEY_FILE_BYTES} bytes.")
    return content


def from_descriptor(descriptor: int) -> bytes:
    """Read a passphrase from an open file descriptor, up to its end or the first line's.

    Raises:
        Refusal: it is not open, or not text.
    """
    try:
        with os.fdopen(descriptor, "rb") as stream:
            return passphrase(stream.readline().decode())
    except (OSError, UnicodeDecodeError) as error:
        raise Refusal(f"No passphrase can be read from file descriptor {descriptor}; check the redirection.") from error


def _prompt(text: str) -> str:
    typed: Any = click.prompt(text, hide_input=True, err=True)
    return str(typed)


def _new_key_file(workspace: Workspace, key_file: Path) -> bytes:
    path = key_file.expanduser().absolute()
    if path.resolve().is_relative_to(workspace.path.resolve()):
        raise Refusal("A key beside the lock opens it for everyone; keep the key file outside the practice's folder.")
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600)
    except FileExistsError:
        return from_file(path)
    except OSError as error:
        raise Refusal(f"Cannot write the key file {path}: {error.strerror}; choose another place.") from error
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(os.urandom(KEY_FILE_BYTES))
        stream.flush()
        os.fsync(stream.fileno())
    return from_file(path)
