"""What the screens share that show an example in two columns with a line about it."""

from typing import ClassVar

from textual._path import CSSPathType
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll

from medtui.ui.screens.side_by_side import Sides
from medtui.ui.widgets.example import TwoSides
from medtui.ui.widgets.plain import PlainStatic, title


class ExampleSides(Sides):
    """Has a heading, two columns, and a note beneath."""

    CSS_PATH: ClassVar[CSSPathType | None] = ["frame.tcss", "examples.tcss"]

    def body(self) -> ComposeResult:
        """Lay out the two columns."""
        with Vertical(classes="closer"):
            yield PlainStatic("Looking…", classes="title")
            with Horizontal(classes="sides"):
                for side in ("first", "second"):
                    with VerticalScroll(id=side, classes="side", can_focus=False):
                        yield PlainStatic(classes="text")
            yield PlainStatic(classes="note")

    def show(self, heading: str, page: TwoSides) -> None:
        """Fill everything, and begin at the top of both columns."""
        self.query_one(".title", PlainStatic).update(heading)
        for side, (above, text) in zip(("#first", "#second"), page.sides, strict=True):
            column = self.query_one(side)
            title(column, above)
            column.query_one(PlainStatic).update(text)
            column.scroll_home(animate=False)
        self.query_one(".note", PlainStatic).update(page.note)
