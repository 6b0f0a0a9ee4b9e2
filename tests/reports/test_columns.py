"""Which column is what: guessed, shown, chosen, remembered."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from medtui.cli import medtui
from medtui.errors import Refusal
from medtui.reports import importing, step, tables
from medtui.reports.mapping import Mapping
from medtui.reports.settings import Audience, Settings
from medtui.workspace import Workspace
from tests.reports import samples

ODD = "key;alpha;beta\n" + "\n".join(f"K-{number:04};{number};short words {number}" for number in range(12))


def test_the_guess_is_shown_with_five_rows(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text(samples.CSV + samples.CSV.split("\r\n", 1)[1] * 5)
    (table,) = tables.tables(path)
    assert table.headers[0] == "MRN"
    assert len(table.rows) == 5
    assert table.mapping.to_dict() == {
        "report": ["Report Text"], "patient": "MRN", "date": "Report Date", "title": "Exam", "line": "",
        "report_id": "",
    }  # fmt: skip


def test_a_choice_is_remembered_for_the_same_headings(workspace: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "odd.csv"
    path.write_text(ODD)
    workspace.save_answer("reports", "paths", [str(path)])
    with pytest.raises(Refusal, match="None of the 1 files"):
        step.run(workspace)
    (table,) = tables.tables(path)
    with pytest.raises(Refusal, match="no column gamma"):
        tables.choose_columns(workspace, table, Mapping(["gamma"]))
    tables.choose_columns(workspace, table, Mapping(["beta"], patient="key"))
    (tmp_path / "next month.csv").write_text(ODD.replace("short", "other"))
    workspace.save_answer("reports", "paths", [str(path), str(tmp_path / "next month.csv")])
    result = step.run(workspace)
    assert (result["documents"], result["patients"], result["unreadable"]) == (24, 12, 0)


def test_the_command(workspace: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "odd.csv"
    path.write_text(ODD)
    arguments = ["reports", "columns", str(path), "--workspace", str(workspace.path)]
    chosen = CliRunner().invoke(medtui, [*arguments, "--report", "beta", "--patient", "key"], catch_exceptions=False)
    assert "report   beta: short words 0; short words 1" in chosen.output
    assert "patient  key: K-0000" in CliRunner().invoke(medtui, arguments).output
    named = [*arguments, "--report", "beta", "--identifies", "alpha", "phone"]
    assert "phone    alpha: 0" in CliRunner().invoke(medtui, named).output
    assert workspace.answers("reports")["columns"][tables.tables(path)[0].signature]["identifiers"] == {
        "alpha": "PHONE"
    }
    wrong = CliRunner().invoke(medtui, [*arguments, "--report", "beta", "--identifies", "alpha", "shoe"])
    assert "There is no kind shoe" in str(wrong.exception)
    assert "left out" in CliRunner().invoke(medtui, [*arguments, "--no-reports"]).output


def test_sections_in_columns(tmp_path: Path) -> None:
    path = tmp_path / "parts.tsv"
    path.write_text("pid\tFindings\tImpression\nA-100\tHeart normal in size today.\tNo acute disease seen.\n")
    (document,) = importing.read_paths([path])
    assert [item.title for item in getattr(document, "sections", ())] == ["Findings", "Impression"]


def test_identifiers_are_what_the_user_says(tmp_path: Path) -> None:
    path = tmp_path / "notes.csv"
    path.write_text(
        "chart;who;helper;phone;note\n" + "C-9001;Ana Ruiz;Bo Lind;555-0100;The cough is better after a week of rest.\n"
    )
    (table,) = tables.tables(path)
    chosen = Mapping(["note"], patient="chart", identifiers={"who": "NAME", "phone": "PHONE"})
    settings = Settings(columns={table.signature: chosen.to_dict()})
    (document,) = importing.read_paths([path], settings)
    known = {(item.kind.value, item.value) for item in getattr(document, "known_identifiers", ())}
    assert {("NAME", "Ana Ruiz"), ("PHONE", "555-0100"), ("MRN", "C-9001")} <= known
    assert not any("Lind" in value for _, value in known)


def test_with_an_audience_tables_wait_and_are_read_once_they_are_confirmed(
    workspace: Workspace, tmp_path: Path
) -> None:
    for month in ("may", "june"):
        (tmp_path / f"{month}.csv").write_text(ODD.replace("short", month))
    (tmp_path / "note.txt").write_text("CLINIC NOTE\n\nHistory: cough for a week.\n\nAssessment: viral infection.\n")
    workspace.save_answer("reports", "paths", [str(tmp_path / name) for name in ("may.csv", "june.csv", "note.txt")])
    told: list[tuple[dict[str, int], list[str]]] = []
    audience = Audience(lambda formats, news: told.append((dict(formats), [item.path for item in news])))
    result = step.run(workspace, audience=audience)
    assert (result["documents"], result["unreadable"]) == (1, 2)
    assert workspace.state("reports") == "open"
    (waiting,) = audience.waiting.values()
    assert (waiting.places, waiting.table.headers) == (2, ("key", "alpha", "beta"))
    assert told[-1][0] == {"text": 1}
    assert sorted(Path(path).name for _, news in told for path in news) == ["june.csv", "may.csv"]

    tables.choose_columns(workspace, waiting.table, Mapping(["beta"], patient="key"))
    again = Audience(lambda *_: None)
    result = step.run(workspace, audience=again)
    assert not again.waiting
    assert (result["documents"], result["added"], result["unreadable"]) == (25, 24, 0)
    assert workspace.state("reports") == "done"

    tables.choose_columns(workspace, waiting.table, Mapping(["beta"], patient="alpha"))
    assert step.run(workspace)["documents"] == 25
    tables.choose_columns(workspace, waiting.table, Mapping(left_out=True))
    result = step.run(workspace)
    assert (result["documents"], result["unreadable"]) == (1, 2)
