"""What stops training, and how somebody answers for it."""

import json
import os
import sqlite3
import subprocess
import sys

import pytest

from medtui import journal
from medtui.deid import gate, store
from medtui.errors import Refusal
from medtui.training import runs
from medtui.training.recipe import Recipe
from medtui.workspace import Workspace


@pytest.fixture
def leaky(done: sqlite3.Connection) -> sqlite3.Connection:
    """A practice whose second look still found something in one report."""
    done.execute("UPDATE deidentified SET left_over = 2 WHERE number = 1")
    done.commit()
    return done


def medtui(*arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "medtui", "deid", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, "USER": "owner"})


def test_before_anything_is_done(connection: sqlite3.Connection, practice: Workspace) -> None:
    with pytest.raises(Refusal, match="run the deid step first"):
        gate.check(connection)
    with pytest.raises(Refusal, match="run the deid step first"):
        gate.override(connection, practice, "anything")


def test_nothing_left_needs_no_answer(done: sqlite3.Connection, finished: Workspace) -> None:
    gate.check(done)
    gate.check_training(finished)
    with pytest.raises(Refusal, match="Nothing stands in the way"):
        gate.override(done, finished, "")


def test_known_identifier_left_stops_examples_and_training(leaky: sqlite3.Connection, finished: Workspace) -> None:
    with pytest.raises(Refusal, match="Known identifiers left: 2, in 1 report "):
        gate.check(leaky)
    with pytest.raises(Refusal, match="Known identifiers left: 2, in 1 report "):
        runs.start(finished, Recipe("nowhere", str(finished.dataset)))
    assert runs.runs(finished) == []


def test_override_is_typed_in_full_and_told_to_the_trail(leaky: sqlite3.Connection, finished: Workspace) -> None:
    sentence = gate.gate(leaky).sentence
    assert sentence == "I answer for it that 2 known identifiers may stay in what the model learns."
    for typed in ("", "yes", sentence[:-2], sentence.upper()):
        with pytest.raises(Refusal, match="type it in full"):
            gate.override(leaky, finished, typed)
    assert gate.override(leaky, finished, f"  {sentence} ").open
    gate.check(leaky)
    gate.check_training(finished)
    records, _ = journal.read(finished.audit_path)
    assert records[-1]["action"] == "gate overridden"
    assert records[-1]["details"]["known_identifiers_left"] == 2
    assert records[-1]["details"]["by"]
    assert records[-1]["t"] > 0


def test_override_holds_for_these_places_alone(leaky: sqlite3.Connection, finished: Workspace) -> None:
    gate.override(leaky, finished, gate.gate(leaky).sentence)
    # As many are left, but elsewhere.
    leaky.execute("UPDATE deidentified SET left_over = 0 WHERE number = 1")
    leaky.execute("UPDATE deidentified SET left_over = 2 WHERE number = 2")
    with pytest.raises(Refusal, match="Known identifiers left: 2, in 1 report "):
        gate.check(leaky)


def test_undecided_doubts_are_named_in_the_sentence(leaky: sqlite3.Connection) -> None:
    leaky.execute("UPDATE findings SET score = 0.4 WHERE value = 'Dr. Okonkwo-Reyes'")
    store.require_review(leaky, True)
    state = gate.gate(leaky)
    assert state.sentence == (
        "I answer for it that 2 known identifiers may stay in what the model learns and 1 doubt may stay undecided."
    )
    assert len(state.reasons) == 2


def test_new_reports_cannot_be_overridden(leaky: sqlite3.Connection, finished: Workspace) -> None:
    leaky.execute("DELETE FROM deidentified WHERE number = 2")
    leaky.commit()
    with pytest.raises(Refusal, match="Imported after de-identification: 1 report;"):
        gate.override(leaky, finished, gate.gate(leaky).sentence)


def test_practice_without_reports_trains_on_what_it_has(workspace: Workspace) -> None:
    gate.check_training(workspace)
    assert not workspace.vault_path.exists()


def test_commands(leaky: sqlite3.Connection, finished: Workspace) -> None:
    told = medtui("gate", "--workspace", str(finished.path), "--json")
    state = json.loads(told.stdout)
    assert (told.returncode, state["open"], state["overridden"]) == (0, False, None)
    refused = medtui("override", "--workspace", str(finished.path), "yes")
    assert refused.returncode == 2
    assert state["sentence"] in refused.stderr
    done = medtui("override", "--workspace", str(finished.path), state["sentence"], "--json")
    assert json.loads(done.stdout)["open"]
    assert json.loads(done.stdout)["overridden"]["user"]
    gate.check(leaky)
