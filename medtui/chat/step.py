"""The chat step: the same questions put to base and tuned model, so that the difference can be read."""

import json
from pathlib import Path
from typing import Any

from medtui.chat.client import ask_both
from medtui.chat.protocol import Sampling
from medtui.errors import Refusal
from medtui.examples import form
from medtui.progress import Progress, silent
from medtui.workspace import Workspace

# Enough to see the form of each task's answer; the clinician asks more on the screen.
QUESTIONS = 3


def model_and_adapter(workspace: Workspace) -> tuple[Path, Path]:
    """Give the folders of the base model and of the finished adapter.

    Raises:
        Refusal: nothing was trained yet.
    """
    model, training = workspace.result("model"), workspace.result("training")
    if not model or not training or not Path(training["adapter"]).is_dir():
        raise Refusal(f"{workspace.practice} has no tuned model yet; finish the training step first.")
    return Path(model["path"]), Path(training["adapter"])


def rows(workspace: Workspace, split: str) -> list[dict[str, Any]]:
    """Read one split of the dataset.

    Raises:
        Refusal: the examples step has not been done.
    """
    path = workspace.dataset / f"{split}.jsonl"
    if not path.is_file():
        raise Refusal(f"{path} is missing; do the examples step first.")
    with path.open(encoding="utf-8") as stream:
        return [json.loads(line) for line in stream]


def run(workspace: Workspace, progress: Progress = silent) -> dict[str, Any]:
    """Ask base and tuned model some questions of the held-out test split.

    Returns:
        `chat`: one object per question with `prompt`, `base`, `tuned` (de-identified text) and whether each answer has
        the practice's form.
    """
    model, adapter = model_and_adapter(workspace)
    answers = workspace.answers("chat")
    practice_form = form.learn(rows(workspace, "train"))
    questions = _one_of_each_task(rows(workspace, "test"), int(answers.get("questions", QUESTIONS)))
    sampling = Sampling(max_new_tokens=int(answers.get("max_new_tokens", 160)))
    progress(0, 0, "Loading the model for the chat")
    replies = ask_both(
        model,
        adapter,
        [row["prompt"] for row in questions],
        sampling,
        lambda done, total: progress(done, total, "Asking base and tuned model the same questions"),
    )
    chat = [
        {
            "prompt": row["prompt"][-1]["content"],
            "base": reply["base"],
            "tuned": reply["tuned"],
            "base_in_form": practice_form.matches(reply["base"]),
            "tuned_in_form": practice_form.matches(reply["tuned"]),
        }
        for row, reply in zip(questions, replies, strict=True)
    ]
    figures = {
        "questions": len(chat),
        "base_in_form": sum(item["base_in_form"] for item in chat),
        "tuned_in_form": sum(item["tuned_in_form"] for item in chat),
    }
    workspace.finish("chat", figures)
    workspace.audit("chat tried", **figures)
    return {**figures, "chat": chat}


def _one_of_each_task(test: list[dict[str, Any]], count: int) -> list[dict[str, Any]]:
    if not test:
        raise Refusal("The test split is empty; import more reports before trying the model.")
    first = list({row["meta"]["task"]: row for row in reversed(test)}.values())[::-1]
    rest = [row for row in test if row not in first]
    return (first + rest)[:count]
