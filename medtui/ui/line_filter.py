"""The last guard before the terminal: whatever a widget draws, nothing that a terminal obeys leaves the program."""

import os
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter

from medtui.text import FORBIDDEN

_PLAIN = Style()

# What the screens draw, in characters of seven bits; what is missing here falls back on its decomposition or on "?".
_ASCII = str.maketrans(
    "✓✗●○▸▾·•…—–←→↑↓⏎⭘‘’“”×≈≤≥µ°�▏▎▍▌▋▊▉▔▁░▒▓█▀▄▐━═╸╺╍╌",  # noqa: RUF001
    "+x*o>v-*~--<>^v<o''\"\"x~<>uo?|||||||-_.:%####======",
)


def ascii_only(environment: Mapping[str, str] = os.environ) -> bool:
    """Tell whether the locale cannot show more than ASCII.

    Python itself rewrites `LC_CTYPE` under the C locale (PEP 538), so that one is not asked. An environment that says
    nothing gets Unicode, as terminals of this decade show it.
    """
    locale = environment.get("LC_ALL") or environment.get("LANG") or ""
    return bool(locale) and "utf8" not in locale.lower().replace("-", "")


@lru_cache(4096)
def _ascii_character(character: str) -> str:
    code = ord(character)
    if 0x2800 <= code <= 0x28FF:
        dots = (code - 0x2800).bit_count()
        return " " if dots == 0 else "." if dots < 3 else ":"
    if 0x2500 <= code <= 0x257F:
        name = unicodedata.name(character)
        if name.endswith(("HORIZONTAL", "LEFT", "RIGHT")) and "AND" not in name:
            return "-"
        return "|" if name.endswith("VERTICAL") or "DASH VERTICAL" in name else "+"
    plain = unicodedata.normalize("NFKD", character).encode("ascii", "ignore").decode()
    width = cell_len(character)
    return plain if len(plain) == width and plain.isprintable() else "?" * width


@lru_cache(8192)
def to_ascii(text: str) -> str:
    """Draw text with ASCII alone, in exactly as many cells."""
    translated = text.translate(_ASCII)
    return (
        translated if translated.isascii() else "".join(c if c.isascii() else _ascii_character(c) for c in translated)
    )


@lru_cache(8192)
def without_controls(text: str) -> str:
    """Drop every character that a terminal could obey, keeping the number of cells that Textual counted."""
    return FORBIDDEN.sub(lambda match: "?" * cell_len(match.group()), text).replace("\n", "").replace("\t", "")


class TerminalFilter(LineFilter):
    """Cleans every line that any widget draws, also under NO_COLOR; with `ascii_only` it draws with ASCII alone."""

    def __init__(self, *, ascii_only: bool = False) -> None:
        super().__init__()
        self._ascii_only = ascii_only

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Clean one line.

        Args:
            segments: the line as drawn; a segment without a style gets an empty one, which Textual's own colour
                filters need.
            background: not used.
        """
        return [Segment(self._clean(text), self._style(style)) for text, style, _control in segments]

    def _clean(self, text: str) -> str:
        if text.isascii() and text.isprintable():
            return text
        cleaned = without_controls(text)
        return to_ascii(cleaned) if self._ascii_only else cleaned

    @staticmethod
    def _style(style: Style | None) -> Style:
        if style is None:
            return _PLAIN
        return style.update_link(None) if style.link else style
