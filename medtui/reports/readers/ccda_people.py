"""Who a CDA document is about: recordTarget, author and every other person, place and number in its header."""

from typing import Any

from medtui.phi import Category
from medtui.reports.dates import iso_date
from medtui.reports.identity import Identity
from medtui.reports.readers.xml import attribute, child, children, descendants, local

# Object identifiers of well-known assigners; the US social security number and the national provider identifier.
_SSN, _NPI = "2.16.840.1.113883.4.1", "2.16.840.1.113883.4.6"
_HINTS = (
    ("aadhaar", Category.AADHAAR), ("aadhar", Category.AADHAAR), ("uidai", Category.AADHAAR), ("abha", Category.ABHA),
    ("healthid", Category.ABHA), ("ndhm", Category.ABHA), ("pan", Category.PAN), ("ssn", Category.SSN),
    ("passport", Category.PASSPORT), ("license", Category.DRIVING_LICENCE), ("account", Category.ACCOUNT),
    ("insurance", Category.HEALTH_PLAN), ("member", Category.HEALTH_PLAN),
)  # fmt: skip


_PLACES = frozenset(("streetAddressLine", "city", "county", "postalCode", "additionalLocator"))


def collect(root: Any, identity: Identity) -> None:
    """Add what a document's header and entries say about people.

    Args:
        root: the document's root element.
        identity: receives it; the record target's number, name and birth date become its key.
    """
    for role in descendants(root, "patientRole"):
        _patient(role, identity)
    for name in descendants(root, "name"):
        parent = name.getparent()
        if parent is not None and local(parent) in ("manufacturedMaterial", "manufacturedLabeledDrug", "value", "code"):
            continue
        _name(name, identity)
    for address in descendants(root, "addr"):
        for place in (part for part in address if local(part) in _PLACES and len((part.text or "").strip()) > 2):
            identity.add(Category.LOCATION, place.text)
    for telecom in descendants(root, "telecom"):
        _telecom(attribute(telecom, "value"), identity)
    for birth in descendants(root, "birthTime"):
        if iso_date(attribute(birth, "value")):
            identity.add_date(attribute(birth, "value"))
    # Numbers of the header; those of entries name observations, not people.
    for part in root:
        if local(part) not in ("component", "section"):
            for number in descendants(part, "id"):
                _number(number, identity)


def _patient(role: Any, identity: Identity) -> None:
    record = [
        number for number in children(role, "id") if attribute(number, "extension") and _kind(number) == Category.MRN
    ]
    identity.mrn = identity.mrn or (attribute(record[0], "extension") if record else "")
    patient = child(role, "patient")
    name = child(patient, "name")
    if name is not None and not identity.name:
        given = " ".join(" ".join(part.itertext()).strip() for part in children(name, "given"))
        family = " ".join(" ".join(part.itertext()).strip() for part in children(name, "family"))
        identity.name = f"{given} {family}".strip() or " ".join("".join(name.itertext()).split())
    identity.birth = identity.birth or iso_date(attribute(child(patient, "birthTime"), "value")) or ""


def _name(name: Any, identity: Identity) -> None:
    family = [" ".join("".join(part.itertext()).split()) for part in children(name, "family")]
    given = [" ".join("".join(part.itertext()).split()) for part in children(name, "given")]
    if family or given:
        identity.add_name([word for part in given for word in part.split()], " ".join(family))
        return
    written = " ".join("".join(name.itertext()).split())
    parent = local(name.getparent()) if name.getparent() is not None else ""
    if not written or len(written) > 80:
        return
    if "rganization" in parent or parent in (
        "location",
        "place",
        "healthCareFacility",
        "playingEntity",
        "assignedCustodian",
    ):
        identity.add(Category.LOCATION, written)
    elif parent in (
        "patient",
        "assignedPerson",
        "associatedPerson",
        "guardianPerson",
        "relatedPerson",
        "informationRecipient",
        "subject",
    ):
        identity.add_written_name(written)


def _telecom(value: str, identity: Identity) -> None:
    scheme, colon, rest = value.partition(":")
    if not colon:
        scheme, rest = "tel", value
    kinds = {"mailto": Category.EMAIL, "fax": Category.FAX, "http": Category.URL, "https": Category.URL}
    if len(rest.strip("/")) > 4:
        identity.add(kinds.get(scheme.lower(), Category.PHONE), value if scheme.lower().startswith("http") else rest)


def _kind(number: Any) -> Category:
    parent = local(number.getparent()) if number.getparent() is not None else ""
    root = attribute(number, "root")
    if root == _SSN:
        return Category.SSN
    if root == _NPI:
        return Category.LICENSE
    hint = f"{root} {attribute(number, 'assigningAuthorityName')}".casefold()
    for word, kind in _HINTS:
        if word in hint:
            return kind
    if parent == "patientRole":
        return Category.MRN
    return Category.LICENSE if parent in ("assignedAuthor", "assignedEntity") else Category.OTHER_ID


def _number(number: Any, identity: Identity) -> None:
    value = attribute(number, "extension")
    if len(value) > 3 and any(character.isdigit() for character in value):
        identity.add(_kind(number), value)
