"""What the rules find and what they let stand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medtui.deid.detector import detect
from medtui.deid.spans import THRESHOLD


def found(text: str) -> list[str]:
    return [text[span.start : span.end] for span in detect(text) if span.score >= THRESHOLD]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Seen by Dr. Amelia Strand at St. Brendan's Hospital.", ["Dr. Amelia Strand", "St. Brendan's Hospital"]),
        ("SSN 078-05-1120, MRN: QX-998812", ["078-05-1120", "QX-998812"]),
        ("Aadhaar 2345 6789 0124, PAN ABCPE1234F", ["2345 6789 0124", "ABCPE1234F"]),
        ("born 12 Apr 1950, seen 2023-04-25 and April 12th, 2023", ["12 Apr 1950", "2023-04-25", "April 12th, 2023"]),
        ("call (555) 123-4567, fax 555-0142", ["(555) 123-4567", "555-0142"]),
        ("write to jo.b@clinic.local or see https://x.example/a", ["jo.b@clinic.local", "https://x.example/a"]),
        ("a 94-year-old woman", ["94"]),
        ("lives at 12 Elm Grove Road, Dayton, OH 45402", ["12 Elm Grove Road, Dayton, OH 45402"]),
        ("vehicle MH 12 AB 1234 from 203.0.113.55.", ["MH 12 AB 1234", "203.0.113.55"]),
        ("hosts fe80::1%eth0 and 2001:db8::192.0.2.1", ["fe80::1%eth0", "2001:db8::192.0.2.1"]),
        ("saw Dr. Anthony Brown's office and Dr. John White today", ["Dr. Anthony Brown", "Dr. John White"]),
        ("reviewed by Dr. Smith at Baylor Med. Center", ["Dr. Smith", "Baylor Med. Center"]),
        ("who lives in the Milwaukee area", ["Milwaukee"]),
        ("seen at Larkspur Clinic last week, pain since last July", ["Larkspur Clinic", "last week", "last July"]),
        ("Hauptstra\u00dfe 12, 10115 Berlin", ["Hauptstra\u00dfe 12, 10115 Berlin"]),
        ("ship it to 12 rue de la Paix, 75002 Paris", ["12 rue de la Paix, 75002 Paris"]),
    ],
)
def test_found(text: str, expected: list[str]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Wells score 3, positive Chaddock reflex, Alzheimer's disease, Barrett's esophagus.",
        "BP 120/80, pulse 72, SpO2 97 %, temperature 37.2, strength 5/5, murmur 2/6.",
        "Sodium 139 mmol/L (135-145), platelets 250000/uL, WBC 4000-11000, SG 1.010-1.025.",
        "Metformin 500 mg twice daily, Eliquis 5 mg, vitamin B12, T12-L1, C5-C6, HbA1c 7.2 %.",
        "ICD-10 E11.9 and S72.001A, CPT 99213, LOINC 718-7, SNOMED 44054006.",
        "A 54-year-old man diagnosed in 2019; follow-up in 6 weeks.",
        "FINDINGS: No focal consolidation. IMPRESSION: Normal chest radiograph.",
        "CT abdomen and pelvis with contrast. Type 2 Diabetes, stage 3 CKD.",
    ],
)
def test_clinical_content_stands(text: str) -> None:
    assert found(text) == []


@given(st.text(max_size=400))
def test_spans_are_sound_on_any_text(text: str) -> None:
    last = 0
    for span in detect(text):
        assert last <= span.start < span.end <= len(text)
        last = span.end


@given(st.text(alphabet="AaSt1 90-/.,:#&'()@\n", max_size=120))
def test_spans_are_sound_where_addresses_may_stand(text: str) -> None:
    test_spans_are_sound_on_any_text.hypothesis.inner_test(text)  # type: ignore[attr-defined]


@given(st.text(alphabet="Aa1e\u0301\u0915\u093c \n.-\u0967", max_size=60))
def test_offsets_hold_when_characters_combine(text: str) -> None:
    name = "Dr. Amelia Strandvig"
    whole = text + "\n" + name
    assert any(whole[span.start : span.end] == name for span in detect(whole))
