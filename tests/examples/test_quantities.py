"""Numbers and units."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medtui.examples.quantities import quantities


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0.5 g", [("mass", "500")]),
        ("500 mg", [("mass", "500")]),
        ("250 mcg twice daily", [("mass", "0.25")]),
        ("5-10 mg", [("mass", "5"), ("mass", "10")]),
        ("3 x 2 x 1 cm", [("length", "30"), ("length", "20"), ("length", "10")]),
        ("120/80 mmHg", [("pressure", "120"), ("pressure", "80")]),
        ("in six weeks", [("time", "3628800")]),
        ("twenty-five mg", [("mass", "25")]),
        ("Hb 9.2 g/dL", [("mass/volume", "92")]),
        ("1,200 mL", [("volume", "1200")]),
        ("WBC 12.5 x 10^3/uL", [("x103/volume", "12500")]),
        ("grade 2", [("", "2")]),
        ("one of them", []),
        ("vitamin B12", []),
        ("ALP...........321 H    U/L", [("", "321")]),
        ("Bilirubin 2.0 L\n", [("", "2")]),
        ("oxygen 2 L by mask", [("volume", "2000")]),
    ],
)
def test_amounts(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(found.dimension, found.amount) for found in quantities(text)] == [
        (dimension, Decimal(amount)) for dimension, amount in expected
    ]


@given(st.text(max_size=200))
def test_any_text_gives_ordered_spans_inside_it(text: str) -> None:
    found = quantities(text)
    assert all(0 <= item.start < item.end <= len(text) for item in found)
    assert [item.start for item in found] == sorted(item.start for item in found)


@given(st.decimals(min_value=0, max_value=99999, places=2), st.sampled_from(["mg", "cm", "mL", "weeks", "mmHg"]))
def test_a_written_amount_is_found_whole(value: Decimal, unit: str) -> None:
    (found,) = quantities(f"about {value} {unit}.")
    assert found.value == value
    assert found.unit == unit.lower()
