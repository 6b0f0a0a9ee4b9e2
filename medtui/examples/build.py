"""Builds the examples of a practice: reports in, candidates with a verdict each, groups, splits."""

import dataclasses
import hashlib
import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from medtui.errors import Refusal
from medtui.examples import checks, division, general, quality, repair, selection, split, store
from medtui.examples.duplicates import digest
from medtui.examples.grounding import Unsupported
from medtui.examples.parts import Report, parts
from medtui.examples.tasks import Pair, messages, pairs, wording
from medtui.examples.tokens import ChatTokenizer
from medtui.progress import Progress, silent


@dataclass(frozen=True)
class Settings:
    """What the user can choose.

    Attributes:
        max_length: tokens of prompt and completion together that the training will take.
        strictness: of the grounding gate.
        instructions: the practice's own wordings of what is asked, by task; the task's own where there are none.
        shares: how much goes into each split, see `split.SHARES`.
        test: "random", or "newest" for the newest months as the test.
        general: share of general instructions in the training split, in hundredths, when there is a file of them.
        ungrounded: "leave_out" leaves out the whole pair, "drop_sentence" only its unsupported sentences.
    """

    max_length: int
    strictness: str = "strict"
    instructions: Mapping[str, Sequence[str]] = field(default_factory=dict)
    shares: str = split.USUAL
    test: str = split.RANDOM
    ungrounded: str = repair.LEAVE_OUT
    general: int = general.USUAL_PERCENT


@dataclass(frozen=True)
class Brought:
    """What a build takes beside the reports.

    Attributes:
        imported: rows that the practice brings along, see `formats.read`; each counts as a report of its own.
        months: month of each report by its id, for the newest as the test; they are not kept.
        mixed: entries of the user's general instruction file, a share of which joins the training.
    """

    imported: Iterable[dict[str, Any]] = ()
    months: Mapping[str, str] = field(default_factory=dict)
    mixed: Iterable[dict[str, Any] | None] = ()


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
            _add(connection, report, tokenizer, settings)
            progress(done, total, "Looking for examples in the reports")
        for number, row in enumerate(brought.imported):
            _add_imported(connection, row, number, tokenizer, settings)
        progress(0, 0, "Looking for copies")
        links = selection.select(connection)
        division.divide(
            connection, links, split.SHARES[settings.shares], brought.months if settings.test == split.NEWEST else None
        )
        _account(connection)
        return general.mix(connection, brought.mixed, settings.general, tokenizer, settings.max_length)


def _add(connection: sqlite3.Connection, report: Report, tokenizer: ChatTokenizer, settings: Settings) -> None:
    found = parts(report)
    document = store.add_document(
        connection, report.document_id, report.patient_key, digest(report.text).hex(), report.format
    )
    built = pairs(found)
    if not built:
        reason = checks.NO_TASK if any(part.title for part in found) else checks.NO_SECTIONS
        store.set_document_reason(connection, document, reason)
    preliminary = quality.is_preliminary(report.text)
    for pair in built:
        row, tokens, reason, details = _judge(report.document_id, pair, tokenizer, settings)
        reason, details = (checks.PRELIMINARY, {}) if preliminary else (reason, details)
        store.add_pair(connection, document, row, tokens, reason, details)


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


def _account(connection: sqlite3.Connection) -> None:
    """Give every report without an example the reason of its candidates, the most frequent first."""
    rows = connection.execute("SELECT document, reason FROM example_pairs ORDER BY number").fetchall()
    reasons: dict[int, Counter[str]] = {}
    for row in rows:
        reasons.setdefault(row[0], Counter())[row[1]] += 1
    for document, counted in reasons.items():
        if not counted[""]:
            store.set_document_reason(connection, document, counted.most_common(1)[0][0])


def figures(connection: sqlite3.Connection, settings: Settings) -> dict[str, Any]:
    """Count what was built.

    Returns:
        Figures without text: documents, used, excluded by reason, examples by split and task, tokens.

    Raises:
        Refusal: the counts do not add up, so something was lost.
    """
    ours = f"FROM example_documents WHERE format <> '{general.FORMAT}'"
    documents = connection.execute(f"SELECT count(*) {ours}").fetchone()[0]
    in_use = "number IN (SELECT document FROM example_pairs WHERE split <> '')"
    used = connection.execute(f"SELECT count(*) {ours} AND {in_use}").fetchone()[0]
    left_out = "SELECT reason, count(*) FROM {} WHERE reason <> '' GROUP BY reason"
    excluded = _grouped(connection, left_out.format("example_documents"))
    pairs_excluded = _grouped(connection, left_out.format("example_pairs"))
    splits = _grouped(connection, "SELECT split, count(*) FROM example_pairs WHERE reason = '' GROUP BY split")
    if documents != used + sum(excluded.values()):
        raise Refusal("Some reports are neither used nor left out for a reason; build the examples again.")
    return {
        **{name: splits.get(name, 0) for name in split.SPLITS},
        "documents": documents,
        "used": used,
        "excluded": excluded,
        "pairs_excluded": pairs_excluded,
        "tasks": _grouped(connection, "SELECT task, count(*) FROM example_pairs WHERE reason = '' GROUP BY task"),
        "tokens": _token_figures(connection, settings),
        "leakage": division.leakage(connection),
        "split": {"shares": settings.shares, "test": settings.test},
        "dropped": _dropped(connection),
        "advice": _advice(used),
    }


# Verified examples that a small practice's adapter usually needs to learn content, not only form.
FEW, MANY = 1000, 5000


def _advice(examples: int) -> str:
    if examples >= FEW:
        return f"{examples} examples: a good amount ({FEW:,} to {MANY:,} checked examples are usual)."
    return (
        f"{examples} examples are few ({FEW:,} to {MANY:,} checked ones are usual): the model will learn the "
        "practice's form rather than new content."
    )


def _dropped(connection: sqlite3.Connection) -> dict[str, int]:
    sentences = "json_extract(row, '$.meta.dropped_sentences')"
    query = f"SELECT count(*), coalesce(sum({sentences}), 0) FROM example_pairs WHERE reason = '' AND {sentences} > 0"  # noqa: S608 - ours
    found = connection.execute(query).fetchone()
    return {"examples": int(found[0]), "sentences": int(found[1])}


def _grouped(connection: sqlite3.Connection, query: str) -> dict[str, int]:
    return dict(sorted((str(row[0]), int(row[1])) for row in connection.execute(query)))


def _token_figures(connection: sqlite3.Connection, settings: Settings) -> dict[str, Any]:
    kept = connection.execute("SELECT tokens FROM example_pairs WHERE reason = '' ORDER BY tokens")
    lengths = [row[0] for row in kept]
    trained = connection.execute("SELECT sum(trained) FROM example_pairs WHERE reason = ''").fetchone()[0]
    over = connection.execute("SELECT count(*) FROM example_pairs WHERE reason = ?", (checks.TOO_LONG,)).fetchone()[0]
    return {
        "longest": lengths[-1] if lengths else 0,
        "median": lengths[len(lengths) // 2] if lengths else 0,
        "limit": settings.max_length,
        "over_limit": over,
        "trained": trained or 0,
    }
