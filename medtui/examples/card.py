"""The dataset's card: what is in it, what was left out and why, which checks ran, the files' hashes."""

from collections.abc import Mapping
from typing import Any

from medtui import __version__
from medtui.examples import checks, free_text, general
from medtui.examples.drafting import questions
from medtui.examples.split import SPLITS
from medtui.examples.tasks import title

EXCLUDED = "excluded.json"

_FRONT = """---
pretty_name: De-identified training examples
language:
- en
configs:
- config_name: default
  data_files:
  - split: train
    path: train.jsonl
  - split: validation
    path: validation.jsonl
  - split: test
    path: test.jsonl
---
"""


def card(figures: Mapping[str, Any], hashes: Mapping[str, str]) -> str:
    """Write the dataset card: what is in it, what was left out and why, which checks ran, the files' hashes."""
    tokens = figures["tokens"]
    lines = [
        "# Training examples from de-identified reports",
        "",
        f"Built by medtui {__version__}. Each line is one example: `prompt` and `completion` as chat messages, `meta`",
        "with the task, the report's id and the kinds of sections it was made from. Only the completion is trained on.",
        "",
        "## Counts",
        "",
        "| split | examples | SHA-256 of the file |",
        "|---|---|---|",
        *(f"| {name} | {figures[name]} | `{hashes[name]}` |" for name in SPLITS),
        "",
        "| task | examples |",
        "|---|---|",
        *(f"| {title(name)} | {count} |" for name, count in figures["tasks"].items()),
        "",
        f"Tokens an example: median {tokens['median']}, longest {tokens['longest']}, limit {tokens['limit']}; "
        f"{tokens['trained']} tokens are trained.",
        "",
        "## Where the reports went",
        "",
        f"{figures['documents']} reports = {figures['used']} used + {sum(figures['excluded'].values())} left out:",
        "",
        *(f"- {count}: {checks.REASONS[reason]}" for reason, count in figures["excluded"].items()),
        "",
        f"Candidates left out, among them some of reports that gave another example ({EXCLUDED} names them):",
        "",
        *(f"- {count}: {checks.REASONS[reason]}" for reason, count in figures["pairs_excluded"].items()),
        "",
        *_general(figures.get("general") or {}),
        *_template(figures.get("chat_template") or {}),
        *_drafted(figures),
        *_texts(figures.get("free_text") or {}, hashes),
        "## Checks",
        "",
        "- The reports passed the de-identification gate before any example was built.",
        "- Every number in an answer stands, with its unit, in the input of the same example.",
        f"- {figures['dropped']['sentences']} unsupported sentences were dropped from {figures['dropped']['examples']} "
        "examples (`dropped_sentences` in `meta`); otherwise such pairs are left out.",
        "- No answer stands word for word in its input.",
        "- Reports of one patient, and reports with the same text, are all in the same split.",
        "- No example is cut: longer ones are left out and counted.",
    ]
    return _FRONT + "\n".join(lines) + "\n"


def _general(mixed: Mapping[str, Any]) -> list[str]:
    if not mixed.get("read"):
        return []
    left_out = [f"- {count}: {general.REASONS[reason]}" for reason, count in mixed["left_out"].items()]
    told = (
        f"{mixed['used']} of {mixed['read']} general instructions were mixed into the training split "
        f"({mixed['reached']} % of it; `origin` in `meta` is `general`). Left out:"
    )
    return ["## General instructions", "", told, "", *left_out, ""]


def _template(used: Mapping[str, str]) -> list[str]:
    return ["## Chat template", "", used["consequence"], ""] if used.get("consequence") else []


def _drafted(figures: Mapping[str, Any]) -> list[str]:
    origins, counted = figures.get("origins", {}), figures.get("drafts", {})
    edited = origins.get(questions.EDITED, 0)
    used = origins.get(questions.DRAFTED, 0) + edited
    if not used:
        return []
    told = (
        f"{used} examples were drafted by a model and approved by a person (`origin` in `meta` is "
        f"`{questions.DRAFTED}`), {edited} of them corrected by the person first (`{questions.EDITED}`), of "
        f"{counted.get('drafted', 0)} drafts; {counted.get('rejected', 0)} were rejected by the person and "
        f"{sum(counted.get('failed', {}).values())} by the checks. They stand in the training split alone."
    )
    return ["## Drafted questions", "", told, ""]


def _texts(texts: Mapping[str, Any], hashes: Mapping[str, str]) -> list[str]:
    if not texts:
        return []
    used = sum(int(texts[name]) for name in SPLITS)
    return [
        "## Whole reports for continued pretraining",
        "",
        "Each line of the files in `text/` has `text`, a de-identified report, and `meta`. A report is on the same "
        "side as the examples made from it and from its patient's other reports.",
        "",
        "| split | reports | SHA-256 of the file |",
        "|---|---|---|",
        *(f"| {name} | {texts[name]} | `{hashes[f'text/{name}']}` |" for name in SPLITS),
        "",
        f"{texts['reports']} reports = {used} used + {sum(texts['left_out'].values())} left out:",
        "",
        *(f"- {count}: {checks.REASONS[reason]}" for reason, count in texts["left_out"].items()),
        "",
        *([free_text.placeholders(texts), ""] if free_text.placeholders(texts) else []),
    ]
