"""What a model is asked in order to draft questions and answers, and how its reply is read."""

import hashlib
import re
from collections.abc import Mapping
from typing import Any

from medtui.examples import checks, quality
from medtui.examples.kinds import SectionKind as K
from medtui.examples.parts import Part
from medtui.examples.tasks import SYSTEM_PROMPT, Pair

TASK = "drafted_question"
BY_MODEL, BY_LIST = "model", "list"
# Where an example comes from, kept in its `meta` for ever.
DRAFTED, EDITED = "drafted", "drafted_edited"

# Smaller models rarely hold a form or keep to the text; their drafts are hardly worth reading.
USEFUL_PARAMETERS = 3_000_000_000

_REQUEST = (
    "Write one question that a clinician could ask about this report, and its answer. Use only what the report says; "
    "copy numbers, units and sides exactly. Write two lines:\nQuestion: ...\nAnswer: ..."
)
# Asked instead when the model writes no question of its own: what a report with these sections can answer.
_LISTED: tuple[tuple[frozenset[K], str], ...] = (
    (frozenset({K.FINDINGS}), "Which findings of this examination are not normal?"),
    (frozenset({K.RESULTS}), "Which of these results are outside their reference range?"),
    (frozenset({K.MEDICATIONS, K.DISCHARGE_MEDICATIONS}), "Which medicines does this patient take?"),
    (frozenset({K.COURSE}), "What happened during this stay?"),
    (frozenset({K.PROCEDURE}), "What was done in this procedure?"),
    (frozenset({K.EXAMINATION}), "What did the examination find?"),
    (frozenset({K.HISTORY, K.CHIEF_COMPLAINT}), "Why did this patient come?"),
)
_REPLY = re.compile(r"\s*Question:\s*(?P<question>[^\n]+\?)\s*\n+\s*Answer:\s*(?P<answer>\S.*)", re.I | re.S)


def request(source: str) -> list[dict[str, str]]:
    """Write the messages that ask for a question and its answer."""
    return _messages(f"{_REQUEST}\n\n{source}")


def asked(question: str, source: str) -> list[dict[str, str]]:
    """Write the messages that ask a question about a report: the prompt of the finished example, too."""
    return _messages(f"{question}\n\n{source}")


def _messages(text: str) -> list[dict[str, str]]:
    return [{"role": "system", "content": SYSTEM_PROMPT}, {"role": "user", "content": text}]


def read(reply: str) -> tuple[str, str] | None:
    """Read question and answer from a model's reply; None when it is not in the form."""
    match = _REPLY.match(reply)
    return (match["question"].strip(), match["answer"].strip()) if match else None


def listed(found: list[Part], document_id: str) -> str | None:
    """Choose one of our questions for a report: always the same one; None when its sections answer none."""
    kinds = {part.kind for part in found}
    fitting = [question for needed, question in _LISTED if needed & kinds]
    if not fitting:
        return None
    return fitting[int(hashlib.sha256(f"draft:{document_id}".encode()).hexdigest()[:8], 16) % len(fitting)]


def source_for(question: str, found: list[Part]) -> str:
    """Write the parts of a report that a question is about.

    Args:
        question: one of ours is about its own sections; any other one about the whole report.
        found: the report's parts; letterheads and signatures are left out.
    """
    about = next((kinds for kinds, listed_one in _LISTED if listed_one == question), None)
    titled = any(part.title for part in found)
    chosen = [
        part
        for part in found
        if (part.kind in about if about else part.kind is not K.ADMINISTRATIVE)
        and not (titled and part.kind is K.OTHER and not part.title)
    ]
    return "\n".join(f"{part.title}:\n{part.text}" if part.title else part.text for part in chosen)


def pair(source: str, answer: str) -> Pair:
    """Give a draft the form that the checks read."""
    return Pair(TASK, source, answer, (), "")


def judge(drafted: Pair, strictness: str) -> tuple[str, dict[str, Any]]:
    """Judge a draft, see `checks.check`; its answer may stand word for word in the report."""
    reason, details = checks.check(drafted, strictness, may_copy=True)
    if not reason and quality.is_repetitive(drafted.output):
        return checks.REPETITIVE, {}
    return reason, details


def in_words(origins: Mapping[str, int]) -> str:
    """Say how many examples were drafted, and how many of them corrected; empty when none was drafted."""
    edited = int(origins.get(EDITED, 0))
    used = int(origins.get(DRAFTED, 0)) + edited
    if not used:
        return ""
    were = "1 example was" if used == 1 else f"{used:,} examples were"
    corrected = f", {edited:,} of them corrected by the person first" if edited else ""
    return f"{were} drafted by a model and approved by a person{corrected}."
