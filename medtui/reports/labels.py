"""Identifiers in labelled lines, as forms and report heads write them: `Patient Name: ...`, `MRN: ...`."""

import re

from medtui.phi import Category
from medtui.reports.clean import clean_line
from medtui.reports.dates import iso_date
from medtui.reports.draft import Identity

_PERSON = (
    r"(?:referring|attending|consulting|ordering|admitting|reporting|treating|primary care|family|requesting)?\s*"
    r"(?:physician|doctor|consultant|radiologist|pathologist|surgeon|provider|clinician|practitioner)(?: name)?"
)
# Labels of report heads in the United States and India, and what their value is. The first that matches decides.
_LABELS: tuple[tuple[str, str], ...] = (
    (r"(?:patient(?:'s)?\s*name|name of (?:the )?patient|pt\.? name|name)", "patient name"),
    (r"(?:patient|pt)", "patient"),
    (r"(?:mrn|mr ?no|mr ?#|medical record (?:no|number|#)|med rec (?:no|#)|uhid(?: ?no)?|cr ?no|pid|patient ident\w*"
     r"|(?:hospital|patient) (?:no|number|id|#)|reg(?:istration|n)? ?(?:no|number|id)|unit (?:no|number)"
     r"|chart (?:no|#)|record (?:no|number))", "mrn"),
    (r"(?:(?:ip|op|ipd|opd) ?(?:no|number)|(?:visit|encounter) (?:no|number|id)|account (?:no|number|#)|acct ?(?:no|#)?"
     r"|csn|bill (?:no|number)|fin)", "ACCOUNT"),
    (r"(?:dob|d\.o\.b\.?|date of birth|birth ?date|born)", "birth"),
    (r"(?:aadhaar|aadhar)(?: card)?(?: (?:no|number))?", "AADHAAR"),
    (r"abha(?: (?:id|no|number|address))?", "ABHA"),
    (r"pan(?: card)?(?: (?:no|number))?", "PAN"),
    (r"(?:ssn|social security (?:no|number|#))", "SSN"),
    (r"(?:policy (?:no|number|id)|member (?:id|no|number)|insurance (?:id|no|number)|health plan (?:id|no|number)?"
     r"|beneficiary (?:id|no|number)|subscriber (?:id|no))", "HEALTH_PLAN"),
    (r"(?:phone|telephone|tel|mobile|cell|contact(?: (?:no|number))?|ph)(?: (?:no|number))?", "PHONE"),
    (r"(?:fax)(?: (?:no|number))?", "FAX"),
    (r"e-?mail(?: address)?", "EMAIL"),
    (r"(?:home |residential |mailing |street )?address", "LOCATION"),
    (r"(?:accession|acc|study|exam|lab|sample|specimen|requisition|order)(?: ?(?:no|number|id|#))+", "OTHER_ID"),
    (r"(?:licen[cs]e|registration|reg)(?: ?(?:no|number|#))+(?: of doctor)?", "LICENSE"),
    (r"(?:driving licen[cs]e|driver'?s licen[cs]e|dl)(?: ?(?:no|number|#))?", "DRIVING_LICENCE"),
    (r"passport(?: ?(?:no|number|#))?", "PASSPORT"),
    (r"voter(?: ?id)?(?: ?(?:no|number|#|card))?", "VOTER_ID"),
    (r"(?:vehicle|plate)(?: ?(?:no|number|#))+", "VEHICLE"),
    (r"(?:device|serial|pacemaker|implant)(?: (?:serial))?(?: ?(?:no|number|id|#))+", "DEVICE"),
    (rf"(?:{_PERSON}|(?:reported|dictated|signed|electronically signed|verified|approved|read|transcribed|authenticated"
     r"|referred|prepared|reviewed)(?: by)|ref(?:erred)?\.? (?:by|dr)|attending|consultant|next of kin"
     r"|emergency contact|spouse|father|mother|husband|wife|guardian|attendant|accompanied by|[sdwc]/o)", "person"),
    (r"(?:hospital|clinic|facility)(?: name)?", "LOCATION"),
)  # fmt: skip
_COMPILED = [(re.compile(rf"{pattern}\.?", re.IGNORECASE), kind) for pattern, kind in _LABELS]
_ANY = "|".join(pattern for pattern, _ in _LABELS)
# A value ends at wide space, a bar, the next label or the line's end; where a label stands alone, it is the next line.
_PAIR = re.compile(
    rf"(?<![A-Za-z./])({_ANY})\.?[ \t]*(?:[:=][ \t]*\n?[ \t]*|#[ \t]*|[ \t]?\|[ \t]*)(\S[^\n\t|;]*?)"
    rf"(?=[ \t]{{2,}}|[\t|;\n]|$|,?[ ](?:{_ANY}|age|sex|gender|date)\.?[ \t]*[:=#])",
    re.IGNORECASE | re.MULTILINE,
)
# Labels that are also everyday words count only where a line or a cell begins.
_EVERYDAY = frozenset(
    ("name", "patient", "pt", "attending", "consultant", "father", "mother", "husband", "wife", "spouse")
)
_IDENTIFIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9@._/+-]*(?: ?[0-9][0-9-]*)*")
_HEAD = 4000
_TAIL = 2000


def collect(text: str, identity: Identity) -> None:
    """Add what the labelled lines in a text's head and foot say about people.

    Args:
        text: the report's text.
        identity: receives the identifiers; the first patient name, record number and birth date also become its key.
    """
    parts = (text,) if len(text) <= _HEAD + _TAIL else (text[:_HEAD], text[-_TAIL:])
    for part in parts:
        for match in _PAIR.finditer(part):
            if match.group(1).lower() in _EVERYDAY and not _begins(part, match.start()):
                continue
            kind = _kind(match.group(1))
            value = clean_line(match.group(2)).strip(" ,")
            if kind and value and len(value) <= 120 and not value.endswith(":"):
                _add(identity, kind, value)


def _begins(text: str, start: int) -> bool:
    before = text[max(0, start - 3) : start]
    return not before.strip(" \t") or before.endswith(("\n", "  ", "\t", "|", "| ", "; ", ", ", "("))


def label_kind(label: str) -> str:
    """Tell what a form's label announces: "patient", "mrn", "birth", "person", a category's name, or nothing."""
    return _kind(label)


def add(identity: Identity, label: str, value: str) -> None:
    """Add a value under the label of its column or form field; labels that announce nobody are passed over."""
    kind = _kind(label)
    if kind:
        _add(identity, kind, clean_line(value))


def _kind(label: str) -> str:
    plain = " ".join(label.replace("_", " ").strip(" .#()").split())
    for pattern, kind in _COMPILED:
        if pattern.fullmatch(plain):
            return kind
    return ""


def _add(identity: Identity, kind: str, value: str) -> None:
    if kind.startswith("patient"):
        name = re.split(
            r"\s*[(/,]?\s*\b(?:\d{1,3}\s*(?:y|yr|yrs|years|/)|age\b|sex\b|male\b|female\b|dob\b|mrn\b)",
            value,
            flags=re.I,
        )[0]
        if _is_name(name, capitals=kind == "patient"):
            written = identity.add_written_name(name)
            identity.name = identity.name or written
    elif kind == "person":
        if _is_name(value):
            identity.add_written_name(value)
    elif kind == "mrn":
        number = _IDENTIFIER.match(value)
        if number and any(character.isdigit() for character in number.group()):
            identity.add(Category.MRN, number.group())
            identity.mrn = identity.mrn or number.group()
    elif kind == "birth":
        born = re.split(r"\s*[(]|\s+(?:age|sex)\b", value, flags=re.I)[0]
        identity.birth = identity.birth or identity.add_date(born)
    elif kind in ("LOCATION", "EMAIL") or any(character.isdigit() for character in value) or kind == "ABHA":
        identity.add(Category(kind), value)


def _is_name(value: str, *, capitals: bool = True) -> bool:
    words = value.replace(",", " ").split()
    if not 1 <= len(words) <= 7 or any(character.isdigit() for character in value) or not value[:1].isalpha():
        return False
    return not capitals or all(word[:1].isupper() or not word[:1].isalpha() or word in _PARTICLES for word in words)


_PARTICLES = frozenset(("de", "la", "van", "von", "der", "den", "bin", "al", "el", "da", "dos", "di", "du"))


_DATED = re.compile(
    r"(?:^|\s{2}|\||\t)[ \t]*"
    r"(?:date of (?:report|study|exam(?:ination)?|service|visit|discharge|consultation|procedure)"
    r"|(?:report|reported|study|exam|visit|service|discharge|consultation|collection|collected)(?:ed)? (?:date|on|at)"
    r"|date reported|dos|date|reported|collected|dated|discharged|seen on)"
    r"[ \t]*(?:/ ?time)?[ \t]*[:=][ \t]*([^\n|]{6,40})",
    re.IGNORECASE,
)
_TITLE_LABEL = re.compile(
    r"^[ \t]*(?:exam(?:ination)?|study|procedure|test|report type|document type|type of (?:report|study)|subject|re)"
    r"[ \t]*:[ \t]*(\S.*)$",
    re.IGNORECASE | re.MULTILINE,
)
_TITLE_WORDS = re.compile(
    r"\b(?:report|summary|note|letter|radiograph|x-?ray|ct|mri|ultrasound|usg|echocardiogra\w+|scan|mammogra\w+|panel"
    r"|profile|consultation|discharge|laboratory|haematology|hematology|biochemistry|(?:histo)?pathology"
    r"|history and physical)\b",
    re.IGNORECASE,
)


def report_date(text: str) -> str | None:
    """Give the date that a labelled line in the head of a report gives for it, in ISO form."""
    for match in _DATED.finditer(text[:_HEAD]):
        found = iso_date(match.group(1))
        if found:
            return found
    return None


def title(text: str) -> str:
    """Give what kind of report a text says it is, empty when it does not say."""
    head = text[:1500]
    match = _TITLE_LABEL.search(head)
    if match:
        return clean_line(match.group(1))[:120]
    for line in head.split("\n")[:12]:
        plain = clean_line(line).strip("*#=- ")
        if 3 < len(plain) <= 70 and ":" not in plain and not plain.endswith(".") and _TITLE_WORDS.search(plain):
            return plain
    return ""
