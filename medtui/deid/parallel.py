"""De-identifies many reports in several processes, in order, a few ahead at most."""

import contextlib
import ctypes
import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from medtui.deid.deidentify import Decisions, Find, Outcome, deidentify
from medtui.deid.known import KnownStrings
from medtui.deid.profile import Profile
from medtui.deid.spans import Span
from medtui.deid.surrogates import NOTHING_DRAWN, Drawn
from medtui.deid.vote.combine import NO_VOTES, Votes, combined
from medtui.phi import Category
from medtui.reports.document import Document

# Forking and passing reports costs more than it saves below this.
FEWEST = 400
_BATCH = 16
_AHEAD = 3
_PATIENTS_REMEMBERED = 256
# prctl(2): the child gets this signal when its parent dies.
_PR_SET_PDEATHSIG = 1

# Before the category of a value that is searched for as it stands.
EXACT = "="
Values = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Task:
    """A report to de-identify.

    Attributes:
        number: its place in the order of import.
        document: the report.
        known: what is known about its patient.
        fingerprint: of the circumstances, to be stored with the result.
        drawn: what was drawn at random for it.
        votes: what a model said about it.
    """

    number: int
    document: Document
    known: Values
    fingerprint: str
    drawn: Drawn = NOTHING_DRAWN
    votes: Votes = NO_VOTES


@dataclass(frozen=True)
class Rules:
    """What all reports of a run share."""

    find: Find
    profile: Profile
    decisions: Decisions


_rules: Rules | None = None


@lru_cache(_PATIENTS_REMEMBERED)
def known_strings(values: Values) -> KnownStrings:
    """Make known values ready to be searched for; the patients met lately are remembered."""
    pairs = [(Category(category.lstrip(EXACT)), value, category.startswith(EXACT)) for category, value in values]
    return KnownStrings(
        [(category, value) for category, value, exact in pairs if not exact],
        [(category, value) for category, value, exact in pairs if exact],
    )


def outcomes(tasks: Iterator[Task], rules: Rules, processes: int) -> Iterator[tuple[Task, Outcome]]:
    """De-identify reports.

    Args:
        tasks: the reports; read only a few ahead.
        rules: how.
        processes: how many; 1 does the work in this process.

    Yields:
        Each report with what became of it, in the order given.
    """
    if processes <= 1:
        for task in tasks:
            yield task, outcome(task, rules, task.drawn)
        return
    global _rules
    _rules = rules
    context = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(processes, mp_context=context, initializer=_begin, initargs=(os.getpid(),)) as pool:
        waiting: deque[tuple[list[Task], Future[list[Outcome]]]] = deque()
        for batch in _batches(tasks):
            waiting.append((batch, pool.submit(_work, batch)))
            if len(waiting) >= processes * _AHEAD:
                yield from _finished(waiting)
        while waiting:
            yield from _finished(waiting)


def _finished(waiting: "deque[tuple[list[Task], Future[list[Outcome]]]]") -> Iterator[tuple[Task, Outcome]]:
    batch, future = waiting.popleft()
    yield from zip(batch, future.result(), strict=True)


def _batches(tasks: Iterator[Task]) -> Iterator[list[Task]]:
    batch: list[Task] = []
    for task in tasks:
        batch.append(task)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _begin(parent: int) -> None:
    """Prepare a forked process: it dies with its parent, and holds none of its locks."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
    for descriptor in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(OSError):
            if descriptor.readlink().name == "run.lock":
                os.close(int(descriptor.name))


def _work(batch: list[Task]) -> list[Outcome]:
    if _rules is None:
        raise RuntimeError("not forked from a process with rules")
    return [outcome(task, _rules, task.drawn) for task in batch]


def outcome(task: Task, rules: Rules, drawn: Drawn) -> Outcome:
    """De-identify one report in this process."""
    known = known_strings(task.known)

    def find(text: str, values: KnownStrings) -> list[Span]:
        found = rules.find(text, values)
        return combined(found, task.votes, text) if text == task.document.text else found

    return deidentify(task.document, known, find, rules.profile, rules.decisions, drawn)
