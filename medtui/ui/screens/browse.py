"""A list that is searched by name: a field, what was found, and the details of the entry under the cursor."""

from abc import abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar

from textual._path import CSSPathType
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets.option_list import Option

from medtui.errors import Refusal
from medtui.ui.screens.frame import Frame
from medtui.ui.widgets.plain import PlainInput, PlainOptionList, PlainStatic
from medtui.workspace import Workspace


@dataclass(frozen=True)
class Entry:
    """One line of the list, what is shown when it is under the cursor, and what it stands for."""

    line: Content
    detail: Content
    item: Any = None


class Found(Message):
    """What a search gave: entries, how the result reads in words, and for what it was looked."""

    def __init__(self, entries: list[Entry], words: str, wanted: str) -> None:
        super().__init__()
        self.entries = entries
        self.words = words
        self.wanted = wanted


class BrowseScreen(Frame):
    """Looks things up in a thread as a name is typed."""

    HEADING: ClassVar[str]
    CSS_PATH: ClassVar[CSSPathType | None] = ["frame.tcss", "browse.tcss"]
    AUTO_FOCUS = "#found"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "search", "Search", key_display="/", tooltip="Type a part of a file's name"),
        Binding("down", "list", "List", show=False),
    ]

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self.workspace = workspace
        self.entries: list[Entry] = []
        self._wanted = ""

    @abstractmethod
    def find(self, wanted: str) -> Found:
        """Look entries up by a part of their name; called in a thread.

        Raises:
            Refusal: the vault cannot be read.
        """

    def body(self) -> ComposeResult:
        """Lay out field, list and details."""
        with Vertical(id="browse"):
            yield PlainInput(id="wanted", placeholder="/ search: a part of the file's name")
            yield PlainStatic("Looking…", id="count")
            yield PlainOptionList(id="found")
            yield PlainStatic(id="detail")

    def on_mount(self) -> None:
        """Look everything up."""
        self.query_one("#detail").display = False
        self.look("")

    def on_screen_resume(self) -> None:
        """Keep the cursor in the list."""
        if self.entries:
            self.query_one("#found").focus()

    def resized(self) -> None:
        """Fill the top line."""
        self.heading(self.workspace.practice, self.HEADING)

    def look(self, wanted: str) -> None:
        """Search in a thread; an earlier search that is still going on no longer counts."""
        self._wanted = wanted

        def thread() -> None:
            try:
                self.post_message(self.find(wanted))
            except Refusal as refusal:
                self.post_message(Found([], str(refusal), wanted))

        self.run_worker(thread, thread=True, group="find", exclusive=True)

    def on_found(self, message: Found) -> None:
        """Show what was found."""
        if message.wanted != self._wanted:
            return
        self.entries = message.entries
        self.query_one("#count", PlainStatic).update(message.words)
        self.query_one("#found", PlainOptionList).replace(
            [Option(entry.line, id=str(number)) for number, entry in enumerate(message.entries)]
        )
        self.query_one("#detail").display = bool(message.entries)

    def on_option_list_option_highlighted(self, event: PlainOptionList.OptionHighlighted) -> None:
        """Show the details of the entry under the cursor."""
        event.stop()
        if event.option_index < len(self.entries):
            self.query_one("#detail", PlainStatic).update(self.entries[event.option_index].detail)

    def on_option_list_option_selected(self, event: PlainOptionList.OptionSelected) -> None:
        """Open an entry."""
        event.stop()
        if event.option_index < len(self.entries):
            self.opened(self.entries[event.option_index].item)

    def opened(self, item: Any) -> None:
        """Open what an entry stands for; lists of sentences have nothing to open."""

    def on_input_changed(self, event: PlainInput.Changed) -> None:
        """Search for what has been typed."""
        event.stop()
        self.look(event.value.strip())

    def on_input_submitted(self, event: PlainInput.Submitted) -> None:
        """Go to what was found."""
        event.stop()
        self.action_list()

    def action_search(self) -> None:
        """Go to the field."""
        self.query_one("#wanted").focus()

    def action_list(self) -> None:
        """Go to the list."""
        self.query_one("#found").focus()
