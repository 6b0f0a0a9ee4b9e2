"""Doubts, decisions, and what they change."""

import sqlite3

import pytest

from medtui import journal
from medtui.deid import gate, review, step, store
from medtui.errors import Refusal
from medtui.phi import Category
from medtui.workspace import Workspace


@pytest.fixture
def doubtful(practice: Workspace, connection: sqlite3.Connection) -> sqlite3.Connection:
    """The practice after the step, with one certain finding turned into a doubt."""
    step.run(practice)
    connection.execute("UPDATE findings SET score = 0.4 WHERE value = 'Dr. Okonkwo-Reyes'")
    connection.commit()
    return connection


def letter(connection: sqlite3.Connection) -> store.Deidentified:
    return next(store.deidentified(connection))


def test_rejected_value_comes_back_and_undo_removes_it(practice: Workspace, doubtful: sqlite3.Connection) -> None:
    (doubt,) = review.pending(doubtful, 10)
    assert (doubt.value, doubt.category) == ("Dr. Okonkwo-Reyes", Category.NAME)
    assert doubt.before.endswith("Findings discussed with ")
    assert letter(doubtful).open_reviews == 1
    assert review.decide(doubtful, doubt.id, "reject", practice) == 1
    assert "Dr. Okonkwo-Reyes" in letter(doubtful).text
    assert "Dr. Okonkwo-Reyes" in letter(doubtful).sections[0].text
    assert review.pending(doubtful, 10) == []
    found = doubtful.execute("SELECT id FROM findings WHERE value = 'Dr. Okonkwo-Reyes'").fetchone()[0]
    assert review.undo(doubtful, found, practice) == 1
    assert "Okonkwo" not in letter(doubtful).text


def test_decision_survives_another_run(practice: Workspace, doubtful: sqlite3.Connection) -> None:
    (doubt,) = review.pending(doubtful, 10)
    review.decide(doubtful, doubt.id, "never", practice)
    step.run(practice)
    assert "Dr. Okonkwo-Reyes" in letter(doubtful).text


def test_always_reaches_every_report(practice: Workspace, doubtful: sqlite3.Connection) -> None:
    doubtful.execute("UPDATE findings SET value = 'her son' WHERE value = 'Dr. Okonkwo-Reyes'")
    (doubt,) = review.pending(doubtful, 10)
    assert review.decide(doubtful, doubt.id, "always", practice) == 1
    step.run(practice)
    _, note = store.deidentified(doubtful)
    assert "her son" not in note.text


def test_audit_tells_the_decision_without_the_value(practice: Workspace, doubtful: sqlite3.Connection) -> None:
    (doubt,) = review.pending(doubtful, 10)
    review.decide(doubtful, doubt.id, "accept", practice)
    records, _ = journal.read(practice.audit_path)
    assert records[-1]["details"] == {"decision": "accept", "category": "NAME", "reports": 1}
    assert "Okonkwo" not in practice.audit_path.read_text()


def test_practice_that_decides_itself_cannot_go_on_with_open_doubts(
    practice: Workspace, doubtful: sqlite3.Connection
) -> None:
    store.require_review(doubtful, True)
    with pytest.raises(Refusal, match="1 doubts must be decided"):
        gate.check(doubtful)
    review.decide(doubtful, review.pending(doubtful, 1)[0].id, "accept", practice)
    gate.check(doubtful)


def test_unknown_decision_or_finding_is_refused(doubtful: sqlite3.Connection) -> None:
    with pytest.raises(Refusal, match="A decision is one of"):
        review.decide(doubtful, 1, "perhaps")
    with pytest.raises(Refusal, match="not there any more"):
        review.decide(doubtful, 10**9, "accept")
