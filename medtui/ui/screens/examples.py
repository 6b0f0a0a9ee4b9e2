"""The examples step's screen."""

from typing import Any

from medtui.examples.tokens import default_length
from medtui.model import resolve
from medtui.training.defaults import context_length
from medtui.ui.screens.step import StepScreen
from medtui.wizard import examples
from medtui.wizard.question import Outcome, Question

_UNKNOWN_CONTEXT = 1 << 20


class ExamplesScreen(StepScreen):
    """Makes training examples and says what was left out and why."""

    STEP = "examples"
    WORKING = "Making examples"
    WORK_NOTE = "Esc stops this and goes back; it can be done again at any time."
    EXPLANATION = (
        "An example is a pair: a part of a report, such as the findings, and what your practice wrote next, such as "
        "the impression. Pairs whose answer states a number that the report does not hold are left out, because they "
        "would teach the model to invent. All reports of one patient stay together, so that the final test is honest."
    )

    def look(self) -> tuple[int, int, int]:
        """Find the length that suits the chosen model."""
        reference = str(self.workspace.answers("model").get("model", resolve.DEMO))
        folder = resolve.resolve(reference)
        documents = int((self.workspace.result("deid") or {}).get("documents") or 0)
        suggested = default_length(folder, demo=reference == resolve.DEMO)
        return documents, suggested, context_length(folder) or _UNKNOWN_CONTEXT

    def questions(self, facts: Any) -> tuple[Question, ...]:
        """Ask how long an example may be."""
        return examples.questions(*facts)

    def outcome(self, result: dict[str, Any]) -> Outcome:
        """Put the dataset into words."""
        return examples.outcome(result)
