"""Copies are found however many texts there are, and the memory for it stays the same."""

import random
import sqlite3
import tracemalloc
from collections.abc import Sequence
from contextlib import closing

import pytest

from medtui import vault
from medtui.examples import checks, dataset, division, duplicates, free_text, selection, store
from medtui.examples.build import Brought, build
from medtui.examples.duplicates import NearDuplicates, Resemblance, Text
from medtui.examples.figures import figures
from medtui.examples.settings import Settings
from medtui.examples.split import NEWEST, SHARES, UnionFind
from medtui.examples.tokens import ChatTokenizer
from medtui.workspace import Workspace
from tests.examples.conftest import radiology

_WORDS = """
effusion consolidation nodule lobe right left upper lower normal mild severe no with heart lung pleural hilum aorta rib
spine trachea vein liver spleen kidney duct stone mass cyst calcified clear enlarged seen stable new old"""


def _texts(count: int, seed: int = 0) -> list[str]:
    """Texts of which many are copies of an earlier one with some words or numbers changed, or with other capitals."""
    draw, sights = random.Random(seed), _WORDS.split()
    found: list[str] = []
    for _ in range(count):
        if found and draw.random() < 0.6:
            words = draw.choice(found).split()
            for _ in range(draw.choice((0, 1, 1, 2, 4, 8))):
                words[draw.randrange(len(words))] = draw.choice((*sights, str(draw.randrange(60))))
            found.append(" ".join(words) if draw.random() < 0.7 else "\n".join(words).upper())
        else:
            numbers = [str(draw.randrange(60)) for _ in range(8)]
            found.append(" ".join([*draw.choices(sights, k=60), *numbers]))
    return found


def _walked(workspace: Workspace, texts: Sequence[str]) -> list[Resemblance]:
    with closing(vault.connect(workspace)) as connection:
        known, found = NearDuplicates(connection), []
        entered = ((number, Text(number, f"patient-{number % 3}", text)) for number, text in enumerate(texts))
        for number, one in known.walk(entered):
            found.append(one)
            if not one.reason:
                known.remember()
            assert number == len(found) - 1
        known.forget()
    return found


def _every_pair(texts: Sequence[str]) -> list[Resemblance]:
    """Compare each text with every one that was kept before."""
    found: list[Resemblance] = []
    kept: list[int] = []
    sketched = [duplicates._sketched(Text(0, "", text)) for text in texts]
    for number, new in enumerate(sketched):
        alike = {other: float(new.sketch.jaccard(sketched[other].sketch)) for other in kept}
        near = {
            other: share
            for other, share in alike.items()
            if share >= duplicates.ALIKE
            or (share >= duplicates.SIMILAR
                and duplicates._share(new.numbers, sketched[other].numbers) >= duplicates.SAME_NUMBERS)
        }  # fmt: skip
        one = Resemblance(documents=set(near))
        if any(texts[number].lower().split() == texts[other].lower().split() for other in kept):
            one.reason = checks.DUPLICATE
        elif any(share >= duplicates.SAME for share in near.values()):
            one.reason = checks.NEAR_DUPLICATE
        elif any(share >= duplicates.CARRIED_FORWARD and number % 3 == other % 3 for other, share in near.items()):
            one.reason = checks.CARRIED_FORWARD
        found.append(one)
        if not one.reason:
            kept.append(number)
    return found


@pytest.mark.parametrize("block", [1, 7, 1000])
def test_blocks_find_what_comparing_every_pair_finds(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, block: int
) -> None:
    monkeypatch.setattr(duplicates, "BLOCK", block)
    texts = _texts(260)
    found, wanted = _walked(workspace, texts), _every_pair(texts)
    assert found == wanted
    assert {one.reason for one in found} == {"", checks.DUPLICATE, checks.NEAR_DUPLICATE, checks.CARRIED_FORWARD}
    assert sum(len(one.documents) for one in found) > len(texts) / 2


def test_nothing_of_the_comparison_stays_in_the_vault(workspace: Workspace, tokenizer: ChatTokenizer) -> None:
    reports = [radiology(number, f"patient-{number % 9}") for number in range(1, 31)]
    with closing(vault.connect(workspace)) as connection:
        build(connection, reports, len(reports), tokenizer, Settings(1000, free_text=True))
        rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'example%'")
        assert {row[0] for row in rows} == {"example_documents", "example_pairs", "example_texts"}


def _filled(connection: sqlite3.Connection, count: int) -> None:
    """Put reports with an example and a text each into the vault."""
    store.clear(connection)
    for number, text in enumerate(_texts(count), start=1):
        document = store.add_document(connection, f"{number:016x}", f"patient-{number % (count // 3)}", text, "text")
        row = {"prompt": [{"content": text}], "completion": [{"content": text[:90]}], "meta": {"task": "task"}}
        store.add_pair(connection, document, row, (9, 3), "", {})
        store.add_text(connection, document, text, 9, "")
    connection.commit()


def _peak(workspace: Workspace, count: int) -> int:
    """Give the most memory, in bytes, that Python held while copies were looked for and examples were divided."""
    with closing(vault.connect(workspace)) as connection:
        _filled(connection, count)
        connection.execute("BEGIN")
        tied = UnionFind(count + 1)
        tracemalloc.start()
        selection.select(connection, tied)
        free_text.select(connection, tied)
        division.divide(connection, tied, SHARES["80/10/10"])
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert not any(division.leakage(connection).values())
        connection.rollback()
    return peak


def test_memory_does_not_grow_with_the_reports(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(duplicates, "BLOCK", 50)
    _peak(workspace, 60)
    few, many = _peak(workspace, 300), _peak(workspace, 700)
    # Left are numbers in arrays, of reports and of what is left out.
    assert many - few < 400 * 24


def test_no_query_of_a_build_sorts_all_rows_in_memory(workspace: Workspace, tokenizer: ChatTokenizer) -> None:
    reports = [radiology(number, f"patient-{number % 9}", size=number % 40 + 3) for number in range(1, 41)]
    chosen = Settings(1000, free_text=True, test=NEWEST)
    with closing(vault.connect(workspace)) as connection:
        asked: list[str] = []
        connection.set_trace_callback(asked.append)
        brought = Brought(month=lambda name: f"2024-{int(name, 16) % 12 + 1:02}")
        build(connection, reports, len(reports), tokenizer, chosen, brought=brought)
        dataset.write(connection, workspace.dataset, {**figures(connection, chosen), "general": {}})
        connection.set_trace_callback(None)
        # Tables that are there for a while are made again, to ask for the plans.
        for statement in (duplicates._TABLE, selection._STANDARD, *division._TABLES.split(";")):
            connection.execute(statement)
        selects = {query for query in asked if query.startswith("SELECT")}
        plans = {query: [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {query}")] for query in selects}
    assert len(plans) > 20
    # Rows of one report may be sorted among themselves.
    sorting = {query for query, plan in plans.items() for step in plan
               if "TEMP B-TREE" in step and "RIGHT PART" not in step}  # fmt: skip
    assert not sorting


def test_copies_are_near_and_templates_with_other_numbers_are_not(workspace: Workspace) -> None:
    text = (
        "Liver spans {0} cm, spleen {1} cm, right kidney {2} mm, left kidney {3} mm, aorta {4} mm. No ascites is seen "
        "today, the gallbladder has no stones and the pancreas is normal."
    )
    first = text.format(14, 11, 102, 98, 19)
    found = _walked(workspace, [first, first.replace("seen today", "noted"), text.format(15, 9, 111, 105, 21)])
    assert [one.documents for one in found] == [set(), {0}, set()]
