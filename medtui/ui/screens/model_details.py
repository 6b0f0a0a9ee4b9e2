"""Everything about one model, above the list."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen

from medtui.text import sanitize_line
from medtui.ui.widgets.figures import Figures
from medtui.ui.widgets.plain import PlainStatic
from medtui.wizard.model_details import Section


class ModelDetails(ModalScreen[None]):
    """Shows sections of figures and sentences."""

    CSS_PATH = "model.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter,d,q", "dismiss", "Close"),
        Binding("j,down", "scroll(1)", "Down", show=False),
        Binding("k,up", "scroll(-1)", "Up", show=False),
        Binding("space,pagedown", "scroll(12)", "Page down", show=False),
        Binding("b,pageup", "scroll(-12)", "Page up", show=False),
    ]

    def __init__(self, heading: str, sections: tuple[Section, ...]) -> None:
        super().__init__()
        self._heading = heading
        self._sections = sections

    def compose(self) -> ComposeResult:
        """Lay out the sections."""
        with VerticalScroll(id="details", can_focus=False):
            yield PlainStatic(sanitize_line(self._heading), classes="title")
            for section in self._sections:
                yield PlainStatic(section.title, classes="section")
                yield from _section(section)
            yield PlainStatic("Arrows scroll, Esc closes.", classes="muted")

    def action_scroll(self, lines: int) -> None:
        """Scroll."""
        self.query_one("#details").scroll_relative(y=lines, animate=False)


def _section(section: Section) -> ComposeResult:
    for warning in section.warnings:
        yield PlainStatic(
            Content.assemble(("! ", "bold $text-warning"), (sanitize_line(warning), "$text-warning")), classes="line"
        )
    if section.figures:
        yield Figures(section.figures, classes="line")
    for line in section.lines:
        yield PlainStatic(sanitize_line(line), classes="line")
