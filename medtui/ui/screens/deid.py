"""The de-identification step's screen."""

from typing import Any

from medtui.deid import step
from medtui.deid.profile import PROFILES
from medtui.ui.screens.long_step import LongStepScreen
from medtui.ui.screens.review import ReviewScreen
from medtui.ui.widgets.plain import PlainButton
from medtui.wizard import deid
from medtui.wizard.question import Outcome, Question


class DeidScreen(LongStepScreen):
    """Removes what identifies patients, follows the work, and leads to the review of doubts."""

    STEP = "deid"
    WORKING = "Removing what identifies patients"
    EXPLANATION = (
        "Every report is searched for names, places, dates, numbers and addresses, and for everything that its own "
        "fields say about the patient. What is found is replaced by tags such as [NAME]; then the result is searched "
        "again. Words that may or may not be a name are replaced as well, until you decide otherwise in the review."
    )

    def questions(self, facts: Any) -> tuple[Question, ...]:
        """Ask for the rule, and what happens to doubts."""
        documents = int((self.workspace.result("reports") or {}).get("documents") or 0)
        return deid.questions(tuple(PROFILES.values()), documents)

    def start(self) -> None:
        """Start the work."""
        step.begin(self.workspace)

    def accept(self, result: dict[str, Any]) -> dict[str, Any]:
        """Take the finished work as the step's result."""
        return step.accept(self.workspace, result)

    def outcome(self, result: dict[str, Any]) -> Outcome:
        """Put the work into words."""
        return deid.outcome(result)

    def actions(self, result: dict[str, Any]) -> tuple[tuple[str, str], ...]:
        """Offer the review where there are doubts."""
        doubts = int(result.get("reviews_open") or 0) + int(result.get("doubts_redacted") or 0)
        return (*((("review", "Review doubts"),) if doubts else ()), *super().actions(result))

    def on_button_pressed(self, event: PlainButton.Pressed) -> None:
        """Open the review."""
        if event.button.id == "review":
            event.stop()
            self.app.push_screen(ReviewScreen(self.workspace), self._reviewed)

    def _reviewed(self, decided: int | None) -> None:
        if decided:
            # The reports concerned are searched once more, so that what counts is always a whole pass.
            self.begin()
