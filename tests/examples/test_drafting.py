"""Drafted questions: a real model writes, the gate judges, a person decides, and the origin is never lost."""

import json
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from medtui import vault
from medtui.errors import Refusal
from medtui.examples import checks, quality, step
from medtui.examples.command import command
from medtui.examples.drafting import decisions, questions, store
from medtui.examples.parts import parts
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
                               "rejected": 1}  # fmt: skip
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
