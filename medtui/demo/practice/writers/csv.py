"""CSV exports: one report a row, with the patient's details in other columns."""

import csv
import io

from medtui.demo.practice.layout import sections_lines
from medtui.demo.practice.marks import plain
from medtui.demo.practice.report import Report
from medtui.demo.practice.writers.structured import Pairs

_INDIAN = ("UHID", "Patient Name", "Age/Sex", "Mobile", "Aadhaar No", "Ref Doctor", "Report Date", "Report")
_AMERICAN = ("MRN", "LastName", "FirstName", "DOB", "SSN", "Accession", "ExamDate", "ReportText")
_WIDE = (
    "patient_id",
    "patient_name",
    "birth_date",
    "address",
    "city",
    "zip",
    "phone",
    "email",
    "member_id",
    "service_date",
    "provider",
    "report_text",
)


def _row(report: Report, columns: tuple[str, ...], text: str) -> tuple[list[str], Pairs]:
    patient = report.patient
    age, name = patient.age(report.day), patient.name
    if columns is _INDIAN:
        cells = [
            patient.mrn,
            name.full,
            f"{age}/{patient.sex}",
            patient.phone,
            patient.numbers["AADHAAR"],
            f"Dr. {report.referrer.name.full}",
            report.day.strftime("%d/%m/%Y"),
            text,
        ]
        pairs: Pairs = (
            ("MRN", patient.mrn),
            ("NAME", name.full),
            ("PHONE", patient.phone),
            ("AADHAAR", patient.numbers["AADHAAR"]),
            ("NAME", report.referrer.name.full),
        )
        return cells, (*pairs, ("AGE", str(age))) if age > 89 else pairs
    if columns is _AMERICAN:
        first = " ".join(part for part in (name.given, name.middle) if part)
        cells = [
            patient.mrn,
            name.family,
            first,
            patient.born.strftime("%m/%d/%Y"),
            patient.numbers["SSN"],
            report.accession,
            report.day.strftime("%m/%d/%Y"),
            text,
        ]
        return cells, (
            ("MRN", patient.mrn),
            ("NAME", name.full),
            ("DATE", patient.born.isoformat()),
            ("SSN", patient.numbers["SSN"]),
            ("OTHER_ID", report.accession),
        )
    home = patient.address
    provider = report.signer.name.full
    cells = [
        patient.mrn,
        name.full,
        patient.born.isoformat(),
        home.street,
        home.town,
        home.code,
        patient.phone,
        patient.email,
        patient.numbers["HEALTH_PLAN"],
        report.day.isoformat(),
        provider,
        text,
    ]
    pairs = (
        ("MRN", patient.mrn),
        ("NAME", name.full),
        ("DATE", patient.born.isoformat()),
        ("LOCATION", home.street),
        ("LOCATION", home.town),
        ("LOCATION", home.code),
        ("PHONE", patient.phone),
        ("EMAIL", patient.email),
        ("HEALTH_PLAN", patient.numbers["HEALTH_PLAN"]),
        ("NAME", provider),
    )
    return cells, pairs


def file(reports: list[Report], number: int) -> tuple[bytes, list[tuple[str, Pairs]]]:
    """Return the bytes of one file; for each report its marked canonical text and the identifiers in its columns."""
    american = all(report.patient.country == "US" for report in reports)
    columns = _WIDE if number % 3 == 2 else _AMERICAN if american else _INDIAN
    target = io.StringIO(newline="")
    writer = csv.writer(
        target, delimiter=";" if number % 3 == 1 else ",", lineterminator="\n" if number % 2 else "\r\n"
    )
    writer.writerow(columns)
    results = []
    for report in reports:
        lines = [*sections_lines(report), *report.foot]
        cells, pairs = _row(report, columns, "\n".join(plain(line) for line in lines))
        writer.writerow(cells)
        results.append(("\n".join(lines) + "\n", pairs))
    return target.getvalue().encode("utf-8-sig" if number % 3 == 0 else "utf-8"), results
