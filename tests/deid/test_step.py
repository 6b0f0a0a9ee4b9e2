"""The step on a small practice, by its real worker."""

import resource
import sqlite3

import pytest

from medtui.deid import gate, step, store
from medtui.errors import Refusal
from medtui.workspace import DONE, Workspace
from tests.deid.conftest import FINDINGS


def test_two_reports_of_one_patient(practice: Workspace, connection: sqlite3.Connection) -> None:
    with pytest.raises(Refusal, match="deid step first"):
        gate.check(connection)
    result = step.run(practice)
    assert result["documents"] == 2
    assert result["known_identifiers_left"] == 0
    assert result["verified"] is True
    assert result["reviews_open"] == 0
    assert practice.state("deid") == DONE
    gate.check(connection)
    letter, note = store.deidentified(connection)
    for value in (
        "Ottoline",
        "Marchbanks",
        "Marchbnks",
        "00451127",
        "1931",
        "Larch",
        "44107",
        "Okonkwo",
        "555-0143",
        "93 years",
    ):
        assert value not in letter.text + note.text
    for kept in (
        "Wells score 4.5",
        "BP 120/80",
        "HbA1c 7.2 %",
        "metformin 500 mg",
        "12 mm deep",
        "(J90)",
        "90+ years old",
    ):
        assert kept in letter.text
    assert "on 2024." in letter.text
    assert letter.report_date == "2024"
    findings = letter.sections[0].text
    assert findings in letter.text
    assert findings == FINDINGS.replace("Okonkwo-Reyes", "[NAME]").replace("14 March 2024", "2024")


def test_no_identifier_outside_the_vault(practice: Workspace) -> None:
    step.run(practice)
    for path in practice.path.rglob("*"):
        if path.is_file() and not path.name.startswith("vault.db"):
            content = path.read_bytes()
            for value in (b"Marchb", b"Ottoline", b"00451127", b"Larch", b"Okonkwo"):
                assert value not in content, path.name


def test_second_run_changes_nothing(practice: Workspace, connection: sqlite3.Connection) -> None:
    first = step.run(practice)
    ids = [row[0] for row in connection.execute("SELECT id FROM findings ORDER BY id")]
    assert step.run(practice) == first
    assert [row[0] for row in connection.execute("SELECT id FROM findings ORDER BY id")] == ids


def test_nothing_to_do_is_said(workspace: Workspace) -> None:
    with pytest.raises(Refusal, match="no reports"):
        step.run(workspace)


def test_a_failure_is_logged_without_its_message(practice: Workspace, connection: sqlite3.Connection) -> None:
    # Libraries quote what they cannot read.
    connection.execute("UPDATE documents SET content = replace(content, '\"MRN\"', '\"Marchbanks\"')")
    connection.commit()
    with pytest.raises(Refusal, match=r"unexpected ValidationError") as failed:
        step.run(practice)
    log = step.job(practice).log_path.read_text()
    assert "Error (its message is left out" in log
    assert "document.py" in log
    assert "Marchbanks" not in log + step.job(practice).events_path.read_text() + str(failed.value)


def test_no_memory_image_of_a_process_with_an_open_vault(connection: sqlite3.Connection) -> None:
    assert resource.getrlimit(resource.RLIMIT_CORE) == (0, 0)


def test_gate_notices_left_over_identifiers(practice: Workspace, connection: sqlite3.Connection) -> None:
    step.run(practice)
    connection.execute("UPDATE deidentified SET left_over = 1 WHERE number = 1")
    with pytest.raises(Refusal, match="Known identifiers left: 1, in 1 report"):
        gate.check(connection)
    connection.execute("UPDATE deidentified SET left_over = 0")
    connection.execute("DELETE FROM deidentified WHERE number = 2")
    with pytest.raises(Refusal, match="Imported after"):
        gate.check(connection)
