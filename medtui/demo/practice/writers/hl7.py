"""HL7 v2 results (ORU^R01): one segment a line or a section, batches, odd line ends, Z segments, embedded text."""

import base64

from medtui.demo.practice.layout import part_lines, sections_lines
from medtui.demo.practice.marks import plain
from medtui.demo.practice.people import Clinician, Name
from medtui.demo.practice.report import Report
from medtui.demo.practice.titles import LOINC
from medtui.demo.practice.writers.structured import Pairs, national_numbers, patient_fields, staff_fields

_ESCAPES = {"\\": "\\E\\", "|": "\\F\\", "^": "\\S\\", "~": "\\R\\", "&": "\\T\\"}


def _escaped(text: str) -> str:
    return "".join(_ESCAPES.get(character, character) for character in plain(text))


def _xpn(name: Name) -> str:
    return f"{_escaped(name.family)}^{_escaped(name.given)}^{_escaped(name.middle)}"


def _xcn(clinician: Clinician) -> str:
    return f"{clinician.licence.rsplit(' ', 1)[-1]}^{_xpn(clinician.name)}^^DR"


def _opening(report: Report, stamp: str) -> list[str]:
    """Return MSH to OBR."""
    patient, place = report.patient, report.author.institution
    home = patient.address
    numbers = "".join(
        f"~{patient.numbers[kind]}^^^GOV^{kind}" for kind in national_numbers(report) if kind != "HEALTH_PLAN"
    )
    country = "USA" if patient.country == "US" else "IND"
    service = f"{report.code}^{_escaped(report.title)}^L"
    day = report.day.strftime("%Y%m%d")
    segments = [
        f"MSH|^~\\&|RIS|{place.key.upper()}|MEDTUI|DEMO|{stamp}||ORU^R01|{report.id}|P|2.{3 + report.number % 3}",
        f"PID|1||{_escaped(patient.mrn)}^^^{place.key.upper()}^MR{numbers}||{_xpn(patient.name)}||{patient.born:%Y%m%d}|{patient.sex}|||"
        f"{_escaped(home.street)}^^{home.town}^{home.state}^{home.code}^{country}||{_escaped(patient.phone)}|||||{patient.numbers['ACCOUNT']}",
    ]
    if report.number % 3 == 0:
        segments.append(f"NK1|1|{_xpn(patient.relative)}|{patient.relation}||{patient.relative_phone}")
    if report.number % 5 == 0:
        # IN1-36 is the policy number.
        segments.append(f"IN1|1|PLAN|{place.key.upper()}{'|' * 33}{_escaped(patient.numbers['HEALTH_PLAN'])}")
    segments.append(f"PV1|1|O|||||{_xcn(report.signer)}|{_xcn(report.referrer)}")
    if report.number % 2:
        segments.append(f"ORC|RE|{report.accession}")
    segments.append(
        f"OBR|1||{report.accession}|{service}|||{day}1015|||||||||{_xcn(report.referrer)}||||||{day}1130|||F|||||||{_xcn(report.signer)}"
    )
    return segments


def _lines_body(report: Report) -> tuple[list[str], list[str]]:
    """One OBX a line, titles among the lines."""
    lines = [*sections_lines(report, 78), *report.foot]
    code = f"{LOINC[report.parts[-1].kind]}^REPORT^LN" if report.number % 2 else "GDT^General text^L"
    return [f"OBX|{place}|TX|{code}||{_escaped(line)}||||||F" for place, line in enumerate(lines, start=1)], lines


def _sections_body(report: Report) -> tuple[list[str], list[str]]:
    """One OBX a section, with a LOINC code and formatted text."""
    segments, lines = [], []
    for place, part in enumerate(report.parts, start=1):
        body = part.body.split("\n")
        text = "\\.br\\".join(_escaped(line) for line in body)
        segments.append(f"OBX|{place}|FT|{LOINC[part.kind]}^{_escaped(part.title)}^LN||{text}||||||F")
        lines += [part.title, *body, ""]
    return segments, lines


def _results_body(report: Report) -> tuple[list[str], list[str]]:
    """One OBX a result; the interpretation and the notes as NTE segments."""
    segments, lines = [], []
    for place, (name, loinc, value, unit, limits, flag) in enumerate(report.rows, start=1):
        segments.append(
            f"OBX|{place}|NM|{loinc}^{_escaped(name)}^LN||{value}|{_escaped(unit)}|{limits}|{flag or 'N'}|||F"
        )
        lines.append(" ".join(f"{name}: {value} {unit} ({limits}) {flag}".split()))
    rest = [line for part in report.parts if part.kind != "laboratory" for line in part_lines(part, report, 0)]
    segments += [f"NTE|{place}|L|{_escaped(line)}" for place, line in enumerate(rest, start=1)]
    return segments, [*lines, *rest]


def _embedded_body(report: Report) -> tuple[list[str], list[str]]:
    """The whole text as one base64 value, as systems send scanned or printed documents."""
    lines = [*sections_lines(report, 78), *report.foot]
    data = base64.b64encode("\n".join(plain(line) for line in lines).encode()).decode()
    return [f"OBX|1|ED|18842-5^Document^LN||^TEXT^PLAIN^Base64^{data}||||||F"], lines


def message(report: Report) -> tuple[list[str], str, Pairs]:
    """Return the segments of one message, its marked canonical text, and the identifiers in its fields."""
    patient = report.patient
    stamp = report.day.strftime("%Y%m%d") + f"{8 + report.number % 10:02d}{report.number % 60:02d}00"
    if report.rows:
        body, lines = _results_body(report)
    elif report.number % 17 == 0:
        body, lines = _embedded_body(report)
    else:
        body, lines = (_lines_body, _sections_body)[report.number % 2](report)
    segments = _opening(report, stamp) + body
    pairs = patient_fields(
        report, "ACCOUNT", *(kind for kind in national_numbers(report) if kind != "HEALTH_PLAN")
    ) + staff_fields(report)
    if report.number % 3 == 0:
        pairs += (("NAME", patient.relative.full), ("PHONE", patient.relative_phone))
    if report.number % 5 == 0:
        pairs += (("HEALTH_PLAN", patient.numbers["HEALTH_PLAN"]),)
    if report.number % 4 == 0:
        segments.append(f"ZPD|1|{patient.numbers['VEHICLE']}|{patient.email}|{patient.numbers['BIOMETRIC']}")
        pairs += (
            ("VEHICLE", patient.numbers["VEHICLE"]),
            ("EMAIL", patient.email),
            ("BIOMETRIC", patient.numbers["BIOMETRIC"]),
        )
    return segments, "\n".join(lines) + "\n", pairs


def file(messages: list[list[str]], number: int) -> bytes:
    """Return the bytes of a file of messages; several messages stand in a batch or simply follow each other.

    The segment terminator is a carriage return by the standard; files saved by other tools have line feeds or both.
    """
    ending = ("\r", "\n", "\r\n")[number % 3]
    segments = [segment for one in messages for segment in one]
    if len(messages) > 1 and number % 2 == 0:
        segments = ["FHS|^~\\&|RIS|DEMO", "BHS|^~\\&|RIS|DEMO", *segments, f"BTS|{len(messages)}", "FTS|1"]
    elif len(messages) > 1:
        segments = [line for one in messages for line in (*one, "")]
    return (ending.join(segments) + ending).encode()
