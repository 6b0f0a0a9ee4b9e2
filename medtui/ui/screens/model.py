"""The model step's screen."""

from pathlib import Path
from typing import Any

from medtui.errors import Refusal
from medtui.machine.survey import survey
from medtui.model import offers, resolve
from medtui.ui.screens.step import StepScreen
from medtui.wizard import model
from medtui.wizard.question import Consequence, Outcome, Question


class ModelScreen(StepScreen):
    """Lists the models with what fits, and takes a folder of one's own."""

    STEP = "model"
    WORKING = "Checking the model"
    EXPLANATION = (
        "The list says for each model how much graphics memory training it takes here: fits, tight (it is tried out "
        "before the long run), or does not fit. Models that are not on this disk are downloaded with "
        "`medtui model fetch`; a folder that you copied here works as well."
    )

    def look(self) -> tuple[list[offers.Offer], float, str]:
        """Find out what fits on the chosen graphics card."""
        machine = survey(self.workspace.path)
        gpu = machine.default_gpu(self.workspace.answers("machine").get("gpu"))
        free = (gpu.free_bytes or 0) / offers.GIB if gpu else 0.0
        listed = offers.offers(machine, vram_gib=free) if free else offers.offers(machine)
        return listed, free, gpu.name if gpu else "no GPU"

    def questions(self, facts: Any) -> tuple[Question, ...]:
        """Ask for the model."""
        return model.questions(*facts)

    def check(self, question: Question, value: Any) -> Any:
        """Check a typed folder before it is saved."""
        if question.option(value) is None:
            if not str(value):
                raise Refusal("Choose a model of the list, or type the folder of one.")
            return str(resolve.resolve(str(value)))
        return value

    def considered(self, option_value: Any, typed: str) -> Consequence | None:
        """Say whether a typed folder is there."""
        there = Path(typed).expanduser().is_dir()
        return Consequence(notes=("It is checked when you press Enter." if there else "There is no such folder.",))

    def outcome(self, result: dict[str, Any]) -> Outcome:
        """Put the choice into words."""
        return model.outcome(result)
