"""The form of a practice's answers."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from medtui.examples import form

HOUSE = [
    "(1) Small right pleural effusion.\n(2) No pneumothorax.\nAdvice: repeat chest radiograph in 6 weeks.",
    "(1) Normal heart size.\nAdvice: no follow-up needed.",
    "(1) Gallstones.\n(2) No duct dilatation.\n(3) Fatty liver.\nAdvice: surgical opinion.",
]


def row(answer: str) -> dict[str, Any]:
    return {"completion": [{"role": "assistant", "content": answer}]}


def test_house_form_is_told_from_other_styles() -> None:
    learned = form.learn([row(answer) for answer in HOUSE * 5])
    assert learned.shapes == (("(1)", "advice:"),)
    assert learned.distinctive
    assert learned.matches("(1) Fracture of the left radius.\n(2) No dislocation.\nAdvice: cast for 6 weeks.")
    for other in (
        "Small right pleural effusion.",
        "- Gallstones.\n- Fatty liver.\nAdvice: surgical opinion.",
        "1. Gallstones.\nAdvice: surgical opinion.",
        "(1) Gallstones.",
        "(1) Gallstones.\n(1) Gallstones.\nAdvice: surgical opinion.",
        "(1) Gallstones.\nAdvice:",
        "Advice: rest.\n(1) Gallstones.",
        "",
    ):
        assert not learned.matches(other), other
    assert learned.describe() == 'items (1), (2), ..., then a line "Advice:"'


def test_other_practices_have_other_forms() -> None:
    dashes = form.learn([row(f"IMPRESSION {n}\n- one.\n- two: three.") for n in range(20)])
    assert dashes.matches("IMPRESSION\n- A small cyst.")
    assert not dashes.matches(HOUSE[0])
    prose = form.learn([row("A small cyst. Note: benign.")] * 3)
    assert not prose.distinctive
    assert prose.matches("No abnormality.")


def test_more_lines_than_ever_seen_is_not_the_form() -> None:
    learned = form.learn([row(answer) for answer in HOUSE])
    runaway = "\n".join(f"({n}) Effusion." for n in range(1, 9)) + "\nAdvice: rest."
    assert not learned.matches(runaway)


def test_wrapped_items_count_once() -> None:
    learned = form.learn([row(answer) for answer in HOUSE])
    assert learned.matches("(1) A long sentence that\n    goes on here.\nAdvice: rest.")


def test_without_rows_nothing_matches() -> None:
    empty = form.learn([])
    assert not empty.matches("anything")
    assert empty.describe() == "no form known"


@given(st.lists(st.text(max_size=60), min_size=1, max_size=12))
def test_survives_a_round_trip_and_any_text(answers: list[str]) -> None:
    learned = form.learn([row(answer) for answer in answers])
    again = form.Form.from_dict(learned.to_dict())
    assert again == learned
    for answer in answers:
        assert isinstance(again.matches(answer), bool)
