"""Examples one by one: what was asked beside the answer, what in it is unsupported, and the tokens that are learned."""

from contextlib import closing
from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message

from medtui import vault
from medtui.errors import Refusal
from medtui.examples import store
from medtui.examples.learns import Lesson, lesson
from medtui.examples.settings import model_folder
from medtui.examples.store import Candidate
from medtui.examples.tokens import ChatTokenizer
from medtui.ui.screens.examples_sides import ExampleSides
from medtui.ui.screens.side_by_side import SCROLL_KEYS
from medtui.ui.widgets import example
from medtui.ui.widgets.plain import PlainStatic
from medtui.workspace import Workspace


@dataclass(frozen=True)
class Chosen:
    """Which examples are looked at: a heading, and by what they are chosen."""

    heading: str
    reason: str = ""
    task: str | None = None
    split: str | None = None
    dropped: bool = False
    tokens: bool = False


class Listed(Message):
    """The numbers of the chosen examples."""

    def __init__(self, numbers: list[int]) -> None:
        super().__init__()
        self.numbers = numbers


class Opened(Message):
    """One example, and its tokens or why they cannot be shown."""

    def __init__(self, candidate: Candidate, learned: Lesson | None, problem: str) -> None:
        super().__init__()
        self.candidate = candidate
        self.learned = learned
        self.problem = problem


class BrowseScreen(ExampleSides):
    """Shows one example at a time."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("right,n,l,enter", "step(1)", "Next", key_display="→", tooltip="Show the next example"),
        Binding("left,p,h", "step(-1)", "Previous", key_display="←", tooltip="Show the one before"),
        *SCROLL_KEYS,
        Binding("t", "tokens", "Tokens", tooltip="Show which tokens are learned, or the texts again"),
    ]

    def __init__(self, workspace: Workspace, chosen: Chosen) -> None:
        super().__init__()
        self._workspace = workspace
        self._by = chosen
        self._numbers: list[int] = []
        self._place = 0
        self._tokens = chosen.tokens
        self._opened: Opened | None = None
        self._tokenizer: ChatTokenizer | None = None

    def on_mount(self) -> None:
        """Find the examples."""
        self.run_worker(self._list, thread=True, group="vault", exclusive=True)

    def resized(self) -> None:
        """Fill the top line."""
        self.heading(self._workspace.practice, "examples, one by one")

    def _list(self) -> None:
        by = self._by
        with closing(vault.connect(self._workspace)) as connection:
            found = store.numbers(connection, reason=by.reason, task=by.task, split=by.split, dropped=by.dropped)
        self.post_message(Listed(found))

    def on_listed(self, message: Listed) -> None:
        """Open the first one."""
        self._numbers = message.numbers
        self._open()

    def _open(self) -> None:
        if not self._numbers:
            self.query_one(".title", PlainStatic).update("There is no such example. Esc goes back.")
            return
        self.run_worker(self._read, thread=True, group="vault", exclusive=True)

    def _read(self) -> None:
        with closing(vault.connect(self._workspace)) as connection:
            candidate = store.candidate(connection, self._numbers[self._place])
        if candidate is None:
            return
        learned, problem = None, ""
        try:
            self._tokenizer = self._tokenizer or ChatTokenizer(model_folder(self._workspace))
            learned = lesson(candidate.row, self._tokenizer)
        except Refusal as refusal:
            problem = str(refusal)
        self.post_message(Opened(candidate, learned, problem))

    def on_opened(self, message: Opened) -> None:
        """Show it."""
        self._opened = message
        self._show()

    def _show(self) -> None:
        if self._opened is None:
            return
        shown = self._opened.candidate
        if self._tokens:
            page = example.tokens(self._opened.learned, self._opened.problem)
        else:
            page = example.dropped(shown) if "original" in shown.details else example.pair(shown)
        place = f"{self._place + 1:,} of {len(self._numbers):,}"
        self.show(f"{self._by.heading} ({place})", page)

    def action_step(self, by: int) -> None:
        """Show another example."""
        if self._numbers:
            self._place = (self._place + by) % len(self._numbers)
            self._open()

    def action_tokens(self) -> None:
        """Show tokens instead of texts, or the reverse."""
        self._tokens = not self._tokens
        self._show()

    def help_text(self) -> tuple[str, str]:
        """Explain the two sides and the tokens."""
        return (
            "Examples, one by one",
            "On the left stands what the model is given, on the right what it shall answer; what the report does not "
            "support is marked. A model reads pieces of words (tokens): with t you see which of them it only reads "
            "and which it learns. The last one learned must be the end-of-text mark, or it would never stop writing.",
        )
