"""No character that a terminal obeys passes the door."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from medtui.text import FORBIDDEN, sanitize, sanitize_line

BIDI = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
ATTACKS = [
    "\x1b]0;pwned\x07",
    "\x1b[2J",
    "\x9b31m",
    "\u202eevil",
    "\u2066x\u2069",
    "a\u200bb",
    "\ud800",
    "\x00",
    "\ue000",
]


def test_attacks_become_visible() -> None:
    for attack in ATTACKS:
        clean = sanitize(attack)
        assert not FORBIDDEN.search(clean)
        assert len(clean) == len(attack), "a reviewer must see that something was there"
        clean.encode()


def test_line_ends_become_newlines() -> None:
    assert sanitize("a\r\nb\rc\x0cd\x85e\u2028f") == "a\nb\nc\nd\ne\nf"


def test_ordinary_text_of_any_script_stays() -> None:
    for text in (
        "5 mg/kg, 37.2 \u00b0C\tok\n",
        "\u0930\u093e\u092e\u200d",
        "\u0baa\u0bc6\u0baf\u0bb0\u0bcd",
        "\u00e9\u00df\u0142 \U0001f600",
    ):
        assert sanitize(text) == text


def test_markup_is_text() -> None:
    assert sanitize("[/] [@click=app.quit]x") == "[/] [@click=app.quit]x"


def test_a_line_is_one_line() -> None:
    assert sanitize_line("a\r\nb\tc") == "a b c"


@given(st.text(st.characters(codec=None)))
def test_nothing_forbidden_is_left_and_twice_is_once(text: str) -> None:
    clean = sanitize(text)
    assert sanitize(clean) == clean
    for character in clean:
        assert character in "\n\t\u200c\u200d" or unicodedata.category(character) not in {"Cc", "Cs", "Co"}
        assert unicodedata.bidirectional(character) not in BIDI
