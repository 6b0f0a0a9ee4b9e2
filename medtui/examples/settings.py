"""What the user can choose about the examples."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from medtui.errors import Refusal
from medtui.examples import general, repair, split
from medtui.examples.grounding import STRICTNESS
from medtui.examples.tasks import BY_NAME, usual_wordings
from medtui.examples.tokens import default_length
from medtui.model import resolve
from medtui.text import sanitize
from medtui.workspace import Workspace

# With more general instructions than own examples the practice's form would be the lesser lesson.
MOST_GENERAL = 50


@dataclass(frozen=True)
class Settings:
    """What the user can choose.

    Attributes:
        max_length: tokens of prompt and completion together that the training will take.
        strictness: of the grounding gate.
        instructions: wordings of what is asked, by task; the task's first one where there are none.
        shares: how much goes into each split, see `split.SHARES`.
        test: "random", or "newest" for the newest months as the test.
        general: share of general instructions in the training split, in hundredths, when there is a file of them.
        ungrounded: "leave_out" leaves out the whole pair, "drop_sentence" only its unsupported sentences.
        tasks: names of the tasks that are made.
        free_text: also write whole reports for continued pretraining.
    """

    max_length: int
    strictness: str = "strict"
    instructions: Mapping[str, Sequence[str]] = field(default_factory=dict)
    shares: str = split.USUAL
    test: str = split.RANDOM
    ungrounded: str = repair.LEAVE_OUT
    general: int = general.USUAL_PERCENT
    tasks: frozenset[str] = frozenset(BY_NAME)
    free_text: bool = False


def model_folder(workspace: Workspace) -> Path:
    """Find the chosen model.

    Raises:
        Refusal: it is not on this disk.
    """
    return resolve.resolve(str(workspace.answers("model").get("model", resolve.DEMO)))


def uses_demo_model(workspace: Workspace) -> bool:
    """Tell whether the demo model was chosen."""
    return bool(workspace.answers("model").get("model", resolve.DEMO) == resolve.DEMO)


def settings(workspace: Workspace) -> Settings:
    """Work out the choices of a practice.

    Answers: `max_length`, tokens of input and answer together; `grounding`, "numbers", "standard" or "strict";
    `instructions`, the practice's own wordings by task; `question_answers`, files with the practice's own pairs;
    `split`, "80/10/10" or "80/20"; `test`, "random" or "newest" for the newest months; `ungrounded`, "leave_out" or
    "drop_sentence"; `general_file`, a local file of instructions to mix in, or "demo" for the demo's;
    `general_share`, its share in hundredths; `tasks`, the names of the tasks to make; `free_text`, true for whole
    reports as well.

    Raises:
        Refusal: the model cannot be used, or an answer is impossible.
    """
    demo = uses_demo_model(workspace)
    answers = workspace.answers("examples")
    length = answers.get("max_length", default_length(model_folder(workspace), demo=demo))
    if isinstance(length, bool) or not isinstance(length, int) or length < 16:
        raise Refusal("The answer `max_length` of the examples step must be a whole number of at least 16 tokens.")
    usual = {name: usual_wordings(name, demo=demo) for name in BY_NAME}
    free_text = answers.get("free_text", False)
    if not isinstance(free_text, bool):
        raise Refusal("The answer `free_text` of the examples step must be true or false.")
    return Settings(
        length,
        _choice(answers, "grounding", tuple(STRICTNESS), "strict"),
        usual | _instructions(answers.get("instructions", {})),
        _choice(answers, "split", tuple(split.SHARES), split.USUAL),
        _choice(answers, "test", (split.RANDOM, split.NEWEST), split.RANDOM),
        _choice(answers, "ungrounded", (repair.LEAVE_OUT, repair.DROP), repair.LEAVE_OUT),
        share(answers.get("general_share", general.USUAL_PERCENT)),
        _tasks(answers.get("tasks", list(BY_NAME))),
        free_text,
    )


def _choice(answers: Mapping[str, Any], key: str, choices: Sequence[str], default: str) -> str:
    value = str(answers.get(key, default))
    if value not in choices:
        raise Refusal(f"The answer `{key}` of the examples step must be one of {', '.join(choices)}.")
    return value


def share(value: Any) -> int:
    """Check the share of general instructions, in hundredths.

    Raises:
        Refusal: it is no whole number in the range.
    """
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MOST_GENERAL:
        raise Refusal(
            f"The answer `general_share` of the examples step must be a whole number from 0 to {MOST_GENERAL}: the "
            "share of general instructions in hundredths."
        )
    return value


def _instructions(given: Any) -> dict[str, list[str]]:
    """Check the practice's own wordings: a table of task names with one or several texts each."""
    wrong = Refusal("The answer `instructions` of the examples step must give one or more texts for each known task.")
    if not isinstance(given, dict):
        raise wrong
    wordings = {name: [texts] if isinstance(texts, str) else texts for name, texts in given.items()}
    for name, texts in wordings.items():
        if (
            name not in BY_NAME
            or not isinstance(texts, list)
            or not all(isinstance(t, str) and t.strip() for t in texts)
        ):
            raise wrong
    return {name: [sanitize(text) for text in texts] for name, texts in wordings.items()}


def _tasks(given: Any) -> frozenset[str]:
    if not isinstance(given, list) or not given or not all(name in BY_NAME for name in given):
        raise Refusal(f"The answer `tasks` of the examples step must name one or more of {', '.join(BY_NAME)}.")
    return frozenset(given)
