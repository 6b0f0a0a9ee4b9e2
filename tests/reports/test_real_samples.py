"""Files of real software: each ends as text or as a named reason, and nothing in them is lost."""

import re
from pathlib import Path

import pytest
from lxml import etree

from medtui.reports import importing
from medtui.reports.document import Document, UnreadFile

Results = dict[str, list[Document | UnreadFile]]


@pytest.fixture(scope="module")
def results(shared_data: Path) -> Results:
    """What came of every sample; pictures are left to their own test, because reading them takes minutes."""
    found: Results = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", "/nonexistent")
        for item in importing.read_paths([shared_data / "formats"]):
            found.setdefault(item.path, []).append(item)
    return found


def test_every_file_ends_as_text_or_as_a_reason(results: Results, shared_data: Path) -> None:
    files = [str(path) for path in (shared_data / "formats").rglob("*") if path.is_file()]
    assert set(files) == set(results)
    unread = [item for items in results.values() for item in items if isinstance(item, UnreadFile)]
    assert all(item.reason.endswith(".") for item in unread)
    assert not [item for item in unread if "crash" in item.reason or "far too long" in item.reason]


def test_sections_of_clinical_documents_are_filled(results: Results, shared_data: Path) -> None:
    filled = there = 0
    for path in (shared_data / "formats").rglob("*.[xc][mc]*"):
        data = path.read_bytes()
        if path.suffix not in (".xml", ".ccda") or b"<section" not in data:
            continue
        root = etree.fromstring(data, etree.XMLParser(recover=True, resolve_entities=False))
        bodies = [body for part in root.iter("{*}section") for body in part.findall("{*}text")]
        texts = [re.sub(r"\s+", "", "".join(body.itertext())) for body in bodies]
        written = re.sub(r"[\s|]+", "", "".join(item.text for item in results[str(path)] if isinstance(item, Document)))
        there += sum(bool(text) for text in texts)
        filled += sum(bool(text) and text.replace("|", "") in written for text in texts)
    assert there > 100
    assert filled / there >= 0.95


def test_texts_of_results_are_all_there(results: Results, shared_data: Path) -> None:
    checked = 0
    for path in (shared_data / "formats" / "hl7v2_fhirconverter").rglob("*.hl7"):
        text = "".join(item.text for item in results[str(path)] if isinstance(item, Document))
        for line in re.split(r"[\r\n]+", path.read_text(encoding="utf-8-sig")):
            fields = line.split("|")
            if fields[0] == "OBX" and len(fields) > 5 and fields[2] in ("TX", "FT", "ST", "NM"):
                value = fields[5].split("~")[0].strip()
                checked += bool(value)
                assert value in text
    assert checked > 10


def test_known_kinds_are_recognised_whatever_their_name(results: Results, shared_data: Path) -> None:
    kinds = {"rtf_striprtf": "rtf", "fhir_synthea_r4": "fhir", "notes_primock57": "json", "ccda_hl7/Documents": "ccda"}
    for folder, kind in kinds.items():
        files = [
            path for path in (shared_data / "formats" / folder).rglob("*") if path.suffix in (".rtf", ".json", ".xml")
        ]
        assert files
        assert {item.format for path in files for item in results[str(path)]} == {kind}
