"""Who a CDA document is about: recordTarget, author and every other person, place and number in its header."""

import functools
import re
from typing import Any

from medtui.phi import Category
from medtui.reports.dates import iso_date
from medtui.reports.identity import Identity
from medtui.reports.readers.xml import BARE, attribute, child, children, descendants, local

# Object identifiers of well-known assigners; the US social security number and the national provider identifier.
_SSN, _NPI = "2.16.840.1.113883.4.1", "2.16.840.1.113883.4.6"
_HINTS = (
    ("aadhaar", Category.AADHAAR), ("aadhar", Category.AADHAAR), ("uidai", Category.AADHAAR), ("abha", Category.ABHA),
    ("healthid", Category.ABHA), ("ndhm", Category.ABHA), ("pan", Category.PAN), ("ssn", Category.SSN),
    ("passport", Category.PASSPORT), ("license", Category.DRIVING_LICENCE), ("account", Category.ACCOUNT),
    ("insurance", Category.HEALTH_PLAN), ("member", Category.HEALTH_PLAN),
)  # fmt: skip


_PLACES = frozenset(("streetAddressLine", "city", "county", "postalCode", "additionalLocator"))
_TOLD = ("section", "patientRole", "name", "telecom", "birthTime", *_PLACES)
_BODY = frozenset(("component", "section"))
# Elements whose names, where they are written in one string, are those of places and of people; names of things have
# no parts either.
_PLACES_NAMED = frozenset(("location", "place", "healthCareFacility", "playingEntity", "assignedCustodian"))
_PEOPLE = frozenset((
    "patient", "assignedPerson", "associatedPerson", "guardianPerson", "relatedPerson", "informationRecipient",
    "subject",
))  # fmt: skip


def collect(root: Any, identity: Identity) -> list[Any]:
    """Add what a document's header and entries say about people, and find its sections on the way.

    Args:
        root: the document's root element.
        identity: receives it; the record target's number, name and birth date become its key.

    Returns:
        The elements that are sections, in document order.
    """
    sections: list[Any] = []
    said: set[str] = set()
    places: set[str] = set()
    # One pass: a document has thousands of elements, and the same places and numbers stand in it many times.
    for element in descendants(root, *_TOLD):
        name = BARE[element.tag]
        if name in _PLACES:
            if (place := element.text) and place not in places:
                places.add(place)
                if len(place.strip()) > 2:
                    identity.add(Category.LOCATION, place)
        elif name == "name":
            _name(element, identity)
        elif name == "section":
            sections.append(element)
        elif name == "patientRole":
            _patient(element, identity)
        else:
            value = element.get("value") or ""
            if value not in said:
                said.add(value)
                _telecom(value.strip(), identity) if name == "telecom" else _birth(value, identity)
    # Numbers of the header; those of entries name observations, not people.
    for part in root:
        if BARE[part.tag] not in _BODY:
            for number in descendants(part, "id"):
                _number(number, identity)
    return sections


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


def _birth(value: str, identity: Identity) -> None:
    if iso_date(value):
        identity.add_date(value)


def _name(name: Any, identity: Identity) -> None:
    family: list[str] = []
    given: list[str] = []
    if len(name):
        for part in name:
            kind = BARE[part.tag]
            if kind == "given":
                given += _words(part)
            elif kind == "family":
                family += _words(part)
        if family or given:
            identity.add_name(given, " ".join(family))
            return
    written = " ".join(_words(name))
    if not written or len(written) > 80:
        return
    holder = name.getparent()
    parent = local(holder) if holder is not None else ""
    if parent in _PLACES_NAMED or "rganization" in parent:
        identity.add(Category.LOCATION, written)
    elif parent in _PEOPLE:
        identity.add_written_name(written)


def _words(element: Any) -> list[str]:
    text = "".join(element.itertext()) if len(element) else element.text
    return text.split() if text else []


_SCHEMES = {"mailto": Category.EMAIL, "fax": Category.FAX, "http": Category.URL, "https": Category.URL}


def _telecom(value: str, identity: Identity) -> None:
    scheme, colon, rest = value.partition(":")
    if not colon:
        scheme, rest = "tel", value
    if len(rest.strip("/")) > 4:
        scheme = scheme.lower()
        identity.add(_SCHEMES.get(scheme, Category.PHONE), value if scheme.startswith("http") else rest)


def _kind(number: Any) -> Category:
    announced = _announced(attribute(number, "root"), attribute(number, "assigningAuthorityName"))
    if announced is not None:
        return announced
    holder = number.getparent()
    parent = local(holder) if holder is not None else ""
    if parent == "patientRole":
        return Category.MRN
    return Category.LICENSE if parent in ("assignedAuthor", "assignedEntity") else Category.OTHER_ID


@functools.lru_cache(maxsize=1024)
def _announced(root: str, authority: str) -> Category | None:
    """Give what a number's assigner says about its kind; the same assigners stand in all documents of a practice."""
    if root == _SSN:
        return Category.SSN
    if root == _NPI:
        return Category.LICENSE
    hint = f"{root} {authority}".casefold()
    return next((kind for word, kind in _HINTS if word in hint), None)


_DIGIT = re.compile(r"\d")


def _number(number: Any, identity: Identity) -> None:
    value = attribute(number, "extension")
    if len(value) > 3 and _DIGIT.search(value):
        identity.add(_kind(number), value)
