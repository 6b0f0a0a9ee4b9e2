# ruff: noqa: E501 - a table is easier to read with one entry on a line.
"""Identifiers as they turn up inside the prose of reports, one sentence for each way to mention one."""

from collections.abc import Mapping
from datetime import timedelta
from random import Random

from medtui.demo.practice.grammar import expand
from medtui.demo.practice.marks import mark
from medtui.demo.practice.report import Report
from medtui.demo.practice.style import day_text

_COMMON = {
    "ACCOUNT": ("{Billed to|Charges to|Statement sent for} {account|a/c|acct no.} <ACCOUNT>.", "{Guarantor account|Billing account}: <ACCOUNT>."),
    "DEVICE": ("{Pacemaker|Implanted loop recorder|Insulin pump|Knee prosthesis} {serial|serial no.|S/N} <DEVICE> {noted|checked|in situ}.",),
    "URL": ("{Images at|Results are on|Patient uploads at} <URL>{ , log-in with the usual password|}.",),
    "IP": ("{Video visit|Remote session|Consent form} {from|signed from} IP {address |}<IP>.",),
    "BIOMETRIC": ("{Identity confirmed by|Registered with|Verified by} {fingerprint template|iris scan|voice print} <BIOMETRIC>.",),
    "PHOTO": ("{Photograph|Face photograph|Photo} <PHOTO> {is on file|stored with consent|attached to the record}.",),
    "OTHER_ID": ("{Enrolled in the registry as|Study participant|Staff member, employee no.} <OTHER_ID>.",),
    "HEALTH_PLAN": ("{Insurance|Health plan|Policy} {member |}{no.|ID|number} <HEALTH_PLAN>{ pre-authorised|}.",),
    "VEHICLE": ("{Injured in a road accident|Collision; driver}, {own vehicle|car} <VEHICLE>.", "{Parking permit for|Ambulance transfer arranged to meet vehicle} <VEHICLE>."),
    "PASSPORT": ("{Travel certificate issued|Fit-to-fly letter}, passport {no. |}<PASSPORT>.",),
    "FAX": ("{Copy faxed to|Please fax to|Result sent by fax to} <FAX>.",),
    "EMAIL": ("{Copy e-mailed to|Prefers contact by e-mail:|Reports to} <EMAIL>.",),
    "PHONE": ("{Can be reached|Reachable|Mobile} {on|at} <PHONE>{ after 6 pm|}.",),
    "RELATIVE": ("{<relation>|Attended with <relation>,|Accompanied by <relation>} <RELATIVE> ({ph.|tel|cell} <RELATIVE_PHONE>).", "{<relation>} <RELATIVE> {gave the history|will help at home|was told of the results}."),
    "TOWN": ("{Lives alone in|Recently moved from|Travelled from|Native of} <TOWN>.", "{Works|Retired, used to work} as a {teacher|bus driver|tailor|shopkeeper|nurse} in <TOWN>."),
    "DATE": ("{Symptoms began on|First seen on|Surgery on|Last visit} <DATE>.", "{Next appointment|Review fixed for} <NEXT_DATE>."),
    "SHORT_DATE": ("{Called on|Fell on|Similar episode on} <SHORT_DATE>.", "{Vaccinated in|Biopsy in} <MONTH>."),
    "AGE": ("{<AGE>-year-old|<AGE> year old|<AGE> yo|Aged <AGE>,} {retired farmer|retired clerk|widowed person|resident of a care home}.",),
    "DOCTOR": ("{Discussed with|Findings told to|Case reviewed with} {Dr.|Dr} <DOCTOR>{ by telephone|}.", "{Dr.|Dr} <DOCTOR> {agrees|informed|asked for this study}."),
    "HOSPITAL": ("{Earlier treated at|Transferred from|Previously seen at} <HOSPITAL>.",),
    "SELF": ("{Mr|Ms} <FAMILY> {was told of the plan|understands and agrees|is anxious about the result}.", "<GIVEN> {slept well|has no new complaints|was cooperative}."),
}  # fmt: skip
_US = {
    "SSN": ("{Disability form completed|Claim form filled in}, {SSN|Social Security no.} <SSN>.",),
    "LICENSE": ("{Driver's license|DL} {no. |# |}<LICENSE> {shown|copied}{ for identification|}.",),
}
_IN = {
    "AADHAAR": ("{Aadhaar|Aadhar|UID} {no. |number |}<AADHAAR> {verified|seen|linked}.",),
    "ABHA": ("{ABHA|ABHA no.|Health ID} <ABHA>{ linked with consent|}.",),
    "PAN": ("{PAN|PAN card|PAN no.} <PAN> {taken for billing|on file}.",),
    "VOTER_ID": ("{Voter ID|EPIC no.|Voter card} <VOTER_ID> {shown|copy taken}.",),
    "DRIVING_LICENCE": ("{Driving licence|DL no.} <DRIVING_LICENCE> {shown|for fitness certificate}.",),
    "UPI": ("{Paid by UPI|Refund to UPI id|Advance paid via} <UPI>.",),
}
# Kinds that stand in the structured head often enough; the others are rotated through the prose.
_ROTATED = (
    "ACCOUNT",
    "DEVICE",
    "URL",
    "IP",
    "BIOMETRIC",
    "PHOTO",
    "OTHER_ID",
    "HEALTH_PLAN",
    "VEHICLE",
    "PASSPORT",
    "FAX",
    "EMAIL",
    "PHONE",
    "DATE",
)


def rotation(country: str) -> tuple[str, ...]:
    """Return the kinds of mention that reports of a country take turns with, so that none is left out."""
    return _ROTATED + tuple(_US if country == "US" else _IN)


def _values(report: Report, random: Random, colleague: str, hospital: str) -> dict[str, str]:
    patient, day = report.patient, report.day
    mr = "Ms" if patient.sex == "F" else "Mr"
    earlier = day - timedelta(days=random.randint(3, 900))
    later = day + timedelta(days=random.randint(5, 120))
    short = random.choice(
        (f"{earlier.day} {earlier:%B}", f"{earlier:%B} {earlier.day}", f"{earlier.day}/{earlier.month}")
    )
    if patient.country == "US":
        short = short if "/" not in short else f"{earlier.month}/{earlier.day}"
    values = {kind: mark(kind, value) for kind, value in patient.numbers.items()}
    return values | {
        "EMAIL": mark("EMAIL", patient.email),
        "PHONE": mark("PHONE", patient.phone),
        "RELATIVE": mark("NAME", patient.relative.full),
        "RELATIVE_PHONE": mark("PHONE", patient.relative_phone),
        "relation": patient.relation,
        "TOWN": mark("LOCATION", patient.address.town),
        "DATE": mark("DATE", day_text(report.author, earlier)),
        "NEXT_DATE": mark("DATE", day_text(report.author, later)),
        "SHORT_DATE": mark("DATE", short),
        "MONTH": mark("DATE", random.choice((f"{earlier:%B %Y}", f"{earlier:%m/%Y}", f"{earlier:%b %Y}"))),
        "AGE": mark("AGE", str(patient.age(day))),
        "DOCTOR": mark("NAME", colleague),
        "HOSPITAL": mark("LOCATION", hospital),
        "FAMILY": mark("NAME", patient.name.family),
        "GIVEN": mark("NAME", patient.name.given),
        "title": mr,
    }


def mention(kind: str, report: Report, random: Random, colleague: str, hospital: str) -> str:
    """Return one marked sentence that mentions an identifier of `kind` (a key of the tables above).

    Args:
        kind: which identifier.
        report: whose patient, author and day are mentioned.
        random: makes the choices.
        colleague: full name of another clinician.
        hospital: name of another institution.
    """
    tables: Mapping[str, tuple[str, ...]] = _COMMON | (_US if report.patient.country == "US" else _IN)
    template = random.choice(tables[kind]).replace("{Mr|Ms}", "<title>")
    return expand(template, random, _values(report, random, colleague, hospital))
