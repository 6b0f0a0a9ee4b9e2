"""C-CDA R2.1 documents with coded sections, paragraphs, tables, and people in the header."""

from xml.etree import ElementTree

from medtui.demo.practice.marks import plain
from medtui.demo.practice.people import Address, Name
from medtui.demo.practice.report import Part, Report
from medtui.demo.practice.titles import LOINC
from medtui.demo.practice.writers.structured import Pairs, national_numbers, patient_fields, staff_fields

Element = ElementTree.Element
_NAMESPACE = "urn:hl7-org:v3"
# Object identifiers from registries: US social security numbers; the others lie below an arc for examples.
_ROOTS = {
    "SSN": "2.16.840.1.113883.4.1",
    "HEALTH_PLAN": "2.16.840.1.113883.19.5.1",
    "AADHAAR": "2.16.840.1.113883.19.5.2",
    "ABHA": "2.16.840.1.113883.19.5.3",
}


def _add(parent: Element, tag: str, text: str = "", **attributes: str) -> Element:
    element = ElementTree.SubElement(parent, tag, attributes)
    if text:
        element.text = text
    return element


def _name(parent: Element, name: Name) -> None:
    element = _add(parent, "name")
    for given in (name.given, name.middle):
        if given:
            _add(element, "given", given)
    _add(element, "family", name.family)


def _address(parent: Element, address: Address) -> None:
    element = _add(parent, "addr", use="HP")
    for tag, text in (
        ("streetAddressLine", address.street),
        ("city", address.town),
        ("state", address.state),
        ("postalCode", address.code),
    ):
        _add(element, tag, text)


def _header(root: Element, report: Report) -> None:
    patient, place = report.patient, report.author.institution
    _add(root, "typeId", root="2.16.840.1.113883.1.3", extension="POCD_HD000040")
    _add(root, "templateId", root="2.16.840.1.113883.10.20.22.1.1", extension="2015-08-01")
    _add(root, "id", root="2.16.840.1.113883.19.5", extension=report.accession)
    _add(
        root,
        "code",
        code="18748-4" if report.task == "findings_to_impression" else "34133-9",
        codeSystem="2.16.840.1.113883.6.1",
    )
    _add(root, "title", report.title)
    _add(root, "effectiveTime", value=report.day.strftime("%Y%m%d") + "1000+0000")
    role = _add(_add(root, "recordTarget"), "patientRole")
    _add(role, "id", root="2.16.840.1.113883.19.5.9", extension=patient.mrn)
    for kind in national_numbers(report):
        _add(role, "id", root=_ROOTS[kind], extension=patient.numbers[kind])
    _address(role, patient.address)
    _add(role, "telecom", use="MC", value=f"tel:{patient.phone}")
    _add(role, "telecom", value=f"mailto:{patient.email}")
    person = _add(role, "patient")
    _name(person, patient.name)
    _add(person, "administrativeGenderCode", code=patient.sex, codeSystem="2.16.840.1.113883.5.1")
    _add(person, "birthTime", value=patient.born.strftime("%Y%m%d"))
    author = _add(root, "author")
    _add(author, "time", value=report.day.strftime("%Y%m%d"))
    assigned = _add(author, "assignedAuthor")
    _add(assigned, "id", root="2.16.840.1.113883.4.6", extension=report.signer.licence.rsplit(" ", 1)[-1])
    _name(_add(assigned, "assignedPerson"), report.signer.name)
    keeper = _add(_add(_add(root, "custodian"), "assignedCustodian"), "representedCustodianOrganization")
    _add(keeper, "name", place.name)
    informant = _add(_add(root, "participant", typeCode="IND"), "associatedEntity", classCode="NOK")
    _add(informant, "telecom", value=f"tel:{patient.relative_phone}")
    _name(_add(informant, "associatedPerson"), patient.relative)
    referring = _add(_add(root, "participant", typeCode="REF"), "associatedEntity", classCode="PROV")
    _name(_add(referring, "associatedPerson"), report.referrer.name)


def _table(parent: Element, report: Report) -> list[str]:
    """Add the results as a table; its rows are lines of the canonical text, cells separated by tabs."""
    table = _add(parent, "table", border="1")
    heading = _add(_add(table, "thead"), "tr")
    titles = ("Test", "Value", "Unit", "Range", "Flag")
    for title in titles:
        _add(heading, "th", title)
    body = _add(table, "tbody")
    lines = ["\t".join(titles)]
    for name, _, value, unit, limits, flag in report.rows:
        row = _add(body, "tr")
        for cell in (name, value, unit, limits, flag):
            _add(row, "td", cell)
        lines.append("\t".join((name, value, unit, limits, flag)))
    return lines


def _section(parent: Element, part: Part, report: Report) -> list[str]:
    section = _add(_add(parent, "component"), "section")
    _add(section, "code", code=LOINC[part.kind], codeSystem="2.16.840.1.113883.6.1")
    _add(section, "title", part.title)
    text = _add(section, "text")
    if part.kind == "laboratory":
        return [part.title, *_table(text, report), ""]
    lines = part.body.split("\n")
    if part.prose and report.number % 2:
        for line in lines:
            _add(text, "paragraph", plain(line))
    else:
        paragraph = _add(text, "paragraph", plain(lines[0]))
        for line in lines[1:]:
            _add(paragraph, "br").tail = plain(line)
    return [part.title, *lines, ""]


def write(report: Report) -> tuple[bytes, str, Pairs]:
    """Return the file's bytes, the marked canonical text, and the identifiers in its header."""
    root = ElementTree.Element("ClinicalDocument", {"xmlns": _NAMESPACE})
    _header(root, report)
    body = _add(_add(root, "component"), "structuredBody")
    lines = [line for part in report.parts for line in _section(body, part, report)]
    patient = report.patient
    pairs = (
        *patient_fields(report, *national_numbers(report)),
        ("EMAIL", patient.email),
        ("NAME", patient.relative.full),
        ("PHONE", patient.relative_phone),
        *staff_fields(report),
    )
    data: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return data + b"\n", "\n".join(lines) + "\n", pairs
