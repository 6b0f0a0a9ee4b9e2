"""Chooses one kind of identifier, with how many there are of each."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets.option_list import Option

from medtui.phi import Category
from medtui.ui.widgets.findings import kind_name
from medtui.ui.widgets.plain import PlainOptionList, PlainStatic

ALL = "all"


class KindDialog(ModalScreen[str]):
    """Gives back a category, `ALL`, or "" for Esc."""

    CSS_PATH = "dialog.tcss"
    DEFAULT_CSS = """
    KindDialog {
        align: center middle; background: $background 60%;
        & PlainOptionList { border: none; padding: 0; background: transparent; height: auto; max-height: 14; }
        & PlainOptionList:focus { border: none; background-tint: transparent 0%; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss('')", "Cancel", show=False)]

    def __init__(self, heading: str, kinds: Sequence[tuple[Category, int | None]], *, everything: bool) -> None:
        super().__init__()
        self._heading = heading
        self._kinds = kinds
        self._everything = everything

    def compose(self) -> ComposeResult:
        """Lay out the kinds."""
        with Vertical(id="dialog"):
            yield PlainStatic(self._heading, classes="title")
            options = [Option(_line(kind_name(kind.value), count), id=kind.value) for kind, count in self._kinds]
            if self._everything:
                total = sum(count or 0 for _, count in self._kinds)
                options.insert(0, Option(_line("all kinds", total), id=ALL))
            yield PlainOptionList(*options)

    def on_mount(self) -> None:
        """Let the arrows choose."""
        self.query_one(PlainOptionList).focus()

    def on_option_list_option_selected(self, event: PlainOptionList.OptionSelected) -> None:
        """Give back what was chosen."""
        event.stop()
        self.dismiss(str(event.option.id))


def _line(name: str, count: int | None) -> str:
    return name if count is None else f"{name:30}{count:>10,}"
