"""Identifiers in labelled lines, as forms and report heads write them: `Patient Name: ...`, `MRN: ...`."""

import functools
import re
from collections.abc import Callable

from medtui.phi import Category
from medtui.reports.clean import clean_line
from medtui.reports.dates import iso_date
from medtui.reports.identity import Identity

_NUMBER_KINDS = frozenset(
    ("mrn", "birth", "ACCOUNT", "AADHAAR", "ABHA", "PAN", "SSN", "HEALTH_PLAN", "PHONE", "FAX", "OTHER_ID", "LICENSE",
     "DRIVING_LICENCE", "PASSPORT", "VOTER_ID", "VEHICLE", "DEVICE")
)  # fmt: skip
_PERSON = (
    r"(?:referring|ref|attending|consulting|ordering|admitting|reporting|treating|primary care|family|requesting)?\s*"
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
    (r"(?:home |residential |mailing |street )?address(?: ?(?:line)? ?\d)?|city|town|village|district"
     r"|(?:pin|postal|post) ?code|zip(?: ?code)?", "LOCATION"),
    (r"age(?: ?/ ?(?:sex|gender))?", "AGE"),
    (r"accession", "OTHER_ID"),
    (r"(?:url|web ?site|portal)", "URL"),
    (r"(?:ip|ip address)", "IP"),
    (r"upi(?: id)?", "UPI"),
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


def _abbreviated(pattern: str) -> str:
    """Let words be shortened with dots, and written in one as fields of programs are: `Reg. No.`, `RegNo`, `REG_NO`."""
    return re.sub(r" \??", "[. _]{0,2}", pattern)


_KINDS = [(rf"{_abbreviated(pattern)}\.?", kind) for pattern, kind in _LABELS]
# Every label begins with a letter; looking for that first is what keeps the long alternation off most characters. The
# patterns with it run over text in lower case, because regular expressions that ignore case try every alternative.
_ANY = "(?=[a-z])(?:" + "|".join(_abbreviated(pattern) for pattern, _ in _LABELS) + ")"
_NEXT = (
    rf"(?=[ \t]{{2,}}|[\t|;\n]|$|,?[ ](?:{_ANY}|age|sex|gender|date)\.?(?:[ \t]*[:=#]|[ ][\w+-]*\d)|,[ ](?:age|sex)\b)"
)
# A value ends at wide space, a bar, the next label or the line's end; where a label stands alone, it is the next line.
_PAIR = (
    rf"(?<![a-z./])({_ANY})\.?[ \t]*(?:[:=][ \t]*\n?[ \t]*|#[ \t]*|[ \t]?\|[ \t]*|[ ][-\u2013][ ])"
    rf"(\S[^\n\t|;]*?){_NEXT}"
)
# Letters say `Medical Record No 00968240, DOB 11/03/89` without colons; only labels of numbers and dates may do so.
_NUMBERED = "|".join(_abbreviated(pattern) for pattern, kind in _LABELS if kind in _NUMBER_KINDS)
_SPACED = (
    rf"(?<![a-z./])(?=[a-z])({_NUMBERED})\.?[ ]((?:[a-z]{{2,4}} )?(?=[\w.+/-]*\d)[\w.+/-]+(?: [\d-]{{3,}}){{0,3}})"
)
_SUBJECT = rf"^[ \t]*(?:re|regarding|subject)[ \t]*:[ \t]*(\S[^\n;|]*?),?[ ](?:{_ANY}|age|sex)\b"


@functools.cache
def patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Give the long patterns; only processes that read reports need them, and making them takes a while."""
    return re.compile(_PAIR, re.MULTILINE), re.compile(_SPACED)


@functools.cache
def _subject() -> re.Pattern[str]:
    return re.compile(_SUBJECT, re.MULTILINE)


# What is looked for before that long pattern is made and used: few reports are letters.
_SUBJECT_LINE = re.compile(r"^[ \t]*(?:re|regarding|subject)[ \t]*:", re.MULTILINE)


# Labels that are also everyday words count only where a line or a cell begins.
_EVERYDAY = frozenset(
    (
        "name",
        "patient",
        "pt",
        "attending",
        "consultant",
        "father",
        "mother",
        "husband",
        "wife",
        "spouse",
        "born",
        "fin",
        "hospital",
        "clinic",
        "facility",
    )
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
    days = functools.cache(lambda: writes_day_first(text))
    for whole in (text,) if len(text) <= _HEAD + _TAIL else (text[:_HEAD], text[-_TAIL:]):
        part, numbered = _candidates(whole)
        if not part:
            continue
        lowered = _lowered(part)
        pair, spaced = patterns()
        for match in pair.finditer(lowered):
            if match.group(1) not in _EVERYDAY or _begins(part, match.start()):
                _found(identity, _whose(part, match), _written(part, match, 2), days)
        for match in spaced.finditer(_lowered(numbered)):
            _found(identity, _whose(numbered, match), _written(numbered, match, 2), days)
        if _SUBJECT_LINE.search(lowered):
            for match in _subject().finditer(lowered):
                _add(identity, "patient name", clean_line(_written(part, match, 1)).strip(" ,"), days)


_LOWER = {code: code + 32 for code in range(65, 91)}


def _lowered(text: str) -> str:
    """Give text in lower case, every character in its place: a few capitals of other scripts would grow."""
    lowered = text.lower()
    return lowered if len(lowered) == len(text) else text.translate(_LOWER)


def _written(text: str, match: re.Match[str], group: int) -> str:
    return text[match.start(group) : match.end(group)]


# Looked for one after the other, because that is many times faster than a pattern of all of them.
_SEPARATORS = (":", "|", "=", "#", " - ", " \u2013 ")
# Words of which every label has one; lines without any are passed over before the long patterns look at them.
_NUMBER_WORDS = frozenset((
    "no", "number", "id", "num", "mrn", "mr", "uhid", "cr", "pid", "ip", "op", "acct", "csn", "fin", "dob", "birth",
    "birthdate", "born", "aadhaar", "aadhar", "abha", "pan", "ssn", "phone", "telephone", "tel", "mobile", "cell",
    "contact", "ph", "fax", "accession", "dl", "licence", "license", "passport", "voter", "uhidno", "mrno", "ipno",
    "opno", "crno", "ipdno", "opdno", "regno", "ident", "identifier", "identification", "plan", "d",
))  # fmt: skip
_TELLTALE = _NUMBER_WORDS | frozenset((
    "name", "patient", "pt", "medical", "med", "hospital", "reg", "regn", "registration", "unit", "chart", "record",
    "ipd", "opd", "visit", "encounter", "account", "bill", "date", "social", "policy", "member", "insurance", "health",
    "beneficiary", "subscriber", "email", "mail", "address", "city", "town", "village", "district", "pin", "postal",
    "post", "zip", "zipcode", "pincode", "postcode", "postalcode", "age", "acc", "study", "exam", "lab", "sample",
    "specimen", "requisition", "order", "url", "website", "web", "portal", "upi", "driving", "driver", "voterid",
    "vehicle", "plate", "device", "serial", "pacemaker", "implant", "physician", "doctor", "consultant", "radiologist",
    "pathologist", "surgeon", "provider", "clinician", "practitioner", "reported", "dictated", "signed", "verified",
    "approved", "read", "transcribed", "authenticated", "referred", "prepared", "reviewed", "ref", "attending", "next",
    "kin", "emergency", "spouse", "father", "mother", "husband", "wife", "guardian", "attendant", "accompanied", "s",
    "w", "c", "o", "clinic", "facility", "re", "regarding", "subject",
))  # fmt: skip


# How labels end that are written in one word: `PatientName`, `MOBILENO`.
_ENDS = ("name", "no", "number", "num", "id", "code", "by", "date", "birth", "address")

# All but small letters and line ends, to be taken out of ASCII text at once.
_APART = {code: " " for code in range(128) if not chr(code).islower() and code != 10} | _LOWER
_NO_WORD = re.compile(r"[^a-z\n]+")


def _words_alone(text: str) -> str:
    """Give a text's words in lower case, spaces between them, on the lines where they stand."""
    return text.translate(_APART) if text.isascii() else _NO_WORD.sub(" ", text.lower())


_DIGIT = re.compile(r"\d")


def _tells(line: str, words: list[str]) -> bool:
    if _TELLTALE.isdisjoint(words):
        return (":" in line or "=" in line) and any(word.endswith(_ENDS) for word in words)
    for separator in _SEPARATORS:
        if separator in line:
            return True
    if not _DIGIT.search(line) or _NUMBER_WORDS.isdisjoint(words):
        return False
    # Without a separator, the number follows its label at once, or after two or three capitals.
    written = line.split()
    labels = (at for at, word in enumerate(written, start=1) if word.strip(".,()").lower() in _NUMBER_WORDS)
    return any(_DIGIT.search(" ".join(written[at : at + 2])) for at in labels)


def _candidates(text: str) -> tuple[str, str]:
    """Give the lines that may hold a label with its value, and those of them that may do so without a separator.

    A line that ends in a colon brings its next one along.
    """
    kept: list[str] = []
    numbered: list[str] = []
    open_label = False
    for line, spoken in zip(text.split("\n"), _words_alone(text).split("\n"), strict=True):
        words = spoken.split()
        if open_label or _tells(line, words):
            kept.append(line)
            if not _NUMBER_WORDS.isdisjoint(words) and _DIGIT.search(line):
                numbered.append(line)
            open_label = line.rstrip().endswith((":", "="))
    return "\n".join(kept), "\n".join(numbered)


_CLINICIAN = re.compile(r"\b(?:Dr|MD|MBBS|DNB|NPI|FRCR|FACR|Consultant|[A-Z]MC)\b")


def _whose(text: str, match: re.Match[str]) -> str:
    """Give a label's kind; a registration number on a clinician's line is the clinician's."""
    kind = _kind(match.group(1))
    if kind == "mrn" and match.group(1).lower().startswith("reg"):
        line = text[text.rfind("\n", 0, match.start()) + 1 : match.start()]
        return "LICENSE" if _CLINICIAN.search(line) and "\n" not in line.strip() else kind
    return kind


def _found(identity: Identity, kind: str, written: str, days: Callable[[], bool]) -> None:
    value = clean_line(written).strip(" ,")
    if kind and value and len(value) <= 120 and not value.endswith(":"):
        _add(identity, kind, value, days)


_NUMERIC_DATE = re.compile(r"(?<!\d)(\d{1,2})[/.-](\d{1,2})[/.-](?:\d{4}|\d{2})(?!\d)")
# Signs of a place that writes the day first; the United States and the Philippines are alone in not doing so.
_DAY_FIRST_PLACES = re.compile(
    r"\b(?:UHID|Aadhaar|ABHA|IPD|OPD|MBBS|FRCR|MRCP|DNB|NHS|lakh|Nagar|Marg|Chowk)\b|\+91|\+44"
    r"|\b[1-9]\d{2} ?\d{3}\b(?!\d)"
)
_MONTH_FIRST_PLACES = re.compile(r"\b[A-Z]{2} \d{5}(?:-\d{4})?\b|\b(?:SSN|NPI|Medicare|Medicaid)\b")


def writes_day_first(text: str) -> bool:
    """Tell whether 03/04/2020 in a text is the third of April: by its other dates, else by where it comes from."""
    text = text if len(text) <= _HEAD + _TAIL else f"{text[:_HEAD]}\n{text[-_TAIL:]}"
    pairs = [(int(first), int(second)) for first, second in _NUMERIC_DATE.findall(text)]
    if not pairs:
        return False
    days, months = sum(first > 12 for first, _ in pairs), sum(second > 12 for _, second in pairs)
    if days != months:
        return days > months
    return bool(_DAY_FIRST_PLACES.search(text)) and not _MONTH_FIRST_PLACES.search(text)


def _begins(text: str, start: int) -> bool:
    before = text[max(0, start - 3) : start]
    return not before.strip(" \t") or before.endswith(("\n", "  ", "\t", "|", "| ", "; ", ", ", "("))


def label_kind(label: str) -> str:
    """Tell what a form's label announces: "patient", "mrn", "birth", "person", a category's name, or nothing."""
    return _kind(label)


def add(identity: Identity, label: str, value: str, days: bool) -> None:
    """Add a value under the label of its column or form field; labels that announce nobody are passed over.

    Args:
        identity: receives it.
        label: the column's heading in plain words.
        value: the cell.
        days: whether dates are written day first.
    """
    kind = _kind(label)
    if kind:
        _add(identity, kind, clean_line(value), lambda: days)


@functools.lru_cache(maxsize=1024)
def _kind(label: str) -> str:
    plain = " ".join(label.replace("_", " ").strip(" .#()").split())
    return next((kind for pattern, kind in _KINDS if re.fullmatch(pattern, plain, re.IGNORECASE)), "")


def _add(identity: Identity, kind: str, value: str, days: Callable[[], bool]) -> None:
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
        identity.birth = identity.birth or identity.add_date(born, day_first=days())
    elif kind == "AGE":
        years = re.match(r"\d{2,3}", value)
        # The cell as it stands: a bare number would be taken out of measurements too.
        if years and int(years.group()) > 89:
            identity.add(Category.AGE, value if value != years.group() else f"{value} year")
    elif kind in ("LOCATION", "EMAIL") or any(character.isdigit() for character in value) or kind == "ABHA":
        identity.add(Category(kind), value)


def _is_name(value: str, *, capitals: bool = True) -> bool:
    words = value.replace(",", " ").split()
    if not 1 <= len(words) <= 7 or any(character.isdigit() for character in value) or not value[:1].isalpha():
        return False
    return not capitals or all(word[:1].isupper() or not word[:1].isalpha() or word in _PARTICLES for word in words)


_PARTICLES = frozenset(("de", "la", "van", "von", "der", "den", "bin", "al", "el", "da", "dos", "di", "du"))


_DATED = re.compile(
    r"(?:^|\s{2}|\||\t|, )[ \t]*"
    r"(?:date of (?:report|study|exam(?:ination)?|service|visit|discharge|consultation|procedure)"
    r"|(?:report|reported|study|exam|visit|service|discharge|consultation|collection|collected)(?:ed)? (?:date|on|at)"
    r"|date reported|dos|date|reported|collected|dated|discharged|seen on)"
    r"[ \t]*(?:/ ?time)?[ \t]*[:= |-][ \t]*-?[ \t]*([^\n|]{6,40})",
    re.MULTILINE,
)
_LONE_DATE = re.compile(
    r"^[ \t]*((?:\d{1,4}(?:st|nd|rd|th)?[ ./-])?(?:\d{1,2}|[a-z]{3,9})[ ./,-]+\d{1,4}(?:, ?\d{4})?)[ \t]*$",
    re.MULTILINE,
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
    head = text[:_HEAD]
    lowered = _lowered(head)
    days = functools.cache(lambda: writes_day_first(text))
    for pattern in (_DATED, _LONE_DATE):
        for match in pattern.finditer(lowered):
            found = iso_date(_written(head, match, 1), day_first=days())
            if found and len(found) == 10:
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
