"""What is embedded in a file is read as what it is, not as what it is called."""

import base64
import json
from email.message import EmailMessage

from medtui.phi import Category
from medtui.reports.document import Document, UnreadFile
from tests.reports import samples
from tests.reports.conftest import Read, one


def _with_attachment(data: str, declared: str = "application/pdf") -> bytes:
    return samples.bundle(presentedForm=[{"contentType": declared, "data": data}], result=[], conclusion="")


def test_text_declared_as_pdf_is_read_as_text(read: Read) -> None:
    document = one(read(_with_attachment(samples.encoded(samples.TEXT.encode()))))
    assert document.format == "text"
    assert "pleural effusion" in document.text
    assert document.title == "Renal profile"
    assert document.inner_path == "DiagnosticReport/r1!attachment 1"


def test_base64_inside_base64_is_read(read: Read) -> None:
    twice = base64.b64encode(base64.b64encode(samples.pdf(samples.TEXT))).decode()
    document = one(read(_with_attachment(twice)))
    assert document.format == "pdf"
    assert "pleural effusion" in document.text


def test_a_pdf_in_an_hl7_message(read: Read) -> None:
    message = (
        samples.HL7 + "\rOBX|9|ED|PDF^Report||^application^pdf^Base64^" + samples.encoded(samples.pdf(samples.TEXT))
    )
    results = read(message.encode())
    assert [item.format for item in results] == ["hl7v2", "pdf"]
    assert all(isinstance(item, Document) for item in results)
    assert len({item.patient_key for item in results if isinstance(item, Document)}) == 1


def test_a_body_that_is_not_xml_in_a_cda_document(read: Read) -> None:
    start, end = samples.CCDA.split("<component><structuredBody>")[0], "</ClinicalDocument>"
    data = f'<text mediaType="text/plain" representation="B64">{samples.encoded(samples.word())}</text>'
    body = f"<component><nonXMLBody>{data}</nonXMLBody></component>"
    document = one(read((start + body + end).encode()))
    assert document.format == "docx"
    assert document.report_date == "2024-03-14"


def test_a_reference_to_a_document_elsewhere_is_said(read: Read) -> None:
    results = read(samples.bundle(presentedForm=[{"url": "https://example.org/report.pdf"}]))
    assert [type(item) for item in results] == [Document, UnreadFile]
    assert isinstance(results[0], Document)
    assert results[0].status == "partly"


def test_a_forwarded_message_is_a_report_of_its_own(read: Read) -> None:
    inner = EmailMessage()
    inner["From"], inner["To"], inner["Subject"] = "Anna Lindqvist <anna@example.org>", "ward@example.org", "Chest film"
    inner.set_content("The lungs are clear on today's film.")
    inner.add_attachment(samples.TEXT.encode(), maintype="application", subtype="octet-stream", filename="film")
    outer = EmailMessage()
    outer["From"], outer["To"], outer["Subject"] = "Chidi Okafor <chidi@example.org>", "gp@example.org", "Forwarded"
    outer.set_content("Please see the message below about our patient.")
    outer.add_attachment(inner)
    first, second, third = read(outer.as_bytes())
    assert isinstance(first, Document)
    assert isinstance(second, Document)
    assert isinstance(third, Document)
    assert "lungs are clear" not in first.text
    assert second.title == "Chest film"
    assert {"anna@example.org", "chidi@example.org"} <= {known.value for known in second.known_identifiers}
    assert "pleural effusion" in third.text


def test_people_whom_a_report_names_in_words_only_are_known(read: Read) -> None:
    report = {
        "resourceType": "DiagnosticReport",
        "subject": {"display": "Margaret Holloway"},
        "performer": [{"display": "City Hospital"}, {"reference": "urn:uuid:1", "display": "Dr. Anna Lindqvist"}],
        "conclusion": "Mildly impaired renal function.",
    }
    document = one(read(json.dumps(report).encode()))
    known = {(item.kind, item.value) for item in document.known_identifiers}
    assert {(Category.NAME, "Holloway"), (Category.NAME, "Lindqvist"), (Category.LOCATION, "City Hospital")} <= known
    assert document.patient_key
