"""Formats beyond the common ones."""

import email.message
import io
from pathlib import Path

import pydicom
import pytest
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian

from medtui.phi import Category
from medtui.reports.document import Document, KnownIdentifier
from tests.reports import samples
from tests.reports.conftest import Read, one, refused

RTF = (
    r"{\rtf1\ansi\ansicpg1252{\header MRN: 00482913}{\fonttbl{\f0 Arial;}}\f0 FINDINGS: Caf\'e9 \u8805? normal.\par "
    r"IMPRESSION:\par (1) No effusion.\par{\pict\pngblip 89504e470d0a}}"
)
HTML = """<!DOCTYPE html><html><head><title>Chest X-ray</title><style>p{}</style></head><body onload="alert(1)">
<script>document.write('no')</script><p>FINDINGS: Heart <b>normal</b>.</p><p>IMPRESSION:</p>
<ul><li>No effusion.</li></ul>
<table><tr><th>Test</th><th>Value</th></tr><tr><td>Creatinine</td><td>1.4</td></tr></table></body></html>"""


def test_rich_text_with_its_header(read: Read) -> None:
    document = one(read(RTF.encode("ascii")))
    assert document.format == "rtf"
    assert document.text == "MRN: 00482913\nFINDINGS: Café ≥ normal.\nIMPRESSION:\n(1) No effusion."
    assert KnownIdentifier(Category.MRN, "00482913") in document.known_identifiers


@pytest.mark.parametrize(
    "written",
    [
        r"Give 50 {\f3\'6d}g to m.",
        r"Give 50 \f3 m\f0 g to m.",
        r"Give 50 {\f3 m}g {\b to} m.",
        r"Give 50 {\f3\u-3987\'6d}g to m.",
        r'Give 50 {\field{\*\fldinst SYMBOL 109 \\f "Symbol" \\s 12}{\fldrslt\f3\fs24}}g to m.',
        r'Give 50 {\field\flddirty{\*\fldinst {SYMBOL 109 \\f "Symbol"}}{\fldrslt {\f3\fs20}}}g to m.',
    ],
)
def test_rich_text_with_letters_of_symbol_fonts(read: Read, written: str) -> None:
    fonts = r"{\fonttbl{\f0\fnil\fcharset0 Calibri;}{\f3\froman\fcharset2{\*\panose 0505}Symbol;}}"
    document = one(read((r"{\rtf1\ansi\ansicpg1252\deff0" + fonts + r"\pard\f0 " + written + r"\par}").encode()))
    assert document.text == "Give 50 \u03bcg to m."


def test_html_shows_what_a_reader_sees(read: Read) -> None:
    document = one(read(HTML.encode()))
    assert document.format == "html"
    assert document.title == "Chest X-ray"
    assert "write" not in document.text
    assert "FINDINGS: Heart normal.\nIMPRESSION:\nNo effusion.\nTest | Value\nCreatinine | 1.4" in document.text


@pytest.mark.parametrize(
    "written",
    ["<span style='font-family:Symbol'>m</span>", '<font face="Symbol" size=2>m</font>',
     '<span lang=EN style="font-size:9pt;font-family: \'Symbol\', serif">m</span>'],
)  # fmt: skip
def test_html_with_letters_of_symbol_fonts(read: Read, written: str) -> None:
    html = f"<html><body><p>Give 50 {written}g to <span style='font-family:Arial'>m</span>.</p></body></html>"
    assert one(read(html.encode())).text == "Give 50 \u03bcg to m."


def _report() -> Dataset:
    data = Dataset()
    data.file_meta = FileMetaDataset()
    data.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    data.SOPClassUID = "1.2.840.10008.5.1.4.1.1.88.11"
    data.SOPInstanceUID = "1.2.3"
    data.PatientName, data.PatientID, data.PatientBirthDate = "Holloway^Margaret", "00482913", "19570411"
    data.ContentDate, data.InstitutionName = "20240314", "City Hospital"
    data.ReferringPhysicianName = "Okafor^Chidi"
    finding = Dataset()
    finding.ValueType, finding.TextValue = "TEXT", "Heart normal in size, lungs clear of consolidation."
    finding.ConceptNameCodeSequence = [_code("121071", "DCM", "Finding")]
    container = Dataset()
    container.ValueType = "CONTAINER"
    container.ConceptNameCodeSequence = [_code("59776-5", "LN", "Findings")]
    number = Dataset()
    number.ValueType = "NUM"
    number.ConceptNameCodeSequence = [_code("1", "X", "Effusion depth")]
    measured = Dataset()
    measured.NumericValue, measured.MeasurementUnitsCodeSequence = "12", [_code("mm", "UCUM", "millimetre")]
    number.MeasuredValueSequence = [measured]
    container.ContentSequence = [number, finding]
    data.ContentSequence = [container]
    data.ConceptNameCodeSequence = [_code("18748-4", "LN", "Diagnostic imaging report")]
    return data


def _code(value: str, scheme: str, meaning: str) -> Dataset:
    code = Dataset()
    code.CodeValue, code.CodingSchemeDesignator, code.CodeMeaning = value, scheme, meaning
    return code


def _bytes(data: Dataset) -> bytes:
    buffer = io.BytesIO()
    pydicom.dcmwrite(buffer, data, enforce_file_format=True)
    return buffer.getvalue()


def test_dicom_structured_report(read: Read) -> None:
    document = one(read(_bytes(_report())))
    assert document.format == "dicom"
    assert [(part.title, part.code, part.text) for part in document.sections] == [
        ("Findings", "59776-5", "Effusion depth: 12 mm"),
        ("Finding", "", "Heart normal in size, lungs clear of consolidation."),
    ]
    assert document.title == "Diagnostic imaging report"
    assert document.report_date == "2024-03-14"
    known = {(item.kind, item.value) for item in document.known_identifiers}
    assert {
        (Category.NAME, "Margaret Holloway"),
        (Category.NAME, "Okafor"),
        (Category.LOCATION, "City Hospital"),
    } <= known


def test_a_pdf_encapsulated_in_dicom(read: Read) -> None:
    data = _report()
    del data.ContentSequence
    data.SOPClassUID = "1.2.840.10008.5.1.4.1.1.104.1"
    body = samples.pdf(samples.TEXT)
    data.EncapsulatedDocument = body + b"\x00" * (len(body) % 2)
    document = one(read(_bytes(data)))
    assert document.format == "pdf"
    assert document.report_date == "2024-03-14"


def test_a_dicom_picture_is_named(read: Read) -> None:
    data = _report()
    del data.ContentSequence
    data.SOPClassUID = "1.2.840.10008.5.1.4.1.1.2"
    assert "CT Image Storage" in refused(read(_bytes(data))).reason


def test_mail_and_what_hangs_on_it(read: Read) -> None:
    message = email.message.EmailMessage()
    message["From"] = "Dr. Anna Lindqvist <anna@clinic.example>"
    message["To"] = "records@example.org"
    message["Subject"] = "Report of Thursday"
    message["Date"] = "Thu, 14 Mar 2024 10:00:00 +0000"
    message.set_content("Dear colleague, the report is attached. The effusion is small.")
    message.add_alternative("<p>Dear colleague</p>", subtype="html")
    message.add_attachment(samples.pdf(samples.TEXT), maintype="image", subtype="png", filename="r.png")
    results = read(message.as_bytes())
    assert [item.format for item in results] == ["eml", "pdf"]
    mail = results[0]
    assert isinstance(mail, Document)
    assert mail.report_date == "2024-03-14"
    known = {(item.kind, item.value) for item in mail.known_identifiers}
    assert {(Category.EMAIL, "anna@clinic.example"), (Category.NAME, "Lindqvist")} <= known


@pytest.mark.parametrize("name", ["password.xlsx", "password.xls", "password.ods", "password.xlsb"])
def test_protected_spreadsheets_are_named(read: Read, shared_data: Path, name: str) -> None:
    unread = refused(read((shared_data / "formats" / "xlsx_calamine" / name).read_bytes()))
    assert "password" in unread.reason


def test_notes_spread_over_rows_are_joined(read: Read) -> None:
    rows = ["NOTE_ID,LINE,PAT_ID,NOTE_TEXT"]
    for note, patient in (("N100", "P-1001"), ("N200", "P-2002")):
        rows += [f"{note},{line},{patient},part {line} of the note with enough words in it" for line in (1, 3, 2)]
    first, second = read("\n".join(rows).encode())
    assert isinstance(first, Document)
    assert isinstance(second, Document)
    assert [line.split()[1] for line in first.text.split("\n")] == ["1", "2", "3"]
    assert first.patient_key != second.patient_key
