"""What the structured fields of a report say about people, common to the formats that have such fields."""

from medtui.demo.practice.report import Report

Pairs = tuple[tuple[str, str], ...]


def patient_fields(report: Report, *more: str) -> Pairs:
    """Return category and value of a patient's usual fields, and of the numbers named in `more`."""
    patient = report.patient
    return (
        ("NAME", patient.name.full),
        ("MRN", patient.mrn),
        ("DATE", patient.born.isoformat()),
        ("LOCATION", patient.address.street),
        ("LOCATION", patient.address.town),
        ("LOCATION", patient.address.code),
        ("PHONE", patient.phone),
        *((category, patient.numbers[category]) for category in more),
    )


def staff_fields(report: Report) -> Pairs:
    """Return the names of who asked and who signed, and the accession number."""
    return (("NAME", report.referrer.name.full), ("NAME", report.signer.name.full), ("OTHER_ID", report.accession))


def national_numbers(report: Report) -> tuple[str, ...]:
    """Return the categories of the national numbers that a practice of this country keeps in its fields."""
    return ("SSN", "HEALTH_PLAN") if report.patient.country == "US" else ("AADHAAR", "ABHA")
