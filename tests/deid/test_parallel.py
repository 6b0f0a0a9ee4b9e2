"""Several processes do what one does."""

from medtui.deid.deidentify import NO_DECISIONS
from medtui.deid.detector import detect
from medtui.deid.parallel import Rules, Task, outcomes
from medtui.deid.profile import profile
from tests.deid.conftest import LETTER, document

RULES = Rules(detect, profile("safe_harbor"), NO_DECISIONS)


def tasks(count: int) -> list[Task]:
    known = (("NAME", "MARCHBANKS, Ottoline"),)
    letters = [document(f"{LETTER}\nCopy {number}\n", (), (), f"p{number % 7}") for number in range(count)]
    return [Task(number, letter, known, str(number)) for number, letter in enumerate(letters)]


def test_same_result_in_the_same_order() -> None:
    alone = list(outcomes(iter(tasks(70)), RULES, 1))
    together = list(outcomes(iter(tasks(70)), RULES, 2))
    assert together == alone
    assert [task.number for task, _ in together] == list(range(70))
    assert all(outcome.left == 0 for _, outcome in together)
