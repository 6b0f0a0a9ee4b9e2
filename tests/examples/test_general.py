"""General instructions join the training split alone, in their share, each counted."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from medtui import assets, vault
from medtui.demo.general.__main__ import main as demo_file
from medtui.errors import Refusal
from medtui.examples import checks, dataset, formats, general, quality, store
from medtui.examples.build import Brought, build
from medtui.examples.figures import figures
from medtui.examples.settings import Settings
from medtui.examples.tokens import ChatTokenizer
from medtui.workspace import Workspace
from tests.examples.conftest import radiology

REPORTS = [radiology(number, f"patient-{number % 40}", size=number % 60 + 3) for number in range(1, 81)]


def _file(folder: Path, name: str, count: int = 200) -> Path:
    path = folder / name
    turns = [(f"What is {number} times {number + 1}?", f"It is {number * (number + 1)}.") for number in range(count)]
    records: list[dict[str, Any]] = [{"instruction": asked, "input": "", "output": told} for asked, told in turns]
    if name.endswith(".csv"):
        lines = ["question,answer", *(f"{asked},{told}" for asked, told in turns)]
        path.write_text("\n".join(lines))
    elif name.endswith(".json"):
        path.write_text(json.dumps(records))
    elif name.startswith("sharegpt"):
        path.write_text("\n".join(json.dumps({"conversations": [
            {"from": "human", "value": asked}, {"from": "gpt", "value": told}]}) for asked, told in turns))  # fmt: skip
    elif name.startswith("messages"):
        chats = [[{"role": "user", "content": asked}, {"role": "assistant", "content": told}] for asked, told in turns]
        path.write_text("\n".join(json.dumps({"messages": chat}) for chat in chats))
    else:
        path.write_text("\n".join(map(json.dumps, records)))
    return path


@pytest.mark.parametrize("name", ["a.json", "a.jsonl", "a.csv", "sharegpt.jsonl", "messages.jsonl"])
def test_every_form_is_mixed_in_its_share(
    workspace: Workspace, tokenizer: ChatTokenizer, tmp_path: Path, name: str
) -> None:
    chosen = Settings(1000)
    with vault.connect(workspace) as connection:
        mixed = formats.read_loosely(_file(tmp_path, name))
        added = build(connection, REPORTS, len(REPORTS), tokenizer, chosen, brought=Brought(mixed=mixed))
        counted = {**figures(connection, chosen), "general": added}
        dataset.write(connection, workspace.dataset, counted)
    rows = {part: [json.loads(line) for line in (workspace.dataset / f"{part}.jsonl").read_text().splitlines()]
            for part in ("train", "validation", "test")}  # fmt: skip
    origins = {part: [row["meta"]["origin"] for row in found] for part, found in rows.items()}
    assert origins["train"].count("general") == added["used"] == counted["tasks"]["general"]
    assert abs(added["used"] / len(origins["train"]) - 0.25) < 0.02
    assert set(origins["validation"]) == set(origins["test"]) == {"report"}
    assert added["read"] == 200 == added["used"] + sum(added["left_out"].values())
    assert counted["train"] == len(rows["train"])
    assert counted["documents"] == len(REPORTS) == counted["used"] + sum(counted["excluded"].values())
    assert not any(counted["leakage"].values())
    assert "general instructions" in (workspace.dataset / "README.md").read_text()


def test_without_a_file_nothing_is_mixed(workspace: Workspace, tokenizer: ChatTokenizer) -> None:
    with vault.connect(workspace) as connection:
        added = build(connection, REPORTS, len(REPORTS), tokenizer, Settings(1000))
        assert "general" not in figures(connection, Settings(1000))["tasks"]
    assert (added["read"], added["used"]) == (0, 0)


def test_test_examples_do_not_come_back_as_general_ones(workspace: Workspace, tokenizer: ChatTokenizer) -> None:
    with vault.connect(workspace) as connection:
        build(connection, REPORTS, len(REPORTS), tokenizer, Settings(1000))
        tested = [item.row for item in store.candidates(connection, reason="", split="test")]
        near = json.loads(json.dumps(tested[0]))
        near["prompt"][-1]["content"] += " Seen today."
        far = {**tested[0], "prompt": [{"role": "user", "content": "Whom to call? jane@example.org"}]}
        long = {**tested[0], "prompt": [{"role": "user", "content": "and " * 2000}]}
        brought = Brought(mixed=[tested[0], near, None, far, long])
        added = build(connection, REPORTS, len(REPORTS), tokenizer, Settings(1000), brought=brought)
    assert added["left_out"] == {
        general.NO_ANSWER: 1, checks.DUPLICATE: 1, general.HELD_OUT: 1, checks.IDENTIFIER: 1, checks.TOO_LONG: 1
    }  # fmt: skip
    assert added["used"] == 0


def test_a_file_that_is_none_changes_nothing(workspace: Workspace, tokenizer: ChatTokenizer, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text('[{"instruction": "x"}]')
    with vault.connect(workspace) as connection, pytest.raises(Refusal, match="no question with an answer"):
        build(
            connection,
            REPORTS,
            len(REPORTS),
            tokenizer,
            Settings(1000),
            brought=Brought(mixed=formats.read_loosely(path)),
        )
    with vault.connect(workspace) as connection:
        assert not list(store.candidates(connection))


def test_the_demo_s_file_is_what_its_command_writes(tmp_path: Path) -> None:
    shipped = assets.path("demo_general", "instructions.jsonl")
    assert CliRunner().invoke(demo_file, ["--out", str(tmp_path / "again.jsonl")]).exit_code == 0
    assert (tmp_path / "again.jsonl").read_bytes() == shipped.read_bytes()
    assert general.file("demo") == shipped
    assert general.file("") is general.file(None) is None
    rows = list(formats.read(shipped))
    assert len(rows) == 101
    assert not any(quality.has_identifier(row["completion"][0]["content"]) for row in rows)
