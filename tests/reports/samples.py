"""Small files of each format, made by the libraries of those formats."""

import base64
import io
import json
from typing import Any

import docx
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen import canvas

TEXT = """\
CHEST RADIOGRAPH
Patient Name: Margaret Holloway      MRN: 00482913
DOB: 04/11/1957                      Date of exam: 03/14/2024

FINDINGS: The heart is normal in size. A small right pleural effusion is seen.

IMPRESSION:
(1) Small right pleural effusion.
Advice: repeat chest radiograph in 6 weeks.
"""

HL7 = "\r".join(
    (
        r"MSH|^~\&|RIS|CITY^1.2^ISO|EHR|CITY|20240314101500||ORU^R01|77123|P|2.5.1",
        "PID|1||00482913^^^CITY^MR~123-45-6789^^^USSSA^SS||HOLLOWAY^MARGARET^ANN||19570411|F|||"
        "12 Mill Lane^^Springfield^IL^62704||(217)555-0142",
        "NK1|1|HOLLOWAY^PETER|HUS|||2175550199",
        "PV1|1|O|^^^City Hospital||||9921^OKAFOR^CHIDI^^^DR||||||||||||V0091827",
        "OBR|1|A1001|F2002|36643-5^Chest X-ray 2 views^LN|||202403140930|||||||||9921^OKAFOR^CHIDI||||||"
        "202403141000|||F|||||||&LINDQVIST&ANNA",
        r"OBX|1|TX|36643-5^Chest X-ray^LN||FINDINGS: Heart \T\ mediastinum normal.||||||F",
        "OBX|2|TX|36643-5^Chest X-ray^LN||IMPRESSION: No pneumothorax.~Small effusion.||||||F",
        "OBX|3|NM|2160-0^Creatinine^LN||1.4|mg/dL|0.6-1.2|H|||F",
        "NTE|1||Called to the ward.",
        "ZZZ|1|site specific",
    )
)


def pdf(*pages: str) -> bytes:
    """Make a PDF with text, a line a line."""
    buffer = io.BytesIO()
    drawing = canvas.Canvas(buffer, pagesize=A4, invariant=1)
    for page in pages:
        text = drawing.beginText(50, 800)
        for line in page.split("\n"):
            text.textLine(line)
        drawing.drawText(text)
        drawing.showPage()
    drawing.save()
    return buffer.getvalue()


def word(text: str = TEXT, header: str = "City Hospital") -> bytes:
    """Make a Word document with a header and a table."""
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = header
    for line in text.split("\n"):
        document.add_paragraph(line)
    table = document.add_table(rows=2, cols=2)
    for row, cells in enumerate((("Test", "Value"), ("Creatinine", "1.4 mg/dL"))):
        for column, value in enumerate(cells):
            table.cell(row, column).text = value
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def patient() -> dict[str, Any]:
    """Give a FHIR patient."""
    return {
        "resourceType": "Patient",
        "id": "p1",
        "identifier": [
            {"type": {"coding": [{"code": "MR"}]}, "value": "00482913"},
            {"system": "https://uidai.gov.in/aadhaar", "value": "2345 6789 0124"},
        ],
        "name": [{"family": "Holloway", "given": ["Margaret", "Ann"]}],
        "birthDate": "1957-04-11",
        "address": [{"line": ["12 Mill Lane"], "city": "Springfield", "state": "IL", "postalCode": "62704"}],
        "telecom": [
            {"system": "phone", "value": "217-555-0142"},
            {"system": "email", "value": "m.holloway@example.org"},
        ],
    }


def bundle(*extra: dict[str, Any], **report: Any) -> bytes:
    """Make a FHIR bundle of a patient, a practitioner, an observation and a diagnostic report."""
    resources: list[dict[str, Any]] = [
        patient(),
        {"resourceType": "Practitioner", "id": "d1", "name": [{"text": "Dr. Anna Lindqvist"}]},
        {
            "resourceType": "Observation",
            "id": "o1",
            "code": {"text": "Creatinine"},
            "valueQuantity": {"value": 1.4, "unit": "mg/dL"},
            "referenceRange": [{"low": {"value": 0.6}, "high": {"value": 1.2}}],
            "interpretation": [{"coding": [{"code": "H", "display": "High"}]}],
        },
        {
            "resourceType": "DiagnosticReport",
            "id": "r1",
            "code": {"text": "Renal profile"},
            "subject": {"reference": "Patient/p1"},
            "performer": [{"reference": "Practitioner/d1"}],
            "effectiveDateTime": "2024-03-14T09:30:00Z",
            "result": [{"reference": "Observation/o1"}],
            "conclusion": "Mildly impaired renal function.",
            **report,
        },
        *extra,
    ]
    entries = [{"fullUrl": f"urn:uuid:{item['id']}", "resource": item} for item in resources]
    return json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}).encode()


def encoded(data: bytes) -> str:
    """Give base64 as text."""
    return base64.b64encode(data).decode()


CCDA = """<?xml version="1.0" encoding="UTF-8"?>
<ClinicalDocument xmlns="urn:hl7-org:v3">
 <id root="1.2.3" extension="DOC-99817"/>
 <code code="18748-4" codeSystem="2.16.840.1.113883.6.1" displayName="Diagnostic imaging study"/>
 <title>Chest X-Ray</title><effectiveTime value="20240314101500"/>
 <recordTarget><patientRole>
  <id root="1.2.3.4" extension="00482913"/><id root="2.16.840.1.113883.4.1" extension="123-45-6789"/>
  <addr><streetAddressLine>12 Mill Lane</streetAddressLine><city>Springfield</city><state>IL</state></addr>
  <telecom value="tel:(217)555-0142"/>
  <patient><name><given>Margaret</given><family>Holloway</family></name><birthTime value="19570411"/></patient>
 </patientRole></recordTarget>
 <author><assignedAuthor><id root="2.16.840.1.113883.4.6" extension="1093817465"/>
  <assignedPerson><name><given>Anna</given><family>Lindqvist</family></name></assignedPerson></assignedAuthor></author>
 <component><structuredBody>
  <component><section><code code="59776-5" codeSystem="2.16.840.1.113883.6.1"/><title>Findings</title>
   <text><paragraph>Heart normal.</paragraph><table><thead><tr><th>Test</th><th>Value</th></tr></thead>
   <tbody><tr><td>Creatinine</td><td>1.4 mg/dL</td></tr></tbody></table></text></section></component>
  <component><section><code code="19005-8" codeSystem="2.16.840.1.113883.6.1"/><title>Impression</title>
   <text><list><item>Small effusion.</item><item>No pneumothorax.</item></list></text></section></component>
 </structuredBody></component>
</ClinicalDocument>"""

CSV = (
    "MRN,Patient Name,DOB,Report Date,Exam,Report Text\r\n"
    '00482913,"Holloway, Margaret",04/11/1957,2024-03-14,Chest X-ray,'
    '"FINDINGS: Heart normal, lungs clear of consolidation.\n'
    'IMPRESSION: ""Small"" effusion."\r\n'
    '00711204,"Okoye, James",09/02/1949,2024-03-15,CT head,'
    '"FINDINGS: No acute bleed seen on this study today.\nIMPRESSION: Normal."\r\n'
)
