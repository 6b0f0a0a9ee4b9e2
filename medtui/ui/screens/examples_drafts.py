"""Drafted questions, one at a time: the report beside what the model wrote, one key to decide."""

import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from typing import Any, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message

from medtui import vault
from medtui.errors import Refusal
from medtui.examples.drafting import decisions, job, store
from medtui.examples.drafting.questions import USEFUL_PARAMETERS
from medtui.process import FINISHED, RUNNING
from medtui.ui import following
from medtui.ui.following import JobEvents
from medtui.ui.screens.examples_correction import CorrectionScreen
from medtui.ui.screens.examples_sides import ExampleSides
from medtui.ui.screens.side_by_side import SCROLL_KEYS
from medtui.ui.widgets import example
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


class DraftsScreen(ExampleSides):
    """Nothing that a model drafted is used before a person has read it here."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "decide('approved')", "Approve", tooltip="Use this question and answer"),
        Binding("e", "edit", "Correct", tooltip="Change question and answer; they are checked against the report"),
        Binding("r", "decide('rejected')", "Reject", tooltip="Never use it"),
        Binding("f", "failed", "Failed ones", tooltip="Show drafts that did not pass the checks, or those that wait"),
        Binding("u", "undo", "Undo", tooltip="Take the last decision back"),
        Binding("s", "skip", "Later", tooltip="Show the next one and leave this one undecided"),
        Binding("d", "draft", f"Draft {job.USUAL}", tooltip=f"Let the model draft {job.USUAL} more"),
        *SCROLL_KEYS,
    ]

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self._workspace = workspace
        self._waiting: list[store.Draft] = []
        self._counts: dict[str, Any] = {}
        self._decided: list[store.Draft] = []
        self._corrected = 0
        # Those that did not pass the checks are shown, in place of those that wait.
        self._failed = False
        self._working = ""
        self._problem = ""
        self._one_at_a_time = threading.Lock()

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
            failed = store.drafts(connection, state=store.OPEN, passed=False)
            unfit = (draft for draft in failed if draft.original is None)
            waiting = list(unfit if self._failed else store.waiting(connection))
            self.post_message(Found(waiting, store.figures(connection)))

    def on_found(self, message: Found) -> None:
        """Show the first draft that waits."""
        # What was corrected last is looked at again.
        self._waiting = sorted(message.waiting, key=lambda draft: draft.number != self._corrected)
        self._counts = message.counts
        self._show()

    def on_told(self, message: Told) -> None:
        """Say why something could not be done."""
        self._problem = message.sentence
        self._show()

    def _show(self) -> None:
        draft = self._waiting[0] if self._waiting else None
        heading = f"{len(self._waiting):,} drafts wait for you" if draft else "No draft waits for you"
        if self._failed:
            failed = f"{len(self._waiting):,} drafts did not pass the checks; correct what is worth it (e)"
            heading = failed if draft else "No draft failed the checks"
        page = example.draft(draft)
        lines = [*([page.note] if page.note else []), *self._note(draft)]
        self.show(heading, replace(page, note=Content("\n").join(lines)))

    def _note(self, draft: store.Draft | None) -> list[Content]:
        failed = sum(self._counts.get("failed", {}).values())
        lines = [self._problem or self._working] if self._problem or self._working else []
        approved, rejected = self._counts.get("approved", 0), self._counts.get("rejected", 0)
        lines.append(
            f"{approved:,} approved, {rejected:,} rejected, {failed:,} did not pass the checks. What you approve is "
            "marked as drafted for ever, what you correct as corrected."
        )
        if draft is not None and (draft.reason or draft.original is not None):
            return [Content(line) for line in lines]
        if draft is not None and draft.asked_by == "list":
            lines.append("The model wrote no question of its own, so it answered one of ours.")
        parameters = int((self._workspace.result("model") or {}).get("parameters") or 0)
        if parameters < USEFUL_PARAMETERS:
            size = f"{parameters / 1e6:,.0f} million" if parameters else "an unknown number of"
            lines.append(f"This model has {size} parameters: below 3 billion drafts are hardly ever of use.")
        return [Content(line) for line in lines]

    def action_decide(self, state: str) -> None:
        """Keep a decision and show the next draft."""
        if not self._waiting:
            return
        if state == store.APPROVED and self._waiting[0].reason:
            self._problem = "This cannot be approved as it stands: correct it (e) or reject it (r)."
            self._show()
            return
        draft = self._waiting.pop(0)
        self._decided.append(draft)
        self._problem = ""

        def keep() -> None:
            decisions.decide(self._workspace, draft.number, state)
            self._load()

        self._in_thread(keep)
        self._show()

    def action_edit(self) -> None:
        """Let the draft be corrected."""
        if self._waiting:
            self._problem, self._corrected = "", self._waiting[0].number
            self.app.push_screen(CorrectionScreen(self._workspace, self._waiting[0]), self._corrected_one)

    def _corrected_one(self, kept: bool | None) -> None:
        """Show the correction among those that wait."""
        self._failed = self._failed and not kept
        self._in_thread(self._load)

    def action_failed(self) -> None:
        """Show those that did not pass the checks, to be corrected, or those that wait again."""
        self._failed, self._problem = not self._failed, ""
        self._in_thread(self._load)

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
            self._corrected = 0
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

    def help_text(self) -> tuple[str, str]:
        """Explain drafts."""
        return (
            "Drafted questions",
            "The model that you chose reads a report and writes a question with its answer. Answers that state what "
            "the report does not say are left out at once; the others wait here until you approve or reject them, or "
            "correct them first (e). Approved ones are only learned from, never used in the test, and stay marked as "
            "drafted; of what you corrected the model's own words are kept, too.",
        )
