"""The commands as a user runs them."""

import json
import subprocess
import sys
from pathlib import Path

from medtui import assets
from medtui.workspace import Workspace


def medtui(*arguments: str, given: str = "") -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "medtui", "deid", *arguments], input=given, capture_output=True, text=True, check=False
    )


def test_text_from_standard_input() -> None:
    finished = medtui("text", "-", given="Seen by Dr. Amelia Strand on 3 May 2023. BP 120/80.\n")
    assert finished.returncode == 0
    assert finished.stdout == "Seen by Dr. [NAME] on 2023. BP 120/80.\n"


def test_scan_keeps_the_order_and_takes_known_values(tmp_path: Path) -> None:
    lines = [
        {"id": "b", "text": "quillon came today", "known": ["Quillon"]},
        {"id": "a", "text": "Call 555-0142."},
        {"id": 3, "text": "Normal chest radiograph."},
    ]
    file = tmp_path / "texts.jsonl"
    file.write_text("\n".join(json.dumps(line) for line in lines))
    finished = medtui("scan", str(file), "--json")
    answers = [json.loads(line) for line in finished.stdout.splitlines()]
    assert [answer["id"] for answer in answers] == ["b", "a", 3]
    assert [(span["start"], span["end"], span["entity"]) for span in answers[0]["spans"]] == [(0, 7, "NAME")]
    assert [(span["start"], span["end"], span["entity"]) for span in answers[1]["spans"]] == [(5, 13, "PHONE")]
    assert answers[2]["spans"] == answers[2]["doubts"] == []


def test_broken_line_is_named(tmp_path: Path) -> None:
    file = tmp_path / "texts.jsonl"
    file.write_text('{"id": 1, "text": "x"}\n{"id": 2}\n')
    finished = medtui("scan", str(file))
    assert finished.returncode == 2
    assert "Line 2" in finished.stderr


def test_demo_practice_reaches_its_recall() -> None:
    finished = medtui("score", str(assets.path("demo_practice", "gold.jsonl")), "--doubts", "--json")
    score = json.loads(finished.stdout)
    assert score["character_recall"] >= 0.998
    assert score["character_precision"] >= 0.95


def test_purge_destroys_the_vault_only_when_told(practice: Workspace) -> None:
    refused = medtui("purge", "--workspace", str(practice.path))
    assert refused.returncode == 2
    assert practice.vault_path.exists()
    done = medtui("purge", "--workspace", str(practice.path), "--yes")
    assert done.returncode == 0
    assert not list(practice.path.glob("vault.db*"))
