"""A drafted question and answer are corrected beside the report that they are about."""

from typing import Any, ClassVar

from textual._path import CSSPathType
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.message import Message
from textual.widgets import TextArea

from medtui.errors import Refusal
from medtui.examples.drafting import corrections
from medtui.examples.drafting.store import Draft
from medtui.text import sanitize, sanitize_line
from medtui.ui.screens.dialog import Dialog
from medtui.ui.screens.side_by_side import Sides
from medtui.ui.widgets import example
from medtui.ui.widgets.plain import PlainStatic, title
from medtui.workspace import Workspace

_HINT = "Ctrl+S keeps it and checks it against the report; the model's own words are kept, too."


class Kept(Message):
    """What the checks say of a correction, or why it was not kept."""

    def __init__(self, result: dict[str, Any] | None, refusal: str = "") -> None:
        super().__init__()
        self.result = result
        self.refusal = refusal


class CorrectionScreen(Sides):
    """Shows the report and two fields; leaves by itself once the correction passes the checks.

    Gives back whether anything was kept.
    """

    CSS_PATH: ClassVar[CSSPathType | None] = ["frame.tcss", "examples.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "keep", "Keep and check", tooltip="Keep it and check it against the report", priority=True),
        Binding("tab", "app.focus_next", "Question/answer", tooltip="Go from the question to the answer, or back"),
        Binding("pagedown", "scroll_page(1)", "Scroll the report", key_display="PgDn", priority=True),
        Binding("pageup", "scroll_page(-1)", "Scroll the report", show=False, priority=True),
    ]

    def __init__(self, workspace: Workspace, draft: Draft) -> None:
        super().__init__()
        self._workspace = workspace
        self._draft = draft
        # What was kept last: leaving it loses nothing.
        self._changed = False
        self._kept = (sanitize_line(draft.question), sanitize(draft.answer))

    def body(self) -> ComposeResult:
        """Lay out the report, and the fields beside it."""
        with Vertical(classes="closer"):
            yield PlainStatic("Correct the question and its answer", classes="title")
            with Horizontal(classes="sides"):
                with VerticalScroll(classes="side", can_focus=False):
                    yield PlainStatic(sanitize(self._draft.source))
                with Vertical(classes="fields"):
                    for name, text in zip(("question", "answer"), self._kept, strict=True):
                        yield TextArea(text, id=name, soft_wrap=True, show_line_numbers=False)
            yield PlainStatic(_HINT, classes="note")

    def on_mount(self) -> None:
        """Name the fields and begin with the answer, which is wrong more often."""
        title(self.query_one(".side"), "The report")
        title(self.query_one("#question"), "The question")
        title(self.query_one("#answer"), "The answer")
        self._say(corrections.problems(self._draft))
        answer = self.query_one("#answer", TextArea)
        answer.move_cursor(answer.document.end)
        answer.focus()

    def resized(self) -> None:
        """Fill the top line."""
        self.heading(self._workspace.practice, "correct a draft")

    def _typed(self) -> tuple[str, str]:
        return self.query_one("#question", TextArea).text, self.query_one("#answer", TextArea).text

    def _say(self, problems: list[str], first: str = "") -> None:
        words = [*filter(None, [first]), *example.few(problems), _HINT]
        self.query_one(".note", PlainStatic).update("\n".join(words))

    def action_keep(self) -> None:
        """Keep and check what was typed."""
        typed = self._typed()

        def thread() -> None:
            try:
                result = corrections.correct(self._workspace, self._draft.number, *typed)
            except Refusal as refusal:
                self.post_message(Kept(None, str(refusal)))
                return
            self._kept, self._changed = typed, True
            self.post_message(Kept(result))

        self.run_worker(thread, thread=True, group="vault", exclusive=True)

    def on_kept(self, message: Kept) -> None:
        """Leave when it passed the checks, say what is wrong when not."""
        if message.result is None:
            self._say([message.refusal])
        elif message.result["reason"]:
            self._say(message.result["problems"], "This is kept, but it cannot be approved yet:")
        else:
            self.dismiss(True)

    def action_back(self) -> None:
        """Leave; ask first when something would be lost."""
        if self._typed() == self._kept:
            self.dismiss(self._changed)
            return

        def answered(answer: str | None) -> None:
            if answer == "leave":
                self.dismiss(self._changed)

        question = "What you changed last is not kept yet, and is lost when you leave."
        self.app.push_screen(
            Dialog("Leave all the same?", question, ("stay", "Go on writing"), ("leave", "Leave")), answered
        )

    def help_text(self) -> tuple[str, str]:
        """Explain corrections."""
        return (
            "Correct a draft",
            "Write the question and the answer as they should be. The answer may only state what the report says: "
            "every number, dose, date, side, denial, finding and drug is looked up in it. Names and other identifiers "
            "must not be written. The example stays marked as drafted by the model and corrected by a person.",
        )
