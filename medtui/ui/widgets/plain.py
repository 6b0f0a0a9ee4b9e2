"""Widgets that show text as it is: none of them parses markup, so text from outside can neither act nor crash them.

Only this module imports the originals; a test sees to it.
"""

from collections.abc import Iterable
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.visual import VisualType
from textual.widget import Widget
from textual.widgets import Button, Input, OptionList, Static
from textual.widgets.option_list import Option


class PlainStatic(Static):
    """Text that is never parsed."""

    def __init__(self, text: VisualType = "", *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(text, markup=False, id=id, classes=classes)


class PlainButton(Button):
    """A button whose label is never parsed."""

    def __init__(self, label: str, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(Content(label), id=id, classes=classes)
        self.active_effect_duration = 0


class PlainInput(Input):
    """A field for one line; Textual shows its text literally."""


class PlainOptionList(OptionList):
    """A list of choices, never parsed, that is also walked with j and k."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "cursor_down", "Down", show=False),
        Binding("k", "cursor_up", "Up", show=False),
        Binding("g", "first", "First", show=False),
        Binding("G", "last", "Last", show=False),
    ]

    def __init__(self, *options: Option, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(*options, markup=False, id=id, classes=classes)

    def replace(self, options: Iterable[Option], highlighted: int | None = 0) -> None:
        """Show other options."""
        self.clear_options()
        self.add_options(list(options))
        if self.option_count:
            self.highlighted = highlighted


def title(widget: Widget, text: str, subtitle: str = "") -> None:
    """Set a widget's border titles without parsing them."""
    # Textual parses a str here, but takes a Content as it is.
    widget.border_title = Content(text)
    widget.border_subtitle = Content(subtitle) if subtitle else None
