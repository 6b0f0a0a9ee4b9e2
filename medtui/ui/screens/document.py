"""One report: as it was read, and as it is used."""

from contextlib import closing

from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content, Span
from textual.message import Message

from medtui import vault
from medtui.errors import Refusal
from medtui.reports import store
from medtui.reports.document import Document
from medtui.reports.store import Listed
from medtui.text import sanitize, sanitize_line
from medtui.ui.screens.side_by_side import LONGEST, SideBySide
from medtui.ui.widgets.plain import PlainStatic, title
from medtui.wizard.before_after import Piece, changes
from medtui.wizard.units import counted
from medtui.workspace import Workspace


class Opened(Message):
    """The report, or why it cannot be shown."""

    def __init__(self, document: Document | None, reason: str = "") -> None:
        super().__init__()
        self.document = document
        self.reason = reason


class DocumentScreen(SideBySide):
    """Shows both texts side by side, or one at a time where the terminal is narrow."""

    def __init__(self, workspace: Workspace, listed: Listed) -> None:
        super().__init__()
        self._workspace = workspace
        self._listed = listed

    def body(self) -> ComposeResult:
        """Lay out what was changed and both texts."""
        yield PlainStatic("One moment…", id="steps")
        with Horizontal(id="sides"):
            with VerticalScroll(id="before", classes="side -hidden", can_focus=False):
                yield PlainStatic(id="before-text")
            with VerticalScroll(id="after", classes="side", can_focus=False):
                yield PlainStatic(id="after-text")

    def on_mount(self) -> None:
        """Read the report in a thread."""
        title(self.query_one("#before"), "Before: as it was read")
        title(self.query_one("#after"), "After: as it is used")

        def thread() -> None:
            try:
                with closing(vault.connect(self._workspace)) as connection:
                    self.post_message(Opened(store.document(connection, self._listed.id)))
            except Refusal as refusal:
                self.post_message(Opened(None, str(refusal)))

        self.run_worker(thread, thread=True, group="find", exclusive=True)

    def resized(self) -> None:
        """Fill the top line."""
        name = self._listed.path.rsplit("/", 1)[-1]
        self.heading(self._workspace.practice, sanitize_line(name)[-40:])

    def on_opened(self, message: Opened) -> None:
        """Show both texts with what differs marked."""
        document, steps = message.document, self.query_one("#steps", PlainStatic)
        if document is None:
            steps.update(message.reason or "This report is no longer in the vault; go back and look again.")
            return
        steps.update(in_words(document))
        original = document.original or document.text
        gone, come = changes(original, document.text, document.offsets) if document.original else ([], [])
        self.query_one("#before-text", PlainStatic).update(_marked(original, gone, "$warning reverse"))
        self.query_one("#after-text", PlainStatic).update(_marked(document.text, come, "$success reverse"))

    def help_text(self) -> tuple[str, str]:
        """Explain the two texts."""
        return (
            "Before and after",
            "Before is the text as it came out of the file, after is what all later steps use. Marked on the left is "
            "what was taken out or replaced, on the right what came in its place. Nothing else differs.",
        )


def in_words(document: Document) -> str:
    """Say what standardising changed, and what is doubtful about a report."""
    if document.steps:
        done = ", ".join(f"{name} ({times:,})" for name, times in document.steps)
        words = f"Standardised: {done}."
    else:
        words = "Nothing had to be changed: both sides are the same."
    beyond = max(len(document.text), len(document.original)) - LONGEST
    if beyond > 0:
        words += f" The last {counted(beyond, 'character')} are not shown here."
    return sanitize_line(" ".join([words, *document.warnings]))


def _marked(text: str, pieces: list[Piece], style: str) -> Content:
    shown = sanitize(text[:LONGEST])
    return Content(shown, spans=[Span(start, min(end, LONGEST), style) for start, end in pieces if start < LONGEST])
