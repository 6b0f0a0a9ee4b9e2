"""The one place on disk where patient text and identifiers live: `vault.db`.

Encrypted or not, it is one SQLite file. Encrypted it is a SQLCipher 4 database with that program's own settings, so any
SQLCipher tool opens it with the passphrase. The key is kept in the memory of this process alone.
"""

import contextlib
import fcntl
import importlib
import os
import resource
import sqlite3
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import cast

from medtui.errors import Refusal
from medtui.vault_key import derived, new_salt, pragma
from medtui.workspace import Workspace, flush

_PLAIN = b"SQLite format 3\0"
_NEW, _OLD = ".new", ".old"
_BLOCK = 1 << 20

# Keys of the vaults opened by this process, by path.
_keys: dict[Path, bytes] = {}
# The first bytes of vaults and which file they were read from. A vault is not opened twice beside SQLite: closing any
# descriptor of a file drops the locks that SQLite holds on it in this process (fcntl(2), POSIX locks).
_heads: dict[Path, tuple[tuple[int, int], bytes]] = {}
_ask: Callable[[Workspace], bytes | None] = lambda _workspace: None  # noqa: E731 - replaced by `ask_with`


def connect(workspace: Workspace) -> sqlite3.Connection:
    """Open the vault, creating it with mode 0600.

    Deleted content is overwritten, temporary tables stay in memory, and each step creates the tables that it owns.

    Raises:
        Refusal: the file is not a readable vault, or it is locked and nobody gives its passphrase.
    """
    # A crash must not write this process's memory, with keys and reports, to a disk.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _finish_rewriting(workspace)
    if is_locked(workspace):
        secret = _ask(workspace)
        if secret is None:
            raise Refusal(
                f"The vault of {workspace.practice} is locked; give its passphrase on a terminal or with "
                "--passphrase-fd, or its --key-file."
            )
        unlock(workspace, secret)
    return _opened(workspace)


def _opened(workspace: Workspace) -> sqlite3.Connection:
    path = workspace.vault_path
    given = _keys.get(path) if is_encrypted(workspace) else None
    module = _cipher() if given else sqlite3
    try:
        with contextlib.suppress(FileExistsError):
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_CLOEXEC, 0o600))
        connection = cast(sqlite3.Connection, module.connect(path, timeout=60))
        connection.row_factory = module.Row
        if given:
            _use(connection, given, _head(path))
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("SELECT count(*) FROM sqlite_master")
    except _failures() as error:
        _heads.pop(path, None)
        raise Refusal(f"Cannot open the vault {path}: {error}; check the file or restore it.") from error
    return connection


def _use(connection: sqlite3.Connection, given: bytes, salt: bytes) -> None:
    # A wrong passphrase is told in a sentence, not by the library's own lines on standard error.
    connection.execute("PRAGMA cipher_log_level = NONE")
    connection.execute(pragma("key", given, salt))


def errors() -> tuple[type[Exception], ...]:
    """Give the exceptions of the databases in use, to be caught."""
    loaded = sys.modules.get("sqlcipher3.dbapi2")
    return (sqlite3.Error, cast(type[Exception], loaded.Error)) if loaded else (sqlite3.Error,)


def _failures() -> tuple[type[Exception], ...]:
    return (OSError, *errors())


def is_encrypted(workspace: Workspace) -> bool:
    """Tell whether the vault is encrypted; one that is not there yet is not."""
    try:
        head = _head(workspace.vault_path)
    except FileNotFoundError:
        return False
    except OSError as error:
        raise Refusal(f"Cannot read the vault {workspace.vault_path}: {error.strerror}.") from error
    return len(head) == len(_PLAIN) and head != _PLAIN


def _head(path: Path) -> bytes:
    """Give the first bytes: of an encrypted vault its salt."""
    found = path.stat()
    known = _heads.get(path)
    if known is not None and known[0] == (found.st_dev, found.st_ino):
        return known[1]
    with path.open("rb") as stream:
        head = stream.read(len(_PLAIN))
    if len(head) == len(_PLAIN):
        _heads[path] = (found.st_dev, found.st_ino), head
    return head


def is_locked(workspace: Workspace) -> bool:
    """Tell whether the vault needs a passphrase that this process was not given."""
    return is_encrypted(workspace) and workspace.vault_path not in _keys


def ask_with(ask: Callable[[Workspace], bytes | None]) -> None:
    """Say how a passphrase is asked for when a locked vault is first needed; None means that nobody can be asked."""
    global _ask
    _ask = ask


def unlock(workspace: Workspace, secret: bytes) -> None:
    """Open an encrypted vault for the life of this process.

    Args:
        workspace: the practice.
        secret: the passphrase, or the content of the key file.

    Raises:
        Refusal: it is the wrong one, or the file is damaged.
    """
    if not is_encrypted(workspace):
        return
    key = derived(secret, _head(workspace.vault_path))
    if not _opens(workspace.vault_path, key):
        raise Refusal(
            f"This does not open the vault of {workspace.practice}; check the passphrase (capitals, keyboard) or the "
            "key file."
        )
    _keys[workspace.vault_path] = key


def key(workspace: Workspace) -> bytes:
    """Give the key for a worker of this practice, to be handed over in memory; empty when none is needed.

    Raises:
        Refusal: the vault is locked.
    """
    if not is_encrypted(workspace):
        return b""
    connect(workspace).close()
    return _keys[workspace.vault_path]


def take_key(workspace: Workspace, given: bytes) -> None:
    """Take the key that whoever started this process handed over; see `key`."""
    if given:
        _keys[workspace.vault_path] = given


def rewrite(workspace: Workspace, secret: bytes | None) -> None:
    """Encrypt the vault, give it another passphrase, or store it unencrypted; the old file is overwritten.

    The new file is written whole beside the old one and then takes its place, so the vault is never half of each.
    Nothing else may be at work on the practice, and this process may hold no other connection: two libraries of SQLite
    in one process do not see each other's locks.

    Args:
        workspace: the practice.
        secret: the new passphrase or key file's content; None stores it unencrypted.

    Raises:
        Refusal: it is locked or in use, the disk is full, or the package for encryption is missing.
    """
    path = workspace.vault_path
    new, old = path.with_name(path.name + _NEW), path.with_name(path.name + _OLD)
    connect(workspace).close()
    salt = new_salt()
    new_key = derived(secret, salt) if secret is not None else b""
    try:
        with _reserved(new), contextlib.closing(_exclusive(workspace)) as connection:
            target = f"\"x'{new_key.hex()}{salt.hex()}'\"" if new_key else "''"
            connection.execute(f"ATTACH DATABASE ? AS target KEY {target}", (str(new),))
            connection.execute("SELECT sqlcipher_export('target')")
            connection.execute("DETACH DATABASE target")
            old.unlink(missing_ok=True)
            os.link(path, old)
            os.replace(new, path)
            flush(path.parent)
    except _failures() as error:
        new.unlink(missing_ok=True)
        raise Refusal(
            f"The vault was not changed: {error}; free some space, end what uses it, and try again."
        ) from error
    _heads.pop(path, None)
    _keys.pop(path, None)
    if new_key:
        _keys[path] = new_key
    destroy(old)


@contextlib.contextmanager
def _reserved(new: Path) -> Iterator[None]:
    """Hold the new file against a second rewriting; what a killed one left is written over."""
    descriptor = os.open(new, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.ftruncate(descriptor, 0)
        yield
    finally:
        os.close(descriptor)


def _exclusive(workspace: Workspace) -> sqlite3.Connection:
    """Open the vault so that nobody else can write to it: what they wrote meanwhile would be lost."""
    connection = cast(sqlite3.Connection, _cipher().connect(workspace.vault_path, timeout=2, isolation_level=None))
    if is_encrypted(workspace):
        _use(connection, _keys[workspace.vault_path], _head(workspace.vault_path))
    connection.execute("PRAGMA locking_mode = EXCLUSIVE")
    connection.execute("BEGIN EXCLUSIVE")
    connection.execute("COMMIT")
    return connection


def destroy(path: Path) -> None:
    """Overwrite a file and delete it.

    On flash storage and copy-on-write file systems an overwritten block may survive; only an encrypted disk helps
    there.
    """
    with contextlib.suppress(FileNotFoundError):
        with path.open("r+b") as stream:
            for _ in range(0, path.stat().st_size, _BLOCK):
                stream.write(os.urandom(_BLOCK))
            stream.flush()
            os.fsync(stream.fileno())
        path.unlink()


def _finish_rewriting(workspace: Workspace) -> None:
    """Carry on where `rewrite` was killed: the old file goes once the new one has its place."""
    path = workspace.vault_path
    old = path.with_name(path.name + _OLD)
    if old.exists() and path.exists() and not old.samefile(path):
        destroy(old)


def _opens(path: Path, given: bytes) -> bool:
    with contextlib.closing(_cipher().connect(path, timeout=60)) as connection:
        _use(connection, given, _head(path))
        try:
            connection.execute("SELECT count(*) FROM sqlite_master")
        except errors():
            return False
    return True


def _cipher() -> ModuleType:
    try:
        return importlib.import_module("sqlcipher3.dbapi2")
    except ImportError:
        raise Refusal("Encryption needs the package sqlcipher3, which is missing here; install medtui anew.") from None
