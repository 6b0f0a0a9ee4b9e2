"""The screen's side of a chat: starts the worker, asks, and hands on what comes back."""

import itertools
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from medtui.chat.protocol import BASE, TUNED, Sampling, Which, request
from medtui.errors import Refusal
from medtui.process import offline_environment

Event = dict[str, Any]


class ChatClient:
    """One loaded model, with its adapter switched on and off.

    The worker lives as long as the client: it ends when its standard input closes. `on_event` is called from a reader
    thread with the worker's objects: `{"ready": true}`, `{"id", "which", "text"}`, `{"id", "which", "done": true,
    "tokens", "seconds", "stopped"}`, `{"id", "error"}` and, when the worker is gone, `{"gone": true, "error"}`.
    """

    def __init__(self, model: Path, adapter: Path | None, on_event: Callable[[Event], None]) -> None:
        self._command = [sys.executable, "-m", "medtui.chat.worker", str(model)]
        self._command += [str(adapter)] if adapter is not None else []
        self._on_event = on_event
        self._numbers = itertools.count(1)
        self._process: subprocess.Popen[str] | None = None
        self._reader: threading.Thread | None = None
        self._closing = False
        self._writing = threading.Lock()

    def start(self) -> None:
        """Start loading; `{"ready": true}` tells when questions are answered at once."""
        self._process = subprocess.Popen(
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
            start_new_session=True,
            env={**os.environ, **offline_environment()},
        )
        self._reader = threading.Thread(target=self._read, args=(self._process,), name="chat-reader", daemon=True)
        self._reader.start()

    def _read(self, process: subprocess.Popen[str]) -> None:
        last_error = ""
        if process.stdout is not None:
            for line in process.stdout:
                try:
                    event = json.loads(line)
                except ValueError:
                    continue
                last_error = str(event.get("error", ""))
                self._on_event(event)
        process.wait()
        if not self._closing:
            self._on_event({"gone": True, "error": last_error or "The model's process ended; open the chat again."})

    def _send(self, message: Event) -> None:
        process = self._process
        if process is None or process.stdin is None or process.poll() is not None:
            raise Refusal("The model is not loaded; open the chat again.")
        try:
            with self._writing:
                process.stdin.write(json.dumps(message) + "\n")
                process.stdin.flush()
        except OSError as error:
            raise Refusal("The model's process ended; open the chat again.") from error

    def ask(self, messages: list[dict[str, str]], which: Which, sampling: Sampling) -> int:
        """Put a question; answers stream to `on_event` under the returned number.

        Raises:
            Refusal: the worker is gone.
        """
        number = next(self._numbers)
        self._send(request(number, messages, which, sampling))
        return number

    def stop(self, number: int) -> None:
        """Stop one answer, begun or still waiting."""
        self._send({"stop": number})

    def close(self) -> None:
        """End the worker and free the model's memory."""
        self._closing = True
        process = self._process
        if process is None:
            return
        if process.stdin is not None:
            process.stdin.close()
        try:
            process.wait(timeout=2)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if self._reader is not None and self._reader is not threading.current_thread():
            self._reader.join()


def ask_both(
    model: Path,
    adapter: Path,
    prompts: list[list[dict[str, str]]],
    sampling: Sampling,
    on_answer: Callable[[int, int], None],
) -> list[dict[Which, str]]:
    """Ask base and tuned model the same prompts and wait for all answers.

    Args:
        model: folder of the base model.
        adapter: folder of the tuned adapter.
        prompts: one list of chat messages each.
        sampling: same for both, so that the answers differ by the tuning alone.
        on_answer: called with answers finished and answers in all.

    Raises:
        Refusal: the worker could not load or ended early.
    """
    events = _Collected()
    client = ChatClient(model, adapter, events.put)
    client.start()
    try:
        numbers = {
            (index, which): client.ask(messages, which, sampling)
            for index, messages in enumerate(prompts)
            for which in (BASE, TUNED)
        }
        for finished in range(1, len(numbers) + 1):
            events.wait_for(finished)
            on_answer(finished, len(numbers))
    finally:
        client.close()
    return [{which: events.text(numbers[index, which]) for which in (BASE, TUNED)} for index in range(len(prompts))]


class _Collected:
    """Gathers streamed answers and lets another thread wait for them."""

    def __init__(self) -> None:
        self._texts: dict[int, str] = {}
        self._finished = 0
        self._error = ""
        self._changed = threading.Condition()

    def put(self, event: Event) -> None:
        with self._changed:
            if "text" in event:
                self._texts[event["id"]] = self._texts.get(event["id"], "") + event["text"]
            self._finished += bool(event.get("done"))
            self._error = self._error or str(event.get("error", ""))
            self._changed.notify_all()

    def wait_for(self, finished: int) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self._finished >= finished or bool(self._error))
            if self._error:
                raise Refusal(self._error)

    def text(self, number: int) -> str:
        return self._texts.get(number, "")
