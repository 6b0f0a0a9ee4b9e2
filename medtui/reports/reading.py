"""Bytes to documents, recursively: what is embedded in a file is read as what it is, not as what it is called."""

import base64
import importlib
import re
from collections.abc import Callable, Iterable, Iterator

import msgspec

from medtui.reports import content, encoding, labels
from medtui.reports.document import DirectoryEntry, Document, PatientRecord, References, UnreadFile
from medtui.reports.draft import Attachment, Draft, Found, Person, Skipped, Source, Unreadable
from medtui.reports.identity import Identity
from medtui.reports.mapping import Table

# Files inside files inside files: deeper than this nobody packs by hand.
DEEPEST = 5

_READERS: dict[str, str] = {
    "text": "plain",
    "pdf": "pdf",
    "docx": "word",
    "doc": "word97",
    "odt": "opendocument",
    "rtf": "rtf",
    "html": "markup",
    "xlsx": "sheets",
    "xls": "sheets",
    "ods": "sheets",
    "dicom": "dicom",
    "eml": "mail",
    "png": "scan",
    "jpeg": "scan",
    "tiff": "scan",
    "gif": "scan",
    "bmp": "scan",
    "zip": "archive",
    "tar": "archive",
    "gzip": "archive",
    "bzip2": "archive",
    "xz": "archive",
    "7z": "archive",
    "encrypted-office": "package",
    "hl7v2": "hl7v2",
    "json": "records",
    "ccda": "ccda",
    "fhir-xml": "fhir_xml",
    "xml": "ccda",
    "csv": "delimited",
}
ARCHIVES = frozenset(kind for kind, name in _READERS.items() if name == "archive")
# Where only tables are looked for, an archive's other files need not be parsed.
_WITHOUT_TABLES = frozenset(
    (
        "text",
        "pdf",
        "docx",
        "doc",
        "odt",
        "rtf",
        "html",
        "dicom",
        "png",
        "jpeg",
        "tiff",
        "gif",
        "bmp",
        "hl7v2",
        "ccda",
        "xml",
    )
)
# Formats that are known but hold no report text that could be read, and what to do instead.
_ADVICE: dict[str, str] = {
    "empty": "The file is empty; export it again.",
    "binary": "The content is of no known kind; export the report as PDF, Word or text.",
    "program": "It is a program, not a report; leave it out.",
    "database": "It is a database; export its tables as CSV.",
    "pptx": "It is a presentation; save it as PDF.",
    "msg": "It is an Outlook message; save it as .eml or PDF.",
    "ole": "It is an old Office file or protected by a password; save it as .docx, .xlsx or PDF without one.",
    "rar": "It is a RAR archive; unpack it and import the folder.",
    "zstandard": "It is packed with Zstandard; unpack it and import the result.",
}
# Parsers run on hostile bytes: whatever they raise means that the file is damaged. Running out of memory or being told
# to stop is the worker's business.
_BEYOND = (MemoryError, KeyboardInterrupt, SystemExit, GeneratorExit)

Result = Document | UnreadFile | PatientRecord | DirectoryEntry | References | Table


def read(source: Source, path: str, inner_path: str = "") -> Iterator[Result]:
    """Read bytes and everything embedded in them.

    Args:
        source: the bytes.
        path: the file on disk.
        inner_path: where inside that file the bytes stood.

    Returns:
        Documents, and a reason for each part that could not be read, in the order of the file.
    """
    yield from _read(source, path, inner_path, Identity(), None, 0)


def _read(
    source: Source, path: str, inner: str, identity: Identity, outer: Attachment | None, depth: int
) -> Iterator[Result]:
    if source.path is None:
        source.data = unwrapped(source.data)
    kind = recognise(source)
    count = 0
    if source.preview and kind in _WITHOUT_TABLES:
        return
    try:
        read_format = reader(kind)
    except Unreadable as error:
        yield UnreadFile(path, inner, kind, str(error))
        return
    try:
        for found in read_format(source):
            for result in _finished(found, source, path, inner, identity, outer, depth):
                count += 1
                yield result
        if not count:
            yield UnreadFile(path, inner, kind, "It holds no text; export it again with its content.")
    except Unreadable as error:
        yield UnreadFile(path, inner, kind, str(error))
    except _BEYOND:
        raise
    except Exception as error:
        # Only the kind of failure: the message of a parser may quote the report.
        yield UnreadFile(path, inner, kind, f"The content is damaged ({type(error).__name__}); export it again.")


_DATA_ADDRESS = re.compile(rb"\s*data:[\w/+.-]*(?:;[\w=-]+)*;base64,")
_BASE64 = re.compile(rb"[A-Za-z0-9+/\s]{64,}={0,2}\s*")


def unwrapped(data: bytes) -> bytes:
    """Take off base64 around some bytes, however often it was put on; text that only looks like it stays."""
    for _ in range(DEEPEST):
        address = _DATA_ADDRESS.match(data[:200])
        body = data[address.end() :] if address else data
        compact = b"".join(body.split()) if _BASE64.fullmatch(body) else b""
        if not compact or (not address and (len(compact) % 4 or body.count(b" ") > len(body) / 40)):
            return data
        inner = base64.b64decode(compact + b"=" * (-len(compact) % 4))
        if content.sniff(inner) in ("binary", "empty"):
            return data
        data = inner
    return data


def recognise(source: Source) -> str:
    """Name the format of some bytes from their content."""
    kind = content.sniff(source.data)
    if kind == "text":
        from medtui.reports.readers.delimited import looks_delimited

        text, _ = encoding.decode(source.data[:200_000])
        if looks_delimited(text.lstrip("\ufeff")):
            return "csv"
    return kind


def reader(kind: str) -> Callable[[Source], Iterable[Found]]:
    """Give the reader of a format; only formats that are met are loaded.

    Raises:
        Unreadable: there is none.
    """
    if kind not in _READERS:
        raise Unreadable(_ADVICE.get(kind, f"Files of the kind {kind} are not read; export the report as PDF or text."))
    read_format: Callable[[Source], Iterable[Found]] = importlib.import_module(
        f"medtui.reports.readers.{_READERS[kind]}"
    ).read
    return read_format


def _finished(
    found: Found, source: Source, path: str, inner: str, identity: Identity, outer: Attachment | None, depth: int
) -> Iterator[Result]:
    place = "!".join(part for part in (inner, found.inner) if part)
    if isinstance(found, Table):
        yield msgspec.structs.replace(found, inner=place)
    elif isinstance(found, Skipped):
        yield UnreadFile(path, place, found.format, found.reason)
    elif isinstance(found, Person):
        yield from _person(found, path, place)
    elif isinstance(found, Draft):
        yield from _document(found, path, place, identity, outer)
    elif depth >= DEEPEST:
        yield UnreadFile(
            path,
            place,
            content.sniff(found.data),
            f"It is packed more than {DEEPEST} deep; unpack it and import the folder.",
        )
    else:
        found.identity.merge(identity)
        embedded = msgspec.structs.replace(source, data=found.data, path=None)
        if found.member and content.sniff(found.data) not in ARCHIVES and not source.begin(place):
            return
        yield from _read(embedded, path, place, found.identity, found, depth + 1)


def _person(person: Person, path: str, place: str) -> Iterator[PatientRecord | DirectoryEntry]:
    keys, known = person.identity.patient_keys(), person.identity.known()
    if keys:
        yield PatientRecord(path, place, tuple(keys), known, person.identity.birth)
    if person.references:
        # What is known with a patient need not be known a second time.
        own = () if keys and not person.owners else known
        yield DirectoryEntry(person.references, own, person.owners, tuple(person.identity.refers))


def _document(draft: Draft, path: str, place: str, identity: Identity, outer: Attachment | None) -> Iterator[Result]:
    draft.identity.merge(identity)
    if outer is not None:
        draft.report_date = draft.report_date or outer.report_date
        draft.title = draft.title or outer.title
        draft.warnings += outer.warnings
    draft.clean()
    if not draft.text:
        return
    written = Identity()
    labels.collect(draft.original or draft.text, written)
    draft.identity.merge(written)
    draft.report_date = draft.report_date or labels.report_date(draft.text)
    draft.title = draft.title or labels.title(draft.text)
    document = draft.finish(path, place)
    yield document
    if draft.identity.refers:
        yield References(document.id, tuple(dict.fromkeys(draft.identity.refers)))
