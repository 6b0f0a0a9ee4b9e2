"""Labelled headings and their texts, and how well a segmenter finds them."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path

from medtui import assets
from medtui.examples.segmenter import segment

LABELS = Path(__file__).parent / "labels" / "headers.jsonl"
WRITTEN = ("written", "written_later", "written_last")
_FILES = {
    "Train": "TrainingSet",
    "Validation": "ValidationSet",
    "Test1": "TestSet-1-MEDIQA-Chat-2023",
    "Test2": "TestSet-2-MEDIQA-Sum-2023",
}


def demo() -> dict[str, str]:
    lines = assets.path("demo_practice", "gold.jsonl").read_text().splitlines()
    return {record["id"]: record["text"] for record in map(json.loads, lines)}


def notes(formats: Path) -> dict[tuple[str, str], str]:
    texts: dict[tuple[str, str], str] = {}
    for path in (formats / "notes_primock57").glob("*.json"):
        texts["notes_primock57", path.stem] = json.loads(path.read_text())["note"]
    for short, name in _FILES.items():
        with (formats / "notes_mtsdialog" / f"MTS-Dialog-{name}.csv").open(newline="") as stream:
            for row in csv.DictReader(stream):
                texts[f"notes_mtsdialog/{short}", row["ID"]] = row["section_text"]
    return texts


def labelled(source: str) -> Iterator[tuple[str, str, set[int]]]:
    """Give source, id and the offsets of the labelled headings."""
    for record in map(json.loads, LABELS.read_text().splitlines()):
        if record["source"].startswith(source) and "headers" in record:
            yield record["source"], record["id"], {start for start, _ in record["headers"]}


def titles(name: str) -> list[str] | None:
    """Give the labelled titles of a C-CDA sample."""
    for record in map(json.loads, LABELS.read_text().splitlines()):
        if record["source"] == "ccda_hl7" and record["id"] == name:
            return list(record["titles"])
    return None


def written(name: str) -> Iterator[tuple[str, set[int]]]:
    """Give the notes of one of `WRITTEN`, which were written for their habits, and where their headings begin."""
    for note in (LABELS.parent / f"{name}.txt").read_text().split("\n=====\n"):
        pieces = note.split("\u27e6")
        text, starts = pieces[0], set[int]()
        for piece in pieces[1:]:
            starts.add(len(text))
            text += piece.replace("\u27e7", "")
        yield text, starts


def place(text: str, wanted: list[str]) -> set[int]:
    """Find titles one after the other in a text."""
    starts: set[int] = set()
    position = 0
    for title in wanted:
        found = text.find(title, position)
        assert found >= 0, title
        starts.add(found)
        position = found + 1
    return starts


class Score:
    """Counts of found, missed and wrong headings."""

    def __init__(self) -> None:
        self.documents = self.right = self.missed = self.wrong = 0

    def add(self, text: str, wanted: set[int]) -> None:
        found = {part.start for part in segment(text) if part.title}
        self.documents += 1
        self.right += len(found & wanted)
        self.missed += len(wanted - found)
        self.wrong += len(found - wanted)

    @property
    def f1(self) -> float:
        return 2 * self.right / (2 * self.right + self.missed + self.wrong)
