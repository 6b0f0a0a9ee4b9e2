"""Drafted questions: a real model writes, the gate judges, a person decides, and the origin is never lost."""

import json
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from medtui import vault
from medtui.errors import Refusal
from medtui.examples import checks, quality, step
from medtui.examples.command import command
from medtui.examples.drafting import corrections, decisions, questions, store
from medtui.examples.parts import parts
from medtui.phi import Category
from medtui.reports.document import KnownIdentifier
from medtui.workspace import Workspace
from tests.examples.conftest import Deidentified, hand_over, radiology

REPORTS = [radiology(number, f"patient-{number % 40}", size=number % 50 + 5) for number in range(1, 61)]


@pytest.fixture
def practice(tmp_path: Path) -> Workspace:
    return hand_over(Workspace.create(tmp_path / "practice", "Practice"), REPORTS)


def _run(workspace: Workspace, *arguments: str) -> Result:
    result = CliRunner().invoke(command, ["--workspace", str(workspace.path), "--json", *arguments])
    assert result.exit_code == 0, result.exception
    return result


def _add(workspace: Workspace, report: Deidentified, question: str, answer: str) -> int:
    """Put a draft into the vault as the worker does."""
    source = questions.source_for(question, parts(report))
    verdict = checks.check(questions.pair(source, answer), may_copy=True)
    with closing(vault.connect(workspace)) as connection:
        store.prepare(connection)
        store.add(connection, report.document_id, (source, question, answer), ("model", "small"), verdict)
        return max(draft.number for draft in store.drafts(connection))


def test_the_demo_model_drafts_and_the_gate_judges(practice: Workspace) -> None:
    result = json.loads(_run(practice, "draft", "--n", "2").stdout)
    assert result["drafted"] == 2 == result["passed"] + sum(result["failed"].values())
    with closing(vault.connect(practice)) as connection:
        drafts, counts = list(store.drafts(connection)), store.figures(connection)
    assert counts["drafted"] == 2 == counts["waiting"] + sum(counts["failed"].values())
    texts = {report.document_id: report for report in REPORTS}
    for draft in drafts:
        assert draft.answer
        assert draft.state == store.OPEN
        assert draft.source == questions.source_for(draft.question, parts(texts[draft.document_id]))
        reason, _ = checks.check(questions.pair(draft.source, draft.answer), may_copy=True)
        if draft.reason not in {checks.NO_FORM, checks.REPETITIVE}:
            assert draft.reason == reason
    assert len({draft.document_id for draft in drafts}) == 2


def test_only_what_a_person_approves_is_used_and_marked_for_ever(practice: Workspace) -> None:
    numbers = [_add(practice, report, "How large is the nodule?", f"It has {size} mm.")
               for size, report in enumerate(REPORTS[:30], start=6)]  # fmt: skip
    bad = _add(practice, REPORTS[30], "How large is the nodule?", "It has 99 mm.")
    for number in numbers[:20]:
        assert json.loads(_run(practice, "drafts", "approve", str(number)).stdout)["state"] == "approved"
    _run(practice, "drafts", "reject", str(numbers[20]))
    _run(practice, "drafts", "reopen", str(numbers[19]))
    with pytest.raises(Refusal, match="did not pass"):
        decisions.decide(practice, bad, store.APPROVED)
    with pytest.raises(Refusal, match="no draft number 999"):
        decisions.decide(practice, 999, store.APPROVED)
    shown = json.loads(_run(practice, "drafts").stdout)
    assert shown["counts"] == {"drafted": 31, "failed": {checks.UNGROUNDED: 1}, "waiting": 10, "approved": 19,
                               "rejected": 1, "edited": 0}  # fmt: skip
    result = step.run(practice)
    left_out = result["pairs_excluded"].get(checks.HELD_OUT_PATIENT, 0)
    assert result["origins"]["drafted"] + left_out == 19
    rows = {name: [json.loads(line) for line in (practice.dataset / f"{name}.jsonl").read_text().splitlines()]
            for name in ("train", "validation", "test")}  # fmt: skip
    origins = {name: [row["meta"]["origin"] for row in found] for name, found in rows.items()}
    assert origins["train"].count("drafted") == result["origins"]["drafted"] > 0
    assert "drafted" not in origins["validation"] + origins["test"]
    assert "drafted by a model and approved by a person" in (practice.dataset / "README.md").read_text()
    assert result["documents"] == len(REPORTS) == result["used"] + sum(result["excluded"].values())


def test_a_report_that_changed_is_judged_anew(practice: Workspace) -> None:
    number = _add(practice, REPORTS[0], "How large is the nodule?", "It has 6 mm.")
    decisions.decide(practice, number, store.APPROVED)
    gone = _add(practice, Deidentified("f" * 16, "p", REPORTS[1].text), "How large is the nodule?", "It has 7 mm.")
    decisions.decide(practice, gone, store.APPROVED)
    hand_over(practice, [radiology(1, "patient-1", size=44), *REPORTS[1:]])
    result = step.run(practice)
    assert result["pairs_excluded"][checks.UNGROUNDED] == 1
    assert result["drafts"]["without_report"] == 1


def test_replies_are_read_or_not(practice: Workspace) -> None:
    assert questions.read("Question: How large?\nAnswer: 6 mm.") == ("How large?", "6 mm.")
    assert questions.read(" question: How?\n\n answer: So.\nAnd so.") == ("How?", "So.\nAnd so.")
    for reply in ("", "It is large.", "Question: no mark\nAnswer: x", "Answer: x"):
        assert questions.read(reply) is None
    assert quality.is_repetitive("1. No mass.\n2. No mass.\n3. No mass.")
    assert not quality.is_repetitive("1. No mass.\n2. No cyst.\n3. No mass.")


def _edited(workspace: Workspace, number: int, *arguments: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(_run(workspace, "drafts", "edit", str(number), *arguments).stdout)
    return found


def test_a_correction_is_checked_and_marked_for_ever(practice: Workspace) -> None:
    numbers = [_add(practice, report, "How large is the nodule?", f"It has {size} mm.")
               for size, report in enumerate(REPORTS[:20], start=6)]  # fmt: skip
    wrong = _add(practice, REPORTS[20], "How large is the nodule?", "It has 99 mm.")
    decisions.decide(practice, numbers[0], store.APPROVED)
    # Decided about or not, what is corrected waits; what the report does not say is told in words.
    told = _edited(practice, numbers[0], "--answer", "It has 66 mm, on the left and the right.")
    assert told["reason"] == checks.UNGROUNDED
    assert "“66 mm”: a number with a unit that the input does not hold." in told["problems"]
    with pytest.raises(Refusal, match="did not pass"):
        decisions.decide(practice, numbers[0], store.APPROVED)
    assert _edited(practice, numbers[0], "--answer", "The nodule has 6 mm.")["reason"] == ""
    # The model's own wrong answer becomes right by the person's hand.
    assert _edited(practice, wrong, "--answer", "It has 26 mm.", "--question", "Which  size has the nodule?")["edited"]
    with closing(vault.connect(practice)) as connection:
        draft, counts = store.find(connection, wrong), store.figures(connection)
        assert (draft.question, draft.answer) == ("Which size has the nodule?", "It has 26 mm.")
        assert draft.original == ("How large is the nodule?", "It has 99 mm.")
        assert draft.state == store.OPEN
        assert [one.number for one in store.waiting(connection)] == [*numbers, wrong]
    assert counts == {"drafted": 21, "failed": {}, "waiting": 21, "approved": 0, "rejected": 0, "edited": 2}
    for number in (*numbers, wrong):
        decisions.decide(practice, number, store.APPROVED)
    shown = _run(practice, "drafts", "--state", "approved")
    assert json.loads(shown.stdout)["drafts"][-1]["original"] == {"question": draft.original[0],
                                                                  "answer": draft.original[1]}  # fmt: skip
    result = step.run(practice)
    rows = [json.loads(line) for line in (practice.dataset / "train.jsonl").read_text().splitlines()]
    edited = [row for row in rows if row["meta"]["origin"] == questions.EDITED]
    assert len(edited) == result["origins"][questions.EDITED] > 0
    assert {row["completion"][0]["content"] for row in edited} <= {"The nodule has 6 mm.", "It has 26 mm."}
    assert f"{len(edited)} of them corrected by the person first" in (practice.dataset / "README.md").read_text()
    assert f"{len(edited)} of them corrected by the person first." in questions.in_words(result["origins"])


def test_a_correction_holds_no_identifier(tmp_path: Path) -> None:
    known = (KnownIdentifier(Category.NAME, "Rose Sharma"),)
    practice = hand_over(Workspace.create(tmp_path / "practice", "Practice"), REPORTS[:1], known)
    number = _add(practice, REPORTS[0], "How large is the nodule?", "It has 6 mm.")
    for question, answer, piece in (
        ("How large?", "It has 6 mm, says Dr. Gupta.", "Dr. Gupta"),
        ("How large?", "It has 6 mm, call 98765 43210.", "98765 43210"),
        ("How large?", "It has 6 mm since 12 March 2024.", "12 March 2024"),
        ("What did Sharma have?", "A nodule of 6 mm.", "Sharma"),
    ):
        told = _edited(practice, number, "--question", question, "--answer", answer)
        assert told["reason"] == checks.IDENTIFIER
        assert any(f"“{piece}” looks like a name, a date or another" in problem for problem in told["problems"])


def test_a_correction_taken_back_is_none(practice: Workspace) -> None:
    number = _add(practice, REPORTS[0], "How large is the nodule?", "It has 6 mm.")
    assert _edited(practice, number, "--answer", "6 mm it has.")["edited"]
    assert not _edited(practice, number, "--answer", "It has 6 mm.")["edited"]
    with closing(vault.connect(practice)) as connection:
        assert store.find(connection, number).original is None
        assert store.figures(connection)["edited"] == 0


def test_what_cannot_be_kept_changes_nothing(practice: Workspace) -> None:
    number = _add(practice, REPORTS[0], "How large is the nodule?", "It has 6 mm.")
    gone = _add(practice, Deidentified("f" * 16, "p", REPORTS[1].text), "How large is the nodule?", "It has 7 mm.")
    for wrong, texts, words in (
        (number, (" \n", "6 mm."), "question is empty"),
        (number, ("How large?", " "), "answer is empty"),
        (number, ("How large?", "6 mm. " * 2000), "characters; 8,000 are allowed"),
        (gone, ("How large?", "7 mm."), "no longer there"),
        (999, ("How large?", "7 mm."), "no draft number 999"),
    ):
        with pytest.raises(Refusal, match=words):
            corrections.correct(practice, wrong, *texts)
    with closing(vault.connect(practice)) as connection:
        assert store.figures(connection)["edited"] == 0


def test_an_answer_is_read_from_standard_input(practice: Workspace) -> None:
    number = _add(practice, REPORTS[0], "How large is the nodule?", "It has 6 mm.")
    options = ["--workspace", str(practice.path), "drafts", "edit", str(number), "--answer", "-"]
    result = CliRunner().invoke(command, options, input="The nodule\nhas 66 mm.\n")
    assert result.exit_code == 0
    assert "cannot be approved" in result.stdout
    assert "“66 mm”: a number" in result.stdout
    for failed in ([], ["--failed"]):
        listed = CliRunner().invoke(command, ["--workspace", str(practice.path), "drafts", *failed])
        assert "the model wrote:" in listed.stdout
        assert "a person corrected 1" in listed.stdout
