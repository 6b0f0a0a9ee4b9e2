"""The way through the nine steps: Enter always arrives, Esc never loses, nothing works on what is not ready."""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from medtui.wizard.journey import LOOKED_OVER, NAMES, Journey, Place, Stage, rail
from medtui.workspace import DONE, FEEDS, NEEDS_ANOTHER_LOOK, OPEN, STEPS


def test_enter_alone_walks_through_every_step() -> None:
    journey = Journey.resume({})
    finished: list[str] = []
    for _ in range(200):
        step, stage = journey.place.step, journey.place.stage
        if stage is Stage.QUESTION and step not in journey.questions:
            journey = journey.asks(2 if step == "training" else 1)
        elif stage is Stage.WORK:
            finished.append(step)
            journey = journey.began().ended(step, done=True)
        elif stage is Stage.RESULT and step == STEPS[-1]:
            break
        else:
            journey = journey.forward()
    assert finished == list(STEPS)
    assert all(journey.state(step) == DONE for step in STEPS)


def test_resume_goes_to_running_work_first() -> None:
    states = {step: DONE for step in STEPS[:5]}
    assert Journey.resume(states, frozenset({"training"})).place == Place("training", Stage.WORK)
    assert Journey.resume(states).place == Place("training", Stage.QUESTION)
    assert Journey.resume({step: DONE for step in STEPS}).place == Place("export", Stage.RESULT)


def test_a_changed_answer_leads_back_to_what_it_affects() -> None:
    journey = Journey.resume({step: DONE for step in STEPS}).enter("reports")
    journey = journey.answered(["reports", *FEEDS["reports"]])
    assert journey.blockers("training") == ("reports", "deid", "examples")
    assert {mark.step: mark.word for mark in rail(journey)}["export"] == "look again"
    journey = journey.ended("reports", done=True)
    assert journey.enter("training").blockers("training") == ("deid", "examples")


def test_a_result_leads_to_the_step_that_is_in_the_way() -> None:
    journey = Journey.resume({step: DONE for step in STEPS}).answered(["deid", *FEEDS["deid"]])
    assert journey.enter("evaluation").blockers("evaluation") == ("deid", "examples", "training")
    at_model = Journey(Place("machine", Stage.RESULT), {"machine": DONE})
    assert at_model.forward().place == Place("model", Stage.QUESTION)


class Walk(RuleBasedStateMachine):
    """A person pressing keys in any order while work begins, ends and fails."""

    def __init__(self) -> None:
        super().__init__()
        self.journey = Journey.resume({})

    @rule(count=st.integers(0, 3))
    def learn_questions(self, count: int) -> None:
        self.journey = self.journey.asks(count)

    @rule()
    def enter_key(self) -> None:
        before = self.journey
        self.journey = before.forward()
        if before.place.stage is Stage.WORK:
            assert self.journey == before

    @rule()
    def escape_key(self) -> None:
        self.journey = self.journey.back() or self.journey

    @rule(step=st.sampled_from(STEPS))
    def click_on_the_rail(self, step: str) -> None:
        if self.journey.reachable(step):
            self.journey = self.journey.enter(step)
            assert self.journey.place.step == step

    @precondition(lambda self: self.journey.place.stage is Stage.WORK)
    @rule()
    def work_begins(self) -> None:
        if not self.journey.blockers(self.journey.place.step):
            self.journey = self.journey.began()

    @precondition(lambda self: self.journey.running)
    @rule(data=st.data(), done=st.booleans())
    def work_ends(self, data: st.DataObject, done: bool) -> None:
        step = data.draw(st.sampled_from(sorted(self.journey.running)))
        self.journey = self.journey.ended(step, done=done)
        assert step not in self.journey.running
        if done:
            assert all(self.journey.state(later) != DONE for later in FEEDS[step])

    @rule(step=st.sampled_from(STEPS))
    def answer_changes(self, step: str) -> None:
        affected = [name for name in (step, *FEEDS[step]) if self.journey.state(name) == DONE]
        self.journey = self.journey.answered(affected)
        assert all(self.journey.state(name) == NEEDS_ANOTHER_LOOK for name in affected)

    @invariant()
    def the_rail_tells_all_nine_in_words(self) -> None:
        lines = rail(self.journey)
        assert [line.name for line in lines] == list(NAMES.values())
        assert sum(line.current for line in lines) == 1
        for line in lines:
            assert line.word or (self.journey.state(line.step) == OPEN and not line.current)

    @invariant()
    def the_place_exists(self) -> None:
        place = self.journey.place
        assert place.step in STEPS
        assert place.stage is not Stage.LOOK or place.step in LOOKED_OVER
        asked = self.journey.questions.get(place.step)
        assert asked is None or place.stage is not Stage.QUESTION or asked == 0 or place.question < asked


TestWalk = Walk.TestCase
# Enough walks to meet every pair of moves many times.
TestWalk.settings = settings(max_examples=50, stateful_step_count=40, deadline=None)
