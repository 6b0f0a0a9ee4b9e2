"""Two texts side by side, or one at a time where the terminal is narrow."""

from typing import ClassVar

from textual._path import CSSPathType
from textual.binding import Binding, BindingType

from medtui.ui.screens.frame import Frame

# A report has a few pages; of what is longer, this much is shown.
LONGEST = 60_000
SCROLL_KEYS: list[BindingType] = [
    Binding("down,j", "scroll_text(1)", "Scroll", key_display="↑↓", tooltip="Show what is further down"),
    Binding("up,k", "scroll_text(-1)", "Scroll", show=False),
    Binding("pagedown,space", "scroll_page(1)", "Scroll", show=False),
    Binding("pageup", "scroll_page(-1)", "Scroll", show=False),
]


class Sides(Frame):
    """Scrolls both texts together, with `SCROLL_KEYS`."""

    def action_scroll_text(self, lines: int) -> None:
        """Scroll both texts."""
        for side in self.query(".side"):
            side.scroll_relative(y=lines, animate=False)

    def action_scroll_page(self, pages: int) -> None:
        """Scroll both texts by what is shown of them, but for a line to go on reading from."""
        for side in self.query(".side"):
            side.scroll_relative(y=pages * max(1, side.size.height - 1), animate=False)


class SideBySide(Sides):
    """What screens with a text before and after share: keys, and scrolling both."""

    CSS_PATH: ClassVar[CSSPathType | None] = ["frame.tcss", "browse.tcss"]
    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("b,tab", "other", "Before/after", key_display="b", tooltip="Show the text before, or after"),
        *SCROLL_KEYS,
    ]

    def action_other(self) -> None:
        """Show the other text where only one has room."""
        for side in self.query(".side"):
            side.toggle_class("-hidden")
