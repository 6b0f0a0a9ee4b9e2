"""HL7 version 2: results (ORU, OUL), documents (MDM) and whatever else carries OBX or NTE text."""

import base64
import binascii
import re
from collections.abc import Iterator

import msgspec

from medtui.reports import encoding
from medtui.reports.dates import iso_date
from medtui.reports.document import Section
from medtui.reports.draft import Attachment, Draft, Found, Person, Skipped, Source, Unreadable
from medtui.reports.identity import Identity
from medtui.reports.readers.hl7_message import Message, messages
from medtui.reports.readers.hl7_people import collect
from medtui.reports.sections import code_of, is_heading, split_sections

# MSH-18 names (HL7 table 0211) and the codecs they mean.
_CHARACTER_SETS = {"8859/1": "cp1252", "8859/2": "iso8859-2", "8859/5": "iso8859-5", "UNICODE UTF-8": "utf-8"}
_DECLARED = re.compile(rb"MSH(.)(?:[^\r\n]*?\1){16}([^|\r\n]*)")
_TEXTUAL = frozenset(("TX", "FT", "ST", "CF", "RT", ""))
# Kinds of event whose messages are reports; others that carry no text are named as what they are.
_LOINC = frozenset(("LN", "LOINC"))


def read(source: Source) -> Iterator[Found]:
    """Read every message of a file as a report.

    Raises:
        Unreadable: no message begins in it.
    """
    declared = _DECLARED.search(source.data[:4096])
    name = declared.group(2).decode("latin-1").split("~")[0].strip() if declared else ""
    text, _ = encoding.decode(source.data, _CHARACTER_SETS.get(name, name))
    found = 0
    for number, segments in enumerate(messages(text), start=1):
        found += 1
        inner = f"message {number}"
        try:
            yield from _message(Message(segments), inner)
        except Unreadable as error:
            yield Skipped(inner, str(error), "hl7v2")
    if not found:
        raise Unreadable("It holds HL7 segments but no message with an MSH segment; export it whole.")


_NOTE = "Note"


class _Part(msgspec.Struct):
    """Lines below each other.

    Attributes:
        title: heading that clinical reports use; empty where there is none.
        code: LOINC code.
        lines: the text.
        name: what the observation is called.
    """

    title: str
    code: str
    lines: list[str]
    name: str = ""


class _Group(msgspec.Struct):
    """What one order (OBR, TXA or the message itself) reports."""

    title: str = ""
    code: str = ""
    parts: list[_Part] = msgspec.field(default_factory=list)
    notes: list[str] = msgspec.field(default_factory=list)

    def place_notes(self, *, followed: bool) -> None:
        """Put a run of notes where it belongs: below a result among results, else as a part of its own."""
        lines, self.notes = self.notes, []
        if not any(line.strip() for line in lines):
            return
        text = "\n".join(lines)
        if followed and self.parts and not any(part.title for part in split_sections(text)):
            self.parts[-1].lines.append(text)
        else:
            self.parts.append(_Part(_NOTE, "", [text]))

    def add(self, title: str, code: str, line: str, name: str = "") -> None:
        """Add a line, to the part before it where that is called the same."""
        if self.parts and (self.parts[-1].title, _letters(self.parts[-1].name)) == (title, _letters(name)):
            self.parts[-1].lines.append(line)
        else:
            self.parts.append(_Part(title, code, [line], name))

    def told_apart(self) -> bool:
        """Tell whether the names of texts without a known heading tell them apart, as headings do."""
        return len({_letters(part.name) for part in self.parts if not part.title} - {""}) > 1


def _letters(name: str) -> str:
    # Some systems number the lines of a text in the name of each, and some names only say that it is text.
    letters = _NO_LETTER.sub("", name).casefold()
    return "" if letters in _SAYS_NOTHING else letters


_SAYS_NOTHING = frozenset((
    "text", "report", "reporttext", "line", "narrative", "document", "result", "results", "observation", "value",
    "generaltext", "freetext", "diagnosticimagingreport", "radiologyreport",
))  # fmt: skip
_NO_LETTER = re.compile(r"[\d\W_]+")


def _message(message: Message, inner: str) -> Iterator[Found]:
    identity = Identity()
    collect(message, identity)
    groups = [_Group()]
    date: str | None = None
    attachments: list[Found] = []
    for segment in message.segments:
        if segment[0] != "NTE":
            groups[-1].place_notes(followed=segment[0] == "OBX")
        if segment[0] in ("OBR", "TXA"):
            groups.append(_order(message, segment))
            date = date or _ordered(message, segment)
        elif segment[0] == "OBX":
            value = _embedded(message, segment, f"{inner}!OBX {len(attachments) + 1}")
            if value is not None:
                attachments.append(value)
            else:
                _observation(message, segment, groups[-1])
                date = date or iso_date(message.field(segment, 14))
        elif segment[0] == "NTE":
            groups[-1].notes += [message.text(part) for part in message.repeats(message.field(segment, 3))]
    groups[-1].place_notes(followed=False)
    date = date or iso_date(message.component(message.field(message.segments[0], 7), 1))
    title = next((group.title for group in groups if group.title), "")
    sections = [section for group in groups for section in _sections(group)]
    if sections:
        yield Draft("hl7v2", sections=sections, identity=identity, report_date=date, title=title, inner=inner)
    for attachment in attachments:
        if isinstance(attachment, Attachment):
            attachment.identity, attachment.report_date, attachment.title = identity, date, title
        yield attachment
    if not sections and not attachments and identity.mrn:
        # Admissions and registrations come beside the results: what they say is used for the patient's reports.
        yield Person(inner, identity)
    elif not sections and not attachments:
        raise Unreadable(f"An HL7 {_kind(message)} message without report text (no OBX or NTE); nothing to learn from.")


def _kind(message: Message) -> str:
    return message.kind if re.fullmatch("[A-Z]{3}", message.kind) else "v2"


def _order(message: Message, segment: list[str]) -> _Group:
    if segment[0] == "TXA":
        return _Group(message.component(message.field(segment, 2), 2))
    service = message.field(segment, 4)
    code = message.component(service, 1) if message.component(service, 3) in _LOINC else ""
    return _Group(message.component(service, 2) or message.component(service, 5) or message.component(service, 1), code)


def _ordered(message: Message, segment: list[str]) -> str | None:
    # OBR-7 observation time, OBR-22 results reported; TXA-4 activity, TXA-6 origination (HL7 v2.5.1, 4.5.3 and 9.6.1).
    numbers = (7, 22, 14) if segment[0] == "OBR" else (4, 6, 7)
    return next(
        (found for number in numbers if (found := iso_date(message.component(message.field(segment, number), 1)))), None
    )


def _observation(message: Message, segment: list[str], group: _Group) -> None:
    identifier = message.field(segment, 3)
    name = message.component(identifier, 2) or message.component(identifier, 5) or message.component(identifier, 1)
    kind = message.field(segment, 2).strip().upper()
    values = message.repeats(message.field(segment, 5))
    if not any(value.strip() for value in values):
        return
    if kind in _TEXTUAL or (kind not in ("NM", "SN", "CE", "CWE", "CNE", "DT", "TS", "TM") and "\n" in values[0]):
        text = "\n".join(
            message.text(value.replace("\n", " ")) if kind != "FT" else message.text(value) for value in values
        )
        if kind == "ST" and len(text) < 80 and not is_heading(name):
            group.add("Results", "30954-2", _result(message, segment, name, text))
            return
        code = message.component(identifier, 1) if message.component(identifier, 3) in _LOINC else ""
        known = is_heading(name)
        group.add(name if known else "", code or code_of(name), text, "" if known else name)
        return
    text = "; ".join(message.joined(value) if kind not in ("CWE", "CE") else _coded(message, value) for value in values)
    group.add("Results", "30954-2", _result(message, segment, name, text))


def _coded(message: Message, value: str) -> str:
    return message.parts(value, 2) or message.parts(value, 9) or message.parts(value, 1)


def _result(message: Message, segment: list[str], name: str, value: str) -> str:
    units = message.component(message.field(segment, 6), 1)
    expected = message.text(message.field(segment, 7))
    flag = message.component(message.field(segment, 8), 1)
    line = f"{name}: {value}" if name else value
    line += f" {units}" if units else ""
    line += f" (reference {expected})" if expected else ""
    return line + (f" [{flag}]" if flag and flag not in ("N", '""') else "")


def _sections(group: _Group) -> list[Section]:
    sections: list[Section] = []
    apart = group.told_apart()
    for part in group.parts if apart else _joined(group.parts):
        text = "\n".join(part.lines)
        if part.title == _NOTE:
            sections += [Section(found.title or _NOTE, found.code, found.text) for found in split_sections(text)]
            continue
        if part.title:
            sections.append(Section(part.title, part.code, text))
            continue
        own = part.name if apart and _letters(part.name) else group.title
        for number, found in enumerate(split_sections(text)):
            title = found.title or (own if number == 0 else "")
            code = found.code or (part.code or group.code if not found.title else "")
            sections.append(Section(title, code, found.text))
    return sections


def _joined(parts: list[_Part]) -> list[_Part]:
    """Put texts together that nothing tells apart."""
    joined: list[_Part] = []
    for part in parts:
        if joined and not part.title and not joined[-1].title:
            joined[-1].lines += part.lines
        else:
            joined.append(_Part(part.title, part.code, list(part.lines)))
    return joined


_BASE64 = re.compile(r"[A-Za-z0-9+/\s]{200,}={0,2}\s*")


def _embedded(message: Message, segment: list[str], inner: str) -> Found | None:
    """Give the file embedded in an observation: encapsulated data, or long base64 under any other type."""
    kind = message.field(segment, 2).strip().upper()
    raw = message.field(segment, 5)
    if kind == "ED":
        return _encapsulated(message, raw, inner)
    if len(raw) > 400 and _BASE64.fullmatch(raw):
        return _decoded(inner, raw)
    if kind == "RP":
        return Skipped(inner, "It only refers to a document stored elsewhere; export that document too.", "hl7v2")
    return None


def _encapsulated(message: Message, raw: str, inner: str) -> Found:
    payload, coded = message.components(raw)[-1], message.component(raw, 4).upper()
    if len(payload.strip()) < 8:
        return Skipped(inner, "The embedded document is empty; export it with its content.", "hl7v2")
    if coded == "HEX":
        return _hexadecimal(inner, payload)
    if coded != "BASE64" and not _BASE64.fullmatch(payload):
        return Attachment(inner, message.text(payload).encode())
    return _decoded(inner, payload)


def _decoded(inner: str, payload: str) -> Found:
    try:
        return Attachment(inner, base64.b64decode(re.sub(r"\\\.br\\|\s", "", payload) + "==", validate=False))
    except (binascii.Error, ValueError):
        return Skipped(inner, "The embedded document's base64 is damaged; export it again.", "hl7v2")


def _hexadecimal(inner: str, payload: str) -> Found:
    try:
        return Attachment(inner, bytes.fromhex(payload))
    except ValueError:
        return Skipped(inner, "The embedded document's hexadecimal text is damaged; export it again.", "hl7v2")
