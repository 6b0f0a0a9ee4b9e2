"""Starts the searching process and talks to it over pipes, so that this process never loads Presidio."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from medtui.errors import Refusal
from medtui.process import offline_environment

_DIED = "The searching process died before it was done; try again, and with fewer texts if memory is short."


def scan(requests: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Search texts.

    Args:
        requests: `{"id", "text"}` and optionally `"known"`.

    Yields:
        One answer per request, in order.

    Raises:
        Refusal: the searching process died.
    """
    sent = received = 0

    def counted() -> Iterator[dict[str, Any]]:
        nonlocal sent
        for request in requests:
            sent += 1
            yield request

    for answer in ask("medtui.deid.scan.worker", (), counted()):
        received += 1
        yield answer
    if received != sent:
        raise Refusal(_DIED)


def ask(
    module: str, arguments: Sequence[str], requests: Iterable[dict[str, Any]], *, silent: bool = False
) -> Iterator[dict[str, Any]]:
    """Start a process that answers lines with lines, and talk to it; nothing is written to disk.

    Args:
        module: what it runs.
        arguments: given to it.
        requests: one JSON object per line; read in a thread of its own, ahead of the answers.
        silent: drop what it writes to standard error, where a library may quote what it was given.

    Yields:
        Its answers as they come.

    Raises:
        Refusal: the process died, or `requests` raised it.
    """
    process = subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL if silent else None,
        encoding="utf-8",
        env={**os.environ, **offline_environment(), "PYTHONIOENCODING": "utf-8"},
    )
    if process.stdin is None or process.stdout is None:
        raise RuntimeError("no pipes")
    failure: Refusal | None = None

    def feed() -> None:
        nonlocal failure
        with process.stdin as stream:  # type: ignore[union-attr]
            try:
                for request in requests:
                    stream.write(json.dumps(request, ensure_ascii=True) + "\n")
            except Refusal as refusal:
                failure = refusal
            except BrokenPipeError:
                return

    feeder = threading.Thread(target=feed, daemon=True)
    feeder.start()
    try:
        for line in process.stdout:
            yield json.loads(line)
        feeder.join()
        if failure is not None:
            raise failure
        if process.wait():
            raise Refusal(_DIED)
    finally:
        process.stdout.close()
        if process.poll() is None:
            process.terminate()
            process.wait()
