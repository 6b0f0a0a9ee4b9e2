"""FHIR written in XML: turned into the values that its JSON would have, and read as those."""

from collections.abc import Iterator
from typing import Any

from lxml import etree

from medtui.reports.document import PARTLY
from medtui.reports.draft import Draft, Found, Source, Unreadable
from medtui.reports.readers import fhir
from medtui.reports.readers.xml import local, parse

_XHTML = "{http://www.w3.org/1999/xhtml}div"
# Elements that hold a whole resource (FHIR R4, 2.6.1): their child is named after its type.
_HOLDERS = frozenset(("resource", "contained"))


def read(source: Source) -> Iterator[Found]:
    """Read every report of a bundle or a resource.

    Raises:
        Unreadable: not XML, or no resource that holds a report.
    """
    root, recovered = parse(source.data)
    if not local(root)[:1].isupper():
        raise Unreadable("It is XML of FHIR's kind but no resource; export the reports as FHIR bundles.")
    for found in fhir.read_value(_resource(root), ""):
        if recovered and isinstance(found, Draft):
            found.status = PARTLY
            found.warnings.append("The XML is malformed; what could be read of it was read.")
        yield found


def _resource(element: Any) -> dict[str, Any]:
    return {"resourceType": local(element), **_fields(element)}


def _fields(element: Any) -> dict[str, Any]:
    """Give an element's children by name; one that is repeated becomes a list (FHIR R4, 2.6.2)."""
    fields: dict[str, Any] = {name: value for name, value in element.items() if name in ("id", "url")}
    for child in element:
        name = local(child)
        if not name:
            continue
        value = _value(child, name)
        if name not in fields:
            fields[name] = value
        elif isinstance(fields[name], list):
            fields[name].append(value)
        else:
            fields[name] = [fields[name], value]
    return fields


def _value(element: Any, name: str) -> Any:
    if element.tag == _XHTML:
        return etree.tostring(element, encoding="unicode", with_tail=False)
    if name in _HOLDERS:
        inner = next((child for child in element if local(child)), None)
        return _resource(inner) if inner is not None else {}
    written = element.get("value")
    # A value with an extension beside it is the value: what the extension says is nothing that a report shows.
    return written if written is not None else _fields(element)
