"""What readers hand over: drafts of documents, embedded files, and reasons why something could not be read."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from medtui.phi import Category
from medtui.reports.clean import clean, clean_line
from medtui.reports.dates import iso_date
from medtui.reports.document import READ, Document, KnownIdentifier, Section, document_id
from medtui.reports.sections import split_sections


class Unreadable(Exception):
    """A file's bytes cannot be read; the message says what is wrong and what to do, without patient text."""


class Identity:
    """Collects what a file's fields say about the people in it."""

    def __init__(self) -> None:
        self.mrn = ""
        self.name = ""
        self.birth = ""
        self.reference = ""
        self._known: dict[KnownIdentifier, None] = {}

    def add(self, kind: Category, value: object) -> None:
        """Add one value as it stands in the source; empty and one-letter values say nothing and are passed over."""
        text = clean_line(str(value)) if value is not None else ""
        if len(text) > 1:
            self._known.setdefault(KnownIdentifier(kind, text))

    def add_name(self, given: list[str], family: str, *extra: str) -> str:
        """Add a person's name whole, reversed, and each of its parts, because texts use all of these.

        Args:
            given: given names in order.
            family: family name, may hold several words.
            *extra: further names of the same person, such as a maiden name.

        Returns:
            The whole name, given names first.
        """
        parts = [clean_line(part) for part in given if clean_line(part)]
        last = clean_line(family)
        whole = " ".join([*parts, last]).strip()
        self.add(Category.NAME, whole)
        if parts and last:
            self.add(Category.NAME, f"{parts[0]} {last}")
            self.add(Category.NAME, f"{last}, {' '.join(parts)}")
            self.add(Category.NAME, f"{last}, {parts[0]}")
        for part in (*parts, last, *extra):
            self.add(Category.NAME, part)
        return whole

    def add_written_name(self, written: str) -> str:
        """Add a name written in one string, `Family, Given` or `Given Family`, with or without titles."""
        bare = _TITLES.sub(" ", clean_line(written)).strip(" ,.-")
        if not bare or not any(character.isalpha() for character in bare):
            return ""
        self.add(Category.NAME, clean_line(written))
        family, comma, given = bare.partition(",")
        if comma:
            return self.add_name(given.replace(",", " ").split(), family.strip())
        words = bare.split()
        return self.add_name(words[:-1], words[-1])

    def add_date(self, value: str, *, day_first: bool = False) -> str:
        """Add a date as written and in ISO form; returns the ISO form, empty when it is no date."""
        self.add(Category.DATE, value)
        iso = iso_date(value, day_first=day_first) or ""
        self.add(Category.DATE, iso)
        return iso

    def merge(self, other: "Identity") -> None:
        """Take over what another part of the same file knows."""
        self._known.update(other._known)
        self.mrn = self.mrn or other.mrn
        self.name = self.name or other.name
        self.birth = self.birth or other.birth
        self.reference = self.reference or other.reference

    def known(self) -> tuple[KnownIdentifier, ...]:
        """Give everything collected, in the order of the source."""
        return tuple(self._known)

    def patient_key(self) -> str:
        """Give a key that is the same wherever the same patient is named: by record number, else name and birth date.

        It is a hash so that the number itself does not travel with the documents; it stays in the vault all the same.
        """
        if self.mrn:
            subject = "mrn\0" + re.sub(r"[\s-]", "", self.mrn).casefold()
        elif self.name:
            subject = "name\0" + " ".join(sorted(self.name.casefold().split())) + "\0" + self.birth
        elif self.reference:
            subject = "reference\0" + self.reference
        else:
            return ""
        return "patient-" + hashlib.sha256(subject.encode("utf-8", "replace")).hexdigest()[:16]


_TITLES = re.compile(
    r"(?<![\w.])(?:mr|mrs|ms|miss|master|dr|prof|shri|smt|kumari|sri|md|mbbs|do|phd|rn|np|pa-c|frcr|mrcp|dnb|ms ortho)"
    r"(?:\.|(?=[\s,]|$))",
    re.IGNORECASE,
)


@dataclass
class Draft:
    """A report as a reader found it; `finish` makes the document of it.

    Attributes:
        format: "text", "pdf", ...
        text: whole text; ignored when `sections` is given, whose parts then make up the text.
        sections: titled parts from the format itself; None when they must be found in the text.
        inner: where inside the bytes it was, empty when it is the whole.
    """

    format: str
    text: str = ""
    sections: list[Section] | None = None
    identity: Identity = field(default_factory=Identity)
    report_date: str | None = None
    title: str = ""
    inner: str = ""
    status: str = READ
    warnings: list[str] = field(default_factory=list)

    def clean(self) -> None:
        """Make text and sections fit to store; call it once, before anything is looked for in them."""
        if self.sections is None:
            self.text, hidden = clean(self.text)
        else:
            self.text, self.sections, hidden = _joined(self.sections)
        if hidden:
            self.warnings.append(f"{hidden} invisible characters were taken out.")

    def finish(self, path: str, inner_path: str) -> Document:
        """Make the document of the cleaned draft."""
        text = self.text
        sections = split_sections(text) if self.sections is None else self.sections
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
        )


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


@dataclass
class Attachment:
    """Bytes found inside a file, to be read as what they are, whatever they are declared to be.

    Attributes:
        inner: where inside the file.
        data: the decoded bytes, or a file on disk that holds them.
        identity: who the enclosing file says it is about.
        report_date: date of the enclosing report.
        title: title of the enclosing report.
        warnings: what reading the enclosing part already showed.
    """

    inner: str
    data: bytes
    identity: Identity = field(default_factory=Identity)
    report_date: str | None = None
    title: str = ""
    warnings: list[str] = field(default_factory=list)


@dataclass
class Skipped:
    """A part of a file that cannot be read.

    Attributes:
        inner: where inside the file.
        reason: what is wrong and what to do, without patient text.
        format: what it looks like.
    """

    inner: str
    reason: str
    format: str = "unknown"


Found = Draft | Attachment | Skipped


@dataclass
class Source:
    """Bytes to read, with what is known about them.

    Attributes:
        data: the content.
        name: file name, only used for messages and to tell delimited text apart.
        path: the file on disk when the bytes are that whole file, else None.
        passwords: passwords the user gave for this import.
        columns: column mapping the user confirmed: header signature -> {"report": name, "patient": name, ...}.
    """

    data: bytes
    name: str = ""
    path: Path | None = None
    passwords: tuple[str, ...] = ()
    columns: dict[str, dict[str, str]] = field(default_factory=dict)


def only(draft: Draft) -> Iterator[Found]:
    """Give one draft as a reader's result."""
    yield draft
