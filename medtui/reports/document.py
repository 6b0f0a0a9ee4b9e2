"""What every reader makes of a file: one `Document` for all formats.

Readers hand their results over as JSON, and a reader may have been taken over by a file: decoding insists on the form.
"""

import hashlib
from typing import Any

import msgspec

from medtui.phi import Category

READ, PARTLY = "read", "partly"
# The one reason that the user can do something about at once.
PROTECTED = "It is protected by a password; give the password (--ask-password) or save it without one."


class KnownIdentifier(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An identifier that a structured field gives for free; later steps remove this string everywhere.

    Attributes:
        kind: its category.
        value: as it stands in the source, sanitized.
    """

    kind: Category
    value: str


class Section(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A titled part of a report.

    Attributes:
        title: heading as written, without its colon; empty for text before the first heading.
        code: LOINC code where the format carries one, else empty.
        text: the part's text, a verbatim piece of the document's text.
    """

    title: str
    code: str
    text: str


class Document(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One report, whatever it came from.

    Attributes:
        id: 16 hexadecimal digits over text, patient and date: the same report read twice has the same id.
        path: the file on disk.
        inner_path: where inside that file (archive member, message, row, attachment), parts joined by `!`; empty when
            the file is the report.
        format: "text", "pdf", "docx", "hl7v2", "fhir", "ccda", "csv", ...
        status: "read", or "partly" when something in it could not be read (see `warnings`).
        text: the whole text, sanitized, lines ended by a newline.
        sections: titled parts in the order of `text`; each section's text stands verbatim in `text`.
        patient_key: the same for all documents of one patient, no identifier itself; empty when the document does not
            say whose it is.
        report_date: ISO date (YYYY-MM-DD, YYYY-MM or YYYY), None when unknown.
        title: kind of report in words, such as "Chest radiograph"; empty when unknown.
        known_identifiers: what structured fields and labelled lines say about people and numbers.
        warnings: what was left out or is doubtful, one sentence each, without patient text.
        original: the text before it was standardised; empty when that changed nothing.
        offsets: (position in `text`, position in `original`) where each run of unchanged characters begins.
        steps: what standardising changed, and how often.
    """

    id: str
    path: str
    inner_path: str
    format: str
    status: str
    text: str
    sections: tuple[Section, ...]
    patient_key: str
    report_date: str | None
    title: str
    known_identifiers: tuple[KnownIdentifier, ...]
    warnings: tuple[str, ...]
    original: str = ""
    offsets: tuple[tuple[int, int], ...] = ()
    steps: tuple[tuple[str, int], ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Give JSON-able values."""
        values: dict[str, Any] = msgspec.to_builtins(self)
        return values


encoded = msgspec.json.Encoder().encode
_decoder = msgspec.json.Decoder(Document)


def decoded(written: bytes | str) -> Document:
    """Rebuild a document from the JSON that `encoded` gave.

    Raises:
        ValueError: it is no document.
    """
    return _decoder.decode(written)


class UnreadFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file, or a part of one, that did not become a document.

    Attributes:
        path: the file on disk.
        inner_path: where inside that file, as in `Document`.
        format: what its content looks like, "unknown" when nothing was recognised.
        reason: what is wrong and what to do, one sentence without patient text.
    """

    path: str
    inner_path: str
    format: str
    reason: str


class PatientRecord(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a file says about a patient where it holds no report: later steps use it for that patient's reports.

    Attributes:
        path: the file on disk.
        inner_path: where inside that file, as in `Document`.
        keys: under which the patient's reports may stand, at least one.
        known: what it says about people and numbers.
        birth: date of birth, empty when it does not say.
    """

    path: str
    inner_path: str
    keys: tuple[str, ...]
    known: tuple[KnownIdentifier, ...]
    birth: str = ""


class DirectoryEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a file says about somebody or something that reports may refer to: staff, organizations, places.

    Attributes:
        references: what reports write to refer to it, at least one.
        known: what the file says.
        owners: references of patients to whom it belongs.
        links: references from it to others.
    """

    references: tuple[str, ...]
    known: tuple[KnownIdentifier, ...]
    owners: tuple[str, ...]
    links: tuple[str, ...]


class References(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whom a document refers to where its own file does not say who that is.

    Attributes:
        document: its id.
        references: as a `DirectoryEntry` has them, at least one.
    """

    document: str
    references: tuple[str, ...]


def document_id(text: str, patient_key: str, report_date: str | None) -> str:
    """Give the id of a document from its content: 64 bits of SHA-256 in hexadecimal."""
    content = "\0".join((patient_key, report_date or "", text))
    return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()[:16]
