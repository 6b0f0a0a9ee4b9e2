"""HL7 version 2 as senders really write it."""

from pathlib import Path

import hl7
import pytest

from medtui.reports import encoding
from medtui.reports.document import Document, UnreadFile
from medtui.reports.readers import hl7_message
from tests.reports import samples
from tests.reports.conftest import Read, one, refused


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n", "\r\r\n\r\n"])
def test_any_line_end(read: Read, end: str) -> None:
    assert "Called to the ward." in one(read(samples.HL7.replace("\r", end).encode())).text


def test_batches_frames_comments_and_byte_order_mark(read: Read) -> None:
    other = samples.HL7.replace("00482913", "00999999")
    batch = f"\ufeff# export of 14 March\rFHS|^~\\&\rBHS|^~\\&\r\x0b{samples.HL7}\r\x1c\r\r{other}\rBTS|2\rFTS|1"
    first, second = read(batch.encode())
    assert isinstance(first, Document)
    assert isinstance(second, Document)
    assert (first.inner_path, second.inner_path) == ("message 1", "message 2")
    assert first.patient_key != second.patient_key


def test_own_separators(read: Read) -> None:
    table = str.maketrans("|^&", "#*%")
    message = samples.HL7.replace(r"^~\&", r"^~\$", 1).translate(table).replace(r"*~\$", r"*~\%", 1)
    document = one(read(message.encode()))
    assert "No pneumothorax." in document.text
    assert "Creatinine: 1.4 mg/dL" in document.text


@pytest.mark.parametrize(
    ("escaped", "meant"),
    [(r"a\F\b", "a|b"), (r"a\S\b", "a^b"), (r"a\R\b", "a~b"), (r"a\E\b", "a\\b"), (r"a\.br\b", "a\nb"),
     (r"\H\bold\N\ text", "bold text"), (r"\X48C3A9\!", "Hé!"), (r"C:\temp", r"C:\temp"),
     (r"line\.sp2\end", "line\n\nend")],
)  # fmt: skip
def test_escapes(read: Read, escaped: str, meant: str) -> None:
    message = samples.HL7 + f"\rOBX|9|FT|X^Text||before {escaped} after"
    assert f"before {meant} after" in one(read(message.encode())).text


def test_a_broken_line_goes_on_the_field_before_it(read: Read) -> None:
    message = samples.HL7 + "\rOBX|9|TX|X^Text||first part of a\nsentence that a system broke||||||F"
    assert "first part of a sentence that a system broke" in one(read(message.encode())).text


def test_a_message_without_its_head_is_named(read: Read) -> None:
    unread = refused(read(samples.HL7.split("\r", 1)[1].encode()))
    assert unread.format == "hl7v2"
    assert "MSH" in unread.reason


def test_a_bad_message_does_not_stop_the_others(read: Read) -> None:
    results = read(f"MSH|^\r{samples.HL7}".encode())
    assert [type(item) for item in results] == [UnreadFile, Document]


def test_a_declared_character_set(read: Read) -> None:
    message = samples.HL7.replace("|P|2.5.1", "|P|2.5.1||||||8859/2").replace("MARGARET", "MAŁGORZATA")
    document = one(read(message.encode("iso8859-2")))
    assert any(item.value == "MAŁGORZATA" for item in document.known_identifiers)


def test_fields_are_those_of_the_hl7_library(shared_data: Path) -> None:
    folder = shared_data / "formats" / "hl7v2_fhirconverter"
    compared = 0
    for path in sorted(folder.rglob("*.hl7")):
        text, _ = encoding.decode(path.read_bytes())
        for segments in hl7_message.messages(text):
            theirs = [[str(field) for field in segment] for segment in hl7.parse("\r".join(segments))]
            assert hl7_message.Message(segments).segments == theirs
            compared += 1
    assert compared > 20


def _named(*named: tuple[str, str]) -> bytes:
    lines = [f"OBX|{number}|FT|{number}^{name}||{text}||||||F" for number, (name, text) in enumerate(named, start=1)]
    head = ["MSH|^~\\&|LAB|CITY|EHR|X|20260105||ORU^R01|9|P|2.5", "PID|1||0012345^^^C^MR", "OBR|1|||P^Breast biopsy"]
    return "\r".join([*head, *lines]).encode()


def test_texts_that_only_their_names_tell_apart_keep_them(read: Read) -> None:
    document = one(
        read(_named(("Macroscopy", "Three cores."), ("Smásjárskoðun", "Carcinoma."), ("Smásjárskoðun", "Grade 2.")))
    )
    assert document.text == "Macroscopy:\nThree cores.\n\nSmásjárskoðun:\nCarcinoma.\nGrade 2."


@pytest.mark.parametrize("names", [("Line 1", "Line 2"), ("Text", "Report Text"), ("Biopsy", "Biopsy"), ("", "Biopsy")])
def test_names_that_tell_nothing_apart_are_no_headings(read: Read, names: tuple[str, str]) -> None:
    document = one(read(_named((names[0], "Three cores."), (names[1], "Carcinoma."))))
    assert document.text == "Breast biopsy:\nThree cores.\nCarcinoma."
