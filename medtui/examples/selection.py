"""Leaves out candidates that repeat one another, in an order that depends on the reports alone."""

import sqlite3
from collections import Counter

from medtui.examples import checks, quality, store
from medtui.examples.duplicates import CARRIED_FORWARD, SAME, NearDuplicates, digest

# The same standard answer ("normal study") may fill this share of a task, and is never below this number.
BOILERPLATE_SHARE, BOILERPLATE_FEWEST = 0.05, 10


def select(connection: sqlite3.Connection) -> list[tuple[int, int]]:
    """Mark duplicates, near-duplicates, notes carried forward and standard answers above their cap.

    Args:
        connection: the vault with the candidates; the caller commits.

    Returns:
        Pairs of report numbers whose kept examples resemble each other and belong on one side of the split.
    """
    rows = connection.execute(
        "SELECT p.number, d.number, d.patient_key FROM example_pairs p "
        "JOIN example_documents d ON d.number = p.document WHERE p.reason = ''"
    )
    owner = {row[0]: (int(row[1]), str(row[2])) for row in rows}
    counts = connection.execute("SELECT task, count(*) FROM example_pairs WHERE reason = '' GROUP BY task")
    caps = {row[0]: max(BOILERPLATE_FEWEST, int(BOILERPLATE_SHARE * row[1])) for row in counts}
    seen: dict[bytes, int] = {}
    standard: Counter[tuple[str, str]] = Counter()
    known = NearDuplicates()
    links: list[tuple[int, int]] = []
    reasons: list[tuple[str, int]] = []
    for candidate in store.candidates(connection, reason=""):
        question, answer = candidate.row["prompt"][-1]["content"], candidate.row["completion"][-1]["content"]
        text = f"{question}\n{answer}"
        document, patient = owner[candidate.number]
        near = [(key, likeness) for key, likeness in known.similar(text)]
        reason = _repetition(digest(text) in seen, near, patient, owner)
        key = (candidate.task, quality.boilerplate_key(answer))
        if not reason and key[1] and standard[key] >= caps[candidate.task]:
            reason = checks.BOILERPLATE
        if reason:
            reasons.append((reason, candidate.number))
            continue
        seen[digest(text)] = candidate.number
        standard[key] += 1
        known.add(candidate.number, text)
        links += [(document, owner[other][0]) for other, _ in near if owner[other][0] != document]
    connection.executemany("UPDATE example_pairs SET reason = ? WHERE number = ?", reasons)
    return links


def _repetition(same: bool, near: list[tuple[int, float]], patient: str, owner: dict[int, tuple[int, str]]) -> str:
    if same:
        return checks.DUPLICATE
    if any(likeness >= SAME for _, likeness in near):
        return checks.NEAR_DUPLICATE
    if patient and any(likeness >= CARRIED_FORWARD and owner[key][1] == patient for key, likeness in near):
        return checks.CARRIED_FORWARD
    return ""
