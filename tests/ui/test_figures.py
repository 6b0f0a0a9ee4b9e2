"""Figures in columns: long values are divided where they may be, and nothing of them is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medtui.ui.widgets.figures import divided, in_columns


@given(st.text("ab/ -", max_size=80), st.integers(1, 30))
def test_nothing_is_lost_and_every_line_fits(text: str, width: int) -> None:
    lines = divided(text, width)
    assert all(len(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("/home/anna/practices/north/adapter", ["/home/anna/", "practices/", "north/adapter"]),
        ("two words", ["two words"]),
        ("abcdefghijklmnopq", ["abcdefghijklmn", "opq"]),
    ],
)
def test_where_it_is_divided(text: str, lines: list[str]) -> None:
    assert divided(text, 14) == lines


def test_a_long_value_goes_on_below_itself() -> None:
    shown = in_columns((("Adapter", "/home/anna/practices/adapter"), ("Size", "1 MiB")), 31).plain
    assert shown.split("\n") == ["Adapter   /home/anna/practices/", "          adapter", "Size      1 MiB"]
