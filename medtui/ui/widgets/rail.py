"""The progress rail: nine steps, each with a mark and a word."""

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets.option_list import Option

from medtui.ui.messages import GoTo
from medtui.ui.widgets.plain import PlainOptionList
from medtui.wizard.journey import Journey, Mark, rail


class Rail(PlainOptionList):
    """Shows where one is, and leads to any step that can be opened."""

    SCOPED_CSS = False
    DEFAULT_CSS = """
    Rail {
        width: 22; height: 100%; padding: 1 0; border: none; border-right: solid $border-blurred;
        background: transparent; scrollbar-size: 0 0;
        &:focus { border: none; border-right: solid $primary; background-tint: transparent 0%; }
        & > .option-list--option-highlighted { background: transparent; color: $foreground; text-style: none; }
        &:focus > .option-list--option-highlighted {
            background: $block-cursor-background; color: $block-cursor-foreground; text-style: bold;
        }
        & > .option-list--option-disabled { color: $foreground 45%; &:ansi { text-style: dim; } }
    }
    Screen.-wide Rail { width: 28; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "select", "Open this step", show=False)]

    def __init__(self) -> None:
        super().__init__(id="rail")
        self._marks: tuple[Mark, ...] = ()

    def show(self, journey: Journey) -> None:
        """Draw the states of a journey."""
        lines = rail(journey)
        if lines == self._marks:
            return
        self._marks = lines
        current = next(index for index, line in enumerate(lines) if line.current)
        self.replace([self._option(line) for line in lines], highlighted=current)

    @staticmethod
    def _option(line: Mark) -> Option:
        style = "bold" if line.current else ""
        text = Content.assemble(
            ("▸" if line.current and line.mark != "●" else " ", "$primary"),
            (line.mark if line.mark != "▸" else "○", _STYLES.get(line.mark, "")),
            (f" {line.name}", style),
            (f"{' ' * (12 - len(line.name))}{'again' if line.word == 'look again' else line.word}", "$muted"),
        )
        return Option(text, id=line.step, disabled=not line.reachable)

    def on_option_list_option_selected(self, event: PlainOptionList.OptionSelected) -> None:
        """Lead to the chosen step."""
        event.stop()
        self.post_message(GoTo(str(event.option.id)))


_STYLES = {"✓": "$text-success", "!": "$text-warning", "●": "$text-primary", "▸": "$primary"}
