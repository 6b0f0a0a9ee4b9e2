"""The form in which a practice writes its answers, learned from its own training examples.

A form is a sequence of line classes: items numbered `(1)`, dashes, headings, lines that begin with a usual label. It
says nothing about the content, so whether an answer has the practice's form can be told without judging what it says.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

PROSE, CAPITALS, HEADING = "prose", "capitals", "heading"

# Longest first: "(1)" must not be taken for "1)".
_MARKERS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("(1)", re.compile(r"\((\d{1,2})\)\s*")),
    ("1.", re.compile(r"(\d{1,2})\.(?=\s|$)\s*")),
    ("1)", re.compile(r"(\d{1,2})\)\s*")),
    ("(a)", re.compile(r"\(([a-h])\)\s*")),
    ("a)", re.compile(r"([a-h])\)\s+")),
    ("-", re.compile(r"[-\u2013\u2014]\s+")),
    ("*", re.compile(r"[*\u2022\u00b7\u25cf]\s*")),
)
_LABEL = re.compile(r"([A-Za-z][A-Za-z/&'-]*(?: [A-Za-z/&'-]+){0,3})\s?:(?=\s|$)")

# A label or a shape belongs to the practice's form when at least this share of its answers has it; rarer ones are
# somebody's slip or part of a sentence.
USUAL = 0.1
# Rare shapes are kept until this share of the answers is covered.
COVERED = 0.95


@dataclass(frozen=True)
class Line:
    """One line of an answer: its class, its label or item number, whether anything follows the marker."""

    kind: str
    mark: str
    filled: bool


def classify(line: str) -> Line:
    """Tell the class of one line."""
    text = line.strip()
    for kind, pattern in _MARKERS:
        if match := pattern.match(text):
            return Line(kind, match.group(1) if match.groups() else "", len(text) > match.end())
    if match := _LABEL.match(text):
        rest = text[match.end() :].strip()
        return Line(HEADING if not rest else "label", match.group(1).lower(), bool(rest))
    if len(text) > 3 and text.upper() == text and any(char.isalpha() for char in text):
        return Line(CAPITALS, "", True)
    return Line(PROSE, "", True)


def _lines(answer: str) -> list[Line]:
    lines: list[Line] = []
    for raw in answer.splitlines():
        if not raw.strip():
            continue
        line = classify(raw)
        # A wrapped item goes on in an indented or lower-case line.
        if line.kind == PROSE and lines and lines[-1].kind != PROSE and (raw[0].isspace() or raw.strip()[0].islower()):
            continue
        lines.append(line)
    return lines


def _in_order(lines: Sequence[Line]) -> bool:
    expected: dict[str, int] = {}
    for line in lines:
        if line.kind in {"(1)", "1.", "1)"}:
            expected[line.kind] = expected.get(line.kind, 0) + 1
            if int(line.mark) != expected[line.kind]:
                return False
    return True


def _shape(lines: Sequence[Line], labels: frozenset[str]) -> tuple[str, ...]:
    """Give the line classes with repetitions collapsed; unusual labels are prose."""
    shape: list[str] = []
    for line in lines:
        kind = line.kind
        if kind in {"label", HEADING}:
            kind = PROSE if line.mark not in labels else f"{line.mark}:" if line.filled else f"{HEADING} {line.mark}"
        if not shape or shape[-1] != kind:
            shape.append(kind)
    return tuple(shape)


@dataclass(frozen=True)
class Form:
    """The usual shapes of a practice's answers.

    Attributes:
        shapes: sequences of line classes, the most usual first, repetitions collapsed.
        labels: labels with which lines usually begin, in lower case.
        most_lines: the longest answer seen, in lines.
        examples: how many answers it was learned from.
    """

    shapes: tuple[tuple[str, ...], ...]
    labels: frozenset[str]
    most_lines: int
    examples: int

    @property
    def distinctive(self) -> bool:
        """Whether the form can be told from plain prose at all."""
        return bool(self.shapes) and (PROSE,) not in self.shapes

    def matches(self, answer: str) -> bool:
        """Tell whether an answer has the practice's form.

        Args:
            answer: a model's answer as plain text.

        Returns:
            True when its sequence of line classes is one of the usual ones, items count up from one, no line is empty
            behind its marker, and it has no more lines than the longest answer seen. False for an empty answer.
        """
        lines = _lines(answer)
        if not lines or len(lines) > self.most_lines or not _in_order(lines):
            return False
        return all(line.filled or line.kind == HEADING for line in lines) and _shape(lines, self.labels) in self.shapes

    def describe(self) -> str:
        """Say the most usual shape in plain words."""
        if not self.shapes:
            return "no form known"
        names = {PROSE: "plain sentences", CAPITALS: "lines in capitals", "(1)": "items (1), (2), ...", "-": "dashes"}
        names |= {"1.": "items 1., 2., ...", "1)": "items 1), 2), ...", "*": "bullets"}
        names |= {"(a)": "items (a), (b), ...", "a)": "items a), b), ..."}
        return ", then ".join(
            f'a line "{part.capitalize()}"' if part.endswith(":") else names.get(part, part) for part in self.shapes[0]
        )

    def to_dict(self) -> dict[str, Any]:
        """Give the form as JSON-able values."""
        return {
            "shapes": [list(shape) for shape in self.shapes],
            "labels": sorted(self.labels),
            "most_lines": self.most_lines,
            "examples": self.examples,
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "Form":
        """Rebuild a form from `to_dict`."""
        shapes = tuple(tuple(str(part) for part in shape) for shape in values["shapes"])
        return cls(shapes, frozenset(values["labels"]), int(values["most_lines"]), int(values["examples"]))


def learn(rows: Iterable[Mapping[str, Any]]) -> Form:
    """Learn the form from training rows.

    Args:
        rows: rows with `completion` as messages; the last message's content is the answer.

    Returns:
        The form; without rows one that nothing matches.
    """
    answers = [_lines(str(row["completion"][-1]["content"])) for row in rows]
    answers = [lines for lines in answers if lines]
    counts = Counter(mark for lines in answers for mark in {line.mark for line in lines if line.kind in _LABELLED})
    labels = frozenset(mark for mark, count in counts.items() if count >= USUAL * len(answers) and count > 1)
    shapes = Counter(_shape(lines, labels) for lines in answers)
    kept: list[tuple[str, ...]] = []
    covered = 0
    for shape, count in sorted(shapes.items(), key=lambda item: (-item[1], item[0])):
        if count < USUAL * len(answers) and covered >= COVERED * len(answers):
            break
        kept.append(shape)
        covered += count
    return Form(tuple(kept), labels, max((len(lines) for lines in answers), default=0), len(answers))


_LABELLED = frozenset({"label", HEADING})
