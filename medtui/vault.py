"""The one place on disk where patient text and identifiers live: `vault.db`."""

import os
import sqlite3

from medtui.errors import Refusal
from medtui.workspace import Workspace


def connect(workspace: Workspace) -> sqlite3.Connection:
    """Open the vault, creating it with mode 0600.

    Deleted content is overwritten, temporary tables stay in memory, and each step creates the tables that it owns.

    Raises:
        Refusal: the file is not a readable vault.
    """
    try:
        os.close(os.open(workspace.vault_path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600))
        connection = sqlite3.connect(workspace.vault_path, timeout=60)
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("SELECT count(*) FROM sqlite_master")
    except (OSError, sqlite3.Error) as error:
        raise Refusal(
            f"Cannot open the vault {workspace.vault_path}: {error}; check the file or restore it."
        ) from error
    return connection
