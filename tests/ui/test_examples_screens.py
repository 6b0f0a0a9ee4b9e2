"""The closer look at the examples as a person uses it, at the smallest terminal."""

import json
from contextlib import closing
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.screen import Screen

from medtui import vault
from medtui.examples import checks, lengths, step, store
from medtui.examples.drafting import store as drafts
from medtui.examples.learns import lesson
from medtui.examples.settings import model_folder
from medtui.examples.tokens import ChatTokenizer
from medtui.ui.app import MedtuiApp
from medtui.ui.screens.examples_browse import BrowseScreen, Chosen
from medtui.ui.screens.examples_correction import CorrectionScreen
from medtui.ui.screens.examples_drafts import DraftsScreen
from medtui.ui.screens.examples_lengths import LengthsScreen
from medtui.ui.screens.examples_menu import ExamplesMenu
from medtui.ui.screens.examples_settings import SettingsScreen
from medtui.workspace import DONE, Workspace
from tests.examples.conftest import Deidentified, hand_over, radiology
from tests.ui.driving import shown, until, until_shown

SMALLEST = (80, 24)


def _reports() -> list[Deidentified]:
    """Sixty reports; every tenth answer has another number than its findings."""
    found = []
    for number in range(1, 61):
        report = radiology(number, f"patient-{number % 40}", size=number % 50 + 25)
        head, mark, answer = report.text.partition("IMPRESSION:")
        changed = answer.replace(" mm in", "9 mm in") if number % 10 == 0 else answer
        found.append(Deidentified(report.document_id, report.patient_key, head + mark + changed))
    return found


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A practice with examples."""
    workspace = hand_over(Workspace.create(tmp_path_factory.mktemp("examples") / "north", "Northside"), _reports())
    for earlier in ("machine", "model", "reports"):
        workspace.finish(earlier, {"model": "demo", "parameters": 5_000_000})
    workspace.finish("deid", {"documents": 60})
    step.run(workspace)
    return workspace


@pytest.fixture
def workspace(built: Workspace, data_folder: Path) -> Workspace:
    """One of one's own: copied, so that no test sees another's decisions."""
    mine = Workspace.create(data_folder / "north", "Northside")
    mine.vault_path.write_bytes(built.vault_path.read_bytes())
    for done in ("machine", "model", "reports", "deid", "examples"):
        mine.finish(done, built.result(done) or {})
    return mine


async def opened(pilot: Pilot[None], screen: Screen[object], words: str) -> None:
    await until(pilot, lambda: bool(pilot.app.screen_stack) and pilot.app.screen.is_mounted)
    await pilot.app.push_screen(screen)
    await until_shown(pilot, words)


async def test_every_reason_is_listed_with_its_count_and_opens(workspace: Workspace) -> None:
    with closing(vault.connect(workspace)) as connection:
        used, reasons, _ = store.counts(connection)
        first = next(store.candidates(connection, reason=checks.UNGROUNDED))
    app = MedtuiApp(workspace.path)
    async with app.run_test(size=SMALLEST) as pilot:
        await opened(pilot, ExamplesMenu(workspace), f"{used['findings_to_impression']}  Findings to impression")
        assert f"{reasons[checks.UNGROUNDED]}  The report does not support the answer" in shown(app)
        await pilot.press("down", "enter")
        await until_shown(pilot, f"(1 of {reasons[checks.UNGROUNDED]})")
        await until_shown(pilot, "Left out: The answer states")
        start, end, _kind = first.details["unsupported"][0]
        assert f"“{first.row['completion'][0]['content'][start:end]}”: a number with a unit" in shown(app)
        await pilot.press("right")
        await until_shown(pilot, f"(2 of {reasons[checks.UNGROUNDED]})")
        await pilot.press("left")
        await until_shown(pilot, "(1 of")
        await pilot.press("escape")
        await until_shown(pilot, "What do you want to look at?")


async def test_what_the_model_learns_is_shown_as_it_is_trained(workspace: Workspace) -> None:
    with closing(vault.connect(workspace)) as connection:
        candidate = next(store.candidates(connection, reason="", split="train"))
    learned = lesson(candidate.row, ChatTokenizer(model_folder(workspace)))
    read, trained = (sum(part.tokens for part in learned.stretches if part.trained is side) for side in (False, True))
    app = MedtuiApp(workspace.path)
    async with app.run_test(size=(140, 45)) as pilot:
        chosen = Chosen("What the model learns", split="train", tokens=True)
        await opened(pilot, BrowseScreen(workspace, chosen), f"Learned ({trained} tokens)")
        assert f"Only read ({read} tokens)" in shown(app)
        assert "The answer ends with these tokens:" in shown(app)
        assert "<|end|>" in shown(app)
        await pilot.press("t")
        await until_shown(pilot, "What is asked")


async def test_lengths_name_what_each_would_leave_out(workspace: Workspace) -> None:
    with closing(vault.connect(workspace)) as connection:
        found = lengths.measured(connection)
    rows = lengths.table(found, 384)
    assert [row["left_out"] for row in rows] == [sum(one.tokens > row["length"] for one in found) for row in rows]
    app = MedtuiApp(workspace.path)
    async with app.run_test(size=SMALLEST) as pilot:
        await opened(pilot, LengthsScreen(workspace), f"{len(found)} examples, up to 384 tokens")
        await pilot.press("home")
        await until_shown(pilot, f"Left out at {rows[0]['length']}")
        assert f"{rows[0]['length']} tokens  leaves out {rows[0]['left_out'] or 'none'}" in shown(app)


def _draft(workspace: Workspace, report: Deidentified, answer: str, reason: str = "") -> None:
    with closing(vault.connect(workspace)) as connection:
        drafts.prepare(connection)
        texts = (report.text, "How large is the nodule?", answer)
        drafts.add(connection, report.document_id, texts, ("model", "small"), (reason, {}))


def _waiting(workspace: Workspace, count: int) -> None:
    """Some drafts that wait for a decision, of 26 mm and more, and one that failed the checks."""
    reports = _reports()
    for number in range(count):
        _draft(workspace, reports[number], f"It has {number + 26} mm.")
    _draft(workspace, reports[5], "It has 99 mm.", checks.UNGROUNDED)


def _states(workspace: Workspace) -> list[str]:
    with closing(vault.connect(workspace)) as connection:
        return [draft.state for draft in drafts.drafts(connection)]


async def test_drafts_are_decided_by_key_and_taken_back(workspace: Workspace) -> None:
    _waiting(workspace, 4)
    app = MedtuiApp(workspace.path)
    async with app.run_test(size=SMALLEST) as pilot:
        await opened(pilot, DraftsScreen(workspace), "4 drafts wait for you")
        await until_shown(pilot, "It has 26 mm.")
        assert "below 3 billion drafts are hardly ever of use" in " ".join(shown(app).split())
        await pilot.press("a")
        await until(pilot, lambda: _states(workspace) == ["approved", "open", "open", "open", "open"])
        await until_shown(pilot, "1 approved")
        await pilot.press("r")
        await until(pilot, lambda: _states(workspace) == ["approved", "rejected", "open", "open", "open"])
        await pilot.press("u")
        await until(pilot, lambda: _states(workspace) == ["approved", "open", "open", "open", "open"])
        await until_shown(pilot, "3 drafts wait for you")
        await pilot.press("s")
        await until_shown(pilot, "It has 28 mm.")
    assert workspace.state("examples") != DONE


async def test_a_draft_is_corrected_beside_its_report(workspace: Workspace) -> None:
    _waiting(workspace, 2)
    app = MedtuiApp(workspace.path)
    async with app.run_test(size=SMALLEST) as pilot:
        await opened(pilot, DraftsScreen(workspace), "2 drafts wait for you")
        await until_shown(pilot, "It has 26 mm.")
        await pilot.press("e")
        await until_shown(pilot, "Correct the question and its answer")
        await pilot.press(*" Or 88 mm.", "ctrl+s")
        await until_shown(pilot, "cannot be approved yet")
        assert "“88 mm”: a number with a unit that the input does not hold." in shown(app)
        # Nothing that was typed is lost by a stray key.
        await pilot.press("x", "escape")
        await until_shown(pilot, "Leave all the same?")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, CorrectionScreen))
        await pilot.press("backspace", "escape")
        await until_shown(pilot, "2 drafts wait for you")
        await until_shown(pilot, "As a person corrected it")
        await pilot.press("a")
        await until_shown(pilot, "This cannot be approved as it stands")
        assert _states(workspace) == ["open", "open", "open"]
        await pilot.press("e")
        await until_shown(pilot, "Correct the question and its answer")
        await pilot.press(*["backspace"] * 10, "tab", *"So: ", "ctrl+s")
        await until_shown(pilot, "The model wrote:")
        await pilot.press("a")
        await until(pilot, lambda: _states(workspace) == ["approved", "open", "open"])
        # What failed the checks is corrected, too.
        await pilot.press("f")
        await until_shown(pilot, "1 drafts did not pass the checks")
        await pilot.press("e")
        await until_shown(pilot, "Correct the question and its answer")
        await pilot.press(*["backspace"] * 6, *"31 mm.", "ctrl+s")
        await until_shown(pilot, "2 drafts wait for you")
        await until_shown(pilot, "It has 31 mm.")
    with closing(vault.connect(workspace)) as connection:
        first, _, last = drafts.drafts(connection)
    assert (first.question, first.answer) == ("So: How large is the nodule?", "It has 26 mm.")
    assert first.original == ("How large is the nodule?", "It has 26 mm.")
    assert (last.answer, last.reason) == ("It has 31 mm.", "")
    assert last.original == ("How large is the nodule?", "It has 99 mm.")


async def test_tasks_and_wordings_are_changed_and_take_effect(workspace: Workspace) -> None:
    app = MedtuiApp(workspace.path)
    async with app.run_test(size=SMALLEST) as pilot:
        await opened(pilot, SettingsScreen(workspace), "60 Findings to impression")
        await pilot.press("w")
        await until_shown(pilot, "is “Findings to impression” asked?")
        await pilot.press("down", "enter")
        await until_shown(pilot, "Enter keeps it")
        await pilot.press(*"Conclude", "enter")
        await until(pilot, lambda: "instructions" in workspace.answers("examples"))
        await pilot.press("escape")
        await until_shown(pilot, "Settings of the examples")
        await pilot.press("down", "enter")
        await until(pilot, lambda: "clinical_to_assessment" not in workspace.answers("examples").get("tasks", ["x"]))
    own = workspace.answers("examples")["instructions"]["findings_to_impression"]
    assert own[1] == "Conclude"
    step.run(workspace)
    rows = [json.loads(line) for line in (workspace.dataset / "train.jsonl").read_text().splitlines()]
    asked = {row["prompt"][1]["content"].split("\n\n")[0] for row in rows}
    assert asked == set(own)


async def test_strictness_shows_counts_and_a_wrong_file_is_refused(workspace: Workspace) -> None:
    kept = (workspace.result("examples") or {})["strictness"]["strict"]
    workspace.save_answer("examples", "test", "random")
    app = MedtuiApp(workspace.path)
    async with app.run_test(size=SMALLEST) as pilot:
        await until_shown(pilot, "How long may an example be?")
        await pilot.press("enter")
        await until_shown(pilot, f"{kept} of 60")
        await pilot.press("enter")
        await until_shown(pilot, "Shall general instructions be mixed in?")
        await pilot.press("tab", *"/none", "enter")
        await until_shown(pilot, "There is no file /none")
        await pilot.press("shift+tab", "enter")
        await until_shown(pilot, "Look closer", 60)
        # What is changed in the closer look takes effect on leaving it.
        await pilot.press("tab", "enter")
        await until_shown(pilot, "What do you want to look at?")
        await pilot.press("end", "enter")
        await until_shown(pilot, "Settings of the examples")
        await pilot.press("end", "up", "enter")
        await until(pilot, lambda: workspace.answers("examples").get("free_text") is True)
        await pilot.press("escape")
        await until_shown(pilot, "What do you want to look at?")
        await pilot.press("escape")
        await until_shown(pilot, "whole reports were written", 60)
    assert (workspace.dataset / "text" / "train.jsonl").is_file()
    assert workspace.answers("examples")["general_file"] == ""
