"""The examples step's screen."""

import itertools
from contextlib import closing
from pathlib import Path
from typing import Any

from textual.app import SystemCommand

from medtui import vault
from medtui.errors import Refusal
from medtui.examples import chat_template, formats
from medtui.examples.preview import preview
from medtui.examples.settings import model_folder, uses_demo_model
from medtui.examples.tokens import default_length
from medtui.training.defaults import context_length
from medtui.ui.screens.examples_menu import ExamplesMenu
from medtui.ui.screens.step import StepScreen
from medtui.ui.widgets.plain import PlainButton
from medtui.wizard import examples
from medtui.wizard.question import Outcome, Question
from medtui.workspace import DONE

_UNKNOWN_CONTEXT = 1 << 20
# So many entries of a file are looked at before it is accepted; the build counts all.
_TRIED = 50


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

    def look(self) -> tuple[Any, ...]:
        """Find the length that suits the chosen model, and what the reports would give."""
        folder = model_folder(self.workspace)
        documents = int((self.workspace.result("deid") or {}).get("documents") or 0)
        suggested = default_length(folder, demo=uses_demo_model(self.workspace))
        with closing(vault.connect(self.workspace)) as connection:
            seen = preview(connection)
        longest = context_length(folder) or _UNKNOWN_CONTEXT
        return documents, suggested, longest, seen, chat_template.of(folder).consequence

    def questions(self, facts: Any) -> tuple[Question, ...]:
        """Ask about length, strictness and general instructions."""
        return examples.questions(*facts, demo=uses_demo_model(self.workspace))

    def check(self, question: Question, value: Any) -> Any:
        """Try the file of general instructions."""
        if question.key != "general_file" or question.option(value) is not None:
            return value
        path = Path(str(value)).expanduser().absolute()
        if not path.is_file():
            raise Refusal(f"There is no file {path}; give the path of a file on this machine, or go on without one.")
        if not any(itertools.islice(formats.read_loosely(path), _TRIED)):
            raise Refusal(
                f"{path} holds no question with an answer in its first {_TRIED} entries; it needs the columns "
                "instruction, input and output, or chat messages."
            )
        return str(path)

    def outcome(self, result: dict[str, Any]) -> Outcome:
        """Put the dataset into words."""
        return examples.outcome(result)

    def actions(self, result: dict[str, Any]) -> tuple[tuple[str, str], ...]:
        """Offer a closer look."""
        return (("look", "Look closer"), *super().actions(result))

    def commands(self) -> list[SystemCommand]:
        """Offer the closer look by its name as well."""
        found = super().commands()
        if self.workspace.result(self.STEP):
            words = "Examples, reasons, lengths, wordings, drafted questions"
            found.append(SystemCommand("Look closer at the examples", words, self.action_look))
        return found

    def on_button_pressed(self, event: PlainButton.Pressed) -> None:
        """Open the closer look."""
        if event.button.id == "look":
            event.stop()
            self.action_look()

    def action_look(self) -> None:
        """Open the closer look; what was changed there takes effect by making the examples anew."""
        self.app.push_screen(ExamplesMenu(self.workspace), self._looked)

    def _looked(self, _answer: Any) -> None:
        if self.workspace.state(self.STEP) != DONE:
            self.journey = self._from_disk()
            self.begin()
