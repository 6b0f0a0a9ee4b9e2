"""Which column of a table is the report, which the patient, which the date: guessed from headings and contents."""

import hashlib
import re
from collections.abc import Callable

from medtui.phi import Category
from medtui.reports import labels
from medtui.reports.dates import iso_date
from medtui.reports.mapping import Mapping

_REPORT = re.compile(
    r"^(?:full |clinical |radiology |lab |section |progress )?(?:report|note|document|result|letter|discharge)?s? ?"
    r"(?:text|body|content|narrative|report|note|summary|transcription|contents|full text|rtf|html)s?$"
)
_DATE = re.compile(
    r"^(?:report(?:ed)?|study|exam|service|visit|note|encounter|result|collection|discharge|document|created?|signed)?"
    r" ?(?:date|datetime|date time|on|dt|dos)(?: time| of service)?$"
)
_TITLE = re.compile(
    r"^(?:exam|study|procedure|test|report|note|document|order)?"
    r" ?(?:type|title|name|description|modality|exam|study|procedure)$"
)
_LINE = re.compile(r"^line(?: ?(?:no|num|number|id|sequence))?$|^(?:note |text )?sequence$")
_REPORT_ID = re.compile(r"^(?:report|note|document|result|accession)(?: ?csn)? ?(?:id|no|number|key)?$")
# Headings of the parts of a patient's name.
GIVEN = frozenset((
    "first name", "given name", "given names", "firstname", "patient first name", "fname", "forename", "first",
    "middle name", "middle", "mname",
))  # fmt: skip
FAMILY = frozenset(("last name", "family name", "surname", "lastname", "patient last name", "lname", "last", "family"))
# A heading that names the patient by a number or code of some kind.
_PATIENT = re.compile(r"(?:subject|pat|patient|person|member|client)(?: ?(?:id|key|no|num|number|code))?")
# What tells a table about people from one about results or visits, which has numbers and dates too.
_PERSONAL = frozenset((
    Category.NAME, Category.LOCATION, Category.PHONE, Category.EMAIL, Category.SSN, Category.HEALTH_PLAN,
    Category.AADHAAR, Category.ABHA, Category.PAN, Category.PASSPORT, Category.DRIVING_LICENCE,
))  # fmt: skip
# Headings of numbers that are nobody's in particular here and somebody's elsewhere.
_NUMBERS = re.compile(r"\b(?:id|no|num|number|key|csn|guid|uid|serial|code)\b")
# A column of running text has longer values than codes, names and numbers have.
_PROSE = 60


def signature(headers: list[str]) -> str:
    """Give a short name for a table's set of headings, by which a chosen mapping is remembered."""
    return hashlib.sha256("\x1f".join(plain(name) for name in headers).encode("utf-8", "replace")).hexdigest()[:12]


def plain(name: str) -> str:
    """Give a heading in plain lower-case words: `ReportText`, `report_text` and `REPORT TEXT` are the same."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    return " ".join(re.sub(r"[_.\-\s]+", " ", spaced).casefold().split())


def identifying(name: str) -> Category | None:
    """Tell by its heading whom or what a column identifies.

    Args:
        name: the heading as written.

    Returns:
        None when nothing in the heading says so.
    """
    label = plain(name)
    kind = "patient" if label in GIVEN | FAMILY else labels.label_kind(label)
    if kind.startswith("patient") or kind == "person":
        return Category.NAME
    if kind in ("mrn", "birth"):
        return Category.MRN if kind == "mrn" else Category.DATE
    if kind:
        return Category(kind)
    return Category.OTHER_ID if is_number(label) else None


def numbers_patient(name: str) -> bool:
    """Tell by its heading whether a column holds a number of the patient's, one of several perhaps."""
    label = plain(name)
    kind = labels.label_kind(label)
    return kind == "mrn" or (not kind and bool(_PATIENT.fullmatch(label)))


def about_people(headers: list[str], mapping: Mapping) -> str:
    """Tell whether a table without reports says who the patients are.

    Args:
        headers: the table's headings.
        mapping: what was guessed or chosen for it.

    Returns:
        The column that tells patients apart, empty when the table is about something else.
    """
    own = mapping.patient or _first(headers, lambda name: plain(name) in ("id", "key", "code", "no", "number"))
    told = [name for name in headers if name != own and identifying(name) in _PERSONAL]
    return own if told else ""


def is_number(label: str) -> bool:
    """Tell whether a plain heading announces a number of something."""
    return bool(_NUMBERS.search(label))


def guess(headers: list[str], rows: list[list[str]]) -> Mapping:
    """Guess what each column is.

    Args:
        headers: the table's headings.
        rows: its first rows, some dozens.
    """
    columns = {name: [row[place] for row in rows if place < len(row)] for place, name in enumerate(headers)}
    kinds = {name: labels.label_kind(plain(name)) for name in headers}
    mapping = Mapping(_report(headers, columns, kinds))
    rest = [name for name in headers if name not in mapping.report]
    mapping.patient = (
        _first(rest, lambda name: kinds[name] == "mrn")
        or _first(
            rest,
            lambda name: bool(_PATIENT.fullmatch(plain(name))),
        )
        or _first(rest, lambda name: kinds[name].startswith("patient"))
    )
    mapping.date = _date(rest, columns, kinds)
    mapping.title = _first(
        [name for name in rest if name != mapping.date],
        lambda name: bool(_TITLE.match(plain(name))) and kinds[name] == "",
    )
    mapping.line = _first(
        rest, lambda name: bool(_LINE.match(plain(name))) and all(value.strip().isdigit() for value in columns[name])
    )
    if mapping.line:
        mapping.report_id = _first(rest, lambda name: bool(_REPORT_ID.match(plain(name))))
        mapping.line = mapping.line if mapping.report_id else ""
    return mapping


def _report(headers: list[str], columns: dict[str, list[str]], kinds: dict[str, str]) -> list[str]:
    from medtui.reports.sections import is_heading

    lengths = {name: _typical(values) for name, values in columns.items()}
    parts = [
        name for name in headers if is_heading(plain(name)) and lengths[name] >= 15 and not _REPORT.match(plain(name))
    ]
    named = [name for name in headers if _REPORT.match(plain(name)) and lengths[name] >= 15]
    if named:
        return [max(named, key=lambda name: lengths[name])]
    if len(parts) > 1 or (parts and lengths[parts[0]] >= _PROSE):
        return parts
    prose = [name for name in headers if lengths[name] >= _PROSE and not kinds[name]]
    return [max(prose, key=lambda name: lengths[name])] if prose else []


def _typical(values: list[str]) -> float:
    filled = sorted(len(value) for value in values if value.strip())
    return filled[len(filled) // 2] if filled else 0.0


def _date(names: list[str], columns: dict[str, list[str]], kinds: dict[str, str]) -> str:
    dated = [
        name
        for name in names
        if kinds[name] != "birth"
        and (filled := [value for value in columns[name] if value.strip()])
        and sum(iso_date(value) is not None for value in filled) > 0.7 * len(filled)
        and (any(not value.strip().isdigit() for value in filled) or _DATE.match(plain(name)))
    ]
    return _first(dated, lambda name: bool(_DATE.match(plain(name)))) or (dated[0] if dated else "")


def _first(names: list[str], wanted: Callable[[str], bool]) -> str:
    return next((name for name in names if wanted(name)), "")
