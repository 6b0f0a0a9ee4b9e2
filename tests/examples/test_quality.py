"""Signs that a text is not fit to learn from."""

import pytest

from medtui.examples import quality


def test_table_of_results_is_english_enough_and_hindi_is_not() -> None:
    table = (
        "Results:\n"
        + "Ferritin: 129 ng/mL (reference 20-250)\nHb: 7 g/dL\n" * 12
        + "Anaemia, other results within range."
    )
    assert not quality.is_foreign(table)
    assert quality.is_foreign("\u092e\u0930\u0940\u091c \u0915\u094b \u092c\u0941\u0916\u093e\u0930 \u0939\u0948")
    assert quality.is_foreign("Herz unauffaellig gross keine Stauung Lunge frei " * 10)
    assert not quality.is_foreign("Pt c/o bukhar since 3 days, \u092c\u0941\u0916\u093e\u0930, advised rest in bed")


@pytest.mark.parametrize("text", ["Nodule in the", "No effusion,", "Discussed with"])
def test_open_ends(text: str) -> None:
    assert quality.is_cut(text)


@pytest.mark.parametrize("text", ["Nodule.", "Normal chest", "Advice: rest"])
def test_whole_answers(text: str) -> None:
    assert not quality.is_cut(text)


def test_standard_answers_have_one_key_and_numbers_have_none() -> None:
    assert quality.boilerplate_key("(1) Normal chest.\n(2) No fracture.") == quality.boilerplate_key(
        "1. normal chest\n2. no fracture"
    )
    assert quality.boilerplate_key("(1) Nodule of 5 mm.") == ""
