"""Drafted questions, one at a time: the report beside what the model wrote, one key to decide."""

import threading
from collections.abc import Callable
from contextlib import closing
from typing import Any, ClassVar

from textual._path import CSSPathType
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message

from medtui import vault
from medtui.errors import Refusal
from medtui.examples.drafting import decisions, job, store
from medtui.examples.drafting.questions import USEFUL_PARAMETERS
from medtui.process import FINISHED, RUNNING
from medtui.text import sanitize
from medtui.ui import following
from medtui.ui.following import JobEvents
from medtui.ui.screens.frame import Frame
from medtui.ui.widgets.plain import PlainStatic, title
from medtui.workspace import Workspace


class Found(Message):
    """The drafts that wait, and all counts."""

    def __init__(self, waiting: list[store.Draft], counts: dict[str, Any]) -> None:
        super().__init__()
        self.waiting = waiting
        self.counts = counts


class Told(Message):
    """A sentence for the person."""

    def __init__(self, sentence: str) -> None:
        super().__init__()
        self.sentence = sentence


class DraftsScreen(Frame):
    """Nothing that a model drafted is used before a person has read it here."""

    CSS_PATH: ClassVar[CSSPathType | None] = ["frame.tcss", "examples.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "decide('approved')", "Approve", tooltip="Use this question and answer"),
        Binding("r", "decide('rejected')", "Reject", tooltip="Never use it"),
        Binding("u", "undo", "Undo", tooltip="Take the last decision back"),
        Binding("s", "skip", "Later", tooltip="Show the next one and leave this one undecided"),
        Binding("d", "draft", f"Draft {job.USUAL}", tooltip=f"Let the model draft {job.USUAL} more"),
        Binding("down,j", "scroll_text(1)", "Scroll", show=False),
        Binding("up,k", "scroll_text(-1)", "Scroll", show=False),
        Binding("pagedown,space", "scroll_text(8)", "Scroll", show=False),
        Binding("pageup", "scroll_text(-8)", "Scroll", show=False),
    ]

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self._workspace = workspace
        self._waiting: list[store.Draft] = []
        self._counts: dict[str, Any] = {}
        self._decided: list[store.Draft] = []
        self._working = ""
        self._problem = ""
        self._one_at_a_time = threading.Lock()

    def body(self) -> ComposeResult:
        """Lay out the report and the draft."""
        with Vertical(classes="closer"):
            yield PlainStatic("Looking for drafts…", classes="title")
            with Horizontal(classes="sides"):
                for side in ("first", "second"):
                    with VerticalScroll(id=side, classes="side", can_focus=False):
                        yield PlainStatic(classes="text")
            yield PlainStatic(classes="note muted")

    def on_mount(self) -> None:
        """Read the drafts, and follow a model that is drafting."""
        self._in_thread(self._load)
        if job.job(self._workspace).status() == RUNNING:
            following.follow(self, job.job(self._workspace))

    def resized(self) -> None:
        """Fill the top line."""
        self.heading(self._workspace.practice, "drafted questions")

    def _in_thread(self, work: Callable[[], None]) -> None:
        def thread() -> None:
            try:
                with self._one_at_a_time:
                    work()
            except Refusal as refusal:
                self.post_message(Told(str(refusal)))

        self.run_worker(thread, thread=True, group="vault")

    def _load(self) -> None:
        with closing(vault.connect(self._workspace)) as connection:
            waiting = list(store.drafts(connection, state=store.OPEN, passed=True))
            self.post_message(Found(waiting, store.figures(connection)))

    def on_found(self, message: Found) -> None:
        """Show the first draft that waits."""
        self._waiting, self._counts = message.waiting, message.counts
        self._show()

    def on_told(self, message: Told) -> None:
        """Say why something could not be done."""
        self._problem = message.sentence
        self._show()

    def _show(self) -> None:
        draft = self._waiting[0] if self._waiting else None
        heading = f"{len(self._waiting):,} drafts wait for you" if draft else "No draft waits for you"
        self.query_one(".title", PlainStatic).update(heading)
        report = sanitize(draft.source) if draft else ""
        asked = Content.assemble((sanitize(draft.question), "bold"), "\n\n", sanitize(draft.answer)) if draft else ""
        for side, heading, text in (("first", "The report", report), ("second", "What the model wrote", asked)):
            frame = self.query_one(f"#{side}")
            title(frame, heading)
            frame.query_one(PlainStatic).update(text)
            frame.scroll_home(animate=False)
        self.query_one(".note", PlainStatic).update(self._note(draft))

    def _note(self, draft: store.Draft | None) -> Content:
        failed = sum(self._counts.get("failed", {}).values())
        lines = [self._problem or self._working] if self._problem or self._working else []
        approved, rejected = self._counts.get("approved", 0), self._counts.get("rejected", 0)
        lines.append(
            f"{approved:,} approved, {rejected:,} rejected, {failed:,} did not pass the checks. What you approve is "
            "marked as drafted for ever."
        )
        if draft is not None and draft.asked_by == "list":
            lines.append("The model wrote no question of its own, so it answered one of ours.")
        parameters = int((self._workspace.result("model") or {}).get("parameters") or 0)
        if parameters < USEFUL_PARAMETERS:
            size = f"{parameters / 1e6:,.0f} million" if parameters else "an unknown number of"
            lines.append(f"This model has {size} parameters: below 3 billion drafts are hardly ever of use.")
        return Content("\n").join(Content(line) for line in lines)

    def action_decide(self, state: str) -> None:
        """Keep a decision and show the next draft."""
        if not self._waiting:
            return
        draft = self._waiting.pop(0)
        self._decided.append(draft)
        self._problem = ""

        def keep() -> None:
            decisions.decide(self._workspace, draft.number, state)
            self._load()

        self._in_thread(keep)
        self._show()

    def action_undo(self) -> None:
        """Take the last decision back."""
        if not self._decided:
            return
        draft = self._decided.pop()

        def take_back() -> None:
            decisions.decide(self._workspace, draft.number, store.OPEN)
            self._load()

        self._in_thread(take_back)

    def action_skip(self) -> None:
        """Show the next draft and leave this one undecided."""
        if self._waiting:
            self._waiting.append(self._waiting.pop(0))
            self._show()

    def action_draft(self) -> None:
        """Let the model draft more."""
        if self._working:
            return
        self._working, self._problem = "Starting the model…", ""
        self._show()

        def start() -> None:
            try:
                started = job.begin(self._workspace)
            except Refusal as refusal:
                self._working = ""
                self.post_message(Told(str(refusal)))
                return
            self.app.call_from_thread(following.follow, self, started)

        self.run_worker(start, thread=True, group="start", exclusive=True)

    def on_job_events(self, message: JobEvents) -> None:
        """Show how far the model is; read what it wrote when it ends."""
        progress = following.last_progress(message.records)
        if progress is not None:
            done = f" {progress['done']} of {progress['total']}" if progress["total"] else ""
            self._working = f"{progress['message']}{done}… It goes on when you leave."
        if message.status != RUNNING:
            self._working = ""
            if message.status != FINISHED:
                end = following.end_of(message.records) or {}
                self._problem = str(end.get("reason") or "The model ended early; what it had written is kept.")
            self._in_thread(self._load)
        else:
            self._show()

    def action_scroll_text(self, lines: int) -> None:
        """Scroll both sides."""
        for side in ("#first", "#second"):
            self.query_one(side).scroll_relative(y=lines, animate=False)

    def help_text(self) -> tuple[str, str]:
        """Explain drafts."""
        return (
            "Drafted questions",
            "The model that you chose reads a report and writes a question with its answer. Answers that state what "
            "the report does not say are left out at once; the others wait here until you approve or reject them. "
            "Approved ones are only learned from, never used in the test, and stay marked as drafted.",
        )
