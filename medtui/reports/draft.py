"""What readers hand over: drafts of documents, embedded files, and reasons why something could not be read."""

import io
from collections.abc import Callable
from typing import IO, TYPE_CHECKING, Any

import msgspec

from medtui.reports.clean import clean, clean_line, clean_pages
from medtui.reports.document import READ, Document, Section, document_id
from medtui.reports.identity import Identity
from medtui.reports.mapping import Table

if TYPE_CHECKING:
    from pathlib import Path


class Unreadable(Exception):
    """A file's bytes cannot be read; the message says what is wrong and what to do, without patient text."""


class Draft(msgspec.Struct):
    """A report as a reader found it; `finish` makes the document of it.

    Attributes:
        format: "text", "pdf", ...
        text: whole text; ignored when `sections` is given, whose parts then make up the text.
        sections: titled parts from the format itself; None when they must be found in the text.
        inner: where inside the bytes it was, empty when it is the whole.
        printed: whether lines end where the paper ends; pages are then separated by form feeds.
    """

    format: str
    text: str = ""
    sections: list[Section] | None = None
    identity: Identity = msgspec.field(default_factory=Identity)
    report_date: str | None = None
    title: str = ""
    inner: str = ""
    status: str = READ
    printed: bool = False
    original: str = ""
    offsets: tuple[tuple[int, int], ...] = ()
    steps: tuple[tuple[str, int], ...] = ()
    warnings: list[str] = msgspec.field(default_factory=list)

    def clean(self) -> None:
        """Make text and sections fit to store; call it once, before anything is looked for in them."""
        if self.sections is None:
            # Formats that bring their own sections need neither this nor the search for headings.
            from medtui.reports.standard import PAGE_BREAK, standardise

            paged, hidden = clean_pages(self.text)
            standard = standardise(paged, printed=self.printed)
            self.text, self.steps = standard.text, standard.steps
            if standard.steps:
                # Page breaks are as long as the line ends that stand for them, so positions stay the same.
                self.original, self.offsets = paged.replace(PAGE_BREAK, "\n"), standard.offsets
        else:
            self.text, self.sections, hidden = _joined(self.sections)
        if hidden:
            self.warnings.append(f"{hidden} invisible characters were taken out.")

    def finish(self, path: str, inner_path: str) -> Document:
        """Make the document of the cleaned draft."""
        text = self.text
        sections = _split(text) if self.sections is None else self.sections
        key = self.identity.patient_key()
        return Document(
            id=document_id(text, key, self.report_date),
            path=path,
            inner_path=inner_path,
            format=self.format,
            status=self.status,
            text=text,
            sections=tuple(sections),
            patient_key=key,
            report_date=self.report_date,
            title=clean_line(self.title),
            known_identifiers=self.identity.known(),
            warnings=tuple(self.warnings),
            original=self.original,
            offsets=self.offsets,
            steps=self.steps,
        )


def _split(text: str) -> list[Section]:
    from medtui.reports.sections import split_sections

    return split_sections(text)


def _joined(sections: list[Section]) -> tuple[str, list[Section], int]:
    parts: list[str] = []
    cleaned: list[Section] = []
    hidden = 0
    for section in sections:
        body, found = clean(section.text)
        hidden += found
        if body:
            title = clean_line(section.title).rstrip(":").strip()
            cleaned.append(Section(title, section.code, body))
            parts.append(f"{title}:\n{body}" if title else body)
    return "\n\n".join(parts), cleaned, hidden


class Attachment(msgspec.Struct):
    """Bytes found inside a file, to be read as what they are, whatever they are declared to be.

    Attributes:
        inner: where inside the file.
        data: the decoded bytes.
        identity: who the enclosing file says it is about.
        report_date: date of the enclosing report.
        title: title of the enclosing report.
        warnings: what reading the enclosing part already showed.
        member: whether it is a member of an archive, a file in its own right.
    """

    inner: str
    data: bytes
    identity: Identity = msgspec.field(default_factory=Identity)
    report_date: str | None = None
    title: str = ""
    warnings: list[str] = msgspec.field(default_factory=list)
    member: bool = False


class Skipped(msgspec.Struct):
    """A part of a file that cannot be read.

    Attributes:
        inner: where inside the file.
        reason: what is wrong and what to do, without patient text.
        format: what it looks like.
    """

    inner: str
    reason: str
    format: str = "unknown"


class Person(msgspec.Struct):
    """What a file says, where it holds no report, about a patient or about somebody whom reports may refer to.

    Attributes:
        inner: where inside the file.
        identity: what it says.
        references: what others write to refer to this one.
        owners: references of patients to whom this one belongs.
    """

    inner: str
    identity: Identity
    references: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()


Found = Draft | Attachment | Skipped | Person | Table


class Source(msgspec.Struct):
    """Bytes to read, with what is known about them.

    Attributes:
        data: the content; of an archive too large for memory, only its beginning and end.
        path: that archive on disk, else None.
        passwords: passwords the user gave for this import.
        columns: column mapping the user confirmed: header signature -> {"report": name, "patient": name, ...}.
        preview: give the tables in it as they are, instead of the reports in their rows.
        ask: do so with tables whose columns the user has not confirmed.
        begin: called before each member of an archive; False when it was dealt with before and is passed over.
        alive: called now and then during long work, so that it is not taken for a hang.
    """

    data: bytes
    path: "Path | None" = None
    passwords: tuple[str, ...] = ()
    columns: dict[str, Any] = msgspec.field(default_factory=dict)
    preview: bool = False
    ask: bool = False
    begin: Callable[[str], bool] = lambda _: True
    alive: Callable[[], None] = lambda: None

    def open(self) -> IO[bytes]:
        """Give the content as a file."""
        return self.path.open("rb") if self.path is not None else io.BytesIO(self.data)

    def size(self) -> int:
        """Give the size of the content in bytes."""
        return self.path.stat().st_size if self.path is not None else len(self.data)
