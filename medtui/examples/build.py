"""Builds the examples of a practice: reports in, candidates with a verdict each, groups, splits."""

import dataclasses
import hashlib
import itertools
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from medtui.examples import checks, division, free_text, general, quality, repair, selection, split, store
from medtui.examples.drafting import questions
from medtui.examples.drafting.store import Draft
from medtui.examples.duplicates import digest
from medtui.examples.grounding import Unsupported
from medtui.examples.parts import Report, parts
from medtui.examples.settings import Settings
from medtui.examples.tasks import Pair, messages, pairs, wording
from medtui.examples.tokens import ChatTokenizer
from medtui.progress import Progress, silent


@dataclass(frozen=True)
class Brought:
    """What a build takes beside the reports.

    Attributes:
        imported: rows that the practice brings along, see `formats.read`; each counts as a report of its own.
        month: gives the month of a report by its id, for the newest as the test; it is not kept.
        mixed: entries of the user's general instruction file, a share of which joins the training.
        drafts: approved questions and answers that a model drafted, by the report's id.
    """

    imported: Iterable[dict[str, Any]] = ()
    month: Callable[[str], str] = lambda _: ""
    mixed: Iterable[dict[str, Any] | None] = ()
    drafts: Mapping[str, Sequence[Draft]] = field(default_factory=dict)


NOTHING = Brought()


def build(
    connection: sqlite3.Connection,
    reports: Iterable[Report],
    total: int,
    tokenizer: ChatTokenizer,
    settings: Settings,
    progress: Progress = silent,
    brought: Brought = NOTHING,
) -> dict[str, Any]:
    """Build all candidates in the vault and decide about each; nothing is kept when it fails.

    Args:
        connection: the vault.
        reports: de-identified reports.
        total: how many there are, for the progress.
        tokenizer: of the chosen model.
        settings: the user's choices.
        progress: told after every report.
        brought: what does not come from the reports themselves.

    Returns:
        What became of the general rows, see `general.mix`.

    Raises:
        Refusal: the chat template cannot be used for training, or the newest shall be the test and no date is known.
    """
    with connection:
        store.clear(connection)
        for done, report in enumerate(reports, start=1):
            document = _add(connection, report, tokenizer, settings)
            for draft in brought.drafts.get(report.document_id, ()):
                _add_draft(connection, document, report, draft, tokenizer, settings)
            progress(done, total, "Looking for examples in the reports")
        for number, row in enumerate(brought.imported):
            _add_imported(connection, row, number, tokenizer, settings)
        progress(0, 0, "Looking for copies")
        _divide(connection, settings, brought)
        _keep_drafts_from_tests(connection)
        _account(connection)
        return general.mix(connection, brought.mixed, settings.general, tokenizer, settings.max_length)


def _add(connection: sqlite3.Connection, report: Report, tokenizer: ChatTokenizer, settings: Settings) -> int:
    found = parts(report)
    document = store.add_document(
        connection, report.document_id, report.patient_key, digest(report.text).hex(), report.format
    )
    possible = pairs(found)
    built = [pair for pair in possible if pair.task in settings.tasks]
    if not built:
        reason = checks.NO_TASK if any(part.title for part in found) else checks.NO_SECTIONS
        store.set_document_reason(connection, document, checks.NOT_CHOSEN if possible else reason)
    preliminary = quality.is_preliminary(report.text)
    for pair in built:
        marked = dataclasses.replace(pair, made_up=report.made_up)
        row, tokens, reason, details = _judge(report.document_id, marked, tokenizer, settings)
        reason, details = (checks.PRELIMINARY, {}) if preliminary else (reason, details)
        store.add_pair(connection, document, row, tokens, reason, details)
    if settings.free_text:
        free_text.add(connection, document, report, tokenizer)
    return document


def _add_draft(
    connection: sqlite3.Connection,
    document: int,
    report: Report,
    draft: Draft,
    tokenizer: ChatTokenizer,
    settings: Settings,
) -> None:
    """Add an approved draft, judged anew against the report as it is now: it may have changed since."""
    source = questions.source_for(draft.question, parts(report))
    marked = dataclasses.replace(questions.pair(source, draft.answer), made_up=report.made_up)
    reason, details = checks.check(marked, settings.strictness, may_copy=True)
    row: dict[str, Any] = {
        "prompt": questions.asked(draft.question, source),
        "completion": [{"role": "assistant", "content": draft.answer}],
        "meta": {"task": questions.TASK, "document_id": report.document_id, "section_kinds": [],
                 "origin": questions.EDITED if draft.original else questions.DRAFTED, "dropped_sentences": 0},
    }  # fmt: skip
    encoded = tokenizer.encode(row["prompt"], row["completion"])
    lengths = (len(encoded.ids), len(encoded.trained))
    if not reason and lengths[0] > settings.max_length:
        reason, details = checks.TOO_LONG, {"tokens": lengths[0], "limit": settings.max_length}
    store.add_pair(connection, document, row, lengths, reason, details)


def _add_imported(
    connection: sqlite3.Connection, row: dict[str, Any], number: int, tokenizer: ChatTokenizer, settings: Settings
) -> None:
    text = "\n".join(turn["content"] for turn in (*row["prompt"], *row["completion"]))
    # The same pair twice in a file needs two identities, to be counted twice and used once.
    identity = hashlib.sha256(f"{number}\0{row['meta']['document_id']}".encode()).hexdigest()[:16]
    document = store.add_document(connection, identity, "", digest(text).hex(), "imported")
    encoded = tokenizer.encode(row["prompt"], row["completion"])
    reason = checks.IDENTIFIER if quality.has_identifier(text) else ""
    reason = reason or (checks.TAG if quality.has_tag(row["completion"][-1]["content"]) else "")
    reason = reason or (checks.TOO_LONG if len(encoded.ids) > settings.max_length else "")
    lengths = (len(encoded.ids), len(encoded.trained))
    placed = {**row, "meta": {**row["meta"], "document_id": identity}}
    store.add_pair(connection, document, placed, lengths, reason, {})


def _judge(
    document_id: str, pair: Pair, tokenizer: ChatTokenizer, settings: Settings
) -> tuple[dict[str, Any], tuple[int, int], str, dict[str, Any]]:
    reason, details = checks.check(pair, settings.strictness)
    if reason == checks.UNGROUNDED and settings.ungrounded == repair.DROP:
        pair, reason, details = _repaired(pair, details, settings)
    meta = {"task": pair.task, "document_id": document_id, "section_kinds": [*pair.input_kinds, pair.output_kind]}
    row: dict[str, Any] = {
        **messages(pair, wording(pair.task, document_id, settings.instructions)),
        "meta": {**meta, "origin": "report", "dropped_sentences": len(details.get("dropped", []))},
    }
    encoded = tokenizer.encode(row["prompt"], row["completion"])
    lengths = (len(encoded.ids), len(encoded.trained))
    if not reason and lengths[0] > settings.max_length:
        reason, details = checks.TOO_LONG, {**details, "tokens": lengths[0], "limit": settings.max_length}
    return row, lengths, reason, details


def _repaired(pair: Pair, details: dict[str, Any], settings: Settings) -> tuple[Pair, str, dict[str, Any]]:
    """Drop the unsupported sentences of a pair, if what is left passes every check."""
    pieces = [Unsupported(*piece) for piece in details["unsupported"]]
    found = repair.without(pair.output, pieces)
    if found is None:
        return pair, checks.UNGROUNDED, details
    rest = dataclasses.replace(pair, output=found.text)
    reason, _ = checks.check(rest, settings.strictness)
    if reason:
        return pair, checks.UNGROUNDED, details
    return rest, "", {"original": pair.output, "dropped": [list(span) for span in found.dropped]}


def _divide(connection: sqlite3.Connection, settings: Settings, brought: Brought) -> None:
    last = connection.execute("SELECT coalesce(max(number), 0) FROM example_documents").fetchone()[0]
    tied = split.UnionFind(last + 1)
    selection.select(connection, tied)
    free_text.select(connection, tied)
    month = brought.month if settings.test == split.NEWEST else None
    division.divide(connection, tied, split.SHARES[settings.shares], month)


def _keep_drafts_from_tests(connection: sqlite3.Connection) -> None:
    """Leave out drafts beside validation and test: answers of the base model itself would flatter it there."""
    connection.execute(
        "UPDATE example_pairs SET reason = ?, split = '' WHERE task = ? AND reason = '' AND split <> 'train'",
        (checks.HELD_OUT_PATIENT, questions.TASK),
    )


def _account(connection: sqlite3.Connection) -> None:
    """Give every report without an example the reason of its candidates, the most frequent first; others none."""
    rows = connection.execute(f"SELECT d.number, p.reason {store.PAIRS} ORDER BY d.number, p.number")
    for document, candidates in itertools.groupby(rows, key=lambda row: int(row[0])):
        counted = Counter(str(row[1]) for row in candidates)
        store.set_document_reason(connection, document, "" if counted[""] else counted.most_common(1)[0][0])
