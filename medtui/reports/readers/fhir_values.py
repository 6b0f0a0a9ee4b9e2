"""FHIR values as readable text, and references followed inside one file."""

import re
from collections.abc import Iterator
from typing import Any

from medtui.reports.identity import Identity
from medtui.reports.readers.markup import html_text

Resource = dict[str, Any]


def items(value: Any) -> list[Resource]:
    """Give the objects of a list, or a single object as a list; anything else is malformed and gives nothing."""
    if not value:
        return []
    values = value if isinstance(value, list) else [value]
    return [item for item in values if isinstance(item, dict)]


def words(value: Any) -> str:
    """Give a string, or the words of a CodeableConcept, Coding, Reference or Annotation."""
    if isinstance(value, str):
        return value.strip()
    if not isinstance(value, dict):
        return ""
    for key in ("text", "display"):
        if isinstance(value.get(key), str) and value[key].strip():
            return str(value[key]).strip()
    for coding in items(value.get("coding")):
        if words(coding):
            return words(coding)
    return str(value["code"]) if isinstance(value.get("code"), str) else ""


def loinc(concept: Any) -> str:
    """Give the LOINC code of a CodeableConcept, else an empty string."""
    for part in items(concept):
        for coding in items(part.get("coding")):
            if coding.get("system") == "http://loinc.org" and isinstance(coding.get("code"), str):
                return str(coding["code"])
    return ""


def resources(value: Any) -> Iterator[Resource]:
    """Give the resources of a bundle (nested ones too), a list or a single resource, with what they contain."""
    pending: list[Any] = [value]
    while pending:
        item = pending.pop()
        if isinstance(item, list):
            pending.extend(reversed(item))
        elif isinstance(item, dict):
            if item.get("resourceType") == "Bundle" or (item.get("entry") and "resourceType" not in item):
                entries = items(item.get("entry"))
                for entry in entries:
                    if isinstance(entry.get("fullUrl"), str) and isinstance(entry.get("resource"), dict):
                        entry["resource"].setdefault("_fullUrl", entry["fullUrl"])
                # Some servers put the resource itself where its entry should be.
                pending.extend(reversed([entry.get("resource", entry) for entry in entries]))
            elif "resourceType" in item:
                yield item


class Index:
    """Finds resources by the references that others make to them.

    Attributes:
        all: all resources of the file.
        patients: the patients among them.
        everybody: what the other people in the file are called, once somebody has looked.
        subjects: what each patient is called, once somebody has looked, by the identity of its resource.
        references: those in a resource, once somebody has looked, by its identity.
    """

    def __init__(self, known: list[Resource]) -> None:
        self._by_reference: dict[str, Resource] = {}
        for resource in known:
            reference = resource.get("_fullUrl")
            if isinstance(reference, str):
                self._by_reference.setdefault(reference, resource)
        self._complete = False
        self.all = known
        self.patients = [resource for resource in known if resource.get("resourceType") == "Patient"]
        self.everybody: Identity | None = None
        self.subjects: dict[int, Identity] = {}
        self.references: dict[int, list[Resource]] = {}

    def _add_ids(self) -> None:
        for resource in self.all:
            kind, identifier = resource.get("resourceType"), resource.get("id")
            if isinstance(identifier, str):
                self._by_reference.setdefault(f"{kind}/{identifier}", resource)
                self._by_reference.setdefault(f"urn:uuid:{identifier}", resource)
            for contained in items(resource.get("contained")):
                self._by_reference.setdefault(f"#{contained.get('id')}", contained)
        self._complete = True

    def get(self, reference: str) -> Resource | None:
        """Give the resource a reference means; versions and server addresses are passed over."""
        if reference in self._by_reference:
            return self._by_reference[reference]
        if not self._complete:
            # In most bundles every reference is the address of an entry, and the rest is never needed.
            self._add_ids()
            return self.get(reference)
        plain = re.sub(r"/_history/[^/]+$", "", reference)
        return self._by_reference.get(plain) or self._by_reference.get("/".join(plain.rsplit("/", 2)[-2:]))

    def targets(self, value: Any) -> Iterator[Resource]:
        """Give the resources that a list of references means, as far as they are in the file."""
        for item in items(value):
            found = self.get(item["reference"]) if isinstance(item.get("reference"), str) else None
            if found is not None:
                yield found

    def below(self, composition: Resource) -> Iterator[Resource]:
        """Give the resources that the sections of a composition refer to."""
        pending = items(composition.get("section"))
        seen: set[int] = set()
        while pending:
            part = pending.pop(0)
            if id(part) in seen:
                continue
            seen.add(id(part))
            yield from self.targets(part.get("entry"))
            pending.extend(items(part.get("section")))


def narrative(resource: Resource) -> str:
    """Give the narrative (`text.div`) as plain text."""
    text = resource.get("text")
    division = text.get("div") if isinstance(text, dict) else None
    return html_text(division) if isinstance(division, str) else ""


def value(resource: Resource) -> str:
    """Give an observation's value with its unit."""
    for key in [key for key in resource if key[:5] == "value"]:
        found = resource[key]
        if isinstance(found, dict) and "value" in found:
            amount = f"{found.get('comparator', '')}{found['value']}"
            return f"{amount} {found.get('unit') or found.get('code') or ''}".strip()
        if isinstance(found, dict) and ("low" in found or "high" in found):
            return " to ".join(
                value({"valueQuantity": found[edge]}) for edge in ("low", "high") if isinstance(found.get(edge), dict)
            )
        if isinstance(found, dict) and "numerator" in found:
            return "/".join(
                value({"valueQuantity": found[part]})
                for part in ("numerator", "denominator")
                if isinstance(found.get(part), dict)
            )
        return words(found) if isinstance(found, (str, dict)) else str(found)
    return words(resource.get("dataAbsentReason"))


def observation(resource: Resource, index: Index, depth: int = 3) -> str:
    """Give an observation as a line: name, value, unit, reference range, flag; its members and parts below it."""
    if resource.get("resourceType") not in ("Observation", None):
        return summary(resource, index)
    name, said = words(resource.get("code")), value(resource)
    line = f"{name}: {said}" if said else name
    ranges = [text for item in items(resource.get("referenceRange")) if (text := _range(item))]
    line += f" (reference {'; '.join(ranges)})" if ranges else ""
    flags = [
        words(item)
        for item in items(resource.get("interpretation"))
        if words(item).casefold() not in ("n", "normal", "")
    ]
    line += f" [{', '.join(flags)}]" if flags else ""
    notes = [words(note.get("text")) for note in items(resource.get("note"))]
    lines = [line, *(note for note in notes if note)] if said or not resource.get("component") else [line]
    lines += [f"  {observation({**part, 'resourceType': None}, index)}" for part in items(resource.get("component"))]
    if depth > 0:
        lines += [f"  {observation(member, index, depth - 1)}" for member in index.targets(resource.get("hasMember"))]
    return "\n".join(line for line in lines if line.strip())


def _range(item: Resource) -> str:
    if isinstance(item.get("text"), str):
        return str(item["text"])
    low, high = (
        item.get(edge, {}).get("value") if isinstance(item.get(edge), dict) else None for edge in ("low", "high")
    )
    if low is not None and high is not None:
        return f"{low}-{high}"
    return f">= {low}" if low is not None else (f"<= {high}" if high is not None else "")


def summary(resource: Resource, index: Index) -> str:
    """Give any clinical resource as a line: what it is, its value, when."""
    kind = resource.get("resourceType")
    if kind == "Observation":
        return observation(resource, index)
    if kind in ("DiagnosticReport", "Patient", "Practitioner", "Organization", "Encounter", "Binary"):
        return ""
    if narrative(resource):
        return narrative(resource)
    name = (
        words(resource.get("code"))
        or words(resource.get("medicationCodeableConcept"))
        or words(resource.get("medicationReference"))
        or words(resource.get("vaccineCode"))
        or words(resource.get("description"))
    )
    extra = [words(dose.get("text")) for dose in items(resource.get("dosageInstruction"))]
    extra += [words(note.get("text")) for note in items(resource.get("note"))]
    return "; ".join(part for part in (name, *extra) if part)
