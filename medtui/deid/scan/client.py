"""Starts the searching process and talks to it over pipes, so that this process never loads Presidio."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator
from typing import Any

from medtui.errors import Refusal
from medtui.process import offline_environment


def scan(requests: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Search texts.

    Args:
        requests: `{"id", "text"}` and optionally `"known"`.

    Yields:
        One answer per request, in order.

    Raises:
        Refusal: the searching process died.
    """
    process = subprocess.Popen(
        [sys.executable, "-m", "medtui.deid.scan.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
        env={**os.environ, **offline_environment(), "PYTHONIOENCODING": "utf-8"},
    )
    if process.stdin is None or process.stdout is None:
        raise RuntimeError("no pipes")
    sent = 0
    failure: Refusal | None = None

    def feed() -> None:
        nonlocal sent, failure
        with process.stdin as stream:  # type: ignore[union-attr]
            try:
                for request in requests:
                    stream.write(json.dumps(request, ensure_ascii=True) + "\n")
                    sent += 1
            except Refusal as refusal:
                failure = refusal
            except BrokenPipeError:
                return

    feeder = threading.Thread(target=feed, daemon=True)
    feeder.start()
    received = 0
    try:
        for line in process.stdout:
            received += 1
            yield json.loads(line)
        feeder.join()
        if failure is not None:
            raise failure
        if process.wait() or received != sent:
            raise Refusal(
                "The searching process died before it was done; try again, and with fewer texts if memory is short."
            )
    finally:
        process.stdout.close()
        if process.poll() is None:
            process.terminate()
            process.wait()
