"""What the tests of reading reports share."""

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from medtui import vault
from medtui.reports import importing, reading, store
from medtui.reports.document import Document, UnreadFile
from medtui.reports.draft import Source
from medtui.workspace import Workspace

Read = Callable[[bytes], list[Document | UnreadFile]]


@pytest.fixture
def read() -> Read:
    """Reads bytes in this process, for what our own tests have made."""
    return lambda data: [item for item in reading.read(Source(data), "file") if isinstance(item, Document | UnreadFile)]


@pytest.fixture
def sandboxed(tmp_path: Path) -> Read:
    """Reads bytes as an import does: in a limited process."""

    def run(data: bytes) -> list[Document | UnreadFile]:
        path = tmp_path / "file"
        path.write_bytes(data)
        return list(importing.read_paths([path]))

    return run


@pytest.fixture
def opened(workspace: Workspace) -> Iterator[sqlite3.Connection]:
    """The vault of an empty practice with the tables of this step."""
    connection = vault.connect(workspace)
    store.prepare(connection)
    yield connection
    connection.close()


def one(results: list[Document | UnreadFile]) -> Document:
    """Insist that reading gave exactly one document and nothing else."""
    assert len(results) == 1
    assert isinstance(results[0], Document)
    return results[0]


def refused(results: list[Document | UnreadFile]) -> UnreadFile:
    """Insist that reading gave exactly one reason and nothing else."""
    assert len(results) == 1
    assert isinstance(results[0], UnreadFile)
    return results[0]
