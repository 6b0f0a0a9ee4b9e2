"""Threads that do short work or watch long work; they only post messages and end when their screen goes."""

import threading
from collections.abc import Callable
from typing import Any

from textual.app import App
from textual.message import Message
from textual.widget import Widget
from textual.worker import Worker, get_current_worker

from medtui.errors import Refusal
from medtui.process import FINISHED, RUNNING, Job
from medtui.progress import Progress
from medtui.ui.messages import Advanced, FactsFound, WorkEnded, WorkRefused

# A screen notices a lost worker within half a second; a look costs two system calls.
LOOK_SECONDS = 0.5


class Abandoned(BaseException):
    """The screen that wanted this work has gone; not an Exception, so that no reader's error handling swallows it."""


class JobEvents(Message):
    """New events of a followed job, and whether it still runs."""

    def __init__(self, records: list[dict[str, Any]], status: str) -> None:
        super().__init__()
        self.records = records
        self.status = status


def find_facts(screen: Widget, look: Callable[[], Any], step: str) -> Worker[None]:
    """Look something up in a thread and post `FactsFound`."""

    def thread() -> None:
        try:
            screen.post_message(FactsFound(look()))
        except Refusal as refusal:
            screen.post_message(WorkRefused(step, str(refusal)))

    return screen.run_worker(thread, thread=True, group="facts", exclusive=True)


def do(screen: Widget, step: str, work: Callable[[Progress], dict[str, Any]]) -> Worker[None]:
    """Do a short step's work in a thread; it stops at its next report of progress when the screen goes."""

    def thread() -> None:
        worker = get_current_worker()

        def report(done: int, total: int, message: str) -> None:
            if worker.is_cancelled:
                raise Abandoned
            screen.post_message(Advanced(done, total, message))

        try:
            result = work(report)
        except Refusal as refusal:
            screen.post_message(WorkRefused(step, str(refusal)))
        except Abandoned:
            return
        else:
            screen.post_message(WorkEnded(step, result))

    return screen.run_worker(thread, thread=True, group="work", exclusive=True)


def follow(screen: Widget, job: Job) -> Worker[None]:
    """Watch a job in a thread and post `JobEvents` until it ends or the screen goes; the job itself is left alone."""

    def thread() -> None:
        worker, offset, pause = get_current_worker(), 0, threading.Event()
        while not worker.is_cancelled:
            # The state is read before the events: what a worker wrote last is never missed.
            status = RUNNING if job.status() == RUNNING else ""
            records, offset = job.events(offset)
            status = status or job.status()
            if records or status != RUNNING:
                screen.post_message(JobEvents(records, status))
            if status != RUNNING:
                return
            pause.wait(LOOK_SECONDS)

    return screen.run_worker(thread, thread=True, group="follow", exclusive=True)


def last_progress(records: list[dict[str, Any]]) -> dict[str, Any] | None:
    """Give the latest report of progress among some events."""
    return next((record for record in reversed(records) if record.get("event") == "progress"), None)


def end_of(records: list[dict[str, Any]]) -> dict[str, Any] | None:
    """Give the last word of a job, unless it was started again afterwards."""
    last = next((record for record in reversed(records) if record.get("event") in {"start", "end"}), None)
    return last if last is not None and last["event"] == "end" else None


def ended_well(status: str) -> bool:
    """Tell whether a job came to its end."""
    return status == FINISHED


def app_of(screen: Widget) -> App[None]:
    """Give the app with its real type."""
    return screen.app
