"""Brings the sections that a reader found and the sections found in the text together into typed parts."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from medtui.examples.form import classify
from medtui.examples.kinds import SectionKind, kind_of, normalise
from medtui.examples.segmenter import segment


class TitledText(Protocol):
    """A section as a reader gives it."""

    @property
    def title(self) -> str:
        """Heading as written."""

    @property
    def code(self) -> str:
        """LOINC code, empty when unknown."""

    @property
    def text(self) -> str:
        """The section's text."""


class Report(Protocol):
    """A de-identified report, as the previous step hands it over."""

    @property
    def document_id(self) -> str:
        """Sixteen hexadecimal digits."""

    @property
    def patient_key(self) -> str:
        """The same for all reports of one patient; empty when unknown."""

    @property
    def text(self) -> str:
        """The whole text."""

    @property
    def sections(self) -> Sequence[TitledText]:
        """Sections found by the reader."""

    @property
    def format(self) -> str:
        """Format of the file."""

    @property
    def title(self) -> str:
        """Kind of report in words."""

    @property
    def made_up(self) -> tuple[str, ...]:
        """Values in the text that look like identifiers and were made up, longest first."""


@dataclass(frozen=True, slots=True)
class Part:
    """A typed piece of a report: kind, title as written, tidy text."""

    kind: SectionKind
    title: str
    text: str


def parts(report: Report) -> list[Part]:
    """Give the typed parts of a report, in order, without empty ones.

    The reader's sections are used where they are typed (a title or a code that is known); what stands in them is
    segmented again, because exporters put whole reports into one field. Otherwise the text itself is segmented.
    """
    found = [part for section in report.sections for part in _within(section)]
    if not any(part.kind is not SectionKind.OTHER for part in found):
        found = [part for part in _of_text(report.text) if part.text]
    return _in_context(_inherited(found))


def _in_context(found: list[Part]) -> list[Part]:
    """Settle what a part is about by its neighbours: "Observations" in imaging, a table before a conclusion."""
    kinds = {part.kind for part in found}
    imaging = bool(kinds & {SectionKind.TECHNIQUE, SectionKind.COMPARISON}) or not (
        kinds & {SectionKind.HISTORY, SectionKind.CHIEF_COMPLAINT, SectionKind.MEDICATIONS, SectionKind.COURSE}
    )
    settled: list[Part] = []
    for part in found:
        kind = part.kind
        if kind is SectionKind.EXAMINATION and imaging and normalise(part.title) in _IMAGING_TITLES:
            kind = SectionKind.FINDINGS
        if kind is SectionKind.OTHER and not part.title and SectionKind.RESULTS not in kinds and _is_table(part.text):
            kind = SectionKind.RESULTS
        settled.append(Part(kind, part.title, part.text))
    return settled


_IMAGING_TITLES = frozenset({"observation", "observations", "examination", "exam"})
_RESULT_LINE = re.compile(r"[A-Za-z][^\d\n]*[ .:|\t]\s*[<>]?\d+(?:\.\d+)?\s*(?:[HL*]\s+)?\S*[/%]")


def _is_table(text: str) -> bool:
    """Tell whether most lines of a text are a name, a number and a unit."""
    lines = text.splitlines()
    return len(lines) > 1 and 2 * sum(bool(_RESULT_LINE.match(line)) for line in lines) > len(lines)


# Under an unknown heading these go on; behind a conclusion an unknown heading is something else.
_GO_ON = frozenset(
    {SectionKind.HISTORY, SectionKind.EXAMINATION, SectionKind.RESULTS, SectionKind.FINDINGS, SectionKind.COURSE}
)


def _inherited(found: list[Part]) -> list[Part]:
    """Let parts under unknown headings belong to the section before them: their facts support the answer."""
    parts_now: list[Part] = []
    for part in found:
        unknown = part.kind is SectionKind.OTHER and part.title and kind_of(part.title) is None
        if unknown and parts_now and parts_now[-1].kind in _GO_ON:
            parts_now.append(Part(parts_now[-1].kind, part.title, part.text))
        else:
            parts_now.append(part)
    return parts_now


def _of_text(text: str) -> list[Part]:
    return [Part(found.kind, found.title, tidy(text[found.body : found.end])) for found in segment(text)]


def _within(section: TitledText) -> list[Part]:
    outer = kind_of(section.title, section.code) or SectionKind.OTHER
    inner = _of_text(section.text)
    if not inner:
        return []
    # A heading repeated inside its own section is no section of its own.
    if inner[0].title and inner[0].title.lower() == section.title.strip(" :").lower():
        inner[0] = Part(outer, section.title, inner[0].text)
    if not inner[0].title and inner[0].kind is SectionKind.OTHER:
        inner[0] = Part(outer, section.title, inner[0].text)
    return [part for part in inner if part.text]


_SPACES = re.compile(r"[ \t\u00a0]+")
_TABLE = re.compile(r"\||\t| {3,}")
# A line of running text is at least this long when it was broken by a page's width; shorter lines end on purpose.
WRAPPED_FROM = 55


def tidy(text: str) -> str:
    """Join lines that only a page's width broke, keep items, labelled lines and table rows on lines of their own.

    Args:
        text: a section's text as read.

    Returns:
        The text without blank lines and without spaces at the ends of lines.
    """
    lines: list[str] = []
    width = 0
    for raw in text.splitlines():
        table = bool(_TABLE.search(raw.strip()))
        line = raw.strip() if table else _SPACES.sub(" ", raw).strip()
        if not line or set(line) <= set("-=_~*"):
            width = 0
            continue
        if (
            lines
            and width >= WRAPPED_FROM
            and not table
            and classify(line).kind == "prose"
            and _goes_on(lines[-1], line)
        ):
            lines[-1] = f"{lines[-1]} {line}"
        else:
            lines.append(line)
        width = 0 if table else len(line)
    return "\n".join(lines)


def _goes_on(before: str, line: str) -> bool:
    return not before.endswith((".", ":", ";", "!", "?")) or line[0].islower()
