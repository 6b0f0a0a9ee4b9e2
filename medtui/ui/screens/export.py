"""The export step's screen."""

from typing import Any

from medtui.export import step
from medtui.ui.screens.long_step import LongStepScreen
from medtui.wizard import export
from medtui.wizard.question import Outcome, Question


class ExportScreen(LongStepScreen):
    """Writes the adapter and, if wanted, a merged model, and says where they lie."""

    STEP = "export"
    WORKING = "Saving the tuned model"
    EXPLANATION = (
        "The adapter is what was learned; it needs its base model beside it. Merged into the base it becomes one "
        "folder that other programs load as it is. Each folder has a card that says what was trained and measured."
    )

    def questions(self, facts: Any) -> tuple[Question, ...]:
        """Ask in what form the model is kept."""
        # 16-bit weights take two bytes each.
        return export.questions(2 * int((self.workspace.result("model") or {}).get("parameters") or 0))

    def start(self) -> None:
        """Start the export."""
        step.begin(self.workspace)

    def accept(self, result: dict[str, Any]) -> dict[str, Any]:
        """Take what was written as the step's result."""
        return step.accept(self.workspace, result)

    def outcome(self, result: dict[str, Any]) -> Outcome:
        """Say where the model lies and what to do with it."""
        return export.outcome(result)
