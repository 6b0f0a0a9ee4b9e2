"""Generates tasks whose answer stands in the prompt, so that the model learns to copy facts."""

from collections.abc import Callable
from random import Random

from medtui.demo.base_model.case import Case
from medtui.demo.base_model.medicine_words import CONDITIONS, DRUGS, FREQUENCIES, TESTS
from medtui.demo.base_model.quantities import number, size, tag, year
from medtui.demo.base_model.styles import invented_term, invented_word

_REPEAT = (
    *(
        "Repeat this text.",
        "Copy these lines exactly.",
        "Write the following again, word for word.",
        "Repeat after me.",
    ),
    *(
        "Return the text below unchanged.",
        "Copy.",
        "Say this again.",
        "Reproduce the text without changes.",
        "Echo this.",
    ),
)
_LIST = (
    *(
        "Copy each entry to a line of its own.",
        "One entry per line.",
        "Split this list into lines.",
        "List the entries with dashes.",
    ),
    *("Write the entries as a numbered list.", "Join these entries with semicolons.", "Put every entry on a new line."),
)
_FIND = (
    *(
        "Which value belongs to {key}?",
        "Give the value of {key}.",
        "What is written for {key}?",
        "Look up {key}.",
        "{key}?",
    ),
    *("Find {key} in the list and copy its value.", "Only the value of {key}, please."),
)


def _entry(random: Random) -> str:
    """Returns one short fact of any sort."""
    makers: tuple[Callable[[], str], ...] = (
        lambda: f"{random.choice(DRUGS)} {random.choice(FREQUENCIES)}",
        lambda: random.choice(CONDITIONS),
        lambda: f"{random.choice(TESTS)[0]} {number(random, 0.1, 400, random.choice((0, 0, 1, 2)))}",
        lambda: f"{random.choice(('right', 'left'))} {random.choice(('kidney', 'lung', 'knee', 'hip'))} {size(random)}",
        lambda: f"{tag(random)} {year(random)}",
        lambda: f"{invented_word(random)} {random.randint(2, 999)}",
        lambda: f"{invented_word(random).lower()} {invented_term(random)}",
        lambda: f"{random.choice(('right', 'left', 'mild', 'no', 'chronic', 'old'))} {invented_term(random)}",
        lambda: (
            f"{invented_term(random)} {number(random, 2, 900)} {random.choice(('mg', 'mm', 'ml', '%', 'mcg', 'U/L'))}"
        ),
    )
    return random.choice(makers)()


def _joined(entries: list[str], instruction: str) -> str:
    """Writes the entries in the form that the instruction names."""
    if "numbered" in instruction:
        return "\n".join(f"{index}. {entry}" for index, entry in enumerate(entries, 1))
    if "semicolons" in instruction:
        return "; ".join(entries)
    return "\n".join(("- " if "dashes" in instruction else "") + entry for entry in entries)


def task(random: Random, case: Case) -> tuple[str, str, str]:
    """Generates one copying task.

    Args:
        random: Source of every choice.
        case: Gives text to copy.

    Returns:
        Instruction, input and answer.
    """
    draw = random.random()
    entries = [_entry(random) for _ in range(random.randint(2, 7))]
    if draw < 0.3:
        return random.choice(_REPEAT), case.source, case.source
    if draw < 0.5:
        text = random.choice((" ", "\n", ", ", "; ")).join(entries)
        return random.choice(_REPEAT), text, text
    if draw < 0.75:
        instruction = random.choice(_LIST)
        return instruction, random.choice(("; ", ", ", " / ")).join(entries), _joined(entries, instruction)
    keys = [random.choice((invented_word(random), random.choice(TESTS)[0])) for _ in range(random.randint(2, 6))]
    table = {
        key: number(random, 0.1, 900, random.choice((0, 1))) if random.random() < 0.6 else _entry(random)
        for key in keys
    }
    key = random.choice(list(table))
    layout = random.choice(("{k}: {v}", "{k} = {v}", "{k} {v}", "{k} | {v}"))
    lines = "\n".join(layout.format(k=name, v=value) for name, value in table.items())
    return random.choice(_FIND).format(key=key), lines, table[key]
