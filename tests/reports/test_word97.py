"""Word documents of the old kind."""

import io
from pathlib import Path

import msoffcrypto
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medtui.phi import Category
from medtui.reports import importing, reading
from medtui.reports.document import PROTECTED, Document, KnownIdentifier, UnreadFile
from medtui.reports.draft import Source
from medtui.reports.settings import Settings
from tests.reports.conftest import Read, one, refused
from tests.reports.word97_samples import Paragraph, document, row

LETTER = [
    Paragraph("FINDINGS: Heart normal, caf\xe9 \u2265 5 mm."),
    Paragraph("IMPRESSION:"),
    Paragraph("No effusion\x0band no mass."),
]


def test_text_of_both_widths_with_its_headers_and_footers(read: Read) -> None:
    stories = (
        "",
        "Patient Name: Margaret Holloway",
        "",
        "Page \x13 PAGE \x142\x15",
        "Patient Name: Margaret Holloway",
        "",
    )
    read_document = one(read(document(LETTER, stories)))
    assert read_document.format == "doc"
    assert read_document.text == (
        "Patient Name: Margaret Holloway\nFINDINGS: Heart normal, caf\xe9 \u2265 5 mm.\nIMPRESSION:\nNo effusion\n"
        "and no mass.\nPage 2"
    )
    assert KnownIdentifier(Category.NAME, "Margaret Holloway") in read_document.known_identifiers
    assert [section.title for section in read_document.sections] == ["", "FINDINGS", "IMPRESSION"]


@pytest.mark.parametrize("narrow", [0, 10, 10_000])
def test_tables_are_told_from_text_around_them(read: Read, narrow: int) -> None:
    body = [
        Paragraph("RESULTS"),
        *row("Test", "Value", "Remark"),
        *row("Creatinine", "1.4", ""),
        *row("Sodium\nserum", "", "low"),
        Paragraph("Reviewed."),
        *row("Only one"),
    ]
    text = one(read(document(body, narrow=narrow))).text
    assert text == ("RESULTS\nTest | Value | Remark\nCreatinine | 1.4 |\nSodium / serum |  | low\nReviewed.\nOnly one")


def test_what_fields_say_to_the_program_and_what_was_deleted_is_not_shown(read: Read) -> None:
    body = [
        Paragraph("Seen on \x13 DATE \\@ \x13 X \x14y\x15 \x1414 March 2024\x15 by us."),
        Paragraph("Mass of 8 mm not seen.\x01\x1fHyphen\x1eated", deleted=(0, 13)),
    ]
    text = one(read(document(body, narrow=0))).text
    assert text == "Seen on 14 March 2024 by us.\nnot seen.Hyphen-ated"


def test_letters_of_symbol_fonts_are_what_they_show(read: Read) -> None:
    body = [Paragraph("Give 50 (g twice a day.", symbol=(8, 0xF06D)), Paragraph("Pain (", symbol=(5, 0xF0FF))]
    assert one(read(document(body))).text == "Give 50 \u03bcg twice a day.\nPain \ufffd"


def test_a_protected_one_opens_with_its_password(tmp_path: Path) -> None:
    data = document(LETTER, password="orchid-7")  # noqa: S106
    assert msoffcrypto.OfficeFile(io.BytesIO(data)).is_encrypted()
    (locked,) = reading.read(Source(data), "letter.doc")
    assert isinstance(locked, UnreadFile)
    assert locked.reason == PROTECTED
    path = tmp_path / "letter.doc"
    path.write_bytes(data)
    (opened,) = importing.read_paths([path], Settings(("wrong", "orchid-7")))
    assert isinstance(opened, Document)
    assert opened.text.startswith("FINDINGS: Heart normal")


def test_older_and_damaged_ones_are_named(read: Read) -> None:
    assert "from before 1997" in refused(read(document(LETTER, kind=0xA5DC))).reason
    whole = document(LETTER)
    damaged = whole.replace(b"W\0o\0r\0d\0D\0o\0c\0u\0m\0e\0n\0t\0", b"W\0o\0r\0d\0D\0o\0c\0u\0m\0e\0n\0t\0")[:3000]
    assert "damaged" in refused(read(damaged)).reason


@given(st.lists(st.tuples(st.integers(1536, 9000), st.integers(0, 255)), min_size=1, max_size=40))
@settings(max_examples=150, deadline=None)
def test_whatever_is_changed_in_it_ends_as_text_or_a_reason(changes: list[tuple[int, int]]) -> None:
    data = bytearray(document([*LETTER, *row("a", "b")], ("", "MRN: 1", "", "", "", "")))
    for place, byte in changes:
        data[min(place, len(data) - 1)] = byte
    results = list(reading.read(Source(bytes(data)), "letter.doc"))
    assert results
    assert all(isinstance(result, Document | UnreadFile) for result in results)
