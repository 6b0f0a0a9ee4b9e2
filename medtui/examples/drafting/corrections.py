"""A person corrects a drafted question or answer; the correction is judged as the model's own words are."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from textwrap import shorten
from typing import Any

from medtui import vault
from medtui.deid import store as deidentified
from medtui.deid.detector import detect
from medtui.deid.known import KnownStrings
from medtui.deid.spans import THRESHOLD
from medtui.errors import Refusal
from medtui.examples import checks
from medtui.examples.drafting import decisions, questions, store
from medtui.examples.grounding import KINDS
from medtui.examples.parts import parts
from medtui.examples.settings import settings
from medtui.reports import store as reports
from medtui.text import sanitize, sanitize_line
from medtui.workspace import Workspace

# Enough for any question about a report; longer ones are pasted by mistake.
LONGEST_QUESTION, LONGEST_ANSWER = 1000, 8000
# Characters of a piece that is quoted.
_SHOWN = 60


def correct(workspace: Workspace, number: int, question: str, answer: str) -> dict[str, Any]:
    """Keep a correction of a draft, whether it passes the checks or not; what the model wrote stays beside it.

    A draft that was decided about waits again. One that is brought back to the model's own words is no correction.

    Args:
        workspace: the practice.
        number: the draft's.
        question: as it shall be asked.
        answer: as it shall be answered.

    Returns:
        `number`, `edited`, `reason` (empty when it may be approved), `problems` in words, `needs_another_look`.

    Raises:
        Refusal: there is no such draft, its report is gone, or question or answer is empty or too long.
    """
    question, answer = " ".join(sanitize_line(question).split()), sanitize(answer).strip()
    for name, text, longest in (("question", question, LONGEST_QUESTION), ("answer", answer, LONGEST_ANSWER)):
        if not text:
            raise Refusal(f"The {name} is empty; write one, or reject the draft.")
        if len(text) > longest:
            raise Refusal(f"The {name} has {len(text):,} characters; {longest:,} are allowed.")
    strictness = settings(workspace).strictness
    with closing(vault.connect(workspace)) as connection:
        draft = store.find(connection, number)
        if (question, answer) == (draft.original or (draft.question, draft.answer)):
            kept = store.restore(connection, number)
        else:
            source, verdict = _judged(connection, draft, question, answer, strictness)
            kept = store.edit(connection, number, (source, question, answer), verdict)
        again = decisions.count_approved(workspace, connection)
    workspace.audit("draft corrected", draft=number, document_id=draft.document_id, passed=not kept.reason)
    return {"number": number, "edited": kept.original is not None, "reason": kept.reason, "problems": problems(kept),
            "needs_another_look": again}  # fmt: skip


def _judged(
    connection: sqlite3.Connection, draft: store.Draft, question: str, answer: str, strictness: str
) -> tuple[str, tuple[str, dict[str, Any]]]:
    """Find what the question is about in the report, and judge the answer against it."""
    report = deidentified.find(connection, draft.document_id)
    if report is None:
        raise Refusal(f"The report of draft {draft.number} is no longer there; reject the draft.")
    source = questions.source_for(question, parts(report))
    if found := _identifiers(connection, draft.document_id, source, (question, answer)):
        return source, (checks.IDENTIFIER, {"identifiers": found})
    pair = replace(questions.pair(source, answer), made_up=report.made_up)
    return source, questions.judge(pair, strictness)


def _identifiers(connection: sqlite3.Connection, document_id: str, source: str, texts: tuple[str, ...]) -> list[str]:
    """Find what a person wrote that identifies somebody: the report itself has passed de-identification."""
    document = reports.document(connection, document_id)
    known = KnownStrings((one.kind, one.value) for one in (document.known_identifiers if document else ()))
    found = [text[span.start : span.end] for text in texts for span in detect(text, known) if span.score >= THRESHOLD]
    return sorted({piece for piece in found if piece not in source})


def problems(draft: store.Draft) -> list[str]:
    """Say in words why a draft may not be approved; nothing when it may."""
    if not draft.reason:
        return []
    if identifiers := draft.details.get("identifiers"):
        return [f"“{piece}” looks like a name, a date or another identifier; take it out." for piece in identifiers]
    pieces = draft.details.get("unsupported", [])
    said = [
        f"“{shorten(draft.answer[start:end], _SHOWN, placeholder='…')}”: {KINDS[kind]}." for start, end, kind in pieces
    ]
    return said or [checks.REASONS[draft.reason]]
