"""The review of doubts: one place at a time with its sentence, one key to decide."""

import threading
from collections.abc import Callable
from contextlib import closing
from typing import ClassVar

from textual._path import CSSPathType
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message

from medtui import vault
from medtui.deid import review, store
from medtui.deid.review import Doubt
from medtui.errors import Refusal
from medtui.text import sanitize
from medtui.ui.screens.frame import Frame
from medtui.ui.widgets.plain import PlainButton, PlainStatic
from medtui.wizard.deid import CATEGORY_NAMES
from medtui.wizard.units import counted
from medtui.workspace import Workspace

_AT_ONCE = 200

DECISIONS = (
    ("accept", "a", "It identifies", "Replace it here"),
    ("reject", "r", "It does not", "Give the word back, here alone"),
    ("always", "y", "Always", "Replace this word wherever it stands"),
    ("never", "n", "Never", "Never replace this word anywhere"),
)


class Loaded(Message):
    """The open doubts."""

    def __init__(self, doubts: list[Doubt], total: int) -> None:
        super().__init__()
        self.doubts = doubts
        self.total = total


class Refused(Message):
    """A decision could not be kept."""

    def __init__(self, reason: str) -> None:
        super().__init__()
        self.reason = reason


class ReviewScreen(Frame):
    """Shows the riskiest doubt first; until somebody decides, a doubt is replaced."""

    CSS_PATH: ClassVar[CSSPathType | None] = ["frame.tcss", "review.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(key, f"decide('{name}')", label, tooltip=words) for name, key, label, words in DECISIONS),
        Binding("u", "undo", "Undo", tooltip="Take the last decision back"),
        Binding("s", "skip", "Later", tooltip="Leave this one undecided (it stays replaced)"),
        Binding("left,h", "app.focus_previous", "Previous", show=False),
        Binding("right,l", "app.focus_next", "Next", show=False),
        Binding("j,down", "scroll_text(1)", "Scroll", show=False),
        Binding("k,up", "scroll_text(-1)", "Scroll", show=False),
    ]

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self._workspace = workspace
        self._doubts: list[Doubt] = []
        self._total = 0
        self._decided: list[Doubt] = []
        self._one_at_a_time = threading.Lock()

    def body(self) -> ComposeResult:
        """Lay out the sentence and the decisions."""
        with Vertical(id="review"):
            yield PlainStatic("Looking for doubts…", id="what")
            with VerticalScroll(id="sentence", can_focus=False):
                yield PlainStatic("", id="text")
            yield PlainStatic("", id="note")
            with Horizontal(id="decisions"):
                for name, key, label, _ in DECISIONS:
                    yield PlainButton(f"{label} ({key})", id=name)

    def on_mount(self) -> None:
        """Read the doubts."""
        self.query_one("#decisions").display = False
        self._in_thread(self._load)

    def resized(self) -> None:
        """Fill the top line."""
        self.heading(self._workspace.practice, "review of doubts")

    def _in_thread(self, work: Callable[[], None]) -> None:
        def thread() -> None:
            try:
                with self._one_at_a_time:
                    work()
            except Refusal as refusal:
                self.post_message(Refused(str(refusal)))

        self.run_worker(thread, thread=True, group="vault")

    def _load(self) -> None:
        with closing(vault.connect(self._workspace)) as connection:
            self.post_message(Loaded(review.pending(connection, _AT_ONCE), store.open_doubts(connection)))

    def on_loaded(self, message: Loaded) -> None:
        """Show the first doubt."""
        known = {doubt.id for doubt in self._decided}
        self._doubts = [doubt for doubt in message.doubts if doubt.id not in known]
        self._total = message.total
        self._show()

    def on_refused(self, message: Refused) -> None:
        """Say why a decision could not be kept."""
        self.query_one("#note", PlainStatic).update(message.reason)

    def _show(self) -> None:
        self.query_one("#decisions").display = bool(self._doubts)
        if not self._doubts:
            done = f"{counted(len(self._decided), 'decision')} kept. " if self._decided else ""
            self.query_one("#what", PlainStatic).update(f"{done}No doubt is left here. Esc goes back.")
            self.query_one("#text", PlainStatic).update("")
            self.query_one("#note", PlainStatic).update("")
            return
        doubt = self._doubts[0]
        times = f", stands {doubt.occurrences} times" if doubt.occurrences > 1 else ""
        kind = CATEGORY_NAMES.get(doubt.category.value, doubt.category.value)
        what = f"Does the marked word identify somebody? Possible kind: {kind}{times}. {self._total:,} to decide."
        self.query_one("#what", PlainStatic).update(what)
        marked = Content.assemble(
            (sanitize(doubt.before), "$muted"),
            (f"»{sanitize(doubt.value)}«", "bold $accent reverse"),
            (sanitize(doubt.after), "$muted"),
        )
        self.query_one("#text", PlainStatic).update(marked)
        self.query_one("#note", PlainStatic).update("Until you decide, it is replaced in what the model learns from.")
        self.query_one("#accept", PlainButton).focus()

    def action_decide(self, decision: str) -> None:
        """Keep a decision and show the next doubt."""
        if not self._doubts:
            return
        doubt = self._doubts.pop(0)
        self._decided.append(doubt)
        self._total = max(0, self._total - 1)
        if decision in {"always", "never"}:
            same = [other for other in self._doubts if other.value.lower() == doubt.value.lower()]
            self._doubts = [other for other in self._doubts if other not in same]
            self._total = max(0, self._total - len(same))

        def keep() -> None:
            with closing(vault.connect(self._workspace)) as connection:
                review.decide(connection, doubt.id, decision, self._workspace)

        self._in_thread(keep)
        if self._doubts:
            self._show()
        else:
            self._in_thread(self._load)

    def action_undo(self) -> None:
        """Take the last decision back."""
        if not self._decided:
            return
        doubt = self._decided.pop()

        def take_back() -> None:
            with closing(vault.connect(self._workspace)) as connection:
                review.undo(connection, doubt.id, self._workspace)
            self._load()

        self._in_thread(take_back)

    def action_skip(self) -> None:
        """Show the next doubt and leave this one undecided."""
        if self._doubts:
            self._doubts.append(self._doubts.pop(0))
            self._show()

    def action_scroll_text(self, lines: int) -> None:
        """Scroll the sentence."""
        self.query_one("#sentence").scroll_relative(y=lines, animate=False)

    def on_button_pressed(self, event: PlainButton.Pressed) -> None:
        """Decide with the mouse or Enter."""
        event.stop()
        self.action_decide(str(event.button.id))

    def action_back(self) -> None:
        """Leave; the number of decisions tells whether the reports must be searched again."""
        self.dismiss(len(self._decided))

    def help_text(self) -> tuple[str, str]:
        """Explain the review."""
        return (
            "Review of doubts",
            "Here the rules cannot tell whether a word identifies a person. Nothing is lost by waiting: an undecided "
            "word is replaced. This is the only screen that shows patients' words as they stand in the reports.",
        )
