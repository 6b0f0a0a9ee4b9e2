"""What the reports would give before anything is built: tasks with samples, and what each strictness costs."""

import sqlite3
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from medtui.deid import store as deidentified
from medtui.examples import checks, quality
from medtui.examples.grounding import STRICTNESS
from medtui.examples.parts import Report, parts
from medtui.examples.tasks import pairs

# So many reports are looked at; of more, every second, third, ... one, so that a screen need not wait long.
AT_MOST = 1500


@dataclass
class Preview:
    """What some reports would give.

    Attributes:
        reports: how many there are.
        looked_at: how many of them were looked at.
        tasks: pairs found, by task.
        samples: the first pair of each task, input and answer.
        passed: pairs that each strictness of the grounding gate lets pass, of those that reach the gate.
        gated: pairs that reach the gate.
    """

    reports: int = 0
    looked_at: int = 0
    tasks: Counter[str] = field(default_factory=Counter)
    samples: dict[str, tuple[str, str]] = field(default_factory=dict)
    passed: Counter[str] = field(default_factory=Counter)
    gated: int = 0


def preview(connection: sqlite3.Connection, at_most: int = AT_MOST) -> Preview:
    """Look at the practice's de-identified reports.

    Args:
        connection: the vault.
        at_most: reports to look at, evenly spread.
    """
    deidentified.prepare(connection)
    found = Preview(reports=int(connection.execute("SELECT count(*) FROM deidentified").fetchone()[0]))
    every = -(-found.reports // at_most) or 1
    for number, report in enumerate(deidentified.deidentified(connection)):
        if number % every == 0:
            found.looked_at += 1
            _look(report, found)
    return found


def _look(report: Report, found: Preview) -> None:
    preliminary = quality.is_preliminary(report.text)
    for pair in pairs(parts(report)):
        found.tasks[pair.task] += 1
        found.samples.setdefault(pair.task, (pair.source, pair.output))
        reason, details = checks.check(pair, "strict")
        if preliminary or reason in checks.BEFORE_GATE:
            continue
        found.gated += 1
        _count(details, found)


def _count(details: dict[str, Any], found: Preview) -> None:
    kinds = {piece[2] for piece in details.get("unsupported", ())}
    for name, wanted in STRICTNESS.items():
        found.passed[name] += not kinds & wanted
