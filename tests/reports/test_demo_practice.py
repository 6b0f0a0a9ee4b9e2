"""The fictional practice: everything in its gold list arrives, and its unreadable files are named."""

import json
import re
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from medtui import assets
from medtui.reports import importing
from medtui.reports.document import Document, UnreadFile

Gold = dict[str, Any]


@pytest.fixture(scope="session")
def practice() -> tuple[list[Gold], list[Document], list[UnreadFile]]:
    """The gold list, and what reading the files gave."""
    root = assets.path("demo_practice")
    gold = [json.loads(line) for line in (root / "gold.jsonl").read_text().splitlines()]
    results = list(importing.read_paths([root / "reports"]))
    documents = [item for item in results if isinstance(item, Document)]
    return gold, documents, [item for item in results if isinstance(item, UnreadFile)]


def _pairs(practice: tuple[list[Gold], list[Document], list[UnreadFile]]) -> list[tuple[Gold, Document]]:
    root = assets.path("demo_practice")
    gold, documents, _ = practice
    places: dict[str, list[Document]] = defaultdict(list)
    for document in documents:
        places[str(Path(document.path).relative_to(root))].append(document)
    pairs = []
    for expected in gold:
        if expected["status"] == "readable":
            found = places[expected["path"]]
            fitting = [item for item in found if item.inner_path.split("!")[0] == expected["inner"]] or found
            assert len(fitting) == 1
            pairs.append((expected, fitting[0]))
    return pairs


def _plain(text: str) -> str:
    return re.sub(r"\s+", "", text).casefold()


def test_every_identifier_is_in_the_text_or_known(
    practice: tuple[list[Gold], list[Document], list[UnreadFile]],
) -> None:
    lost = []
    for expected, document in _pairs(practice):
        places = [_plain(document.text), *(_plain(known.value) for known in document.known_identifiers)]
        lost += [
            (expected["id"], item["category"])
            for item in expected["identifiers"]
            if not any(_plain(item["value"]) in place for place in places)
        ]
    assert lost == []


def test_answers_patients_and_dates(practice: tuple[list[Gold], list[Document], list[UnreadFile]]) -> None:
    keys: dict[str, set[str]] = defaultdict(set)
    inexact = 0
    for expected, document in _pairs(practice):
        keys[expected["patient"]].add(document.patient_key)
        assert document.report_date == expected["date"]
        if expected["answer_section"] is None:
            continue
        answer = _plain(expected["answer_section"]["text"])
        assert any(answer in _plain(section.text) for section in document.sections)
        inexact += all(answer != _plain(section.text) for section in document.sections)
    assert all(len(found) == 1 for found in keys.values())
    assert len(set.union(*keys.values())) == len(keys)
    assert inexact <= 0.01 * len(keys)


def test_unreadable_files_are_named(practice: tuple[list[Gold], list[Document], list[UnreadFile]]) -> None:
    gold, _, unread = practice
    assert {Path(item.path).name for item in unread} == {
        Path(item["path"]).name for item in gold if item["status"] != "readable"
    }
    assert all(item.reason.endswith(".") for item in unread)
