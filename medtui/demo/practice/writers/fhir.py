"""FHIR R4 bundles: documents made of a composition, and results with observations or an attached text."""

import base64
import html
import json
import uuid
from typing import Any

from medtui.demo.practice.layout import page_lines
from medtui.demo.practice.marks import plain
from medtui.demo.practice.people import Name
from medtui.demo.practice.report import Report
from medtui.demo.practice.titles import LOINC
from medtui.demo.practice.writers.structured import Pairs, national_numbers, patient_fields, staff_fields

Resource = dict[str, Any]
_SYSTEMS = {
    "AADHAAR": "https://uidai.example/aadhaar",
    "ABHA": "https://healthid.example/abha",
    "SSN": "http://hl7.org/fhir/sid/us-ssn",
    "HEALTH_PLAN": "https://plans.example/member",
}


def _urn(report: Report, what: str) -> str:
    return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'{report.id}/{what}')}"


def _human(name: Name, prefix: str = "") -> Resource:
    given = [part for part in (name.given, name.middle) if part]
    return {"text": name.full, "family": name.family, "given": given} | ({"prefix": [prefix]} if prefix else {})


def _patient(report: Report) -> Resource:
    patient = report.patient
    home = patient.address
    identifiers = [
        {
            "type": {"coding": [{"code": "MR"}]},
            "system": f"https://{report.author.institution.key}.example/mrn",
            "value": patient.mrn,
        }
    ]
    identifiers += [{"system": _SYSTEMS[kind], "value": patient.numbers[kind]} for kind in national_numbers(report)]
    return {
        "resourceType": "Patient",
        "identifier": identifiers,
        "name": [_human(patient.name)],
        "gender": {"F": "female", "M": "male"}[patient.sex],
        "birthDate": patient.born.isoformat(),
        "telecom": [{"system": "phone", "value": patient.phone}, {"system": "email", "value": patient.email}],
        "address": [{"line": [home.street], "city": home.town, "state": home.state, "postalCode": home.code}],
        "contact": [
            {
                "relationship": [{"text": patient.relation}],
                "name": _human(patient.relative),
                "telecom": [{"system": "phone", "value": patient.relative_phone}],
            }
        ],
        "photo": [{"contentType": "image/jpeg", "title": patient.numbers["PHOTO"]}],
    }


def _people(report: Report) -> list[tuple[str, Resource]]:
    place = report.author.institution
    home = place.address
    return [
        ("patient", _patient(report)),
        (
            "signer",
            {
                "resourceType": "Practitioner",
                "name": [_human(report.signer.name, "Dr")],
                "identifier": [{"value": report.signer.licence}],
            },
        ),
        ("referrer", {"resourceType": "Practitioner", "name": [_human(report.referrer.name, "Dr")]}),
        (
            "organization",
            {
                "resourceType": "Organization",
                "name": place.name,
                "telecom": [{"system": "phone", "value": place.phone}],
                "address": [{"line": [home.street], "city": home.town, "state": home.state, "postalCode": home.code}],
            },
        ),
    ]


def _number(text: str) -> int | float:
    return float(text) if "." in text else int(text)


def _div(body: str, status: str = "generated") -> Resource:
    text = "<br/>".join(html.escape(line, quote=False) for line in plain(body).split("\n"))
    return {"status": status, "div": f'<div xmlns="http://www.w3.org/1999/xhtml"><p>{text}</p></div>'}


def _composition(report: Report) -> tuple[list[tuple[str, Resource]], list[str]]:
    sections: list[Resource] = []
    lines: list[str] = []
    for part in report.parts:
        code = {"coding": [{"system": "http://loinc.org", "code": LOINC[part.kind]}], "text": part.title}
        sections.append({"title": part.title, "code": code, "text": _div(part.body)})
        lines += [part.title, *part.body.split("\n"), ""]
    composition = {
        "resourceType": "Composition",
        "status": "final",
        "type": {"text": report.title},
        "subject": {"reference": _urn(report, "patient")},
        "date": report.day.isoformat(),
        "author": [{"reference": _urn(report, "signer")}],
        "title": report.title,
        "section": sections,
    }
    return [("composition", composition)], lines


def _diagnostic(report: Report, **more: Any) -> Resource:
    return {
        "resourceType": "DiagnosticReport",
        "status": "final",
        "identifier": [{"value": report.accession}],
        "code": {"text": report.title},
        "subject": {"reference": _urn(report, "patient")},
        "effectiveDateTime": report.day.isoformat(),
        "performer": [{"reference": _urn(report, "organization")}],
        "resultsInterpreter": [{"reference": _urn(report, "signer")}],
        **more,
    }


def _results(report: Report) -> tuple[list[tuple[str, Resource]], list[str]]:
    entries: list[tuple[str, Resource]] = []
    lines: list[str] = []
    for place, (name, loinc, value, unit, limits, flag) in enumerate(report.rows):
        low, high = limits.split("-")
        quantity = {"value": _number(value), "unit": unit} if unit else {"value": _number(value)}
        observation = {
            "resourceType": "Observation",
            "status": "final",
            "code": {"coding": [{"system": "http://loinc.org", "code": loinc}], "text": name},
            "subject": {"reference": _urn(report, "patient")},
            "valueQuantity": quantity,
            "referenceRange": [{"low": {"value": _number(low)}, "high": {"value": _number(high)}, "text": limits}],
            "interpretation": [{"coding": [{"code": flag or "N"}]}],
        }
        entries.append((f"observation-{place}", observation))
        lines.append(" ".join(f"{name}: {value} {unit} ({limits}) {flag}".split()))
    notes = "\n".join(f"{part.title}: {part.body}" for part in report.parts if part.kind == "note")
    more: Resource = {
        "result": [{"reference": _urn(report, name)} for name, _ in entries],
        "text": _div(notes, "additional"),
    }
    for part in report.parts:
        if part.kind == "interpretation":
            more["conclusion"] = plain(part.body)
            lines += ["Conclusion", *part.body.split("\n"), ""]
    return [("report", _diagnostic(report, **more)), *entries], [*lines, *notes.split("\n")]


def _attached(report: Report) -> tuple[list[tuple[str, Resource]], list[str]]:
    lines = page_lines(report)
    data = base64.b64encode("\n".join(plain(line) for line in lines).encode()).decode()
    form = [{"contentType": "text/plain; charset=utf-8", "data": data, "title": report.title}]
    return [("report", _diagnostic(report, presentedForm=form))], lines


def write(report: Report) -> tuple[bytes, str, Pairs]:
    """Return the file's bytes, the marked canonical text, and the identifiers in its fields.

    Results become observations with a conclusion; every fourth of the others is an attached text,
    the rest are documents.
    """
    if report.rows:
        entries, lines = _results(report)
    else:
        entries, lines = _attached(report) if report.number % 4 == 0 else _composition(report)
    kind = "document" if entries[0][0] == "composition" else "collection"
    bundle = {
        "resourceType": "Bundle",
        "type": kind,
        "timestamp": f"{report.day.isoformat()}T09:{report.number % 60:02d}:00Z",
        "entry": [
            {"fullUrl": _urn(report, name), "resource": resource} for name, resource in (*entries, *_people(report))
        ],
    }
    pairs = (
        *patient_fields(report, *national_numbers(report), "PHOTO"),
        ("EMAIL", report.patient.email),
        ("NAME", report.patient.relative.full),
        ("PHONE", report.patient.relative_phone),
        *staff_fields(report)[: 3 if kind == "collection" else 2],
    )
    indent = 1 if report.number % 2 else None
    return (
        (json.dumps(bundle, ensure_ascii=report.number % 3 == 0, indent=indent) + "\n").encode(),
        "\n".join(lines) + "\n",
        pairs,
    )
