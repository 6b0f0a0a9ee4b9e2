"""The curves of a run, read from its events a piece at a time; cheap enough for a screen and for a million steps."""

import json
import math
import operator
import re
from array import array
from bisect import bisect_left
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

CHUNK_BYTES = 2 << 20

# The worker writes the keys of a step in this order, so that the usual line needs no JSON parser.
_STEP = re.compile(rb'"event": "step", "step": (\d+), "total": \d+, "loss": ([^,}\n]+),')
_OTHER_MARK = re.compile(rb'"event": "(?!step")')


@dataclass
class Series:
    """Steps and values, ascending by step; where a step was logged twice the later entry counts."""

    steps: "array[int]" = field(default_factory=lambda: array("I"))
    values: "array[float]" = field(default_factory=lambda: array("d"))

    def add(self, step: int, value: float) -> None:
        """Append a value; going back to an earlier step drops what an interrupted worker had logged beyond it."""
        if self.steps and step <= self.steps[-1]:
            self.cut(step)
        self.steps.append(step)
        self.values.append(value)

    def extend(self, steps: "array[int]", values: "array[float]") -> None:
        """Append many values at once where they go on in order, one by one where they do not."""
        ascending = all(map(operator.lt, steps, steps[1:]))
        if ascending and (not self.steps or not steps or steps[0] > self.steps[-1]):
            self.steps.extend(steps)
            self.values.extend(values)
            return
        for step, value in zip(steps, values, strict=True):
            self.add(step, value)

    def cut(self, step: int) -> None:
        """Forget this step and all later ones."""
        index = bisect_left(self.steps, step)
        del self.steps[index:]
        del self.values[index:]

    @property
    def last(self) -> float | None:
        """The newest value."""
        return self.values[-1] if self.values else None

    @property
    def first(self) -> float | None:
        """The oldest value."""
        return self.values[0] if self.values else None

    @property
    def best(self) -> float | None:
        """The smallest value."""
        return min((value for value in self.values if math.isfinite(value)), default=None)


@dataclass
class Curves:
    """What a run has told so far.

    Attributes:
        train: loss of each step.
        validation: loss on the validation reports at the steps where it was measured.
        latest: fields of the newest step (learning_rate, grad_norm, tokens_per_second, memory_bytes, seconds_left).
        step: newest step.
        total: steps in all, 0 while unknown.
        phase: what happens now, in plain words.
        checkpoints: steps of the newest checkpoints.
        warnings: sentences of this run so far, oldest first.
        end: the last event when the run has ended, empty while it goes on.
    """

    train: Series = field(default_factory=Series)
    validation: Series = field(default_factory=Series)
    latest: dict[str, Any] = field(default_factory=dict)
    step: int = 0
    total: int = 0
    phase: str = ""
    checkpoints: list[int] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    end: dict[str, Any] = field(default_factory=dict)
    offset: int = 0

    @property
    def seconds_left(self) -> float | None:
        """How long the run still takes, in seconds; unknown before the first steps."""
        value = self.latest.get("seconds_left")
        return float(value) if value is not None and not self.end else None


def read(run: Path, curves: Curves | None = None) -> Curves:
    """Read what is new in a run's events.

    Args:
        run: the run's folder.
        curves: what the last reading returned; it is continued in place. `None` reads from the start.

    Returns:
        The curves; the same object when one was given.
    """
    curves = curves if curves is not None else Curves()
    try:
        with (run / "events.jsonl").open("rb") as stream:
            stream.seek(curves.offset)
            while chunk := stream.read(CHUNK_BYTES):
                whole = chunk.rfind(b"\n") + 1
                if not whole:
                    break
                _take(curves, chunk[:whole])
                curves.offset += whole
                stream.seek(curves.offset)
    except FileNotFoundError:
        pass
    return curves


def _take(curves: Curves, data: bytes) -> None:
    begin = 0
    for mark in _OTHER_MARK.finditer(data):
        start, end = data.rfind(b"\n", 0, mark.start()) + 1, data.find(b"\n", mark.end())
        if start >= begin:
            _steps(curves, data[begin:start])
            _other(curves, data[start:end])
            begin = end + 1
    _steps(curves, data[begin:])


def _steps(curves: Curves, lines: bytes) -> None:
    found = _STEP.findall(lines)
    if not found:
        return
    steps, values = zip(*found, strict=True)
    curves.train.extend(array("I", map(int, steps)), array("d", map(float, values)))
    newest = _parse(lines[lines.rfind(b'{"v"') :])
    curves.step = curves.train.steps[-1]
    curves.latest = newest or curves.latest
    curves.total = int(newest.get("total", curves.total))


def _parse(line: bytes) -> dict[str, Any]:
    try:
        record = json.loads(line)
    except ValueError:
        return {}
    return record if isinstance(record, dict) else {}


def _other(curves: Curves, line: bytes) -> None:
    record = _parse(line)
    match record.get("event"):
        case "start":
            curves.end = {}
        case "resume":
            curves.train.cut(int(record["step"]) + 1)
            curves.validation.cut(int(record["step"]) + 1)
            curves.step = max(0, int(record["step"]))
        case "phase":
            curves.phase = str(record.get("message", ""))
        case "evaluation":
            curves.validation.add(int(record["step"]), float(record["loss"]))
        case "checkpoint":
            curves.checkpoints = [*curves.checkpoints[-9:], int(record["step"])]
        case "warning":
            curves.warnings.append(str(record.get("message", "")))
        case "end":
            curves.end = record
