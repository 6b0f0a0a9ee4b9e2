"""A fictional report before it is written in any file format."""

from dataclasses import dataclass, field
from datetime import date

from medtui.demo.practice.people import Clinician, Patient
from medtui.demo.practice.style import Author


@dataclass(frozen=True)
class Part:
    """One section; `body` is marked text (see `medtui.demo.practice.marks`), lines separated by newlines."""

    kind: str
    title: str
    body: str
    prose: bool = True


@dataclass
class Report:
    """One report with the structured fields that go along with it.

    Attributes:
        number: its place among all reports, from 1.
        task: which kind of example it can become (a key of `medtui.demo.practice.titles.TASKS`).
        head, foot: marked lines before and after the sections.
        rows: for laboratory reports the printed table: name, LOINC code, value, unit, range, flag.
        hostile: holds characters or markup that attack a terminal.
    """

    number: int
    task: str
    title: str
    code: str
    patient: Patient
    author: Author
    signer: Clinician
    referrer: Clinician
    day: date
    accession: str
    head: list[str] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    foot: list[str] = field(default_factory=list)
    rows: list[tuple[str, str, str, str, str, str]] = field(default_factory=list)
    hostile: bool = False

    @property
    def id(self) -> str:
        """A name that is unique among the reports of the practice."""
        return f"report-{self.number:04d}"
