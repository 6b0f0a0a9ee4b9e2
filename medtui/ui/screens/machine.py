"""The machine step's screen."""

from typing import Any

from medtui.machine.survey import Machine, survey
from medtui.ui.screens.step import StepScreen
from medtui.wizard import machine
from medtui.wizard.question import Outcome, Question


class MachineScreen(StepScreen):
    """Shows what this machine has and asks what shall do the work."""

    STEP = "machine"
    WORKING = "Looking at this machine"
    EXPLANATION = (
        "medtui looks at the graphics cards, the memory, the disk and the processor. Nothing is changed and nothing is "
        "sent anywhere. Without a graphics card the demo model still goes through all nine steps."
    )

    def look(self) -> Machine:
        """Survey the machine."""
        return survey(self.workspace.path)

    def questions(self, facts: Any) -> tuple[Question, ...]:
        """Ask for the graphics card."""
        return machine.questions(facts)

    def outcome(self, result: dict[str, Any]) -> Outcome:
        """Put the survey into words."""
        return machine.outcome(result)
