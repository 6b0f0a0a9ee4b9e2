"""What the nine step screens share: the rail, one page at a time, and the way forward and back."""

from typing import Any, ClassVar

from textual._path import CSSPathType
from textual.app import ComposeResult, SystemCommand
from textual.binding import Binding, BindingType
from textual.containers import Container, Horizontal
from textual.widget import Widget

from medtui.errors import Refusal
from medtui.journey.run import run_step
from medtui.progress import Progress
from medtui.text import sanitize_line
from medtui.ui import following
from medtui.ui.messages import (
    Advanced,
    Again,
    Answered,
    Considered,
    Continue,
    FactsFound,
    GoTo,
    WorkEnded,
    WorkRefused,
)
from medtui.ui.opening import screen_for
from medtui.ui.running import running_steps
from medtui.ui.screens.frame import Frame, put
from medtui.ui.widgets.pages import ObstaclePage, OutcomePage, Page, WaitingPage, WorkPage
from medtui.ui.widgets.plain import PlainButton
from medtui.ui.widgets.question import QuestionPage
from medtui.ui.widgets.rail import Rail
from medtui.wizard.journey import NAMES, Journey, Stage
from medtui.wizard.question import Consequence, Outcome, Question
from medtui.workspace import DONE, STEPS, Workspace


class StepScreen(Frame):
    """One step: its questions, its work, its outcome. Each step's screen says what these are."""

    STEP: ClassVar[str]
    EXPLANATION: ClassVar[str] = ""
    WORKING: ClassVar[str] = "Working"
    # What leaving means while the work goes on.
    WORK_NOTE: ClassVar[str] = "Esc stops this and goes back; nothing that was finished before is lost."
    # Each page says what has the focus; without this the rail would take it while work goes on.
    AUTO_FOCUS = ""
    CSS_PATH: ClassVar[CSSPathType | None] = ["frame.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("r", "again", "Again", show=False, tooltip="Do this step once more"),
        Binding("p", "practices", "Practices", show=False, tooltip="Go to the list of practices"),
    ]

    def __init__(self, workspace: Workspace, journey: Journey) -> None:
        super().__init__()
        self.workspace = workspace
        self.journey = journey
        self.asked: tuple[Question, ...] | None = None
        self.facts: Any = None

    # What a step's screen says about itself.

    def look(self) -> Any:
        """Find, in a thread, what the questions need to know."""
        return None

    def questions(self, facts: Any) -> tuple[Question, ...]:
        """Give the step's questions."""
        return ()

    def outcome(self, result: dict[str, Any]) -> Outcome:
        """Put the step's result into words."""
        raise NotImplementedError

    def actions(self, result: dict[str, Any]) -> tuple[tuple[str, str], ...]:
        """Give further buttons of the outcome: name and label."""
        return (("again", "Do it again"),)

    def check(self, question: Question, value: Any) -> Any:
        """Check a typed answer and give the form in which it is saved.

        Raises:
            Refusal: it cannot be used.
        """
        return value

    def considered(self, option_value: Any, typed: str) -> Consequence | None:
        """Tell what a typed answer means; None when nothing is known."""
        return None

    def work(self, progress: Progress) -> dict[str, Any]:
        """Do the step's work, in a thread."""
        return run_step(self.workspace, self.STEP, progress)

    def begin(self) -> None:
        """Start the step's work."""
        self.show_page(self.work_page())
        following.do(self, self.STEP, self.work)

    def work_page(self) -> Page:
        """Give the page that shows the work."""
        return WorkPage(self.WORKING, self.WORK_NOTE)

    # The page that is shown.

    def body(self) -> ComposeResult:
        """Lay out rail and page."""
        with Horizontal(id="middle"):
            yield Rail()
            yield Container(id="page")

    def on_mount(self) -> None:
        """Look up what the step needs, then show where it stands."""
        self.show_rail()
        self.show_page(WaitingPage("One moment…"))
        if self.journey.place.stage is Stage.QUESTION and not self.journey.blockers(self.STEP):
            following.find_facts(self, self.look, self.STEP)
        else:
            self.show()

    def resized(self) -> None:
        """Fill the top line."""
        number = STEPS.index(self.STEP) + 1
        self.heading(self.workspace.practice, f"step {number} of {len(STEPS)}  {NAMES[self.STEP]}")

    def show_rail(self) -> None:
        """Show all steps' states."""
        self.query_one(Rail).show(self.journey)
        self.refresh_bindings()

    def show_page(self, page: Widget) -> None:
        """Show a page in place of the one that is shown."""
        put(self.query_one("#page"), page)

    def on_facts_found(self, message: FactsFound) -> None:
        """Ask, now that everything is known."""
        self.facts = message.facts
        self.asked = self.questions(message.facts)
        self.journey = self.journey.asks(len(self.asked))
        self.show()

    def move(self, journey: Journey) -> None:
        """Go to another place of the journey: another page here, or another step's screen."""
        if journey.place.step != self.STEP:
            self.app.switch_screen(screen_for(self.workspace, journey))
            return
        self.journey = journey
        self.show()

    def show(self) -> None:
        """Show the journey's place."""
        self.show_rail()
        stage = self.journey.place.stage
        blockers = self.journey.blockers(self.STEP)
        if blockers and stage is not Stage.RESULT and self.STEP not in self.journey.running:
            self._show_blocker(blockers[0])
        elif stage is Stage.QUESTION:
            self._show_question()
        elif stage is Stage.LOOK:
            self.show_look()
        elif stage is Stage.WORK:
            self.begin()
        else:
            self.show_outcome()

    def _show_blocker(self, step: str) -> None:
        name = NAMES[step]
        again = "needs another look" if self.journey.state(step) != "open" else "comes"
        sentence = f"This step builds on {name}, which {again} first. Nothing that was made so far is deleted."
        self.show_page(ObstaclePage(f"{name} first", sentence, f"Go to {name}", f"goto-{step}"))

    def _show_question(self) -> None:
        if self.asked is None:
            following.find_facts(self, self.look, self.STEP)
            return
        if not self.asked:
            self.move(self.journey.asks(0))
            return
        # Going back may have led to "the last question" before their number was known.
        self.journey = self.journey.asks(len(self.asked))
        question = self.asked[self.journey.place.question]
        value = question.with_saved(self.workspace.answers(self.STEP))
        self.show_page(self.question_page(question, value))

    def question_page(self, question: Question, value: Any) -> QuestionPage:
        """Give the page that asks a question."""
        return QuestionPage(question, value)

    def show_look(self) -> None:
        """Show everything once more before the work; only steps that have such a page come here."""
        self.move(self.journey.forward())

    def show_outcome(self) -> None:
        """Show what the step found."""
        result = self.workspace.result(self.STEP)
        if result is None:
            self.move(Journey(self.journey.place, self.journey.states).enter(self.STEP))
            return
        try:
            page: Widget = self.outcome_page(result)
        except (KeyError, TypeError, ValueError):
            # Written by another version, or by hand: the figures are worth less than a way on.
            sentence = "The figures that this step left behind cannot be read; do it once more to see them."
            page = ObstaclePage("No figures", sentence, "Back to the question", "to-questions")
        self.show_page(page)

    def outcome_page(self, result: dict[str, Any]) -> OutcomePage:
        """Give the page that shows the outcome."""
        return OutcomePage(self.outcome(result), self.actions(result), last=STEPS[-1] == self.STEP)

    # What the person does.

    def on_considered(self, message: Considered) -> None:
        """Show what a typed answer means."""
        consequence = self.considered(message.option.value if message.option else None, message.typed)
        if consequence is not None and message.option is None:
            self.query_one(QuestionPage).show_consequence(consequence)

    def on_answered(self, message: Answered) -> None:
        """Save the answer at once and go on."""
        if self.asked is None:
            return
        question = self.asked[self.journey.place.question]
        try:
            value = self.check(question, message.value)
            affected = self.save(question, value)
        except Refusal as refusal:
            self.query_one(QuestionPage).refuse(str(refusal))
            return
        others = [NAMES[step] for step in affected if step != self.STEP]
        if others:
            self.notify(f"Needs another look now: {', '.join(others)}.", markup=False)
        self.move(self.journey.answered(affected).forward())

    def save(self, question: Question, value: Any) -> list[str]:
        """Save an answer at once.

        Returns:
            The steps that need another look because of it.
        """
        if not question.key:
            return []
        return self.workspace.save_answer(self.STEP, question.key, question.saved_form(value))

    def on_continue(self, _message: Continue) -> None:
        """Go on to the next step, or after the last one to the list."""
        if STEPS[-1] == self.STEP:
            self.dismiss()
        else:
            self.move(self.journey.forward())

    def on_again(self, _message: Again) -> None:
        """Ask and work once more."""
        self.action_again()

    def action_again(self) -> None:
        """Ask the step's questions once more, then do its work."""
        if self.journey.place.stage is Stage.RESULT:
            self.asked = None
            states = {**self.journey.states, self.STEP: "needs_another_look"}
            self.move(Journey(self.journey.place, states, self.journey.running).enter(self.STEP))

    def action_back(self) -> None:
        """Go back one page."""
        back = self.journey.back()
        if back is None:
            self.dismiss()
            return
        if self.journey.place.stage is Stage.WORK:
            self.workers.cancel_group(self, "work")
        self.move(back)

    def action_practices(self) -> None:
        """Go to the list of practices."""
        self.dismiss()

    def on_go_to(self, message: GoTo) -> None:
        """Open the step that was chosen on the rail."""
        if message.step != self.STEP:
            self.move(self._from_disk().enter(message.step))
        else:
            for widget in self.query_one("#page").query("PlainOptionList, PlainInput, PlainButton").results():
                widget.focus()
                break

    def _from_disk(self) -> Journey:
        states = {step: self.workspace.state(step) for step in STEPS}
        return Journey(self.journey.place, states, running_steps(self.workspace), self.journey.questions)

    def on_button_pressed(self, event: PlainButton.Pressed) -> None:
        """Lead to the step that stands in the way."""
        identifier = str(event.button.id)
        if identifier.startswith("goto-"):
            self.move(self.journey.enter(identifier.removeprefix("goto-")))
        elif identifier == "to-questions":
            self.ask_again()
        elif identifier == "retry":
            self.begin()
        elif identifier == "change":
            self.action_back()

    def ask_again(self) -> None:
        """Ask the step's questions from the first one on."""
        self.asked = None
        states = {**self.journey.states, self.STEP: "open"}
        self.move(Journey(self.journey.place, states, self.journey.running).enter(self.STEP))

    # What the work tells.

    def on_advanced(self, message: Advanced) -> None:
        """Show how far the work is."""
        for page in self.query(WorkPage):
            page.advance(message.done, message.total, message.message)

    def on_work_ended(self, message: WorkEnded) -> None:
        """Show the outcome."""
        states = {step: self.workspace.state(step) for step in STEPS}
        done = states[self.STEP] == DONE
        here = Journey(self.journey.place, states, self.journey.running, self.journey.questions)
        self.move(here.ended(self.STEP, done=done))

    def on_work_refused(self, message: WorkRefused) -> None:
        """Say why the step cannot go on, and offer its questions again."""
        self.journey = self.journey.ended(self.STEP, done=False)
        self.show_rail()
        self.show_page(ObstaclePage("This could not be done", message.reason, "Back to the question", "to-questions"))

    def help_text(self) -> tuple[str, str]:
        """Explain the step."""
        return NAMES[self.STEP], self.EXPLANATION

    def commands(self) -> list[SystemCommand]:
        """Offer every step that can be opened."""
        return [
            SystemCommand(
                f"Step {number}: {NAMES[step]}", "Open this step", lambda step=step: self.post_message(GoTo(step))
            )
            for number, step in enumerate(STEPS, start=1)
            if self.journey.reachable(step)
        ]

    def status_line(self) -> str:
        """Say where one is."""
        return sanitize_line(f"{self.workspace.practice}: {NAMES[self.STEP]}.")
