"""The whole demo journey, as one command runs it."""

import json
import os
from pathlib import Path

from medtui import assets, vault
from medtui.phi import Category
from medtui.reports import store
from medtui.workspace import DONE, STEPS
from tests.conftest import Demo

# Numbers and years alone say nothing about a person; anything with a longer run of letters or digits may.
SHORTEST_TELLING_VALUE = 8


def test_the_summary_holds_what_was_promised(demo: Demo) -> None:
    summary = demo.summary
    assert summary["documents"] >= 300
    assert summary["unreadable"]
    assert summary["identifiers_found"] > summary["documents"]
    assert summary["known_identifiers_left"] == 0
    assert all(summary["examples"][split] > 0 for split in ("train", "validation", "test"))
    assert set(summary["seconds"]) == set(STEPS)


def test_tuning_lowers_the_validation_loss_by_a_fifth(demo: Demo) -> None:
    training = demo.summary["training"]
    assert training["quantization"] == "nf4"
    assert training["steps"] > 0
    assert training["train_loss_last"] < training["train_loss_first"]
    assert training["validation_loss_best"] <= 0.8 * training["validation_loss_first"]


def test_tuned_answers_have_the_practices_form_and_base_answers_have_not(demo: Demo) -> None:
    chat = demo.summary["chat"]
    assert not any(item["base_in_form"] for item in chat), [item["base"] for item in chat]
    # A model of five million parameters may slip once.
    assert sum(item["tuned_in_form"] for item in chat) >= len(chat) - 1, [item["tuned"] for item in chat]


def test_every_step_is_done(demo: Demo) -> None:
    assert {demo.workspace.state(step) for step in STEPS} == {DONE}
    assert Path(demo.summary["export"]["adapter"]).is_dir()


def test_progress_is_told(demo: Demo) -> None:
    assert demo.errors.strip()
    assert "Traceback" not in demo.errors
    assert "Warning" not in demo.errors


def test_only_the_owner_may_read_any_file(demo: Demo) -> None:
    open_to_others = [
        str(path.relative_to(demo.workspace.path))
        for path in demo.workspace.path.rglob("*")
        if not path.is_symlink() and path.stat().st_mode & 0o077
    ]
    assert open_to_others == []


def test_no_identifier_lies_outside_the_vault(demo: Demo) -> None:
    values = _telling_values()
    assert len(values) > 500
    for path in demo.workspace.path.rglob("*"):
        if path.is_file() and not path.is_symlink() and path != demo.workspace.vault_path:
            content = path.read_bytes().decode("utf-8", "replace")
            leaked = [value for value in values if value in content]
            assert not leaked, f"{len(leaked)} identifiers lie in {path.relative_to(demo.workspace.path)}"


def test_the_vault_does_hold_them(demo: Demo) -> None:
    connection = vault.connect(demo.workspace)
    text = "\n".join(document.text for document in store.documents(connection))
    connection.close()
    values = _telling_values()
    assert sum(value in text for value in values) > 0.5 * len(values)


def _telling_values() -> set[str]:
    values = set()
    with assets.path("demo_practice", "gold.jsonl").open(encoding="utf-8") as stream:
        for line in stream:
            report = json.loads(line)
            for start, end, category in report.get("spans", []):
                value = report["text"][start:end]
                if category != Category.DATE and len(value) >= SHORTEST_TELLING_VALUE and os.linesep not in value:
                    values.add(value)
    return values
