"""The machine step's screen."""

from typing import Any, ClassVar

from medtui.machine.survey import Machine, survey
from medtui.ui.messages import Considered
from medtui.ui.screens.step import StepScreen
from medtui.ui.widgets.live_figures import LiveFigures, MachineOutcomePage
from medtui.ui.widgets.pages import OutcomePage
from medtui.ui.widgets.question import QuestionPage
from medtui.wizard import machine
from medtui.wizard.question import Outcome, Question


class MachinePage(QuestionPage):
    """Asks for the card, and shows what the one under the cursor does right now."""

    # The figures below need their room.
    FEW: ClassVar[int] = 1
    SCOPED_CSS = False
    DEFAULT_CSS = """
    Screen.-narrow MachinePage { & .title { margin-bottom: 0; } & #answers { height: 1fr; min-height: 4; } }
    """

    def on_mount(self) -> None:
        """Add the live figures below the answers; they hide until a card is under the cursor."""
        self.query_one(".ask").mount(LiveFigures())


class MachineScreen(StepScreen):
    """Shows what this machine has and asks what shall do the work."""

    STEP = "machine"
    WORKING = "Looking at this machine"
    EXPLANATION = (
        "medtui looks at the graphics cards, the memory, the disk and the processor. Nothing is changed and nothing is "
        "sent anywhere. Without a graphics card the demo model still goes through all nine steps.\n\n"
        "Of several cards one is chosen: training a model that fits one card needs no second one. Only a model that is "
        "too large for one card is divided among several, and that is said before it trains. The figures of a card are "
        "read once a second while this page is open."
    )

    def look(self) -> Machine:
        """Survey the machine."""
        return survey(self.workspace.path)

    def questions(self, facts: Any) -> tuple[Question, ...]:
        """Ask for the graphics card."""
        return machine.questions(facts)

    def question_page(self, question: Question, value: Any) -> QuestionPage:
        """Give the page with live figures."""
        return MachinePage(question, value)

    def on_considered(self, message: Considered) -> None:
        """Watch the card under the cursor."""
        if message.option is None:
            return
        card = message.option.value != machine.NO_GPU
        for figures in self.query(LiveFigures):
            figures.watch_gpu(str(message.option.value) if card else "", message.option.label)

    def outcome_page(self, result: dict[str, Any]) -> OutcomePage:
        """Show what was found, and what the chosen card does right now."""
        chosen = next((gpu for gpu in result["gpus"] if gpu["uuid"] == result["gpu"]), None)
        uuid, name = (str(chosen["uuid"]), str(chosen["name"])) if chosen else ("", "")
        return MachineOutcomePage(self.outcome(result), self.actions(result), uuid, name)

    def outcome(self, result: dict[str, Any]) -> Outcome:
        """Put the survey into words."""
        return machine.outcome(result)
