"""FHIR in XML gives what the same resources give in JSON."""

import json
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medtui.reports import reading
from medtui.reports.document import Document
from medtui.reports.draft import Source
from medtui.reports.readers import fhir_xml
from medtui.reports.readers.xml import parse
from tests.reports import samples
from tests.reports.conftest import Read, one


def written(value: Any, name: str) -> str:
    """Write a JSON value of FHIR as XML, by the rules of FHIR R4, 2.6."""
    if isinstance(value, list):
        return "".join(written(item, name) for item in value)
    if name == "div":
        return str(value)
    if isinstance(value, dict):
        kind = value.get("resourceType")
        inner = "".join(written(part, key) for key, part in value.items() if key != "resourceType")
        inner = f"<{kind}>{inner}</{kind}>" if kind else inner
        return f"<{name}>{inner}</{name}>" if name else inner
    return f"<{name} value={quoteattr(str(value))}/>"


def as_xml(data: bytes) -> bytes:
    whole = written(json.loads(data), "")
    kind = whole[1 : whole.index(">")]
    return whole.replace(f"<{kind}>", f'<?xml version="1.0"?><{kind} xmlns="http://hl7.org/fhir">', 1).encode()


CELLS = "<table><tr><td>a</td><td>b</td></tr></table>"
DIV = f'<div xmlns="http://www.w3.org/1999/xhtml"><p>Seen <b>twice</b>.</p>{CELLS}</div>'
REPORTS: dict[str, bytes] = {
    "results": samples.bundle(),
    "a narrative": samples.bundle(text={"status": "generated", "div": DIV}),
    "an attachment": samples.bundle(
        presentedForm=[{"contentType": "application/pdf", "data": samples.encoded(samples.TEXT.encode())}]
    ),
    "a composition": samples.bundle(
        {
            "resourceType": "Composition",
            "id": "c",
            "title": "Discharge summary",
            "subject": {"reference": "Patient/p1"},
            "section": [
                {"title": "Course", "text": {"status": "generated", "div": DIV}},
                {"title": "Results", "entry": [{"reference": "DiagnosticReport/r1"}]},
            ],
        }
    ),
    "a note of one's own": json.dumps(
        {
            "resourceType": "DocumentReference",
            "contained": [samples.patient()],
            "subject": {"reference": "#p1"},
            "content": [{"attachment": {"data": samples.encoded(samples.HL7.encode())}}],
        }
    ).encode(),
}


def _content(results: list[Any]) -> list[tuple[Any, ...]]:
    assert all(isinstance(item, Document) for item in results)
    return [
        (item.text, item.sections, item.patient_key, item.report_date, item.title, set(item.known_identifiers))
        for item in results
    ]


@pytest.mark.parametrize("name", list(REPORTS))
def test_both_forms_give_the_same(read: Read, name: str) -> None:
    assert _content(read(as_xml(REPORTS[name]))) == _content(read(REPORTS[name]))


def test_malformed_xml_is_read_as_far_as_possible(read: Read) -> None:
    document = one(read(as_xml(samples.bundle())[:-20]))
    assert document.status == "partly"
    assert "Mildly impaired" in document.text


def test_a_primitive_with_an_extension_is_its_value() -> None:
    root, _ = parse(
        b'<Patient xmlns="http://hl7.org/fhir"><birthDate value="1957-04-11"><extension url="x"/></birthDate></Patient>'
    )
    assert fhir_xml._resource(root) == {"resourceType": "Patient", "birthDate": "1957-04-11"}


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60), st.lists(st.sampled_from(("Bundle", "entry", "resource", "contained", "div", "value"))))
def test_any_element_ends_as_text_or_a_reason(text: str, names: list[str]) -> None:
    inner = escape("".join(sign for sign in text if sign.isprintable()))
    for name in names:
        inner = f"<{name} value={quoteattr(inner[:20])}>{inner}</{name}>"
    data = f'<DiagnosticReport xmlns="http://hl7.org/fhir">{inner}</DiagnosticReport>'.encode()
    assert list(reading.read(Source(data), "file"))
