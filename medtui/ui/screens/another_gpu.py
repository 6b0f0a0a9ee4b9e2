"""Asks for which graphics card the list of models is to be planned."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets.option_list import Option

from medtui.errors import Refusal
from medtui.machine import cards
from medtui.text import sanitize_line
from medtui.ui.widgets.plain import PlainInput, PlainOptionList, PlainStatic

_HIGHEST_GIB = 1024


class AnotherGpu(ModalScreen[str]):
    """Gives back a card's name or an amount of GiB, "" for this machine, None for Esc."""

    CSS_PATH = "model.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss", "Cancel", show=False),
        Binding("down", "app.focus_next", "To the list", show=False),
    ]

    def compose(self) -> ComposeResult:
        """Lay out the field and the cards that are known."""
        with Vertical(id="another"):
            yield PlainStatic("Plan for another graphics card", classes="title")
            yield PlainStatic(
                "Type its name or its memory in GiB, such as 24. Nothing is bought or changed: the list then says what "
                "that card could train.",
                classes="muted",
            )
            yield PlainInput(placeholder="RTX 4090, or 24", id="wanted")
            yield PlainStatic(classes="problem")
            yield PlainOptionList(
                Option("This machine, as it is", id=""), *[Option(_line(card)) for card in self._known()], id="cards"
            )
            yield PlainStatic("Enter plans for it, Tab goes to the list, Esc closes.", classes="muted")

    def _known(self) -> list[cards.Card]:
        return sorted((card for card in cards.cards() if card.memory_gib), key=lambda card: card.memory_gib or 0)

    def on_mount(self) -> None:
        """Begin with the field."""
        self.query_one("#wanted", PlainInput).focus()

    def on_input_changed(self, event: PlainInput.Changed) -> None:
        """Take back what was said about the last name."""
        event.stop()
        self.query_one(".problem", PlainStatic).update("")

    def on_input_submitted(self, event: PlainInput.Submitted) -> None:
        """Take the typed card when it is known; an empty field means this machine."""
        event.stop()
        try:
            self.dismiss(read(event.value))
        except Refusal as refusal:
            self.query_one(".problem", PlainStatic).update(
                Content.assemble(("! ", "bold $text-warning"), (sanitize_line(str(refusal)), "$text-warning"))
            )

    def on_option_list_option_selected(self, event: PlainOptionList.OptionSelected) -> None:
        """Take the chosen card."""
        event.stop()
        self.dismiss(self._known()[event.option_index - 1].name if event.option_index else "")


def read(text: str) -> str:
    """Check what was typed.

    Args:
        text: a card's name, or its memory in GiB, with or without the unit.

    Returns:
        The card's name in the list, the memory as a bare number, or "" for this machine.

    Raises:
        Refusal: no such card is known, or the memory is out of range.
    """
    amount = memory(text)
    if amount is None:
        return cards.find(text.strip()).name if text.strip() else ""
    if not 0 < amount <= _HIGHEST_GIB:
        raise Refusal(f"{amount:g} GiB is no graphics card; type its memory in GiB, such as 24.")
    return f"{amount:g}"


def memory(text: str) -> float | None:
    """Read an amount of memory ("24", "24 GB"); None for a name, among them bare numbers of cards ("4090")."""
    lowered = text.strip().lower()
    bare = lowered.removesuffix("gib").removesuffix("gb").strip()
    try:
        amount = float(bare)
    except ValueError:
        return None
    return None if bare == lowered and amount > _HIGHEST_GIB else amount


def _line(card: cards.Card) -> Content:
    return Content.assemble((f"{card.name:<24}", "bold"), (f"{card.memory_gib:>6g} GiB  {card.architecture}", "$muted"))
