"""The examples step: grounded training pairs from the practice's de-identified reports, split by patient."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from medtui import vault
from medtui.deid import gate
from medtui.deid import store as deidentified
from medtui.errors import Refusal
from medtui.examples import dataset, formats, general, repair, split
from medtui.examples.build import Brought, Settings, build, figures
from medtui.examples.grounding import STRICTNESS
from medtui.examples.tasks import BY_NAME
from medtui.examples.tokens import ChatTokenizer, default_length
from medtui.model import resolve
from medtui.progress import Progress, silent
from medtui.reports import store as reports
from medtui.text import sanitize
from medtui.workspace import Workspace

# Below this a split cannot show anything.
FEWEST_EXAMPLES = 10
# With more general instructions than own examples the practice's form would be the lesser lesson.
MOST_GENERAL = 50


def settings(workspace: Workspace) -> tuple[ChatTokenizer, Settings]:
    """Work out the tokenizer and the choices of a practice.

    Answers: `max_length`, tokens of input and answer together; `grounding`, "numbers", "standard" or "strict";
    `instructions`, the practice's own wordings by task; `question_answers`, files with the practice's own pairs;
    `split`, "80/10/10" or "80/20"; `test`, "random" or "newest" for the newest months; `ungrounded`, "leave_out" or
    "drop_sentence"; `general_file`, a local file of instructions to mix in; `general_share`, its share in hundredths.

    Raises:
        Refusal: the model cannot be used, or an answer is impossible.
    """
    reference = str(workspace.answers("model").get("model", "demo"))
    folder = resolve.resolve(reference)
    answers = workspace.answers("examples")
    length = answers.get("max_length", default_length(folder, demo=reference == "demo"))
    if isinstance(length, bool) or not isinstance(length, int) or length < 16:
        raise Refusal("The answer `max_length` of the examples step must be a whole number of at least 16 tokens.")
    chosen = Settings(
        length,
        _choice(answers, "grounding", tuple(STRICTNESS), "strict"),
        _instructions(answers.get("instructions", {})),
        _choice(answers, "split", tuple(split.SHARES), split.USUAL),
        _choice(answers, "test", (split.RANDOM, split.NEWEST), split.RANDOM),
        _choice(answers, "ungrounded", (repair.LEAVE_OUT, repair.DROP), repair.LEAVE_OUT),
        _share(answers),
    )
    return ChatTokenizer(folder), chosen


def _choice(answers: Mapping[str, Any], key: str, choices: Sequence[str], default: str) -> str:
    value = str(answers.get(key, default))
    if value not in choices:
        raise Refusal(f"The answer `{key}` of the examples step must be one of {', '.join(choices)}.")
    return value


def _share(answers: Mapping[str, Any]) -> int:
    share = answers.get("general_share", general.USUAL_PERCENT)
    if isinstance(share, bool) or not isinstance(share, int) or not 0 <= share <= MOST_GENERAL:
        raise Refusal(
            f"The answer `general_share` of the examples step must be a whole number from 0 to {MOST_GENERAL}: the "
            "share of general instructions in hundredths."
        )
    return share


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


def run(workspace: Workspace, progress: Progress = silent) -> dict[str, Any]:
    """Build and write the practice's examples.

    Returns:
        `train`, `validation`, `test`, `documents`, `used`, `excluded`, `tasks`, `tokens`, the files' `sha256`.

    Raises:
        Refusal: de-identification is not finished, or too few examples were found.
    """
    tokenizer, chosen = settings(workspace)
    answers = workspace.answers("examples")
    connection = vault.connect(workspace)
    try:
        gate.check(connection)
        total = int((workspace.result("deid") or {}).get("documents") or 0)
        own = [Path(str(path)).expanduser() for path in answers.get("question_answers", [])]
        rows = (row for path in own for row in formats.read(path))
        # The month divides the examples and is not kept: de-identified reports carry the year alone.
        newest = chosen.test == split.NEWEST
        months = {one.id: (one.report_date or "")[:7] for one in reports.documents(connection)} if newest else {}
        file = answers.get("general_file")
        mixed = formats.read_loosely(Path(str(file)).expanduser()) if file else ()
        found_reports = deidentified.deidentified(connection)
        added = build(connection, found_reports, total, tokenizer, chosen, progress, Brought(rows, months, mixed))
        result = {**figures(connection, chosen), "general": added}
        found = -added["used"] + result["train"] + result["validation"] + result["test"]
        if found < FEWEST_EXAMPLES or not all(result[name] for name in ("train", "validation", "test")):
            raise Refusal(
                f"Only {found} examples were found in {result['documents']} reports, too few to train and to check; "
                "import more reports, and see `medtui examples stats` for why reports were left out."
            )
        progress(0, 0, "Writing the examples")
        result["sha256"] = dataset.write(connection, workspace.dataset, result)
    finally:
        connection.close()
    workspace.finish("examples", result)
    workspace.audit("examples built", **{key: result[key] for key in ("train", "validation", "test", "excluded")})
    return result
