"""DICOM structured reports and documents encapsulated in DICOM, by pydicom; pictures are named as what they are."""

import io
from collections.abc import Iterator
from typing import Any

import pydicom
from pydicom.errors import InvalidDicomError

from medtui.phi import Category
from medtui.reports.dates import iso_date
from medtui.reports.document import Section
from medtui.reports.draft import Attachment, Draft, Found, Source, Unreadable
from medtui.reports.identity import Identity

# SOP classes (DICOM PS3.6, annex A): structured reports; encapsulated PDF, CDA.
_REPORTS, _ENCAPSULATED = "1.2.840.10008.5.1.4.1.1.88.", "1.2.840.10008.5.1.4.1.1.104."
_DEEPEST = 60
_NUMBERS = (
    ("PatientID", Category.MRN), ("OtherPatientIDs", Category.MRN), ("AccessionNumber", Category.OTHER_ID),
    ("StudyID", Category.OTHER_ID), ("DeviceSerialNumber", Category.DEVICE), ("AdmissionID", Category.ACCOUNT),
    ("MilitaryRank", Category.OTHER_ID), ("StationName", Category.DEVICE), ("MedicalRecordLocator", Category.MRN),
)  # fmt: skip
_NAMES = (
    "PatientName", "OtherPatientNames", "PatientBirthName", "PatientMotherBirthName", "ResponsiblePerson",
    "ReferringPhysicianName", "PerformingPhysicianName", "NameOfPhysiciansReadingStudy", "OperatorsName",
    "RequestingPhysician", "PhysiciansOfRecord", "VerifyingObserverName", "ContentCreatorName",
)  # fmt: skip
_PLACES = ("InstitutionName", "InstitutionAddress", "InstitutionalDepartmentName", "PatientAddress")


def read(source: Source) -> Iterator[Found]:
    """Read a structured report as one report, or what is encapsulated.

    Raises:
        Unreadable: damaged, or a picture without a report.
    """
    try:
        data = pydicom.dcmread(io.BytesIO(source.data), force=True)
        kind = str(data.get("SOPClassUID", ""))
    except (InvalidDicomError, EOFError, ValueError, KeyError, AttributeError, NotImplementedError, OSError) as error:
        raise Unreadable("The DICOM file is damaged or cut off; export it again.") from error
    identity = Identity()
    _people(data, identity)
    date = next(
        (found for key in ("ContentDate", "StudyDate", "SeriesDate") if (found := iso_date(str(data.get(key, ""))))),
        None,
    )
    if kind.startswith(_ENCAPSULATED) and "EncapsulatedDocument" in data:
        body = bytes(data.EncapsulatedDocument)[: int(data.get("EncapsulatedDocumentLength", 0) or 0) or None]
        yield Attachment("encapsulated document", body, identity, date, str(data.get("DocumentTitle", "")))
        return
    sections = _sections(data)
    if not sections:
        named = getattr(data.get("SOPClassUID", None), "name", "") if kind else ""
        what = f"a DICOM object ({named})" if named and not named[0].isdigit() else "a DICOM object"
        raise Unreadable(f"It is {what} without report text; export the report itself as SR, PDF or text.")
    title = _meaning(data.get("ConceptNameCodeSequence")) or str(data.get("StudyDescription", ""))
    yield Draft("dicom", sections=sections, identity=identity, report_date=date, title=title)


def _sections(data: Any) -> list[Section]:
    """Walk the content tree: containers are headings, everything else is a line."""
    parts: list[tuple[str, str, list[str]]] = [("", "", [])]
    stack: list[tuple[Any, int]] = [(item, 0) for item in reversed(list(data.get("ContentSequence", [])))]
    while stack:
        item, depth = stack.pop()
        kind = str(item.get("ValueType", ""))
        name, code = _meaning(item.get("ConceptNameCodeSequence")), _loinc(item.get("ConceptNameCodeSequence"))
        if kind == "CONTAINER":
            parts.append((name, code, []))
        else:
            value = _value(item, kind)
            if value and kind == "TEXT" and len(value) > 40:
                parts.append((name, code, [value]))
            elif value:
                parts[-1][2].append(f"{name}: {value}" if name else value)
        if depth < _DEEPEST:
            stack.extend((child, depth + 1) for child in reversed(list(item.get("ContentSequence", []))))
    return [Section(title, code, "\n".join(lines)) for title, code, lines in parts if lines]


def _value(item: Any, kind: str) -> str:
    if kind == "NUM":
        return "; ".join(
            f"{measured.get('NumericValue', '')} {_unit(measured)}".strip()
            for measured in item.get("MeasuredValueSequence", [])
        )
    if kind == "CODE":
        return _meaning(item.get("ConceptCodeSequence"))
    keys = {"TEXT": "TextValue", "DATE": "Date", "TIME": "Time", "DATETIME": "DateTime", "PNAME": "PersonName"}
    return str(item.get(keys[kind], "")).replace("^", " ").strip() if kind in keys else ""


def _unit(measured: Any) -> str:
    sequence = measured.get("MeasurementUnitsCodeSequence", None)
    code = str(sequence[0].get("CodeValue", "")) if sequence else ""
    return "" if code in ("1", "no units") else code


def _meaning(sequence: Any) -> str:
    sequence = getattr(sequence, "value", sequence)
    return str(sequence[0].get("CodeMeaning", "")).strip() if sequence else ""


def _loinc(sequence: Any) -> str:
    sequence = getattr(sequence, "value", sequence)
    return (
        str(sequence[0].get("CodeValue", ""))
        if sequence and sequence[0].get("CodingSchemeDesignator", "") == "LN"
        else ""
    )


def _people(data: Any, identity: Identity) -> None:
    identity.mrn = str(data.get("PatientID", "") or "").strip()
    name = str(data.get("PatientName", "") or "")
    family, _, given = name.split("=")[0].partition("^")
    identity.name = f"{given.replace('^', ' ')} {family}".strip()
    for key, kind in _NUMBERS:
        for value in _values(data.get(key)):
            if len(value) > 3 or key == "PatientID":
                identity.add(kind, value)
    for key in _PLACES:
        for value in _values(data.get(key)):
            identity.add(Category.LOCATION, value)
    for value in _values(data.get("PatientTelephoneNumbers")):
        identity.add(Category.PHONE, value)
    born = str(data.get("PatientBirthDate", "") or "")
    identity.birth = identity.add_date(born) if iso_date(born) else ""
    for person in _persons(data):
        for spelled in person.split("="):
            family, _, given = spelled.partition("^")
            identity.add_name(given.replace("^", " ").split(), family)


def _persons(data: Any) -> Iterator[str]:
    for key in _NAMES:
        yield from _values(data.get(key))
    stack = [
        *data.get("ContentSequence", []),
        *data.get("VerifyingObserverSequence", []),
        *data.get("AuthorObserverSequence", []),
    ]
    seen = 0
    while stack and seen < 100_000:
        item = stack.pop()
        seen += 1
        for key in ("PersonName", "VerifyingObserverName"):
            yield from _values(item.get(key))
        stack.extend(item.get("ContentSequence", []))


def _values(value: Any) -> list[str]:
    value = getattr(value, "value", value)
    if value is None or value == "":
        return []
    many = isinstance(value, (list, tuple)) or type(value).__name__ == "MultiValue"
    return [str(item).strip() for item in (value if many else [value]) if str(item).strip()]
