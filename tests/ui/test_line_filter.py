"""The last guard before the terminal."""

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.color import Color

from medtui.text import FORBIDDEN
from medtui.ui.line_filter import TerminalFilter, ascii_only, to_ascii

_BLACK = Color(0, 0, 0)


@given(st.text())
def test_nothing_that_a_terminal_obeys_passes(text: str) -> None:
    (segment,) = TerminalFilter().apply([Segment(text)], _BLACK)
    assert not FORBIDDEN.search(segment.text)
    assert "\n" not in segment.text
    assert segment.style is not None


@given(st.text(alphabet=st.characters(exclude_categories=("Cc", "Cs", "Cf", "Mn", "Me", "Mc", "Co"))))
def test_ascii_takes_as_many_cells(text: str) -> None:
    (segment,) = TerminalFilter(ascii_only=True).apply([Segment(text)], _BLACK)
    assert segment.text.isascii()
    unobeyed = FORBIDDEN.sub("", text)
    if unobeyed == text:
        assert cell_len(segment.text) == cell_len(text)


def test_drawings_stay_readable_in_ascii() -> None:
    assert to_ascii("✓ ▸ ● ○ │─╭╮ ⣿ é … “x”") == '+ > * o |-++ : e ~ "x"'


def test_links_are_dropped() -> None:
    (segment,) = TerminalFilter().apply([Segment("x", Style(link="https://example.org", bold=True))], _BLACK)
    assert segment.style is not None
    assert segment.style.link is None
    assert segment.style.bold


def test_which_locales_show_ascii_only() -> None:
    assert ascii_only({"LANG": "C"})
    assert ascii_only({"LANG": "POSIX", "LC_CTYPE": "C.UTF-8"})
    assert ascii_only({"LC_ALL": "C", "LANG": "en_GB.UTF-8"})
    assert ascii_only({"LANG": "de_DE.ISO-8859-1"})
    assert not ascii_only({"LANG": "en_US.utf8"})
    assert not ascii_only({"LANG": "C.UTF-8"})
    assert not ascii_only({})
