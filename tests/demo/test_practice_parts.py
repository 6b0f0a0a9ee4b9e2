"""The parts from which the demo practice is composed: marks, sentences, check digits."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medtui.demo.practice import grammar, identifiers, marks
from medtui.phi import Category

_words = st.text(st.characters(exclude_categories=("Cs", "Co")), max_size=20)


@given(st.lists(st.tuples(_words, st.one_of(st.none(), st.sampled_from(list(Category))))))
def test_marks_give_back_the_text_and_the_place_of_every_identifier(pieces: list[tuple[str, Category | None]]) -> None:
    marked = "".join(marks.mark(kind, text) if kind else text for text, kind in pieces)
    text, spans = marks.resolve(marked)
    assert text == marks.plain(marked) == "".join(piece for piece, _ in pieces)
    assert [(text[start:end], kind) for start, end, kind in spans] == [(piece, kind) for piece, kind in pieces if kind]


@given(st.lists(st.sampled_from(["a", "bb", "seven 77", "a long enough word"]), min_size=1), st.integers(5, 40))
def test_wrapped_lines_fit_and_lose_nothing(values: list[str], width: int) -> None:
    marked = " ".join(marks.mark("NAME", value) for value in values)
    lines = marks.wrap(marked, width)
    assert " ".join(lines) == marked
    assert all(len(marks.plain(line)) <= width or " " not in marks.plain(line) for line in lines)


@pytest.mark.parametrize("marked", ["\ue000NAME\ue001a", "a\ue002", "\ue000NAME\ue001\ue000DATE\ue001a\ue002\ue002"])
def test_broken_marks_are_an_error(marked: str) -> None:
    with pytest.raises(ValueError, match="identifier"):
        marks.resolve(marked)


def test_sentences_choose_fill_and_start_upper_case() -> None:
    drawn = grammar.draw_all({"size": "#4-9", "ratio": "#0.53-0.66", "side": "right|left"}, Random(4))
    assert 4 <= int(drawn["size"]) <= 9
    assert 0.53 <= float(drawn["ratio"]) <= 0.66
    sentence = grammar.expand("{a|one {small|tiny}} <side> nodule{, about <size> mm|} .", Random(4), drawn)
    assert sentence.endswith(".")
    assert sentence[0].isupper()
    assert drawn["side"] in sentence
    assert not set("{}|<>") & set(sentence)
    with pytest.raises(KeyError):
        grammar.expand("<missing>", Random(1))


# Values worked out by hand elsewhere: 236 -> 3 is the textbook example of the Verhoeff scheme.
@pytest.mark.parametrize(("digits", "check"), [("236", "3"), ("12345", "1"), ("142857", "0")])
def test_verhoeff_digit_of_known_numbers(digits: str, check: str) -> None:
    assert identifiers.verhoeff_digit(digits) == check


@given(st.integers(), st.integers(0, 11), st.integers(1, 9))
def test_aadhaar_has_a_check_digit_that_notices_every_wrong_digit(seed: int, place: int, shift: int) -> None:
    number = identifiers.aadhaar(Random(seed))
    assert len(number) == 12
    assert identifiers.verhoeff_digit(number[:-1]) == number[-1]
    wrong = number[:place] + str((int(number[place]) + shift) % 10) + number[place + 1 :]
    assert identifiers.verhoeff_digit(wrong[:-1]) != wrong[-1]


@given(st.integers(), st.integers(0, 10))
def test_aadhaar_check_digit_notices_neighbours_swapped(seed: int, place: int) -> None:
    number = identifiers.aadhaar(Random(seed))
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    if swapped != number:
        assert identifiers.verhoeff_digit(swapped[:-1]) != swapped[-1]


@given(st.integers())
def test_numbers_have_the_form_of_real_ones(seed: int) -> None:
    random = Random(seed)
    abha = identifiers.abha(random).replace("-", "")
    assert len(abha) == 14
    assert identifiers.verhoeff_digit(abha[:-1]) == abha[-1]
    area, group, serial = identifiers.ssn(random).split("-")
    assert area not in ("000", "666")
    assert int(area) < 900
    assert int(group) > 0
    assert int(serial) > 0
    pan = identifiers.pan(random, "Kulkarni")
    assert (pan[3:5], pan[:5].isalpha(), pan[5:9].isdigit(), pan[9].isalpha()) == ("PK", True, True, True)
    vin = identifiers.vin(random)
    assert len(vin) == 17
    assert not set("IOQ") & set(vin)


def test_vin_check_digit_agrees_with_the_published_example() -> None:
    # 1M8GDM9AXKP042788 is the usual worked example of 49 CFR 565.15.
    assert identifiers.vin_check_digit("1M8GDM9A0KP042788") == "X"
