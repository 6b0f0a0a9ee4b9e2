"""Doubts, decisions, and what they change."""

import os
import signal
import sqlite3
import subprocess
import sys

import pytest

from medtui import journal
from medtui.deid import gate, listing, review, store
from medtui.deid.listing import Place, View
from medtui.errors import Refusal
from medtui.phi import Category
from medtui.workspace import Workspace
from tests.deid.conftest import again

DOCTOR = "Dr. Okonkwo-Reyes"
DOUBTS, FINDINGS = View(), View(doubts=False)


@pytest.fixture
def doubtful(done: sqlite3.Connection) -> sqlite3.Connection:
    """The practice after the step, with one certain finding turned into a doubt."""
    done.execute("UPDATE findings SET score = 0.4 WHERE value = ?", (DOCTOR,))
    done.commit()
    return done


def letter(connection: sqlite3.Connection) -> store.Deidentified:
    return next(store.deidentified(connection))


def doubt(connection: sqlite3.Connection) -> Place:
    (entry,) = listing.entries(connection, DOUBTS, 10)
    found = listing.place(connection, DOUBTS, entry.form)
    assert found is not None
    return found


def test_rejected_value_comes_back_and_undo_removes_it(finished: Workspace, doubtful: sqlite3.Connection) -> None:
    found = doubt(doubtful)
    assert (found.value, found.category) == (DOCTOR, Category.NAME)
    assert found.before.endswith("Findings discussed with ")
    assert letter(doubtful).open_reviews == 1
    assert review.decide(doubtful, finished, found, "reject") == 1
    assert listing.entries(doubtful, DOUBTS, 10) == []
    again(finished)
    assert DOCTOR in letter(doubtful).text
    assert DOCTOR in letter(doubtful).sections[0].text
    assert review.undo(doubtful, finished) == ("reject", DOCTOR)
    again(finished)
    assert "Okonkwo" not in letter(doubtful).text
    assert review.undo(doubtful, finished) is None


def test_reports_are_written_anew_before_training(finished: Workspace, doubtful: sqlite3.Connection) -> None:
    review.decide(doubtful, finished, doubt(doubtful), "never")
    with pytest.raises(Refusal, match="Not yet written into the reports: 1 decision;"):
        gate.check(doubtful)
    again(finished)
    gate.check(doubtful)
    assert DOCTOR in letter(doubtful).text


def test_always_reaches_every_report(finished: Workspace, doubtful: sqlite3.Connection) -> None:
    doubtful.execute("UPDATE findings SET value = 'her son', form = 'her son' WHERE value = ?", (DOCTOR,))
    assert review.decide(doubtful, finished, doubt(doubtful), "always") == 1
    again(finished)
    _, note = store.deidentified(doubtful)
    assert "her son" not in note.text


def test_audit_tells_the_decision_without_the_value(finished: Workspace, doubtful: sqlite3.Connection) -> None:
    found = doubt(doubtful)
    review.decide(doubtful, finished, found, "accept")
    review.undo(doubtful, finished)
    review.declare(doubtful, finished, "her son", Category.NAME)
    records, _ = journal.read(finished.audit_path)
    told = [record["details"]["decision"] for record in records if record["action"] == "review decision"]
    assert told == ["accept", "undo accept", "missed"]
    assert records[-3]["details"] == {"decision": "accept", "category": "NAME", "places": 1, "reports": 1}
    assert not {"okonkwo", "her son"} & set(finished.audit_path.read_text().lower().split('"'))
    assert "Okonkwo" not in finished.audit_path.read_text()


_KILLED = """
import os, signal, sys
from pathlib import Path
from medtui import vault
from medtui.deid import listing, review
from medtui.workspace import Workspace

workspace = Workspace.open(Path(sys.argv[1]))
connection = vault.connect(workspace)
entry = listing.entries(connection, listing.View(), 1)[0]
review.decide(connection, workspace, listing.place(connection, listing.View(), entry.form), "accept")
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_decision_survives_a_killed_process(finished: Workspace, doubtful: sqlite3.Connection) -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    killed = subprocess.run([sys.executable, "-c", _KILLED, str(finished.path)], env=environment, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert listing.entries(doubtful, DOUBTS, 10) == []
    records, _ = journal.read(finished.audit_path)
    assert records[-1]["details"]["decision"] == "accept"


def test_what_the_fields_say_is_given_back_at_a_place_only(finished: Workspace, doubtful: sqlite3.Connection) -> None:
    found = listing.place(doubtful, FINDINGS, "00451127")
    assert found is not None
    with pytest.raises(Refusal, match="cannot be let go everywhere"):
        review.decide(doubtful, finished, found, "never")
    review.decide(doubtful, finished, found, "reject")
    again(finished)
    assert "00451127" in letter(doubtful).text
    with pytest.raises(Refusal, match="given back in the review: 1"):
        gate.check(doubtful)


def test_practice_that_decides_itself_cannot_go_on_with_open_doubts(
    finished: Workspace, doubtful: sqlite3.Connection
) -> None:
    store.require_review(doubtful, True)
    with pytest.raises(Refusal, match="Doubts to decide first: 1;"):
        gate.check(doubtful)
    review.decide(doubtful, finished, doubt(doubtful), "accept")
    again(finished)
    gate.check(doubtful)


def test_unknown_decision_or_finding_is_refused(finished: Workspace, doubtful: sqlite3.Connection) -> None:
    found = doubt(doubtful)
    with pytest.raises(Refusal, match="A decision is one of"):
        review.decide(doubtful, finished, found, "perhaps")
    doubtful.execute("DELETE FROM findings")
    with pytest.raises(Refusal, match="not there any more"):
        review.decide(doubtful, finished, found, "accept")
    with pytest.raises(Refusal, match="too short"):
        review.declare(doubtful, finished, " x ", Category.NAME)
