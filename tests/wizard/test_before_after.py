"""Both sides of standardising: everything that is not marked is the same text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medtui.reports.standard import standardise
from medtui.wizard.before_after import Piece, changes


def without(text: str, pieces: list[Piece]) -> str:
    for start, end in reversed(pieces):
        text = text[:start] + text[end:]
    return text


@pytest.mark.parametrize("printed", [True, False])
@given(st.text("ab -\n\f\ufb01é\u0301Page 12:.", max_size=120))
def test_what_is_not_marked_is_the_same(printed: bool, text: str) -> None:
    standard = standardise(text, printed=printed)
    gone, come = changes(text, standard.text, standard.offsets)
    assert without(text, gone) == without(standard.text, come)


def test_a_joined_word_and_a_ligature_are_marked() -> None:
    text = "No pulmo-\nnary in\ufb01ltrate."
    standard = standardise(text, printed=True)
    assert standard.text == "No pulmonary infiltrate."
    gone, come = changes(text, standard.text, standard.offsets)
    assert [text[start:end] for start, end in gone] == ["-\n", "\ufb01"]
    assert [standard.text[start:end] for start, end in come] == ["fi"]
