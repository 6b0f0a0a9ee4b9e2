"""Keeps what was asked and answered, in the vault: questions may hold patient text."""

import json
import sqlite3
import time
from collections.abc import Iterator

from medtui.chat.protocol import Sampling, Which

_TABLE = """
CREATE TABLE IF NOT EXISTS chat (
    id INTEGER PRIMARY KEY, t REAL NOT NULL, run TEXT NOT NULL, which TEXT NOT NULL, messages TEXT NOT NULL,
    sampling TEXT NOT NULL, answer TEXT NOT NULL
)"""


def keep(
    connection: sqlite3.Connection,
    run: str,
    which: Which,
    messages: list[dict[str, str]],
    sampling: Sampling,
    answer: str,
) -> None:
    """Add one question and its answer."""
    connection.execute(_TABLE)
    row = (time.time(), run, which, json.dumps(messages), json.dumps(vars(sampling)), answer)
    with connection:
        connection.execute(
            "INSERT INTO chat (t, run, which, messages, sampling, answer) VALUES (?, ?, ?, ?, ?, ?)", row
        )


def transcript(connection: sqlite3.Connection, run: str) -> Iterator[tuple[Which, list[dict[str, str]], str]]:
    """Give what was said with a run's model, oldest first: which model, the messages, the answer."""
    connection.execute(_TABLE)
    for row in connection.execute("SELECT which, messages, answer FROM chat WHERE run = ? ORDER BY id", (run,)):
        yield row["which"], json.loads(row["messages"]), row["answer"]
