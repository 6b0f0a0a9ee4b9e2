"""A workspace keeps answers, states and the audit trail, and nobody else may read it."""

import hashlib
import itertools
import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from medtui.errors import Refusal
from medtui.text import sanitize_line
from medtui.workspace import DONE, FEEDS, NEEDS_ANOTHER_LOOK, OPEN, STEPS, Workspace, practices, write_atomic


def test_answers_survive_and_keep_the_file_readable(workspace: Workspace) -> None:
    workspace.save_answer("model", "model", "demo")
    workspace.save_answer("reports", "paths", ["/a", "/b"])
    again = Workspace.open(workspace.path)
    assert again.answers("model") == {"model": "demo"}
    assert again.answers("reports") == {"paths": ["/a", "/b"]}
    assert again.answers("training") == {}
    assert again.practice == "Test practice"


@pytest.mark.parametrize(
    "name", ['Dr "Quote" \\ Sons', "\U0001f600 \u0915\u094d\u0932\u093f\u0928\u093f\u0915", "a\x7f\x1b[2Jb", "[/]"]
)
def test_any_name_of_a_practice_is_kept(tmp_path: Path, name: str) -> None:
    workspace = Workspace.create(tmp_path / "any", name)
    workspace.save_answer("model", "model", name)
    assert Workspace.open(workspace.path).practice == sanitize_line(name)
    assert workspace.answers("model") == {"model": name}


def test_only_the_owner_may_read(workspace: Workspace) -> None:
    workspace.save_answer("model", "model", "demo")
    assert workspace.path.stat().st_mode & 0o777 == 0o700
    for child in workspace.path.rglob("*"):
        assert child.stat().st_mode & 0o077 == 0, child.name


def test_a_changed_answer_marks_what_depends_on_it(workspace: Workspace) -> None:
    for step in STEPS:
        workspace.finish(step, {"figure": 1})
    assert {workspace.state(step) for step in STEPS} == {DONE}
    affected = workspace.save_answer("deid", "profile", "dpdp")
    assert affected == ["deid", *FEEDS["deid"]]
    assert workspace.state("reports") == DONE
    assert workspace.state("training") == NEEDS_ANOTHER_LOOK
    assert workspace.result("training") == {"figure": 1}, "nothing is wiped"


def test_the_same_answer_again_changes_nothing(workspace: Workspace) -> None:
    workspace.save_answer("deid", "profile", "safe_harbor")
    workspace.finish("deid", {})
    assert workspace.save_answer("deid", "profile", "safe_harbor") == []
    assert workspace.state("deid") == DONE


def test_refuses_what_is_no_workspace(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="not a medtui workspace"):
        Workspace.open(tmp_path)
    (tmp_path / "file").write_text("x")
    with pytest.raises(Refusal, match="not empty"):
        Workspace.create(tmp_path, "x")


def test_a_damaged_settings_file_is_one_sentence(workspace: Workspace) -> None:
    (workspace.path / "workspace.toml").write_text("practice = [")
    with pytest.raises(Refusal, match=r"workspace\.toml"):
        workspace.answers("model")


def test_audit_lines_are_chained(workspace: Workspace) -> None:
    workspace.audit("first", number=1)
    workspace.audit("second", text="x" * 20_000)
    workspace.audit("third")
    lines = workspace.audit_path.read_bytes().splitlines()
    for before, line in itertools.pairwise(lines):
        assert json.loads(line)["previous"] == hashlib.sha256(before).hexdigest()


def test_an_unwritable_place_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="Cannot write"):
        write_atomic(tmp_path / "absent" / "file", "x")
    assert list(tmp_path.iterdir()) == []


def test_lists_practices(tmp_path: Path) -> None:
    Workspace.create(tmp_path / "b", "B")
    Workspace.create(tmp_path / "a", "A")
    assert [practice.practice for practice in practices(tmp_path)] == ["A", "B"]
    assert practices(tmp_path / "none") == []


class WorkspaceStates(RuleBasedStateMachine):
    """However answers and results come, a done step never rests on an older result of a step that feeds it."""

    @initialize(folder=st.uuids())
    def start(self, folder: object) -> None:
        self.workspace = Workspace.create(Path(tempfile.mkdtemp()) / str(folder), "Any")
        self.clock = 0
        self.changed: dict[str, int] = {}
        self.finished: dict[str, int] = {}

    @rule(step=st.sampled_from(STEPS), value=st.integers(0, 2))
    def answer(self, step: str, value: int) -> None:
        self.clock += 1
        if self.workspace.answers(step).get("value") != value:
            self.changed[step] = self.clock
        self.workspace.save_answer(step, "value", value)

    @rule(step=st.sampled_from(STEPS))
    def finish(self, step: str) -> None:
        self.clock += 1
        self.finished[step] = self.clock
        self.workspace.finish(step, {})

    @invariant()
    def states_are_honest(self) -> None:
        for step in STEPS:
            feeding = [before for before in STEPS if step in FEEDS[before]]
            changed = [self.changed.get(name, 0) for name in (step, *feeding)]
            newest = max(changed + [self.finished.get(name, 0) for name in feeding])
            finished = self.finished.get(step)
            expected = OPEN if finished is None else DONE if finished > newest else NEEDS_ANOTHER_LOOK
            assert self.workspace.state(step) == expected


WorkspaceStates.TestCase.settings = settings(max_examples=15, stateful_step_count=15, deadline=None)
test_states = WorkspaceStates.TestCase
