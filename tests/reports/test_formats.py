"""Each format's text, sections, people and dates arrive."""

import io
import zipfile

import docx
import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from reportlab.pdfgen import canvas

from medtui.phi import Category
from medtui.reports.document import Document, KnownIdentifier
from tests.reports import samples
from tests.reports.conftest import Read, one


def known(document: Document) -> set[tuple[Category, str]]:
    return {(item.kind, item.value) for item in document.known_identifiers}


def titles(document: Document) -> list[str]:
    return [section.title for section in document.sections]


def test_plain_text(read: Read) -> None:
    document = one(read(samples.TEXT.encode()))
    assert document.format == "text"
    assert titles(document) == ["", "FINDINGS", "IMPRESSION"]
    assert document.sections[2].text == "(1) Small right pleural effusion.\nAdvice: repeat chest radiograph in 6 weeks."
    assert document.report_date == "2024-03-14"
    assert document.title == "CHEST RADIOGRAPH"
    assert {(Category.NAME, "Margaret Holloway"), (Category.MRN, "00482913"), (Category.DATE, "1957-04-11")} <= known(
        document
    )


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_text_in_other_encodings(read: Read, encoding: str) -> None:
    text = samples.TEXT.replace("Margaret", "Zoë").replace("heart", "cœur ± ½")
    document = one(read(text.encode(encoding)))
    assert "The cœur ± ½ is normal" in document.text
    assert (Category.NAME, "Zoë Holloway") in known(document)


def test_what_was_typed_into_a_pdf_form(read: Read) -> None:
    buffer = io.BytesIO()
    drawing = canvas.Canvas(buffer, invariant=1)
    drawing.drawString(72, 760, "CITY CLINIC - VISIT NOTE")
    drawing.acroForm.textfield(name="PatientName", x=180, y=710, width=200, height=20, value="Asha Rao")
    drawing.acroForm.textfield(name="f2", x=180, y=620, width=300, height=60, value="FINDINGS: Liver normal in size.")
    drawing.acroForm.textfield(name="empty", x=180, y=520, width=300, height=60)
    drawing.save()
    document = one(read(buffer.getvalue()))
    assert document.text == "CITY CLINIC - VISIT NOTE\nAsha Rao\nFINDINGS: Liver normal in size."
    assert {known.value for known in document.known_identifiers} == {"Asha Rao", "Rao, Asha", "Asha", "Rao"}
    assert document.patient_key


def test_pdf(read: Read) -> None:
    document = one(read(samples.pdf(samples.TEXT, "Page two: nothing else to report.")))
    assert document.format == "pdf"
    assert "Page two" in document.text
    assert titles(document)[1:3] == ["FINDINGS", "IMPRESSION"]
    assert (Category.MRN, "00482913") in known(document)


def test_word_with_header_and_table(read: Read) -> None:
    document = one(read(samples.word()))
    assert document.format == "docx"
    assert document.text.startswith("City Hospital")
    assert "Creatinine | 1.4 mg/dL" in document.text
    assert "IMPRESSION" in titles(document)


def test_word_with_letters_of_symbol_fonts(read: Read) -> None:
    written = docx.Document()
    run = written.add_paragraph("Give 50 ").add_run()
    for name, values in (("w:sym", {"w:font": "Symbol", "w:char": "F06D"}), ("w:noBreakHyphen", {})):
        element = OxmlElement(name)
        for key, value in values.items():
            element.set(qn(key), value)
        run._r.append(element)
    written.paragraphs[0].add_run("g of it; 12 lead ")
    for font, letters in (("Symbol", "\uf0b3 5"), ("Wingdings", " \uf0fc"), ("Arial", " \u00b5")):
        written.paragraphs[0].add_run(letters).font.name = font
    buffer = io.BytesIO()
    written.save(buffer)
    assert one(read(buffer.getvalue())).text == "Give 50 \u03bc-g of it; 12 lead \u2265 5 \u2713 \u00b5"


def test_word_with_a_footnote(read: Read) -> None:
    main = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    note = f'<w:footnotes xmlns:w="{main}"><w:footnote w:id="0"><w:p/></w:footnote><w:footnote w:id="1"><w:p><w:r>'
    note += "<w:t>Seen with Dr Okafor.</w:t></w:r></w:p></w:footnote></w:footnotes>"
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    changes = {
        "word/_rels/document.xml.rels": f'<Relationship Id="n" Type="{office}/footnotes" Target="footnotes.xml"/>',
        "[Content_Types].xml": f'<Override PartName="/word/footnotes.xml" ContentType="{kind}"/>',
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(samples.word())) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            head, closing, end = old.read(name).rpartition(b"</")
            new.writestr(name, head + changes.get(name, "").encode() + closing + end)
        new.writestr("word/footnotes.xml", note)
    assert one(read(buffer.getvalue())).text.endswith("Creatinine | 1.4 mg/dL\nSeen with Dr Okafor.")


def test_hl7_results(read: Read) -> None:
    document = one(read(samples.HL7.encode()))
    assert document.format == "hl7v2"
    for piece in ("Heart & mediastinum normal.", "No pneumothorax.\nSmall effusion.", "Called to the ward."):
        assert piece in document.text
    assert "Creatinine: 1.4 mg/dL (reference 0.6-1.2) [H]" in document.text
    assert titles(document) == ["FINDINGS", "IMPRESSION", "Results", "Note"]
    assert document.report_date == "2024-03-14"
    assert document.title == "Chest X-ray 2 views"
    assert {
        (Category.MRN, "00482913"),
        (Category.SSN, "123-45-6789"),
        (Category.NAME, "MARGARET"),
        (Category.NAME, "PETER HOLLOWAY"),
        (Category.NAME, "ANNA LINDQVIST"),
        (Category.ACCOUNT, "V0091827"),
        (Category.LOCATION, "12 Mill Lane"),
        (Category.LOCATION, "City Hospital"),
        (Category.PHONE, "(217)555-0142"),
        (Category.OTHER_ID, "F2002"),
    } <= known(document)


def test_fhir_bundle(read: Read) -> None:
    document = one(read(samples.bundle()))
    assert document.format == "fhir"
    assert titles(document) == ["Results", "Conclusion"]
    assert document.sections[0].text == "Creatinine: 1.4 mg/dL (reference 0.6-1.2) [High]"
    assert document.report_date == "2024-03-14"
    assert {
        (Category.MRN, "00482913"),
        (Category.AADHAAR, "2345 6789 0124"),
        (Category.NAME, "Holloway"),
        (Category.NAME, "Anna Lindqvist"),
        (Category.EMAIL, "m.holloway@example.org"),
        (Category.LOCATION, "62704"),
    } <= known(document)


def test_fhir_composition_and_ndjson(read: Read) -> None:
    composition = (
        b'{"resourceType":"Composition","id":"c1","title":"Discharge summary","date":"2024-03-14","section":'
        b'[{"title":"Hospital course","code":{"coding":[{"system":"http://loinc.org","code":"8648-8"}]},'
        b'"text":{"div":"<div><p>Recovered well.</p><ul><li>No fever</li></ul></div>"}}]}\n'
    )
    first, second = read(composition + composition.replace(b"well", b"slowly"))
    assert isinstance(first, Document)
    assert isinstance(second, Document)
    assert first.sections[0].code == "8648-8"
    assert first.sections[0].text == "Recovered well.\nNo fever"
    assert second.inner_path == "line 2!Composition/c1"


def test_ccda(read: Read) -> None:
    document = one(read(samples.CCDA.encode()))
    assert document.format == "ccda"
    assert [(section.title, section.code) for section in document.sections] == [
        ("Findings", "59776-5"),
        ("Impression", "19005-8"),
    ]
    assert document.sections[0].text == "Heart normal.\nTest | Value\nCreatinine | 1.4 mg/dL"
    assert document.sections[1].text == "Small effusion.\nNo pneumothorax."
    assert document.title == "Chest X-Ray"
    assert {
        (Category.MRN, "00482913"),
        (Category.SSN, "123-45-6789"),
        (Category.LICENSE, "1093817465"),
        (Category.NAME, "Lindqvist"),
        (Category.PHONE, "(217)555-0142"),
    } <= known(document)


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_a_table_is_a_report_a_row(read: Read, delimiter: str) -> None:
    table = samples.CSV if delimiter == "," else _with_delimiter(delimiter)
    first, second = read(table.encode())
    assert isinstance(first, Document)
    assert isinstance(second, Document)
    assert first.inner_path == "row 1"
    assert titles(first) == ["FINDINGS", "IMPRESSION"]
    assert first.sections[1].text == '"Small" effusion.'
    assert first.report_date == "2024-03-14"
    assert first.title == "Chest X-ray"
    assert first.patient_key != second.patient_key
    assert {(Category.NAME, "Margaret Holloway"), (Category.MRN, "00482913"), (Category.DATE, "1957-04-11")} <= known(
        first
    )


def _with_delimiter(delimiter: str) -> str:
    import csv
    import io

    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(csv.reader(io.StringIO(samples.CSV, newline="")))
    return out.getvalue()


def test_one_patient_has_one_key_in_every_format(read: Read) -> None:
    keys = {
        one(read(data)).patient_key
        for data in (
            samples.TEXT.encode(),
            samples.HL7.encode(),
            samples.bundle(),
            samples.CCDA.encode(),
            samples.pdf(samples.TEXT),
            samples.word(),
        )
    }
    assert len(keys) == 1
    assert "00482913" not in keys.pop()


def test_every_section_stands_verbatim_in_the_text(read: Read) -> None:
    for data in (samples.TEXT.encode(), samples.HL7.encode(), samples.bundle(), samples.CCDA.encode(), samples.word()):
        document = one(read(data))
        position = 0
        for section in document.sections:
            position = document.text.index(section.text, position)


def test_hidden_characters_do_not_split_a_name(read: Read) -> None:
    document = one(read(samples.TEXT.replace("Holloway", "Hol\u00adlo\u200bway").encode()))
    assert "Margaret Holloway" in document.text
    assert KnownIdentifier(Category.NAME, "Margaret Holloway") in document.known_identifiers
    assert document.warnings == ("2 invisible characters were taken out.",)
