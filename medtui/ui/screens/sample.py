"""Reports drawn at random, for a person to read after de-identification."""

import re
import sqlite3
from typing import Any, ClassVar

from textual._path import CSSPathType
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content, Span
from textual.message import Message

from medtui.deid import sampling
from medtui.deid.replacement import TAG
from medtui.deid.sampling import FINE, Report, Statement
from medtui.errors import Refusal
from medtui.phi import Category
from medtui.text import sanitize, sanitize_line
from medtui.ui.screens.before_after import BeforeAfterScreen
from medtui.ui.screens.frame import Frame
from medtui.ui.screens.kinds import KindDialog
from medtui.ui.screens.vault_screen import VaultScreen
from medtui.ui.widgets.plain import PlainInput, PlainStatic, title
from medtui.workspace import Workspace

_VERDICTS = {FINE: "you found nothing in it", sampling.MISSED: "something was missed in it"}
_ANY_WORDS = re.compile(r"\s+")


class Drawn(Message):
    """The sample and what it supports; words to say about what was just done."""

    def __init__(self, reports: list[Report], statement: Statement, words: str = "", *, onward: bool = False) -> None:
        super().__init__()
        self.reports, self.statement, self.words, self.onward = reports, statement, words, onward


class SampleScreen(Frame, VaultScreen[Any]):
    """Shows one report after the other; gives back whether all must be searched again."""

    SAYS = "#what"
    CSS_PATH: ClassVar[CSSPathType | None] = ["frame.tcss", "sample.tcss"]
    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f", "fine", "Nothing left", tooltip="You have read it, and nothing in it identifies anybody"),
        Binding("m", "missed", "Missed", tooltip="Something in it still identifies somebody: type it"),
        Binding("right,n", "go(1)", "Next", key_display="→", tooltip="The next report"),
        Binding("left", "go(-1)", "Previous", key_display="←", tooltip="The report before"),
        Binding("b", "report", "Before", tooltip="The report before and after de-identification"),
        Binding("down,j", "scroll_text(1)", "Scroll", key_display="↑↓", tooltip="Show what is further down"),
        Binding("up,k", "scroll_text(-1)", "Scroll", show=False),
        Binding("pagedown,space", "scroll_text(10)", "Scroll", show=False),
        Binding("pageup", "scroll_text(-10)", "Scroll", show=False),
    ]

    def __init__(self, workspace: Workspace, size: int = sampling.DEFAULT_SIZE) -> None:
        super().__init__()
        self._workspace = workspace
        self._number = size
        self._reports: list[Report] = []
        self._at = -1
        self._missed = False

    def body(self) -> ComposeResult:
        """Lay out the report, the field and the statement."""
        with Vertical(id="sample"):
            yield PlainStatic("Drawing reports at random…", id="what")
            with VerticalScroll(id="report", can_focus=False):
                yield PlainStatic(id="report-text")
            yield PlainInput(id="letters", placeholder="What still identifies somebody, as it stands; Enter keeps it")
            yield PlainStatic("", id="said")
            yield PlainStatic("", id="statement")

    def on_mount(self) -> None:
        """Draw the sample, or go on with the one that was drawn."""
        self.query_one("#letters").display = False
        self.open_vault(self._workspace)

        def draw(connection: sqlite3.Connection) -> None:
            sampling.draw(connection, self._number)
            self._tell(connection)

        self._vault.do(draw)

    def _tell(self, connection: sqlite3.Connection, words: str = "", *, onward: bool = False) -> None:
        said = sampling.statement(connection)
        self._workspace.amend("deid", {"sample": said.to_dict()})
        self.post_message(Drawn(sampling.reports(connection), said, words, onward=onward))

    def resized(self) -> None:
        """Fill the top line."""
        self.heading(self._workspace.practice, "sample")

    def on_drawn(self, message: Drawn) -> None:
        """Show a report nobody has read, or the one that is shown with its new mark."""
        self._reports = message.reports
        if self._at < 0:
            unread = (index for index, report in enumerate(self._reports) if report.verdict is None)
            self._at = next(unread, 0)
        elif message.onward and self._at + 1 < len(self._reports):
            self._at += 1
        self.query_one("#statement", PlainStatic).update(message.statement.in_words())
        self.query_one("#said", PlainStatic).update(message.words)
        self._show()

    def _show(self) -> None:
        if not self._reports:
            return
        report = self._reports[self._at]
        mark = _VERDICTS.get(report.verdict or "", "does anything in it still identify somebody?")
        read = sum(one.verdict is not None for one in self._reports)
        words = f"Report {self._at + 1} of {len(self._reports)} ({read} read): {mark}"
        self.query_one("#what", PlainStatic).update(words)
        text = sanitize(report.text)
        tags = [Span(*match.span(), "$success") for match in TAG.finditer(text)]
        self.query_one("#report-text", PlainStatic).update(Content(text, spans=tags))
        box = self.query_one("#report", VerticalScroll)
        box.scroll_home(animate=False)
        title(box, sanitize_line(report.title) or "Report", "as the model learns from it")

    def _mark(self, report: Report, missed: list[tuple[Category, str]]) -> None:
        def mark(connection: sqlite3.Connection) -> None:
            try:
                sampling.mark(connection, self._workspace, report.document_id, missed)
            except Refusal as refusal:
                self._tell(connection, str(refusal))
                return
            words = "Kept: it is searched for in all reports when you leave." if missed else ""
            self._tell(connection, words, onward=not missed)

        self._vault.do(mark)

    def action_fine(self) -> None:
        """Keep that nothing was missed, and go on."""
        if self._reports:
            self._mark(self._reports[self._at], [])

    def action_missed(self) -> None:
        """Ask what was missed."""
        if self._reports:
            field = self.query_one("#letters", PlainInput)
            field.display = True
            field.value = ""
            field.focus()

    def on_input_submitted(self, event: PlainInput.Submitted) -> None:
        """Ask what kind it is, then keep it."""
        event.stop()
        letters = _ANY_WORDS.sub(" ", event.value).strip()
        self._close_field()
        if not letters:
            return
        report = self._reports[self._at]

        def chosen(kind: str | None) -> None:
            if kind:
                self._missed = True
                self._mark(report, [(Category(kind), letters)])

        kinds = [(category, None) for category in Category]
        self.app.push_screen(KindDialog("What is it?", kinds, everything=False), chosen)

    def _close_field(self) -> None:
        self.query_one("#letters").display = False
        self.set_focus(None)

    def action_go(self, step: int) -> None:
        """Show another report."""
        if 0 <= self._at + step < len(self._reports):
            self._at += step
            self._show()

    def action_report(self) -> None:
        """Show the report before and after."""
        if self._reports:
            self.app.push_screen(BeforeAfterScreen(self._workspace, self._reports[self._at].document_id))

    def action_scroll_text(self, lines: int) -> None:
        """Scroll the report."""
        self.query_one("#report").scroll_relative(y=lines, animate=False)

    def action_back(self) -> None:
        """Close the field, or leave."""
        if self.query_one("#letters").display:
            self._close_field()
        else:
            self.dismiss(self._missed)

    def help_text(self) -> tuple[str, str]:
        """Explain the sample."""
        return (
            "Checking a sample",
            "No rule finds everything, and nobody can read all reports. But if you read some that were drawn at "
            "random, what you find says how much may be left in all the others: the statement below the report. Read "
            "each one whole. f means that nothing identifies anybody, m that something was missed: it is then searched "
            "for in all reports. You need not finish today; the sample stays the same.",
        )
