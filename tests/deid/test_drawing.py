"""The step with made-up values, moved dates and kinds that a person decides about, by its real worker."""

import multiprocessing
import os
import re
import shutil
import signal
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from medtui import vault
from medtui.deid import gate, store, worker
from medtui.deid.store import Deidentified
from medtui.deid.surrogates import spelling
from medtui.errors import Refusal
from medtui.phi import Category
from medtui.progress import silent
from medtui.reports import patients
from medtui.reports import store as reports
from medtui.reports.document import KnownIdentifier, PatientRecord
from medtui.workspace import Workspace
from tests.deid.conftest import again, document

KEPT = "SELECT document_id, text, sections, title, left_over, fingerprint FROM deidentified ORDER BY number"
FOUND = "SELECT document_id, start, stop, category, score, source, value FROM findings ORDER BY document_id, start"
MADE_UP = "SELECT document_id, spelling, value FROM surrogates ORDER BY document_id, spelling"


def read(workspace: Workspace) -> list[Deidentified]:
    with closing(vault.connect(workspace)) as connection:
        return list(store.deidentified(connection))


def add(workspace: Workspace, text: str, key: str, *known: tuple[Category, str]) -> None:
    with closing(vault.connect(workspace)) as connection, connection:
        reports.prepare(connection)
        reports.add(connection, document(text, (("HISTORY", text),), known, key))


def test_made_up_values_replace_everything(practice: Workspace) -> None:
    practice.save_answer("deid", "replacement", "surrogates")
    result = again(practice)
    assert result["policies"]["NAME"] == "surrogate"
    assert result["known_identifiers_left"] == 0
    letter, note = read(practice)
    both = letter.text + note.text
    assert not re.search("(?i)ottoline|marchb|00451127|larch|44107|okonkwo|555-0143|93 years|1931", both)
    assert not re.search(r"\[(?:NAME|MRN|PHONE|LOCATION)\]", both)
    assert "90+ years old" in letter.text
    assert letter.sections[0].text in letter.text
    assert {"made_up"} <= set(dir(letter))
    assert all(value in both for value in (*letter.made_up, *note.made_up))
    names = [re.search(r"Patient Name: (\w+) (\w+)", letter.text), re.search(r"HISTORY:\n(\w+) came", note.text)]
    assert names[0]
    assert names[1]
    assert names[0][1] != names[1][1], "two reports of one patient share no made-up name"


def test_a_made_up_value_that_becomes_somebodys_is_drawn_again(practice: Workspace) -> None:
    practice.save_answer("deid", "replacement", "surrogates")
    again(practice)
    letter, note = read(practice)
    name, number = letter.made_up[0], next(value for value in letter.made_up if value.isdigit())
    add(practice, "Nothing else.\n", "p2", (Category.NAME, f"{name.upper()}^Zbigniew"), (Category.MRN, number))
    again(practice)
    letter_now, note_now, _ = read(practice)
    assert not {spelling(name), spelling(number)} & {spelling(value) for value in letter_now.made_up}
    assert name not in letter_now.text
    assert number not in letter_now.text
    assert note_now == note


def test_a_name_that_another_report_only_mentions_is_not_made_up(practice: Workspace) -> None:
    practice.save_answer("deid", "replacement", "surrogates")
    again(practice)
    name = read(practice)[0].made_up[0]
    add(practice, f"Seen by Dr. {name.title()} on 14 March 2024.\n", "")
    again(practice)
    assert all(name not in report.text for report in read(practice))


def test_the_same_values_as_long_as_nothing_changes(practice: Workspace) -> None:
    practice.save_answer("deid", "replacement", "surrogates")
    again(practice)
    first = read(practice)
    practice.save_answer("deid", "replacement", "tags")
    again(practice)
    assert not any(report.made_up for report in read(practice))
    practice.save_answer("deid", "replacement", "surrogates")
    again(practice)
    assert read(practice) == first


def test_dates_of_a_patient_move_together(workspace: Workspace) -> None:
    text = (
        "Seen 14 March 2024 and on 2024-03-21, next 04/22/2024 and 05/06/2024, again in June 2024. Born 03/04/1931.\n"
    )
    add(workspace, text, "p1")
    add(workspace, f"{text}Later.\n", "p1")
    add(workspace, f"{text}Other.\n", "p2")
    workspace.save_answer("deid", "profile", "date_shift")
    again(workspace)
    moved = []
    for report in read(workspace):
        form = r"Seen (\d+ \w+ \d{4}) and on (\S+), next (\S+) and (\S+), again in 20\d\d\. Born \[DATE\]\."
        found = re.match(form, report.text)
        assert found, "the form of every date is kept"
        moved.append((date.fromisoformat(found[2]), found[3], found[4]))
    first, second, other = moved
    assert first == second
    assert first != other or len({row for row in _offsets(workspace)}) == 1
    for day, american, ambiguous in moved:
        month_first = [date(int(y), int(m), int(d)) for m, d, y in (american.split("/"), ambiguous.split("/"))]
        assert (month_first[0] - day).days == 32
        assert (month_first[1] - month_first[0]).days == 14
        assert day != date(2024, 3, 21)


def test_two_keys_of_one_patient_share_an_offset(workspace: Workspace) -> None:
    add(workspace, "Seen 2024-03-14.\n", "record")
    add(workspace, "Seen 2024-03-15.\n", "name and birth")
    with closing(vault.connect(workspace)) as connection, connection:
        told = (KnownIdentifier(Category.SSN, "x"),)
        patients.add(connection, PatientRecord("a.csv", "", ("record", "name and birth"), told))
    workspace.save_answer("deid", "profile", "date_shift")
    again(workspace)
    first, second = (date.fromisoformat(report.text[5:15]) for report in read(workspace))
    assert (second - first).days == 1
    assert len(_offsets(workspace)) == 1


def test_nobody_of_a_patient_list_lends_a_name(practice: Workspace) -> None:
    practice.save_answer("deid", "replacement", "surrogates")
    again(practice)
    name = read(practice)[0].made_up[0]
    with closing(vault.connect(practice)) as connection, connection:
        told = (KnownIdentifier(Category.NAME, name),)
        patients.add(connection, PatientRecord("a.csv", "", ("elsewhere",), told))
    again(practice)
    assert all(name not in report.text for report in read(practice))


def _offsets(workspace: Workspace) -> list[int]:
    with closing(vault.connect(workspace)) as connection:
        return [int(row[0]) for row in connection.execute("SELECT days FROM date_shifts")]


def test_a_person_decides_about_a_kind(practice: Workspace) -> None:
    practice.save_answer("deid", "policies", "PHONE = review, MRN = review")
    result = again(practice)
    assert result["reviews_open"] >= 1
    letter, note = read(practice)
    assert "[PHONE]" in note.text
    assert "[MRN]" in letter.text
    with closing(vault.connect(practice)) as connection:
        doubts = connection.execute("SELECT category FROM findings WHERE score < 0.5").fetchall()
        # The record number stands in the report's own fields, so nobody is asked about it.
        assert {row[0] for row in doubts} >= {"PHONE"}
        assert "MRN" not in {row[0] for row in doubts}
        with pytest.raises(Refusal, match="Doubts to decide first"):
            gate.check(connection)


def test_a_wrong_policy_stops_the_step(practice: Workspace) -> None:
    practice.save_answer("deid", "policies", "NAME = keep")
    with pytest.raises(Refusal, match="write a kind and one of"):
        again(practice)


@pytest.fixture
def many(workspace: Workspace) -> Workspace:
    """A hundred reports, of forty patients."""
    with closing(vault.connect(workspace)) as connection, connection:
        reports.prepare(connection)
        for number in range(100):
            text = f"HISTORY:\nMr. Quillfeather{'abcdefghij'[number % 10]} came on 14 March 2024, MRN: 77{number:05}.\n"
            known = ((Category.MRN, f"77{number:05}"),)
            reports.add(connection, document(text, (("HISTORY", text[9:].strip()),), known, f"p{number % 40}"))
    workspace.save_answer("deid", "replacement", "surrogates")
    return workspace


def _die_at(workspace: Path, point: int) -> None:
    def progress(done: int, total: int, message: str) -> None:
        if done == point:
            os.kill(os.getpid(), signal.SIGKILL)

    worker.run(Workspace.open(workspace), progress)


def test_killed_and_carried_on(many: Workspace, tmp_path: Path) -> None:
    for point, finished in ((30, 0), (70, 50), (99, 50)):
        process = multiprocessing.get_context("fork").Process(target=_die_at, args=(many.path, point))
        process.start()
        process.join()
        assert process.exitcode == -signal.SIGKILL
        assert len(read(many)) == finished
    straight = Workspace.open(shutil.copytree(many.path, tmp_path / "straight"))
    with closing(vault.connect(straight)) as connection, connection:
        for table in ("deidentified", "findings", "surrogates"):
            connection.execute(f"DELETE FROM {table}")  # noqa: S608 - names from the line above
    results = [worker.run(workspace, silent) for workspace in (many, straight)]
    assert results[0] == results[1]
    assert results[0]["documents"] == 100
    with closing(vault.connect(many)) as first, closing(vault.connect(straight)) as second:
        for query in (KEPT, FOUND, MADE_UP):
            assert _rows(first, query) == _rows(second, query)


def _rows(connection: sqlite3.Connection, query: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in connection.execute(query)]
