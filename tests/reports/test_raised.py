"""Powers of numbers stay powers: `10` with a raised `9` is not 109."""

import io

import docx
import pytest

from tests.reports.conftest import Read, one
from tests.reports.word97_samples import Paragraph, document

CCDA = (
    '<ClinicalDocument xmlns="urn:hl7-org:v3"><component><structuredBody><component><section><title>R</title><text>'
    "<paragraph>{}</paragraph></text></section></component></structuredBody></component></ClinicalDocument>"
)
RTF = r"{\rtf1\ansi\deff0{\fonttbl{\f0 Arial;}}\pard WBC "
MARKED = "WBC 8.4 x 10<sup>9</sup>/L, 4 cm<sup>2</sup>, the 10<sup>th</sup> day"
MEANT = "WBC 8.4 x 10^9/L, 4 cm2, the 10th day"


@pytest.mark.parametrize(
    "data",
    [
        f"<html><body><p>{MARKED}</p></body></html>".encode(),
        (RTF + r"8.4 x 10{\fs20\super 9}/L, 4 cm{\super 2}, the 10{\super th} day\par}").encode(),
        (RTF + r"8.4 x 10\super 9\nosupersub /L, 4 cm\super 2\nosupersub , the 10th day\par}").encode(),
        document([Paragraph("WBC 8.4 x 109/L, 4 cm2, the 10th day", raised=(12, 13))]),
    ],
)
def test_a_raised_power_is_marked(read: Read, data: bytes) -> None:
    assert one(read(data)).text == MEANT


def test_a_raised_power_in_a_narrative(read: Read) -> None:
    assert one(read(CCDA.format(MARKED).encode())).sections[0].text == MEANT


def test_a_raised_power_in_word(read: Read) -> None:
    written = docx.Document()
    paragraph = written.add_paragraph("WBC 8.4 x 10")
    for text, high in (
        ("9", True),
        ("/L, 4 cm", False),
        ("2", True),
        (", the 10", False),
        ("th", True),
        (" day", False),
    ):
        paragraph.add_run(text).font.superscript = high or None
    buffer = io.BytesIO()
    written.save(buffer)
    assert one(read(buffer.getvalue())).text == MEANT


def test_a_power_in_two_pieces_is_one(read: Read) -> None:
    assert one(read(b"<html><p>4 x 10<sup>1</sup><sup>2</sup>/L</p></html>")).text == "4 x 10^12/L"
