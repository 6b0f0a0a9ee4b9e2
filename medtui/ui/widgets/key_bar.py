"""The footer: every key that works now, on as many lines as they need."""

from collections.abc import Iterator, Sequence

from textual import events
from textual.app import ComposeResult
from textual.containers import HorizontalGroup
from textual.widget import Widget
from textual.widgets import Footer
from textual.widgets._footer import FooterKey

# Left and right of each key's name, and behind its description.
_PADDING = 3
_PALETTE = "-command-palette"


class KeyBar(Footer):
    """Textual's footer scrolls what does not fit out of sight; this one begins another line."""

    SCOPED_CSS = False
    DEFAULT_CSS = """
    KeyBar { layout: vertical; & HorizontalGroup { height: 1; } }
    """

    def __init__(self) -> None:
        super().__init__(show_command_palette=True)
        self._lines = 1

    def compose(self) -> ComposeResult:
        """Lay the keys out in lines; the palette's key stays at the right."""
        widgets = list(super().compose())
        palette = [widget for widget in widgets if widget.has_class(_PALETTE)]
        keys = [widget for widget in widgets if widget not in palette]
        lines = list(in_lines(keys, self._room(palette)))
        self._lines = max(1, len(lines))
        self.styles.height = self._lines
        yield from palette
        for line in lines:
            with HorizontalGroup():
                yield from line

    def _room(self, palette: Sequence[Widget]) -> int:
        return (self.size.width or self.app.size.width) - sum(map(width_of, palette)) - 2

    def on_resize(self, event: events.Resize) -> None:
        """Lay out anew when the keys need more lines, or fewer."""
        keys = [key for key in self.query(FooterKey) if not key.has_class(_PALETTE)]
        palette = [key for key in self.query(FooterKey) if key.has_class(_PALETTE)]
        if keys and len(list(in_lines(keys, self._room(palette)))) != self._lines:
            self.call_after_refresh(self.recompose)


def width_of(key: Widget) -> int:
    """Give how many columns a key with its description takes."""
    return len(key.key_display) + len(key.description) + _PADDING if isinstance(key, FooterKey) else 0


def in_lines(keys: Sequence[Widget], room: int) -> Iterator[list[Widget]]:
    """Divide keys into lines of a width; what is wider than a whole line has one of its own."""
    line: list[Widget] = []
    for key in keys:
        if line and sum(map(width_of, line)) + width_of(key) > room:
            yield line
            line = []
        line.append(key)
    if line:
        yield line
