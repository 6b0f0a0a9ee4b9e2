"""The page of an import at work: counts per format, and what could not be read as it comes."""

from collections import deque
from collections.abc import Mapping, Sequence

from textual.app import ComposeResult
from textual.content import Content
from textual.message import Message

from medtui.reports.document import UnreadFile
from medtui.text import sanitize_line
from medtui.ui.widgets.pages import WorkPage
from medtui.ui.widgets.plain import PlainStatic, title
from medtui.wizard import reports

# More than fit on a screen; all of them can be looked through afterwards.
_KEPT = 30


class Told(Message):
    """What an import has read so far, and what it refused since the last time."""

    def __init__(self, formats: Mapping[str, int], refused: Sequence[UnreadFile]) -> None:
        super().__init__()
        self.formats = formats
        self.refused = refused


class ReadingPage(WorkPage):
    """Shows how far an import is, what it found, and its latest refusals, newest first."""

    SCOPED_CSS = False
    DEFAULT_CSS = """
    ReadingPage {
        & #formats { height: auto; }
        & #refused {
            display: none; height: 1fr; border: round $border-blurred; padding: 0 1; margin-top: 1;
            border-title-color: $text-warning; text-wrap: nowrap; text-overflow: ellipsis;
        }
        & #refused.-shown { display: block; }
    }
    """

    def __init__(self, heading: str, note: str) -> None:
        super().__init__(heading, note)
        self._latest: deque[UnreadFile] = deque(maxlen=_KEPT)
        self._refused = 0

    def compose(self) -> ComposeResult:
        """Lay out the bar, the counts and the refusals."""
        yield from super().compose()
        yield PlainStatic(id="formats")
        yield PlainStatic(id="refused")

    def advance(self, done: int, total: int, message: str) -> None:
        """Show how far the import is; its counts stand below."""
        super().advance(done, total, "Reading, one file after the other" if total else message)

    def tell(self, formats: Mapping[str, int], refused: Sequence[UnreadFile]) -> None:
        """Show counts and refusals."""
        if formats and self.query("#formats"):
            words = [
                f"{count:,} {reports.FORMAT_NAMES.get(name, sanitize_line(name))}" for name, count in formats.items()
            ]
            self.query_one("#formats", PlainStatic).update("New: " + ", ".join(words))
        if not refused:
            return
        self._refused += len(refused)
        self._latest.extendleft(refused)
        if not self.query("#refused"):
            return
        panel = self.query_one("#refused", PlainStatic)
        panel.add_class("-shown")
        title(panel, f"Not read: {self._refused:,}")
        lines = [
            Content.assemble(
                (sanitize_line(reports.name_of(unread)), "bold"), (f"  {reports.reason_of(unread)}", "$muted")
            )
            for unread in self._latest
        ]
        panel.update(Content("\n").join(lines))
