"""Who a FHIR report is about: Patient, RelatedPerson, Practitioner, Organization and the displays of references."""

import re
from collections.abc import Iterator
from typing import Any

from medtui.phi import Category
from medtui.reports.draft import Person
from medtui.reports.identity import Identity
from medtui.reports.readers import fhir_references
from medtui.reports.readers.fhir_values import Index, Resource, items, words

# Identifier type codes (v2-0203) and what they are; anything else of a patient is a record number.
_TYPES = {
    "MR": Category.MRN, "SS": Category.SSN, "SB": Category.SSN, "DL": Category.DRIVING_LICENCE,
    "PPN": Category.PASSPORT,
    "AN": Category.ACCOUNT, "VN": Category.ACCOUNT, "MB": Category.HEALTH_PLAN, "HC": Category.HEALTH_PLAN,
    "MC": Category.HEALTH_PLAN, "SN": Category.HEALTH_PLAN, "NPI": Category.LICENSE, "MD": Category.LICENSE,
    "PRN": Category.LICENSE, "LN": Category.LICENSE, "ADN": Category.AADHAAR, "UDI": Category.DEVICE,
    "SNO": Category.DEVICE, "PAN": Category.PAN, "ABHA": Category.ABHA,
}  # fmt: skip
# Words in the system or type of an identifier that name it where no code does.
_SYSTEMS = (
    ("aadhaar", Category.AADHAAR), ("aadhar", Category.AADHAAR), ("uidai", Category.AADHAAR),
    ("healthid", Category.ABHA), ("abha", Category.ABHA), ("ndhm", Category.ABHA), ("us-ssn", Category.SSN),
    ("113883.4.1 ", Category.SSN), ("social security", Category.SSN), ("incometax", Category.PAN),
    ("/pan", Category.PAN),
    ("passport", Category.PASSPORT), ("driv", Category.DRIVING_LICENCE), ("voter", Category.VOTER_ID),
    ("us-npi", Category.LICENSE), ("account", Category.ACCOUNT), ("insurance", Category.HEALTH_PLAN),
    ("member", Category.HEALTH_PLAN), ("accession", Category.OTHER_ID),
)  # fmt: skip
_PEOPLE = frozenset((
    "Patient", "RelatedPerson", "Practitioner", "Person", "Organization", "Location", "PractitionerRole", "Device",
    "Coverage", "Account", "Encounter", "ServiceRequest", "ImagingStudy", "Specimen",
))  # fmt: skip
# Resources that say something about a patient whom they refer to, and by which of their fields.
_ABOUT: dict[str, tuple[str, ...]] = {
    "RelatedPerson": ("patient",), "Coverage": ("beneficiary", "subscriber"), "Account": ("subject",),
    "Encounter": ("subject",), "ServiceRequest": ("subject",), "ImagingStudy": ("subject",),
}  # fmt: skip
_PERSON_ROLES = frozenset(("Patient", "RelatedPerson", "Practitioner", "Person"))


def collect(report: Resource, index: Index, identity: Identity) -> None:
    """Add what a report's file says about people.

    Args:
        report: the report's resource.
        index: all resources of the file.
        identity: receives the identifiers; the subject's number, name and birth date become its key.
    """
    found = fhir_references.references(report)
    reference = _reference(report.get("subject"))
    subject = index.get(reference) if reference else None
    if subject is None and len(index.patients) == 1:
        subject = index.patients[0]
    if subject is not None:
        identity.merge(_subject(subject, index))
    elif reference:
        identity.reference = reference
    else:
        identity.name = next((item["display"] for item in items(report.get("subject")) if _shown(item)), "")
    if len(index.patients) > 1:
        # In a bulk file, only who the report refers to; in a file about one patient, everybody named in it.
        for resource in (item for item in index.targets(found) if item is not subject):
            if resource.get("resourceType") in _PEOPLE and resource.get("resourceType") != "Patient":
                person(resource, identity)
    else:
        identity.merge(_everybody(index))
    for resource in items(report.get("contained")):
        person(resource, identity)
    for number in items(report.get("identifier")):
        _identifier(number, Category.OTHER_ID, identity)
    _displays(report, found, identity)
    identity.refers += fhir_references.beyond(found, index)


# Fields of reports that name people or organizations, by words alone where the server knows no more of them.
_PARTIES = (
    "subject", "author", "performer", "resultsInterpreter", "authenticator", "custodian", "attester", "participant",
    "sender", "recipient", "assessor", "encounter",
)  # fmt: skip
_ORGANIZATION = re.compile(
    r"\b(?:hospital|clinic|cent(?:er|re)|laborator(?:y|ies)|lab|labs|department|dept|institute|university|health"
    r"|medical|radiology|imaging|diagnostics?|trust|foundation|ward|unit|pathology|ltd|inc|llc)\b",
    re.IGNORECASE,
)


def _displays(report: Resource, found: list[Resource], identity: Identity) -> None:
    """Add the people and organizations that a resource's references name in words."""
    for key in _PARTIES:
        for item in items(report.get(key)):
            named = item["party"] if isinstance(item.get("party"), dict) else item
            if _shown(named) and _referred(named) not in ("Organization", "Location"):
                party(named["display"], identity)
    for item in found:
        display, kind = words({"display": item.get("display")}), _referred(item)
        if display and (kind in ("Patient", "Practitioner", "RelatedPerson", "PractitionerRole")):
            identity.add_written_name(display)
        elif display and kind in ("Organization", "Location"):
            identity.add(Category.LOCATION, display)


def _referred(item: Resource) -> str:
    return str(item.get("type") or item.get("reference") or "").split("/")[0]


def _shown(item: Resource) -> bool:
    return isinstance(item.get("display"), str) and bool(item["display"].strip())


def party(display: str, identity: Identity) -> None:
    """Add somebody of whom only words tell whether it is a person or an organization."""
    if _ORGANIZATION.search(display):
        identity.add(Category.LOCATION, display)
    else:
        identity.add_written_name(display)


def _subject(resource: Resource, index: Index) -> Identity:
    """Give what a patient is called; found once, because a file about one patient may hold hundreds of reports."""
    if id(resource) not in index.subjects:
        index.subjects[id(resource)] = patient(resource)
    return index.subjects[id(resource)]


def _everybody(index: Index) -> Identity:
    """Give all people of a file but its patient; found once, because a file may hold hundreds of reports."""
    if index.everybody is None:
        index.everybody = Identity()
        for resource in index.all:
            if resource.get("resourceType") in _PEOPLE and resource.get("resourceType") != "Patient":
                person(resource, index.everybody)
    return index.everybody


def others(index: Index) -> Iterator[Person]:
    """Give what a file says about patients of whom it holds no report, those around them, staff and organizations."""
    for number, resource in enumerate(index.all, start=1):
        kind = resource.get("resourceType")
        if kind == "Patient":
            about = patient(resource) if id(resource) not in index.subjects else None
        else:
            about = _apart(resource, index) if kind in fhir_references.KINDS else None
        if about is not None:
            named = fhir_references.references(resource)
            _displays(resource, named, about)
            about.refers = fhir_references.others(named)
            yield Person(f"resource {number}", about, fhir_references.own(resource), fhir_references.owner(resource))


def _apart(resource: Resource, index: Index) -> Identity | None:
    """Give what a resource says for reports of other files, None where those of its own file know it already."""
    fields = _ABOUT.get(str(resource.get("resourceType")), ())
    reference = next((found for key in fields if (found := _reference(resource.get(key)))), "")
    apart = bool(reference) and index.get(reference) is None
    # Where a file holds the reports of one patient, these know everybody in it.
    if not apart and index.everybody is not None:
        return None
    about = Identity()
    if resource.get("resourceType") in _PEOPLE:
        person(resource, about)
    # Teams and services are called what they do ("Diabetes care"); they only lead on to people and places.
    about.reference = reference if apart else ""
    return about


def _reference(value: Any) -> str:
    return next((item["reference"] for item in items(value) if isinstance(item.get("reference"), str)), "")


def patient(resource: Resource) -> Identity:
    """Give what a patient is called; the number, name and birth date become the key of the patient's documents."""
    own = Identity()
    person(resource, own)
    numbers = items(resource.get("identifier"))
    record = [number for number in numbers if _kind(number, Category.MRN) == Category.MRN and _code(number) == "MR"]
    record = record or [number for number in numbers if _kind(number, Category.MRN) == Category.MRN] or numbers
    chosen = next((str(number["value"]) for number in record if isinstance(number.get("value"), (str, int))), "")
    own.mrn = chosen or str(resource.get("id") or "")
    own.birth = str(resource.get("birthDate") or "")
    if isinstance(resource.get("id"), str):
        own.reference = f"Patient/{resource['id']}"
    own.also = [str(number["value"]) for number in record if isinstance(number.get("value"), (str, int))]
    name = next(iter(items(resource.get("name"))), {})
    own.name = f"{' '.join(_strings(name.get('given')))} {name.get('family') or ''}".strip() or words(
        {"text": name.get("text")}
    )
    return own


def person(resource: Resource, identity: Identity) -> None:
    """Add a person's or organisation's names, numbers, addresses, contacts and birth date."""
    human = resource.get("resourceType") in _PERSON_ROLES
    for name in [
        *items(resource.get("name")),
        *(item for contact in items(resource.get("contact")) for item in items(contact.get("name"))),
    ]:
        family = " ".join(_strings(name.get("family")))
        given = [word for part in _strings(name.get("given")) for word in part.split()]
        if family or given:
            identity.add_name(given, family)
        if isinstance(name.get("text"), str):
            identity.add_written_name(name["text"])
    if isinstance(resource.get("name"), str):
        identity.add(Category.LOCATION, resource["name"])
    default = (
        Category.MRN if resource.get("resourceType") == "Patient" else Category.LICENSE if human else Category.OTHER_ID
    )
    for number in items(resource.get("identifier")):
        _identifier(number, default, identity)
    for key in ("serialNumber", "lotNumber"):
        identity.add(Category.DEVICE, resource.get(key))
    identity.add(Category.HEALTH_PLAN, resource.get("subscriberId"))
    for photo in items(resource.get("photo")):
        identity.add(Category.PHOTO, photo.get("title"))
        identity.add(Category.PHOTO, photo.get("url"))
    for born in (resource.get("birthDate"), resource.get("deceasedDateTime")):
        if isinstance(born, str) and human:
            identity.add_date(born)
    for part in [resource, *items(resource.get("contact"))]:
        _addresses(part, identity)
        _telecoms(part, identity)


def _addresses(part: Resource, identity: Identity) -> None:
    for address in items(part.get("address")):
        for value in _strings(address.get("line")):
            identity.add(Category.LOCATION, value)
        for key in ("city", "district", "postalCode", "text"):
            place = address.get(key)
            if isinstance(place, str) and len(place) > 2:
                identity.add(Category.LOCATION, place)


def _telecoms(part: Resource, identity: Identity) -> None:
    kinds = {"email": Category.EMAIL, "fax": Category.FAX, "url": Category.URL}
    for telecom in items(part.get("telecom")):
        if isinstance(telecom.get("value"), str) and len(telecom["value"]) > 4:
            identity.add(kinds.get(str(telecom.get("system")), Category.PHONE), telecom["value"])


def _identifier(number: Resource, default: Category, identity: Identity) -> None:
    value = number.get("value")
    if isinstance(value, (str, int)) and len(str(value)) > 3 and not str(value).startswith("urn:oid:"):
        identity.add(_kind(number, default), str(value).removeprefix("urn:uuid:"))


def _kind(number: Resource, default: Category) -> Category:
    code = _code(number)
    if code in _TYPES:
        return _TYPES[code]
    hint = f"{number.get('system', '')} {words(number.get('type'))}".casefold()
    return next((kind for word, kind in _SYSTEMS if word in hint), default)


def _code(number: Resource) -> str:
    kind = number.get("type")
    codings = items(kind.get("coding")) if isinstance(kind, dict) else []
    return next((str(coding["code"]) for coding in codings if isinstance(coding.get("code"), str)), "")


def _strings(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [item for item in values if isinstance(item, str)]
