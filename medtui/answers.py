"""Of what kind each answer in a workspace's file is: checked once, where answers are read."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from medtui.errors import Refusal


def _text(value: Any) -> bool:
    return isinstance(value, str)


def _truth(value: Any) -> bool:
    return isinstance(value, bool)


def _count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def _tables(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(each, dict) for each in value.values())


Kind = tuple[Callable[[Any], bool], str]

TEXT: Kind = (_text, 'a text in quotation marks, such as "demo"')
TRUTH: Kind = (_truth, "true or false")
COUNT: Kind = (_count, "a whole number, not negative")
TEXTS: Kind = (_texts, 'a list of texts, such as ["/home/me/exports"]')
TABLES: Kind = (_tables, "a table of tables")

# An answer that is not named here is checked by the step that knows it, or belongs to another version.
KINDS: Mapping[str, Mapping[str, Kind]] = {
    "machine": {"gpu": TEXT},
    "model": {"model": TEXT},
    "reports": {"paths": TEXTS, "columns": TABLES},
    "deid": {"profile": TEXT, "doubts": TEXT, "replacement": TEXT},
    "examples": {"max_length": COUNT, "question_answers": TEXTS, "general_file": TEXT, "approved_drafts": COUNT},
    "training": {"thoroughness": TEXT, "strength": TEXT},
    "chat": {"questions": COUNT, "max_new_tokens": COUNT},
    "export": {"merged": TRUTH},
}


def check(step: str, answers: Mapping[str, Any], file: Path) -> None:
    """Insist that a step's answers are of their kinds.

    Args:
        step: whose answers.
        answers: as they were read.
        file: where they stand.

    Raises:
        Refusal: one is of another kind; its value is not repeated, because a file may hold anything.
    """
    for key, (fits, words) in KINDS.get(step, {}).items():
        if key in answers and not fits(answers[key]):
            raise Refusal(f"In {file}, `{key}` under [answers.{step}] must be {words}; correct or remove that line.")
