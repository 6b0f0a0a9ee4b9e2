"""Where somebody is on the way through the nine steps, and where Enter and Esc lead. Nothing here touches a disk."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from medtui.workspace import DONE, FEEDS, NEEDS_ANOTHER_LOOK, OPEN, STEPS

NAMES = {
    "machine": "Machine",
    "model": "Model",
    "reports": "Reports",
    "deid": "De-identify",
    "examples": "Examples",
    "training": "Training",
    "evaluation": "Evaluation",
    "chat": "Chat",
    "export": "Export",
}

# Steps before which everything is shown once more.
LOOKED_OVER = ("training",)

# A question number beyond any: the last one, however many there turn out to be.
LAST = 99


class Stage(StrEnum):
    """What a step is showing."""

    QUESTION = "question"
    LOOK = "look"
    WORK = "work"
    RESULT = "result"


@dataclass(frozen=True)
class Place:
    """A step, what it shows, and which question."""

    step: str
    stage: Stage
    question: int = 0


@dataclass(frozen=True)
class Journey:
    """The states of all steps and the present place; every move gives a new journey.

    Attributes:
        place: where one is.
        states: `open`, `done` or `needs_another_look` of each step.
        running: steps whose work is going on, watched or not.
        questions: how many questions a step asks, where known.
    """

    place: Place
    states: Mapping[str, str] = field(default_factory=dict)
    running: frozenset[str] = frozenset()
    questions: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def resume(cls, states: Mapping[str, str], running: frozenset[str] = frozenset()) -> "Journey":
        """Begin where one left off: at work that is going on, else at the first step that is not done."""
        start = cls(Place(STEPS[0], Stage.QUESTION), dict(states), running)
        step = next((step for step in STEPS if step in running), None)
        step = step or next((step for step in STEPS if start.state(step) != DONE), STEPS[-1])
        return start.enter(step)

    def state(self, step: str) -> str:
        """Give a step's state."""
        return self.states.get(step, OPEN)

    def blockers(self, step: str) -> tuple[str, ...]:
        """Give the earlier steps that must be done before this one can work, first one first."""
        return tuple(
            earlier for earlier in STEPS[: STEPS.index(step)] if step in FEEDS[earlier] and self.state(earlier) != DONE
        )

    def reachable(self, step: str) -> bool:
        """Tell whether a step can be opened: it was opened before, or everything it builds on is there."""
        return self.state(step) != OPEN or step in self.running or not self.blockers(step)

    def enter(self, step: str) -> "Journey":
        """Open a step where it stands."""
        if step in self.running:
            stage = Stage.WORK
        elif self.state(step) == DONE:
            stage = Stage.RESULT
        else:
            stage = Stage.QUESTION
        return self._at(Place(step, stage))

    def asks(self, count: int) -> "Journey":
        """Learn how many questions the present step asks; a step without questions begins with its work."""
        step, stage, question = self.place.step, self.place.stage, self.place.question
        known = replace(self, questions={**self.questions, step: count})
        if stage is not Stage.QUESTION:
            return known
        if count == 0:
            return known._at(Place(step, known._after_questions()))
        return known._at(Place(step, stage, min(question, count - 1)))

    def _after_questions(self) -> Stage:
        return Stage.LOOK if self.place.step in LOOKED_OVER else Stage.WORK

    def forward(self) -> "Journey":
        """Go on: the next question, the last look, the work, or the next step. Work itself is only left by `ended`."""
        step, stage, question = self.place.step, self.place.stage, self.place.question
        if stage is Stage.QUESTION:
            if question + 1 < self.questions.get(step, 1):
                return self._at(Place(step, stage, question + 1))
            return self._at(Place(step, self._after_questions()))
        if stage is Stage.LOOK:
            return self._at(Place(step, Stage.WORK))
        if stage is Stage.RESULT and step != STEPS[-1]:
            return self.enter(self._next(step))
        return self

    def _next(self, step: str) -> str:
        following = STEPS[STEPS.index(step) + 1]
        blockers = self.blockers(following)
        return blockers[0] if blockers else following

    def back(self) -> "Journey | None":
        """Go back one page; None leads to the list of practices. Work that is going on goes on."""
        step, stage, question = self.place.step, self.place.stage, self.place.question
        asks = self.questions.get(step, 1)
        if stage is Stage.QUESTION and question > 0:
            return self._at(Place(step, stage, question - 1))
        if stage in {Stage.LOOK, Stage.RESULT} and asks > 0:
            return self._at(Place(step, Stage.QUESTION, LAST if step not in self.questions else asks - 1))
        if stage is Stage.WORK and step not in self.running and asks > 0:
            return self._at(Place(step, Stage.QUESTION, asks - 1))
        index = STEPS.index(step)
        return self.enter(STEPS[index - 1]) if index else None

    def began(self) -> "Journey":
        """The present step's work has begun."""
        return replace(self, running=self.running | {self.place.step})

    def ended(self, step: str, *, done: bool) -> "Journey":
        """A step's work has ended; one who is watching it sees its result, or its last page again."""
        states = dict(self.states)
        if done:
            for later in FEEDS[step]:
                if states.get(later) == DONE:
                    states[later] = NEEDS_ANOTHER_LOOK
            states[step] = DONE
        ended = replace(self, states=states, running=self.running - {step})
        if self.place == Place(step, Stage.WORK) and done:
            return ended._at(Place(step, Stage.RESULT))
        return ended

    def answered(self, affected: list[str]) -> "Journey":
        """An answer was changed; the steps that it affects need another look."""
        return replace(self, states={**self.states, **dict.fromkeys(affected, NEEDS_ANOTHER_LOOK)})

    def _at(self, place: Place) -> "Journey":
        return replace(self, place=place)


_MARKS = {"running": "●", "now": "▸", DONE: "✓", NEEDS_ANOTHER_LOOK: "!", OPEN: "○"}
_WORDS = {"running": "runs", "now": "now", DONE: "done", NEEDS_ANOTHER_LOOK: "look again", OPEN: ""}


@dataclass(frozen=True)
class Mark:
    """One line of the progress rail."""

    step: str
    mark: str
    name: str
    word: str
    reachable: bool
    current: bool


def rail(journey: Journey) -> tuple[Mark, ...]:
    """Describe all nine steps with a mark and a word each, so that colour is never needed."""
    lines = []
    for step in STEPS:
        current = step == journey.place.step
        state = journey.state(step)
        shown = "running" if step in journey.running else "now" if current and state == OPEN else state
        lines.append(Mark(step, _MARKS[shown], NAMES[step], _WORDS[shown], journey.reachable(step), current))
    return tuple(lines)
