"""Names and values in two columns; a value too long for its column goes on below, divided where it may be."""

import re

from textual import events
from textual.content import Content

from medtui.text import sanitize_line
from medtui.ui.widgets.plain import PlainStatic

_GAP = 3
# A narrower column would be harder to read than a value on lines of its own.
_NARROWEST = 16


class Figures(PlainStatic):
    """Figures that are laid out anew when the terminal's width changes."""

    def __init__(self, figures: tuple[tuple[str, str], ...], *, classes: str | None = None) -> None:
        super().__init__(in_columns(figures), classes=classes)
        self._figures = figures
        self._laid_out = 0

    def on_resize(self, event: events.Resize) -> None:
        """Divide long values where they fit."""
        if event.size.width != self._laid_out:
            self._laid_out = event.size.width
            self.update(in_columns(self._figures, self._laid_out))


def in_columns(figures: tuple[tuple[str, str], ...], width: int = 0) -> Content:
    """Set names and values in two columns.

    Args:
        figures: the names and values.
        width: columns there are; 0 leaves dividing long values to whoever draws them.
    """
    names = max((len(name) for name, _ in figures), default=0)
    room = width - names - _GAP
    lines = []
    for name, value in figures:
        first, *rest = divided(sanitize_line(value), room) if room >= _NARROWEST else [sanitize_line(value)]
        lines.append(Content.assemble((f"{name.ljust(names)}{' ' * _GAP}", "$muted"), (first, "bold")))
        lines += [Content.assemble(" " * (names + _GAP), (part, "bold")) for part in rest]
    return Content("\n").join(lines)


def divided(text: str, width: int) -> list[str]:
    """Divide text into lines: after spaces and slashes where there are any, inside a word only where there are none.

    Args:
        text: one line.
        width: columns of a line.
    """
    lines = [""]
    for piece in re.findall(r"[^ /]*[ /]+|[^ /]+", text):
        if lines[-1] and len(lines[-1]) + len(piece.rstrip()) > width:
            lines.append("")
        lines[-1] += piece
        while len(lines[-1].rstrip()) > width:
            lines[-1:] = [lines[-1][:width], lines[-1][width:]]
    return [line.rstrip() for line in lines]
