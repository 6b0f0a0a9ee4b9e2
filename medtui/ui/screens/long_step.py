"""What the screens of long work share: the work is a detached job that the screen only follows."""

import contextlib
import signal
from abc import abstractmethod
from typing import Any, ClassVar

from textual.binding import Binding, BindingType

from medtui.errors import Refusal
from medtui.process import FINISHED, LOST, RUNNING, STOPPED, Job
from medtui.ui import following
from medtui.ui.following import JobEvents
from medtui.ui.messages import WorkEnded, WorkRefused
from medtui.ui.running import job_of
from medtui.ui.screens.dialog import Dialog
from medtui.ui.screens.step import StepScreen
from medtui.ui.widgets.pages import ObstaclePage, WorkPage
from medtui.ui.widgets.plain import PlainButton
from medtui.wizard.journey import NAMES, Stage


class LongStepScreen(StepScreen):
    """A step whose work outlives the screen."""

    WORK_NOTE = "This goes on by itself: leave with Esc, close the terminal, come back with `medtui`. s stops it."
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("s", "stop", "Stop", tooltip="Stop the work that is going on (asks first)"),
        Binding("q", "leave_or_stop", "Leave", show=False, tooltip="Leave this work to itself, or stop it"),
    ]

    @abstractmethod
    def start(self) -> None:
        """Start the job; called in a thread.

        Raises:
            Refusal: it cannot start.
        """

    @abstractmethod
    def accept(self, result: dict[str, Any]) -> dict[str, Any]:
        """Take a finished job's result as the step's result; called in a thread."""

    def job(self) -> Job | None:
        """Give the job that does or did this step's work."""
        return job_of(self.workspace, self.STEP)

    def begin(self) -> None:
        """Follow the job, starting it unless it runs already."""
        self.show_page(self.work_page())
        self.run_worker(self._start_and_follow, thread=True, group="start", exclusive=True)

    def _start_and_follow(self) -> None:
        job = self.job()
        if job is None or job.status() != RUNNING:
            try:
                self.start()
            except Refusal as refusal:
                self.post_message(WorkRefused(self.STEP, str(refusal)))
                return
        self.app.call_from_thread(self._follow)

    def _follow(self) -> None:
        job = self.job()
        if job is None or not self.is_attached:
            return
        self.journey = self.journey.began()
        self.show_rail()
        self.follow_job()

    def follow_job(self) -> None:
        """Watch the job in a thread."""
        job = self.job()
        if job is not None:
            following.follow(self, job)

    def on_job_events(self, message: JobEvents) -> None:
        """Show what the job told, and what became of it."""
        progress = following.last_progress(message.records)
        if progress is not None:
            for page in self.query(WorkPage):
                page.advance(int(progress["done"]), int(progress["total"]), str(progress["message"]))
        if message.status != RUNNING:
            self.work_over(message.status, following.end_of(message.records) or self._last_word())

    def work_over(self, status: str, end: dict[str, Any]) -> None:
        """Take the result of finished work, or say why it ended early."""
        self.journey = self.journey.ended(self.STEP, done=False)
        if status == FINISHED:
            self.run_worker(lambda: self._accept(dict(end.get("result") or {})), thread=True, group="start")
        else:
            self.show_rail()
            self.interrupted(status, str(end.get("reason") or ""))

    def _last_word(self) -> dict[str, Any]:
        job = self.job()
        return (following.end_of(job.events()[0]) if job is not None else None) or {}

    def _accept(self, result: dict[str, Any]) -> None:
        try:
            self.post_message(WorkEnded(self.STEP, self.accept(result)))
        except Refusal as refusal:
            self.post_message(WorkRefused(self.STEP, str(refusal)))

    def interrupted(self, status: str, reason: str) -> None:
        """Say that the work ended early, and offer to go on."""
        name = NAMES[self.STEP]
        if status == LOST:
            heading = f"{name} was interrupted"
            reason = (
                "Its process was ended from outside (killed, out of memory, or the machine restarted). What it had "
                "finished is on the disk."
            )
        elif status == STOPPED:
            heading, reason = f"{name} was stopped", reason or "It was stopped as you asked; it can go on."
        else:
            heading = f"{name} could not finish"
        self.show_page(ObstaclePage(heading, reason, "Continue", "retry"))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer stopping only while there is something to stop."""
        return self.STEP in self.journey.running if action == "stop" else True

    def action_stop(self) -> None:
        """Ask before stopping."""
        job = self.job()
        if self.STEP not in self.journey.running or job is None:
            self.notify("Nothing is going on here that could be stopped.", markup=False)
            return
        self.app.push_screen(self.stop_dialog(), lambda answer: self._stop(job) if answer == "stop" else None)

    def stop_dialog(self) -> Dialog:
        """Give the question that is asked before stopping."""
        return Dialog(
            f"Stop {NAMES[self.STEP].lower()}?",
            "What is finished is kept, and it can be started again. To look at something else you need not stop it: "
            "it goes on by itself.",
            ("go-on", "Let it go on"),
            ("stop", "Stop"),
        )

    def _stop(self, job: Job) -> None:
        with contextlib.suppress(Refusal):
            job.signal(signal.SIGTERM)

    def action_leave_or_stop(self) -> None:
        """Leave the work to itself, or stop it."""
        if self.journey.place.stage is not Stage.WORK or self.STEP not in self.journey.running:
            self.action_back()
            return
        job = self.job()

        def act(answer: str | None) -> None:
            if answer == "leave":
                self.dismiss()
            elif answer == "stop" and job is not None:
                self._stop(job)

        name = NAMES[self.STEP]
        dialog = Dialog(
            "Leave?",
            f"{name} goes on by itself when you leave; `medtui` brings you back to it.",
            ("leave", f"Leave ({name.lower()} continues)"),
            ("stop", f"Stop {name.lower()}"),
        )
        self.app.push_screen(dialog, act)

    def on_button_pressed(self, event: PlainButton.Pressed) -> None:
        """Stop; the other buttons belong to every step's screen."""
        if event.button.id == "stop":
            event.stop()
            self.action_stop()

    def status_line(self) -> str:
        """Say that the work goes on."""
        going = " It goes on by itself." if self.STEP in self.journey.running else ""
        return super().status_line() + going
