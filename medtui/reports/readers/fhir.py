"""FHIR R4 and R5 JSON: bundles, single resources and NDJSON bulk exports, by a plain walk."""

import base64
import binascii
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from medtui.reports.dates import iso_date
from medtui.reports.document import PARTLY, Section
from medtui.reports.draft import Attachment, Draft, Found, Skipped, Unreadable
from medtui.reports.identity import Identity
from medtui.reports.readers import fhir_people, fhir_values, values
from medtui.reports.readers.fhir_values import Resource, items, loinc, words
from medtui.reports.sections import split_sections

# Compositions first: the reports that they refer to are read as their parts.
_REPORTS = ("Composition", "DiagnosticReport", "DocumentReference", "ClinicalImpression", "Communication")
# A document's nesting in real exports is below thirty; Python's own recursion ends near a thousand.
_DEEPEST = 60


def read_written(written: bytes | str) -> Iterator[Found]:
    """Read every report of a bundle, a resource or an NDJSON file.

    Args:
        written: what `values.text` gave.

    Raises:
        Unreadable: not JSON, cut off, or no resource that holds a report.
    """
    try:
        value = values.loads(written)
    except ValueError:
        yield from _lines(values.lines(written))
        return
    except RecursionError as error:
        raise Unreadable("The JSON is nested too deeply to be a report.") from error
    yield from read_value(value, "")


def read_value(value: Any, inner: str) -> Iterator[Found]:
    """Read one parsed FHIR value.

    Raises:
        Unreadable: it holds no report.
    """
    resources = [resource for resource in fhir_values.resources(value) if isinstance(resource, dict)]
    index = fhir_values.Index(resources)
    found = False
    consumed: set[int] = set()
    reports: dict[str, list[Resource]] = {kind: [] for kind in _REPORTS}
    for resource in resources:
        if resource["resourceType"] in _REPORTS:
            reports[resource["resourceType"]].append(resource)
    for ofkind in reports.values():
        for resource in ofkind:
            if id(resource) not in consumed:
                consumed.add(id(resource))
                for item in _report(resource, index, consumed, inner):
                    found = True
                    yield item
    for about in fhir_people.others(index):
        found = True
        about.inner = "!".join(part for part in (inner, about.inner) if part)
        yield about
    if not found:
        kinds = sorted({str(resource.get("resourceType", "?"))[:40] for resource in resources})
        named = ", ".join(kind for kind in kinds[:6] if kind.isalpha())
        raise Unreadable(
            f"It holds FHIR resources ({named or 'none'}) but no report with text; "
            "export DiagnosticReport, DocumentReference or Composition."
        )


def _lines(lines: list[str]) -> Iterator[Found]:
    """Read NDJSON: one resource a line."""
    good = 0
    without: Counter[str] = Counter()
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            value = values.loads(line)
        except (ValueError, RecursionError):
            if not good:
                raise Unreadable("The JSON is damaged or cut off; export it again.") from None
            yield Skipped(f"line {number}", "This line's JSON is damaged or cut off; export it again.", "fhir")
            continue
        good += 1
        try:
            yield from read_value(value, f"line {number}")
        except Unreadable:
            # Exports have a file for each kind of resource, with a line for each: one sentence for all of them.
            without[_kind(value)] += 1
    if without:
        named = ", ".join(f"{number} {kind}" for kind, number in without.most_common(6))
        yield Skipped("", f"Some of its lines hold no report with text ({named}) and were passed over.", "fhir")


def _kind(value: Any) -> str:
    kind = value.get("resourceType") if isinstance(value, dict) else None
    return kind if isinstance(kind, str) and kind.isalpha() and len(kind) <= 40 else "of no known kind"


def _report(resource: Resource, index: fhir_values.Index, consumed: set[int], inner: str) -> Iterator[Found]:
    identity = Identity()
    fhir_people.collect(resource, index, identity)
    date = next(
        (
            found
            for key in ("effectiveDateTime", "effectiveInstant", "date", "issued", "sent", "created")
            if (found := iso_date(str(resource.get(key, ""))))
        ),
        iso_date(str((resource.get("effectivePeriod") or {}).get("start", "")))
        if resource.get("effectivePeriod")
        else None,
    )
    title = (
        words(resource.get("title"))
        or words(resource.get("code"))
        or words(resource.get("type"))
        or words(resource.get("description"))
    )
    place = "!".join(
        part for part in (inner, f"{resource.get('resourceType')}/{resource.get('id', '')}".rstrip("/")) if part
    )
    sections = list(_sections(resource, index, consumed, _DEEPEST))
    sections += split_sections(_more(fhir_values.narrative(resource), sections))
    embedded = list(_attachments(resource, index))
    lost = [item for item in embedded if isinstance(item, Skipped)]
    if sections:
        yield Draft(
            "fhir",
            sections=sections,
            identity=identity,
            report_date=date,
            title=title,
            inner=place,
            status=PARTLY if lost else "read",
            warnings=["An attachment could not be read."] if lost else [],
        )
    for item in embedded:
        item.inner = f"{place}!{item.inner}"
        if isinstance(item, Attachment):
            item.identity, item.report_date, item.title = identity, date, item.title or title
        yield item


def _more(narrative: str, sections: list[Section]) -> str:
    """Give the lines of a narrative that say something the structured parts do not; most only repeat them."""
    said = set(re.findall(r"\w+", " ".join(section.text for section in sections).casefold()))
    if not said:
        return narrative
    lines = [line for line in narrative.split("\n") if any(word not in said for word in _words(line))]
    return "\n".join(lines)


def _words(line: str) -> list[str]:
    return [word for word in re.findall(r"\w+", line.casefold()) if len(word) > 3]


def _sections(resource: Resource, index: fhir_values.Index, consumed: set[int], depth: int) -> Iterator[Section]:
    if resource.get("resourceType") == "Composition":
        for part in items(resource.get("section")):
            yield from _composed(part, index, consumed, depth)
        return
    lines = [line for found in index.targets(resource.get("result")) if (line := fhir_values.observation(found, index))]
    if lines:
        yield Section("Results", "30954-2", "\n".join(lines))
    for key, title, code in (
        ("conclusion", "Conclusion", "19005-8"),
        ("summary", "Summary", ""),
        ("description", "Description", ""),
    ):
        text = words(resource.get(key))
        if text and not (key == "description" and resource.get("resourceType") == "DocumentReference"):
            first, *rest = split_sections(text) or [Section(title, code, text)]
            yield from (first if first.title else Section(title, code, first.text), *rest)
    coded = [words(item) for item in items(resource.get("conclusionCode")) if words(item)]
    if coded:
        yield Section("Diagnosis", "", "\n".join(coded))
    for part in items(resource.get("payload")):
        yield Section("", "", words(part.get("contentString")))
    notes = [words(note.get("text")) for note in items(resource.get("note"))]
    if any(notes):
        yield Section("Note", "", "\n".join(notes))


def _composed(part: Resource, index: fhir_values.Index, consumed: set[int], depth: int) -> Iterator[Section]:
    if depth <= 0:
        return
    title, code = words(part.get("title")) or words(part.get("code")), loinc(part.get("code"))
    text = fhir_values.narrative(part)
    entries = list(index.targets(part.get("entry")))
    for entry in entries:
        if entry.get("resourceType") == "DiagnosticReport":
            consumed.add(id(entry))
    if not text:
        lines = [line for entry in entries if (line := fhir_values.summary(entry, index))]
        text = "\n".join(lines)
    if text:
        yield Section(title, code, text)
    for entry in entries:
        if entry.get("resourceType") == "DiagnosticReport":
            yield from _sections(entry, index, consumed, depth - 1)
    for child in items(part.get("section")):
        yield from _composed(child, index, consumed, depth - 1)


def _attachments(resource: Resource, index: fhir_values.Index) -> Iterator[Attachment | Skipped]:
    forms = [*items(resource.get("presentedForm"))]
    forms += [content.get("attachment", {}) for content in items(resource.get("content"))]
    forms += [
        part["contentAttachment"]
        for part in items(resource.get("payload"))
        if isinstance(part.get("contentAttachment"), dict)
    ]
    if resource.get("resourceType") == "Composition":
        for entry in index.below(resource):
            if entry.get("resourceType") == "DiagnosticReport":
                forms += items(entry.get("presentedForm"))
    for number, form in enumerate((form for form in forms if isinstance(form, dict)), start=1):
        inner = f"attachment {number}"
        data = form.get("data")
        if not isinstance(data, str) or not data.strip():
            target = index.get(str(form.get("url", "")))
            data = target.get("data") if target else None
        if not isinstance(data, str) or not data.strip():
            yield Skipped(
                inner, "The attachment only refers to a document stored elsewhere; export that document too.", "fhir"
            )
            continue
        try:
            yield Attachment(inner, base64.b64decode("".join(data.split()) + "=="), title=words(form.get("title")))
        except (binascii.Error, ValueError):
            yield Skipped(inner, "The attachment's base64 is damaged; export it again.", "fhir")
