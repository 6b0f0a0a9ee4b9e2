"""Whom FHIR resources refer to, in one form for all the ways of writing a reference."""

import re
from typing import Any
from urllib.parse import unquote

from medtui.reports.readers.fhir_values import Index, Resource, items

# What is said about these is said about somebody or something that a report may name, or leads there.
KINDS = frozenset((
    "Practitioner", "PractitionerRole", "Organization", "Location", "RelatedPerson", "Person", "CareTeam",
    "HealthcareService", "Device", "Encounter", "EpisodeOfCare", "ServiceRequest", "ImagingStudy", "Specimen",
    "Coverage", "Account",
))  # fmt: skip
# These have numbers of their own, by which others may refer to them.
_NUMBERED = frozenset(("Practitioner", "PractitionerRole", "Organization", "Location", "RelatedPerson"))
# These belong to a patient and are known wherever the patient is.
_OWNED = {"RelatedPerson": ("patient",), "Coverage": ("beneficiary", "subscriber"), "Account": ("subject",)}
_PATIENT = "Patient"
_VERSION = re.compile(r"/_history/[^/]+$")


def references(value: Any, depth: int = 8) -> list[Resource]:
    """Give the references in a resource, those of contained resources left out."""
    found: list[Resource] = []
    _gather(value, depth, found)
    return found


def _gather(value: Any, depth: int, found: list[Resource]) -> None:
    # Most of what a resource holds is neither, and functions that are called for nothing take most of the time.
    if type(value) is list:
        for child in value:
            if depth > 1 and type(child) in _NESTED:
                _gather(child, depth - 1, found)
        return
    if (
        isinstance(value.get("reference"), str)
        or (isinstance(value.get("display"), str) and "type" in value)
        or (isinstance(value.get("identifier"), dict) and "resourceType" not in value)
    ):
        found.append(value)
    for key, child in value.items():
        if type(child) in _NESTED and depth > 1 and key not in _ELSEWHERE:
            _gather(child, depth - 1, found)


_NESTED = frozenset((dict, list))
# Contained resources are looked at by themselves, and codes and narratives refer to nobody.
_ELSEWHERE = frozenset(("contained", "coding", "text"))


def normal(reference: Resource) -> str:
    """Give a reference in one form: `Kind/id`, `urn:...` or `identifier=system|value`; empty when it leads nowhere.

    Args:
        reference: with `reference` (relative, absolute, versioned or conditional; FHIR R4, 2.3) or `identifier`.
    """
    written = reference.get("reference")
    if isinstance(written, str) and written and not written.startswith("#"):
        if written.startswith("urn:"):
            return written
        kind, _, condition = written.rpartition("?")
        if kind:
            return unquote(condition) if condition.startswith("identifier=") else ""
        parts = _VERSION.sub("", written).rsplit("/", 2)[-2:]
        return "/".join(parts) if len(parts) == 2 and (parts[0] in KINDS or parts[0] == _PATIENT) else ""
    number = reference.get("identifier")
    return _numbered(number) if isinstance(number, dict) else ""


def _numbered(number: Resource) -> str:
    value = number.get("value")
    return f"identifier={number.get('system') or ''}|{value}" if isinstance(value, str) and value else ""


def own(resource: Resource) -> tuple[str, ...]:
    """Give the references that mean a resource, the one by its id first."""
    kind, found = str(resource.get("resourceType")), []
    if isinstance(resource.get("id"), str):
        found = [f"{kind}/{resource['id']}", f"urn:uuid:{resource['id']}"]
    if isinstance(resource.get("_fullUrl"), str):
        found.append(normal({"reference": resource["_fullUrl"]}))
    if kind in _NUMBERED:
        found += [_numbered(number) for number in items(resource.get("identifier"))]
    return tuple(dict.fromkeys(name for name in found if name))


def owner(resource: Resource) -> tuple[str, ...]:
    """Give the patients with whom a resource is known: those of a relative, a coverage, an account."""
    fields = _OWNED.get(str(resource.get("resourceType")), ())
    return tuple(name for field in fields for item in items(resource.get(field)) if (name := normal(item)))


def others(found: list[Resource]) -> list[str]:
    """Give whom references mean, patients left out: what is said about one of them belongs to that one alone."""
    names = (normal(item) for item in found)
    return list(dict.fromkeys(name for name in names if name and not name.startswith(f"{_PATIENT}/")))


def beyond(found: list[Resource], index: Index) -> list[str]:
    """Give whom a report refers to and what its file does not hold, also by way of what it does hold.

    Args:
        found: the report's references.
        index: all resources of the file.
    """
    pending, seen, missing = list(found), set[str](), []
    while pending:
        item = pending.pop()
        name = normal(item)
        if not name or name in seen:
            continue
        seen.add(name)
        target = index.get(item["reference"]) if isinstance(item.get("reference"), str) else None
        if target is None:
            missing.append(name)
            continue
        kind = target.get("resourceType")
        if kind == _PATIENT:
            # What other files say about those around the patient stands under the patient's own reference.
            missing += own(target)[:1]
        elif kind not in KINDS:
            continue
        if id(target) not in index.references:
            index.references[id(target)] = references(target)
        pending += index.references[id(target)]
    return list(dict.fromkeys(missing))
