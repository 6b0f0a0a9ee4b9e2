"""The generated training text: never the practice's form, always grounded, the same for the same seed."""

import re
from itertools import islice
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medtui.demo.base_model import clinic, copying, corpus, hospital, imaging, laboratory, styles
from medtui.demo.base_model.case import Kind
from medtui.demo.base_model.instructions import INSTRUCTIONS, SYSTEM_PROMPT
from medtui.demo.base_model.phrases import phrase

MAKERS = {
    Kind.IMAGING: imaging.case,
    Kind.CLINIC: clinic.case,
    Kind.LABORATORY: laboratory.case,
    Kind.HOSPITAL: hospital.case,
}
PRACTICE_FORM = re.compile(r"\(\d\)|advice\s*:", re.IGNORECASE)


@pytest.fixture(scope="module")
def many() -> list[list[corpus.Message]]:
    return list(islice(corpus.rows(7), 3000))


def test_no_row_is_written_in_the_form_of_the_practice(many: list[list[corpus.Message]]) -> None:
    assert [m["content"] for row in many for m in row if PRACTICE_FORM.search(m["content"])] == []


@given(st.integers(0, 2**32), st.sampled_from(list(Kind)))
def test_no_style_of_any_seed_is_the_form_of_the_practice(seed: int, kind: Kind) -> None:
    random = Random(seed)
    case, style = MAKERS[kind](random), styles.draw(random, kind)
    assert not PRACTICE_FORM.search(styles.render(case, style) + styles.describe(style, random))


@pytest.mark.parametrize("kind", list(Kind))
def test_numbers_of_an_answer_stand_in_what_was_shown(kind: Kind) -> None:
    for seed in range(200):
        case = MAKERS[kind](Random(seed))
        for number in re.findall(r"\d+\.\d+|\d{2,}", " ".join(case.statements)):
            assert number in case.source, (case.source, case.statements)


@pytest.mark.parametrize("kind", list(Kind))
def test_sides_of_an_answer_stand_in_what_was_shown(kind: Kind) -> None:
    for seed in range(200):
        case = MAKERS[kind](Random(seed))
        for side in ("right", "left", "bilateral"):
            if re.search(rf"\b{side}\b", " ".join(case.statements), re.IGNORECASE):
                assert re.search(rf"\b{side}\b", case.source, re.IGNORECASE)


def test_the_same_seed_gives_the_same_rows_and_another_seed_others() -> None:
    assert list(islice(corpus.rows(3), 50)) == list(islice(corpus.rows(3), 50))
    assert list(islice(corpus.rows(3), 50)) != list(islice(corpus.rows(4), 50))


def test_rows_are_chats_that_end_with_an_answer(many: list[list[corpus.Message]]) -> None:
    for row in many:
        turns = row[1:] if row[0]["role"] == "system" else row
        assert [m["role"] for m in turns] == ["user", "assistant"] * (len(turns) // 2)
        assert all(m["content"].strip() for m in row)
    with_system = sum(row[0] == {"role": "system", "content": SYSTEM_PROMPT} for row in many)
    assert 0.9 < with_system / len(many) < 1


def test_every_wording_and_very_many_forms_occur(many: list[list[corpus.Message]]) -> None:
    asked = "\n".join(m["content"] for row in many for m in row if m["role"] == "user")
    assert [w for wordings in INSTRUCTIONS.values() for w in wordings if w not in asked] == []
    starts = {row[-1]["content"].split("\n")[0].split(" ")[0] for row in many}
    assert len(starts) > 200


def test_about_a_fifth_of_the_rows_are_copying_tasks_and_their_answers_stand_in_the_prompt() -> None:
    random = Random(5)
    for _ in range(200):
        instruction, text, answer = copying.task(random, imaging.case(random))
        words = re.sub(r"^(- |\d+\. )", "", answer, flags=re.MULTILINE)
        assert all(word in text for word in re.split(r"[\s;]+", words)), (instruction, text, answer)


def test_a_phrase_resolves_nested_choices_and_leaves_values_alone() -> None:
    assert phrase(Random(0), "{a|{a|a}} $x .", x="{b|c}") == "a {b|c}."
    with pytest.raises(KeyError):
        phrase(Random(0), "$missing")
