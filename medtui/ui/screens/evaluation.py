"""The evaluation step's screen."""

from typing import Any

from medtui.evaluation import step
from medtui.ui.screens.long_step import LongStepScreen
from medtui.wizard import evaluation
from medtui.wizard.question import Outcome, Question


class EvaluationScreen(LongStepScreen):
    """Compares base and tuned model, and says in words which is better."""

    STEP = "evaluation"
    WORKING = "Comparing base and tuned model"
    EXPLANATION = (
        "Both models are asked how likely they find what your practice wrote in reports that training never saw. This "
        "tells whether something was learned that holds for other patients, not whether the drafts are true."
    )

    def questions(self, facts: Any) -> tuple[Question, ...]:
        """Offer the comparison."""
        return evaluation.questions(int((self.workspace.result("examples") or {}).get("test") or 0))

    def start(self) -> None:
        """Start the comparison."""
        step.begin(self.workspace)

    def accept(self, result: dict[str, Any]) -> dict[str, Any]:
        """Take what was measured as the step's result."""
        return step.accept(self.workspace, result)

    def outcome(self, result: dict[str, Any]) -> Outcome:
        """Put the comparison into words."""
        return evaluation.outcome(result)
