"""Labelled lines: as people write them, and as programs name their fields."""

import pytest

from medtui.reports import labels
from medtui.reports.identity import Identity


@pytest.mark.parametrize(
    ("line", "kind", "value"),
    [
        ("Patient Name: Asha Rao", "NAME", "Asha Rao"),
        ("PatientName: Asha Rao", "NAME", "Asha Rao"),
        ("Reg. No.: 12345", "MRN", "12345"),
        ("MedicalRecordNo: 123456", "MRN", "123456"),
        ("MEDICAL_RECORD_NO: 123456", "MRN", "123456"),
        ("PATIENT_ID=A1234", "MRN", "A1234"),
        ("MobileNo: 98765 43210", "PHONE", "98765 43210"),
        ("DateOfBirth: 01/02/1980", "DATE", "1980-01-02"),
        ("AccessionNumber: AX12345", "OTHER_ID", "AX12345"),
        ("ReferredBy: Dr Asha Rao", "NAME", "Asha Rao"),
        ("PassportNo: M1234567", "PASSPORT", "M1234567"),
        ("Seen with Medical Record No 00968240 today", "MRN", "00968240"),
        ("Health plan 5512345, seen at 10:30", "HEALTH_PLAN", "5512345"),
    ],
)
def test_a_label_tells_what_its_value_is(line: str, kind: str, value: str) -> None:
    identity = Identity()
    labels.collect(f"CLINIC LETTER\n{line}\nThe lungs are clear.", identity)
    assert (kind, value) in [(str(known.kind), known.value) for known in identity.known()]


@pytest.mark.parametrize("line", ["Thyroid: normal", "Nearby: no mass", "BedNo: 12", "Carotid: patent", "Code: 12"])
def test_what_only_ends_like_a_label_tells_nothing(line: str) -> None:
    identity = Identity()
    labels.collect(line, identity)
    assert identity.known() == ()
