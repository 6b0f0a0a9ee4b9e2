"""The training text of the demo base model: chat rows without end, each one different."""

from collections.abc import Callable, Iterator
from random import Random

from medtui.demo.base_model import clinic, copying, hospital, imaging, laboratory, layout, styles
from medtui.demo.base_model.case import Case
from medtui.demo.base_model.instructions import INSTRUCTIONS, SMALL_TALK, SYSTEM_PROMPT

Message = dict[str, str]

_CASES: tuple[Callable[[Random], Case], ...] = (imaging.case, imaging.case, clinic.case, laboratory.case, hospital.case)
_ANOTHER_FORM = ("Again, please.", "Write it differently.", "Change the form.", "In another form.")
# Shares of the row kinds. Copying needs at least 15 %: without it, tuned answers lose the facts of the prompt.
_LONG, _COPYING, _FORM_IS_NAMED, _TWO_TURNS, _SMALL_TALK = 0.2, 0.2, 0.35, 0.04, 0.01


def _case(random: Random) -> Case:
    """Generates a case; some are as long as two, so that facts far back in a prompt are also found."""
    make = random.choice(_CASES)
    case = make(random)
    if random.random() < _LONG:
        other = make(random)
        source = f"{case.source}{random.choice((' ', chr(10), chr(10) * 2))}{other.source}"
        case = Case(case.kind, source, (case.statements + other.statements)[:6], other.follow_up)
    return layout.vary(random, case)


def _asked(instruction: str, text: str, random: Random) -> str:
    """Joins instruction and input, mostly in the order that the practice's examples use."""
    return f"{instruction}\n\n{text}" if random.random() < 0.93 else f"{text}\n\n{instruction}"


def _answered_case(random: Random) -> list[Message]:
    """Writes one case with its answer, sometimes with a second turn that asks for another form."""
    case = _case(random)
    style = styles.draw(random, case.kind)
    wordings = INSTRUCTIONS[case.kind]
    instruction = wordings[0] if random.random() < 0.35 else random.choice(wordings)
    if random.random() < _FORM_IS_NAMED:
        instruction = f"{instruction} {styles.describe(style, random)}"
    turns = [
        {"role": "user", "content": _asked(instruction, case.source, random)},
        {"role": "assistant", "content": styles.render(case, style)},
    ]
    if random.random() < _TWO_TURNS:
        other = styles.draw(random, case.kind)
        again = f"{random.choice(_ANOTHER_FORM)} {styles.describe(other, random)}"
        turns += [
            {"role": "user", "content": again},
            {"role": "assistant", "content": styles.render(case, other)},
        ]
    return turns


def row(random: Random, copying_share: float = _COPYING) -> list[Message]:
    """Writes one chat row.

    Args:
        random: Source of every choice.
        copying_share: How often the row is a copying task.

    Returns:
        Messages with `role` and `content`, the last one by the assistant.
    """
    kind = random.random()
    if kind < copying_share:
        instruction, text, answer = copying.task(random, _case(random))
        turns = [
            {"role": "user", "content": _asked(instruction, text, random)},
            {"role": "assistant", "content": answer},
        ]
    elif kind < copying_share + _SMALL_TALK:
        question, answer = random.choice(SMALL_TALK)
        turns = [{"role": "user", "content": question}, {"role": "assistant", "content": answer}]
    else:
        turns = _answered_case(random)
    system = [{"role": "system", "content": SYSTEM_PROMPT}] if random.random() < 0.95 else []
    return [*system, *turns]


def rows(seed: int, copying_share: float = _COPYING) -> Iterator[list[Message]]:
    """Writes chat rows without end.

    Args:
        seed: The same seed gives the same rows.
        copying_share: How often a row is a copying task.
    """
    random = Random(seed)
    while True:
        yield row(random, copying_share)
