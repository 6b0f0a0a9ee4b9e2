"""A person reads some reports; what that shows about the others."""

import json
import sqlite3
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medtui import journal
from medtui.deid import gate, sampling, store
from medtui.errors import Refusal
from medtui.phi import Category
from medtui.workspace import Workspace
from tests.deid.conftest import again


def medtui(*arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "medtui", "deid", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_wilson_bound_against_published_values() -> None:
    # Newcombe 1998, Statistics in Medicine 17:857, table I, method 3: 0/20 and 1/29, 95 %.
    assert sampling.wilson_upper(0, 20) == pytest.approx(0.1611, abs=1e-4)
    assert sampling.wilson_upper(1, 29) == pytest.approx(0.1718, abs=1e-4)
    assert sampling.wilson_upper(0, 0) == 1


@given(st.integers(1, 10_000), st.data())
def test_bound_is_never_below_the_share(total: int, data: st.DataObject) -> None:
    hits = data.draw(st.integers(0, total))
    bound = sampling.wilson_upper(hits, total)
    assert hits / total <= bound + 1e-9 <= 1 + 1e-9
    shown = float(sampling.percent(bound).removesuffix(" %")) / 100
    assert shown >= min(1, bound) - 1e-9


def test_sample_is_kept_and_topped_up(done: sqlite3.Connection) -> None:
    assert sampling.draw(done, 1) == 1
    (first,) = sampling.reports(done)
    assert sampling.draw(done, 1) == 1
    assert sampling.reports(done) == [first]
    assert sampling.draw(done, 50) == 2
    assert sampling.reports(done)[0] == first


def test_report_that_is_not_verified_is_not_drawn(done: sqlite3.Connection) -> None:
    done.execute("UPDATE deidentified SET left_over = 1")
    with pytest.raises(Refusal, match="no report to check"):
        sampling.draw(done)


def test_nothing_read_supports_nothing(done: sqlite3.Connection) -> None:
    sampling.draw(done)
    assert "nothing was measured" in sampling.statement(done).in_words()


def test_fine_reports_bound_the_miss_rate(done: sqlite3.Connection, finished: Workspace) -> None:
    sampling.draw(done)
    for report in sampling.reports(done, unread=True):
        said = sampling.mark(done, finished, report.document_id)
    assert sampling.reports(done, unread=True) == []
    names = done.execute("SELECT count(*) FROM findings WHERE category = 'NAME'").fetchone()[0]
    assert (said.read, said.with_misses, said.names, said.clean) == (2, 0, names, 2)
    assert said.report_bound == pytest.approx(sampling.wilson_upper(0, 2))
    assert f"(0 missed among {names})" in said.in_words()


def test_what_was_missed_is_replaced_everywhere_and_counted(done: sqlite3.Connection, finished: Workspace) -> None:
    sampling.draw(done)
    note = next(report for report in sampling.reports(done) if "her son" in report.text)
    with pytest.raises(Refusal, match="do not stand in the report"):
        sampling.mark(done, finished, note.document_id, [(Category.NAME, "Nobody Here")])
    said = sampling.mark(done, finished, note.document_id, [(Category.NAME, "Her  son")])
    assert (said.with_misses, said.missed, said.missed_names) == (1, 1, 1)
    with pytest.raises(Refusal, match="Not yet written"):
        gate.check(done)
    result = again(finished)
    assert all("her son" not in report.text for report in store.deidentified(done))
    assert sampling.statement(done).with_misses == 1
    assert result["sample"]["missed"] == 1
    assert "her son" not in finished.audit_path.read_text()
    assert "her son" not in json.dumps(result)


def test_forgotten_sample_stays_in_the_trail(done: sqlite3.Connection, finished: Workspace) -> None:
    sampling.draw(done)
    sampling.mark(done, finished, sampling.reports(done)[0].document_id)
    sampling.start_over(done, finished)
    assert sampling.reports(done) == []
    records, _ = journal.read(finished.audit_path)
    assert records[-1]["details"] == {"read": 1, "with_misses": 0, "missed": 0}


def test_commands(done: sqlite3.Connection, finished: Workspace) -> None:
    of = ("--workspace", str(finished.path))
    drawn = json.loads(medtui("sample", *of, "--n", "2", "--json").stdout)
    assert [report["verdict"] for report in drawn["reports"]] == [None, None]
    first, second = (report["id"] for report in drawn["reports"])
    shown = {name: medtui("sample", *of, "--show", name).stdout for name in (first, second)}
    fine = json.loads(medtui("sample", *of, "--fine", first, "--json").stdout)
    assert (fine["read"], fine["with_misses"]) == (1, 0)
    letters = next(words for words in ("Wells score", "lives alone") if words in shown[second])
    missed = medtui("sample", *of, "--missed", second, letters)
    assert missed.returncode == 0
    assert "medtui deid run" in missed.stdout
    assert (finished.result("deid") or {})["sample"]["read"] == 2
