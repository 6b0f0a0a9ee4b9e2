"""Hostile text goes through every screen of the real program: no byte passes, nothing crashes, nothing fires."""

from contextlib import closing
from pathlib import Path

import pytest

from medtui import vault
from medtui.deid import step as deid
from medtui.reports import step as reports
from medtui.reports import store
from medtui.reports.document import UnreadFile
from medtui.workspace import Workspace
from tests.pty import hostile
from tests.pty.terminal import Terminal, environment

HEADINGS = {
    "Machine": "Main memory",
    "Model": "Size",
    "Reports": "1 report read",
    "De-identify": "Known identifiers left",
    "Examples": "To learn from",
    "Training": "Training has finished",
    "Evaluation": "better than its base",
    "Chat": "put to both models",
    "Export": "The tuned model is saved",
}
# The line of the terminal above the first step.
RAIL, REPORTS = 2, 3


@pytest.mark.parametrize("more", [{}, {"NO_COLOR": "1", "LANG": "C"}, {"TERM": "linux", "COLORTERM": ""}], ids=str)
def test_every_screen_withstands(data: Path, more: dict[str, str]) -> None:
    workspace = hostile.practice(data / "medtui" / "north")
    with closing(vault.connect(workspace)) as connection:
        store.prepare(connection)
        store.refuse(connection, UnreadFile(f"/x/{hostile.ATTACK}", hostile.ATTACK, "text", hostile.ATTACK))
        connection.commit()
    terminal = Terminal(size=(100, 30), env=environment(data, **more))
    terminal.wait_for("Welcome", "9 of 9 steps done")
    terminal.press("enter")
    terminal.wait_for(HEADINGS["Export"])
    terminal.press("ctrl+p")
    terminal.wait_for("Search for")
    terminal.press(*"Step 1")
    terminal.wait_for("Step 1:")
    terminal.wait_gone("Step 2:")
    terminal.press("enter")
    terminal.wait_gone("Search for")
    for number, words in enumerate(HEADINGS.values(), start=1):
        if number > 1:
            terminal.click(5, RAIL + number)
        terminal.wait_for(words)
        if number == REPORTS:
            terminal.press("x")
            terminal.wait_for("1 file or part", "Kind:")
            terminal.press("escape")
            terminal.wait_gone("Kind:")
        terminal.press("?")
        terminal.wait_for("Esc closes this page")
        terminal.press("escape")
        terminal.wait_gone("Esc closes this page")
        if number in {2, REPORTS}:
            terminal.press("escape")
            terminal.wait_for("Which model" if number == 2 else "Where are your reports")
    assert terminal.forbidden() == []
    if more.get("LANG") == "C":
        assert terminal.raw.isascii()
    assert terminal.quit() == 0


def test_doubts_with_hostile_sentences_are_decided_by_key(data: Path, tmp_path: Path) -> None:
    folder = tmp_path / "exports"
    folder.mkdir()
    sentence = f"The plan was explained and Amber will follow with exercises. {hostile.ATTACK}"
    (folder / "a.txt").write_text(f"CLINIC LETTER\n\nHistory: cough. {sentence}\n\nAssessment: viral infection.\n")
    workspace = Workspace.create(data / "medtui" / "north", "Northside Imaging")
    workspace.save_answer("reports", "paths", [str(folder)])
    for step in ("machine", "model"):
        workspace.finish(step, {"gpu": "none", "gpus": []})
    reports.run(workspace)
    assert deid.run(workspace)["doubts_redacted"] == 1
    terminal = Terminal(env=environment(data))
    terminal.wait_for("Welcome")
    terminal.press("enter")
    terminal.wait_for("How long may an example be?")
    terminal.press("escape")
    terminal.wait_for("Sample")
    terminal.press("tab", "enter")
    terminal.wait_for("Doubts, riskiest first", "»Amber«", "replaced until you decide")
    terminal.press("r")
    terminal.wait_for("1 decision kept")
    terminal.press("escape")
    terminal.wait_for("No known identifier is left", "0, replaced to be safe", seconds=120)
    assert terminal.forbidden() == []
    assert terminal.quit() == 0
    with closing(vault.connect(workspace)) as connection:
        text = connection.execute("SELECT text FROM deidentified").fetchone()[0]
    assert "Amber" in text
