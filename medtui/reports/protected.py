"""Files that a password protects, grouped so that each password is asked for once."""

import sqlite3
from collections import Counter
from dataclasses import dataclass
from pathlib import PurePath

from medtui.reports import store
from medtui.reports.document import UnreadFile
from medtui.reports.readers.package import PROTECTED

# Stands for the format of files inside protected archives.
ARCHIVED = "archive"


@dataclass(frozen=True, slots=True)
class Group:
    """Files of one kind in one folder: whoever protected them most likely used one password.

    Attributes:
        place: the folder in which the files, or the archives around them, lie.
        format: what the files are, `ARCHIVED` when they are inside archives.
        files: how many.
    """

    place: str
    format: str
    files: int


def groups(connection: sqlite3.Connection) -> list[Group]:
    """Give the files that wait for a password, by place and format."""
    counts = Counter(_group(unread) for unread in store.refusals(connection) if unread.reason == PROTECTED)
    return [Group(place, kind, files) for (place, kind), files in sorted(counts.items())]


def _group(unread: UnreadFile) -> tuple[str, str]:
    return str(PurePath(unread.path).parent), ARCHIVED if unread.inner_path else unread.format
