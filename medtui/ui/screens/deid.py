"""The de-identification step's screen."""

from typing import Any

from medtui.deid import rules, step
from medtui.deid.profile import PROFILES, chosen_profile
from medtui.deid.vote.folder import look
from medtui.errors import Refusal
from medtui.ui.screens.long_step import LongStepScreen
from medtui.ui.screens.override import OverrideDialog
from medtui.ui.screens.review import ReviewScreen
from medtui.ui.screens.sample import SampleScreen
from medtui.ui.widgets.plain import PlainButton
from medtui.wizard import deid
from medtui.wizard.question import Outcome, Question

_HELP_WIDTH = 60


class DeidScreen(LongStepScreen):
    """Removes what identifies patients, follows the work, and leads to the review of doubts."""

    STEP = "deid"
    # Four buttons stand beside each other at 80 columns.
    CSS = "DeidScreen .buttons PlainButton { min-width: 0; }"
    WORKING = "Removing what identifies patients"
    EXPLANATION = (
        "Every report is searched for names, places, dates, numbers and addresses, and for everything that its own "
        "fields say about the patient. What is found is replaced by tags such as [NAME], or by made-up values if you "
        "choose so; then the result is searched again. The exact rule and its law: medtui deid rules. Words that may "
        "or may not be a name are replaced as well, until you decide otherwise in the review."
    )

    def questions(self, facts: Any) -> tuple[Question, ...]:
        """Ask for the rule, and what happens to doubts."""
        documents = int((self.workspace.result("reports") or {}).get("documents") or 0)
        return deid.questions(tuple(PROFILES.values()), documents)

    def check(self, question: Question, value: Any) -> Any:
        """Check the kinds that are to have a rule of their own, and the model that is to be asked."""
        if question.key == "policies":
            chosen_profile({**self.workspace.answers("deid"), "policies": value})
        if question.key == "vote" and value:
            look(str(value).strip())
        return value

    def help_text(self) -> tuple[str, str]:
        """Explain the step, and the rule that the answers ask for, word by word."""
        heading, text = super().help_text()
        try:
            rule = rules.describe(chosen_profile(self.workspace.answers("deid")))
        except Refusal as refusal:
            return heading, f"{text}\n\n{refusal}"
        return heading, f"{text}\n\nThe rule you chose:\n\n{rules.in_words(rule, _HELP_WIDTH)}"

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
        """Offer review and sample, and the way through a closed gate."""
        closed = any(int(result.get(key) or 0) for key in ("known_identifiers_left", "given_back", "reviews_open"))
        last = ("override", "Override") if closed else ("again", "Again")
        return ("review", "Review"), ("sample", "Sample"), last

    def on_button_pressed(self, event: PlainButton.Pressed) -> None:
        """Open the review, the sample or the way through."""
        name = event.button.id
        if name == "review":
            event.stop()
            result = self.workspace.result(self.STEP) or {}
            doubts = int(result.get("reviews_open") or 0) + int(result.get("doubts_redacted") or 0)
            self.app.push_screen(ReviewScreen(self.workspace, doubts=doubts > 0), self._reviewed)
        elif name == "sample":
            event.stop()
            self.app.push_screen(SampleScreen(self.workspace), self._sampled)
        elif name == "override":
            event.stop()
            self.app.push_screen(OverrideDialog(self.workspace), self._overridden)

    def _reviewed(self, decided: int | None) -> None:
        if decided:
            # The reports concerned are searched once more, so that what counts is always a whole pass.
            self.begin()

    def _sampled(self, missed: bool | None) -> None:
        if missed:
            self.begin()
        else:
            self.show()

    def _overridden(self, started: bool | None) -> None:
        if started:
            self.notify("Training may start. That you answer for it stands in the audit trail.", markup=False)
