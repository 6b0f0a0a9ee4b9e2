"""What sounds like a side of the body and is none."""

import pytest

from medtui.examples.directions import plain_sides
from medtui.examples.grounding import unsupported


@pytest.mark.parametrize(
    ("source", "output"),
    [
        ("Left convexity collection with 6 mm of rightward midline shift.", "6 mm midline shift to the right."),
        ("Ventricular septal defect with left to right shunt.", "VSD with left-to-right shunt."),
        ("Appendix removed. No drain.", "Appendicectomy, no drain left."),
    ],
)
def test_no_side_is_missed(source: str, output: str) -> None:
    assert not [piece for piece in unsupported(source, output) if piece.kind == "laterality"]


def test_another_side_is_seen_and_lengths_stay() -> None:
    source = "Collection over the left convexity with 6 mm of rightward midline shift."
    assert unsupported(source, "Midline shift of 6 mm to the left.")
    assert len(plain_sides(source)) == len(source)
    assert plain_sides("Stent left ureter.") == "Stent left ureter."
