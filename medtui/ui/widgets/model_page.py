"""The list of models: searched, sorted, narrowed to what fits."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets.option_list import Option as ListOption

from medtui.text import sanitize_line
from medtui.ui.widgets.consequence import ConsequencePanel
from medtui.ui.widgets.plain import PlainInput, PlainOptionList, PlainStatic
from medtui.ui.widgets.question import QuestionPage
from medtui.wizard.model import shortened
from medtui.wizard.question import Consequence, Option, Question

# Choose options by search words, name of the order, and whether only what fits is wanted.
Choose = Callable[[str, str, bool], tuple[Option, ...]]


# On a small terminal the panel has so many lines, and rail, margins and frame take so many columns.
_PANEL_LINES, _BESIDE = 6, 28


class SearchField(PlainInput):
    """Narrows the list while one types; Enter or down goes to the list, Esc forgets the words."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "forget", "Close search"),
        Binding("down", "leave", "To the list"),
    ]

    class Left(Message):
        """The list shall have the focus; `closed` when the words are to be forgotten."""

        def __init__(self, closed: bool) -> None:
            super().__init__()
            self.closed = closed

    def action_forget(self) -> None:
        """Forget the words."""
        self.post_message(self.Left(closed=True))

    def action_leave(self) -> None:
        """Go to what was found."""
        self.post_message(self.Left(closed=False))


class ModelPage(QuestionPage):
    """Asks for the model."""

    SCOPED_CSS = False
    DEFAULT_CSS = """
    ModelPage {
        & .title, & .why { margin-bottom: 0; }
        & #answers { height: 1fr; }
        & .typed { margin-top: 0; }
        & #shown { color: $muted; height: auto; margin-top: 1; }
        & #search {
            display: none; height: 1; border: none; padding: 0 1; background: $panel;
            &:focus { border: none; background: $block-cursor-background; background-tint: transparent 0%; }
            &.-open { display: block; }
        }
    }
    Screen.-narrow ModelPage { & .why { display: none; } & #shown { margin-top: 0; } }
    """

    def __init__(self, question: Question, value: Any, choose: Choose, card: str, orders: dict[str, str]) -> None:
        super().__init__(question, value)
        self._choose = choose
        self._card = card
        self._orders = orders
        self._order = next(iter(orders))
        self._fitting = False
        self._all = len(question.options)

    def on_mount(self) -> None:
        """Add the search field and the line that says what is shown."""
        ask = self.query_one(".ask")
        ask.mount(PlainStatic(id="shown"), SearchField(placeholder="search: name, language, licence", id="search"),
                  before="#answers")  # fmt: skip
        self.call_after_refresh(self._tell)

    def _list_option(self, option: Option) -> ListOption:
        width = 30 if self.app.size.width >= 120 else 21
        name = sanitize_line(option.label)
        name = name if len(name) <= width else f"{name[: width - 1]}…"
        style = "$muted" if option.refusal else "bold"
        return ListOption(Content.assemble((name.ljust(width), style), (f" {sanitize_line(option.detail)}", "$muted")))

    def show_consequence(self, consequence: Consequence) -> None:
        """Show what the model under the cursor means; where the panel is small, only sentences that have room."""
        panel = self.query_one(ConsequencePanel)
        if self.screen.has_class("-narrow"):
            consequence = shortened(consequence, self.app.size.width - _BESIDE, _PANEL_LINES)
        panel.show(consequence)

    @property
    def considered(self) -> Option | None:
        """The model under the cursor."""
        place = self.query_one("#answers", PlainOptionList).highlighted
        return self.question.options[place] if place is not None and place < len(self.question.options) else None

    def search(self) -> None:
        """Open the search field."""
        field = self.query_one(SearchField)
        field.add_class("-open")
        field.focus()

    def next_order(self) -> None:
        """Sort in the next order."""
        names = list(self._orders)
        self._order = names[(names.index(self._order) + 1) % len(names)]
        self._narrow()

    def only_fitting(self) -> None:
        """Leave out what does not fit, or show it again."""
        self._fitting = not self._fitting
        self._narrow()

    def _narrow(self) -> None:
        kept = self.considered
        found = self._choose(self.query_one(SearchField).value, self._order, self._fitting)
        self.question = replace(self.question, options=found)
        place = next((place for place, option in enumerate(found) if kept and option.value == kept.value), 0)
        answers = self.query_one("#answers", PlainOptionList)
        answers.replace([self._list_option(option) for option in found], place)
        self._tell()

    def _tell(self) -> None:
        count = len(self.question.options)
        number = f"{count} models" if count == self._all else f"{count} of {self._all}"
        parts = [number, self._orders[self._order], *(["only what fits"] if self._fitting else []), self._card]
        if not count:
            parts = ["no model is called that; Esc shows all again"]
        self.query_one("#shown", PlainStatic).update(sanitize_line(" · ".join(parts)))

    def on_input_changed(self, event: PlainInput.Changed) -> None:
        """Narrow the list while one types in the search field."""
        if isinstance(event.input, SearchField):
            event.prevent_default()
            event.stop()
            self._narrow()

    def on_input_submitted(self, event: PlainInput.Submitted) -> None:
        """Go from the search field to the list."""
        if isinstance(event.input, SearchField):
            event.prevent_default()
            event.stop()
            self.query_one("#answers", PlainOptionList).focus()

    def on_search_field_left(self, event: SearchField.Left) -> None:
        """Go to the list; without the words when the search is closed."""
        event.stop()
        if event.closed:
            field = self.query_one(SearchField)
            field.value = ""
            field.remove_class("-open")
        self.query_one("#answers", PlainOptionList).focus()
