"""What the user says about an import, and who watches it."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from medtui.reports.document import UnreadFile
from medtui.reports.mapping import Table

# Processor time for one file, more for large ones.
CPU_SECONDS = 20.0


class Settings(msgspec.Struct):
    """What the user said about an import.

    Attributes:
        passwords: for protected files; kept in memory only.
        columns: column mappings, table signature -> mapping.
        seconds: processor time that one file may take, more for large ones.
        only: paths, as they are shown, of the files to read; empty for all.
        audience: who watches; tables whose columns nobody has confirmed then wait instead of being read by a guess.
    """

    passwords: tuple[str, ...] = ()
    columns: dict[str, Any] = msgspec.field(default_factory=dict)
    seconds: float = CPU_SECONDS
    only: frozenset[str] = frozenset()
    audience: "Audience | None" = None

    def request(self) -> dict[str, Any]:
        """Give what a reader is told."""
        asks = {"ask": True} if self.audience is not None else {}
        return {"passwords": list(self.passwords), "columns": self.columns, "seconds": self.seconds, **asks}

    def fingerprint(self) -> str:
        """Give a name for what changes how a file is read; a file read under other settings is read anew."""
        return hashlib.sha256(json.dumps(self.columns, sort_keys=True).encode()).hexdigest()[:12]


class Waiting(msgspec.Struct):
    """Tables with the same headings that wait until somebody says what their columns are.

    Attributes:
        table: the first of them.
        path: the file it is in.
        places: how many tables wait, in whatever files.
    """

    table: Table
    path: str
    places: int = 1


class Audience(msgspec.Struct):
    """Somebody who watches an import and can be asked.

    Attributes:
        tell: called now and then with the new documents by format, and what was refused since the last call.
        waiting: tables that wait, by the name of their set of headings.
    """

    tell: Callable[[Mapping[str, int], Sequence[UnreadFile]], None]
    waiting: dict[str, Waiting] = msgspec.field(default_factory=dict)
