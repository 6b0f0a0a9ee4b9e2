"""Whole reports for continued pretraining: on the same sides as the pairs, copies and unfit ones counted."""

import json
import random
import sqlite3
from pathlib import Path

import pytest

from medtui import vault
from medtui.examples import checks, dataset, free_text, store
from medtui.examples.build import Brought, build
from medtui.examples.figures import figures
from medtui.examples.settings import Settings
from medtui.examples.split import SPLITS
from medtui.examples.tokens import ChatTokenizer
from medtui.workspace import Workspace
from tests.examples.conftest import Deidentified, draft, radiology

CHOSEN = Settings(1000, free_text=True)
LETTER = (
    "Dear colleague, thank you for seeing this {} with a cough of {} weeks, who likes {}. We found nothing else today "
    "and would like your opinion, as the patient sleeps well."
)
_WORDS = [f"{first}{last}" for first in ("wood", "stone", "iron", "paper", "cloth", "bread") for last in (
    "worker", "shop", "mill", "yard", "house", "market", "road", "field", "bridge", "garden")]  # fmt: skip


def _practice() -> list[Deidentified]:
    """Radiology with pairs, letters without; every fifth has a copy of another patient with small edits."""
    reports = [radiology(number, f"p{number % 17}") for number in range(1, 61)]
    letters = []
    for number in range(100, 150):
        words = random.Random(number).sample(_WORDS, 40)
        letters.append(
            Deidentified(f"{number:016x}", f"p{number % 23}", LETTER.format(words[0], number, ", a ".join(words[1:])))
        )
    everything = [*reports, *letters]
    edited = [one.text.replace("Heart", "The heart").replace("well", "badly") for one in everything]
    copies = [Deidentified(f"{n + 500:016x}", f"copy-{n}", edited[n]) for n in range(0, len(everything), 5)]
    return [*everything, *copies]


def _built(workspace: Workspace, tokenizer: ChatTokenizer, chosen: Settings = CHOSEN) -> sqlite3.Connection:
    connection = vault.connect(workspace)
    reports = _practice()
    drafts = {one.document_id: [draft(one.document_id, "How long?", "12 mm.")] for one in reports[:40]}
    build(connection, reports, len(reports), tokenizer, chosen, brought=Brought(drafts=drafts))
    return connection


def _sides(connection: sqlite3.Connection) -> dict[str, set[str]]:
    rows = connection.execute(
        "SELECT d.document_id, p.split FROM example_documents d JOIN (SELECT document, split FROM example_pairs "
        "UNION ALL SELECT document, split FROM example_texts) p ON p.document = d.number WHERE p.split <> ''"
    )
    sides: dict[str, set[str]] = {}
    for row in rows:
        sides.setdefault(str(row[0]), set()).add(str(row[1]))
    return sides


def test_no_patient_and_no_copy_is_on_two_sides(workspace: Workspace, tokenizer: ChatTokenizer) -> None:
    connection = _built(workspace, tokenizer)
    counted, sides = figures(connection, CHOSEN), _sides(connection)
    assert not any(counted["leakage"].values())
    assert all(len(found) == 1 for found in sides.values())
    reports = _practice()
    originals = [one for index, one in enumerate(reports[:110]) if index % 5 == 0]
    for original, copy in zip(originals, reports[110:], strict=True):
        assert original.document_id in sides
        assert sides.get(copy.document_id, sides[original.document_id]) == sides[original.document_id]
    patients: dict[str, set[str]] = {}
    for one in reports:
        patients.setdefault(one.patient_key, set()).update(sides.get(one.document_id, set()))
    assert all(len(found) <= 1 for found in patients.values())
    assert all(counted["free_text"][name] for name in SPLITS)
    assert counted["origins"]["drafted"] + counted["pairs_excluded"].get(checks.HELD_OUT_PATIENT, 0) > 0
    drafted = store.candidates(connection, reason="", task="drafted_question")
    assert {one.split for one in drafted} == {"train"}


def test_files_are_what_the_trainer_reads_and_always_the_same(
    model_folder: Path, tokenizer: ChatTokenizer, tmp_path: Path
) -> None:
    from transformers import AutoTokenizer

    contents = []
    for name in ("a", "b"):
        place = Workspace.create(tmp_path / name, "Practice")
        connection = _built(place, tokenizer)
        counted = {**figures(connection, CHOSEN), "general": {}}
        dataset.write(connection, place.dataset, counted)
        contents.append({str(path.relative_to(place.dataset)): path.read_bytes()
                         for path in sorted(place.dataset.rglob("*")) if path.is_file()})  # fmt: skip
    assert contents[0] == contents[1]
    lines = [json.loads(line) for line in contents[0]["text/train.jsonl"].splitlines()]
    assert len(lines) == counted["free_text"]["train"]
    assert all(line["meta"]["task"] == "free_text" for line in lines)
    theirs = AutoTokenizer.from_pretrained(str(model_folder), local_files_only=True)
    tokens = sum(len(theirs(line["text"], add_special_tokens=False)["input_ids"]) + 1 for line in lines)
    assert tokens == counted["free_text"]["tokens"]


def test_texts_of_an_earlier_build_do_not_stay(workspace: Workspace, tokenizer: ChatTokenizer) -> None:
    for chosen in (CHOSEN, Settings(1000)):
        connection = _built(workspace, tokenizer, chosen)
        dataset.write(connection, workspace.dataset, {**figures(connection, chosen), "general": {}})
        assert (workspace.dataset / "text").exists() is chosen.free_text


def test_placeholders_in_texts_are_counted_and_explained(workspace: Workspace, tokenizer: ChatTokenizer) -> None:
    text = LETTER.format("[NAME]", "three", "music") + " The report says nothing more of interest to anybody."
    with vault.connect(workspace) as connection:
        build(connection, [Deidentified("0" * 16, "p", text)], 1, tokenizer, CHOSEN)
        counted = figures(connection, CHOSEN)["free_text"]
    assert counted["with_placeholders"] == 1
    assert "1 of them hold placeholders" in free_text.placeholders(counted)
    assert free_text.placeholders({"with_placeholders": 0}) == ""


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Too short.", checks.TOO_SHORT),
        (LETTER.format("a", "b", "c") + " PRELIMINARY REPORT", checks.PRELIMINARY),
        (LETTER.format("a", "b", "c") + " Mail to jane@example.org.", checks.IDENTIFIER),
        ("\u092e\u0930\u0940\u091c " * 30, checks.LANGUAGE),
    ],
)
def test_unfit_texts_are_left_out_with_their_reason(
    workspace: Workspace, tokenizer: ChatTokenizer, text: str, reason: str
) -> None:
    with vault.connect(workspace) as connection:
        build(connection, [Deidentified("0" * 16, "p", text)], 1, tokenizer, CHOSEN)
        counted = figures(connection, CHOSEN)["free_text"]
    assert (counted["left_out"], counted["reports"]) == ({reason: 1}, 1)
