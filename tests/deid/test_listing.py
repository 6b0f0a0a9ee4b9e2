"""The list of findings: order, filters, and its cost with fifty thousand doubts."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest

from medtui import vault
from medtui.deid import gate, listing, review, store
from medtui.deid.listing import View
from medtui.phi import Category
from medtui.reports import store as reports
from medtui.workspace import Workspace

DOUBTS, REPORTS, IN_EACH = 50_000, 2_000, 25


def fill(connection: sqlite3.Connection, documents: int, in_each: int) -> None:
    """Put reports with doubts into a vault; every tenth word is the same everywhere, the others stand twice."""
    reports.prepare(connection)
    store.prepare(connection)
    findings = []
    for number in range(documents):
        words = ["Rose" if spot % 10 == 0 else f"Word{(number * in_each + spot) // 2}" for spot in range(in_each)]
        text = " ".join(words)
        name = f"{number:016x}"
        content = json.dumps({"text": text, "title": "Letter"})
        row = (name, f"p{number // 4}", "text", content)
        connection.execute("INSERT INTO documents (id, patient_key, format, content) VALUES (?, ?, ?, ?)", row)
        connection.execute(
            "INSERT INTO deidentified VALUES (?, ?, ?, 'text', NULL, 'Letter', ?, '[]', 0, 'x')",
            (name, number + 1, f"p{number // 4}", text),
        )
        at = 0
        for spot, word in enumerate(words):
            kind, risk = ("NAME", 0.9) if spot % 2 == 0 else ("LOCATION", 0.54)
            findings.append((name, at, at + len(word), kind, 0.4, "name:word", word, risk, word.lower()))
            at += len(word) + 1
    connection.executemany(
        "INSERT INTO findings (document_id, start, stop, category, score, source, value, risk, form)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        findings,
    )
    connection.commit()


@pytest.fixture
def small(workspace: Workspace) -> Iterator[sqlite3.Connection]:
    with closing(vault.connect(workspace)) as connection:
        fill(connection, 8, 10)
        yield connection


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Workspace, sqlite3.Connection]]:
    workspace = Workspace.create(tmp_path_factory.mktemp("large") / "practice", "Large")
    with closing(vault.connect(workspace)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        fill(connection, REPORTS, IN_EACH)
        yield workspace, connection


def test_riskiest_first_then_what_stands_most_often(small: sqlite3.Connection) -> None:
    first, *others = listing.entries(small, View(), 100)
    assert (first.form, first.places, first.reports, first.category) == ("rose", 8, 8, Category.NAME)
    assert [entry.risk for entry in others] == sorted((entry.risk for entry in others), reverse=True)
    assert sum(entry.places for entry in (first, *others)) == listing.totals(small, View())[0] == 80


def test_pages_are_disjoint_and_whole(small: sqlite3.Connection) -> None:
    whole = [entry.form for entry in listing.entries(small, View(), 1000)]
    paged = [entry.form for start in range(0, len(whole), 7) for entry in listing.entries(small, View(), 7, start)]
    assert paged == whole
    assert len(set(whole)) == listing.totals(small, View())[1]


def test_filters(small: sqlite3.Connection) -> None:
    assert {entry.form for entry in listing.entries(small, View(search="ROS"), 10)} == {"rose"}
    (rose,) = listing.entries(small, View(search="rose", patient="p1"), 10)
    assert rose.places == 4
    places = listing.entries(small, View(category=Category.LOCATION), 100)
    assert {entry.category for entry in places} == {Category.LOCATION}
    assert dict(listing.kinds(small, View(category=Category.LOCATION))) == {Category.NAME: 40, Category.LOCATION: 40}


def test_places_of_a_string_come_one_by_one_with_their_words(small: sqlite3.Connection) -> None:
    found = [listing.place(small, View(), "rose", index) for index in range(9)]
    assert found[8] is None
    assert len({place.document_id for place in found if place}) == 8
    first = found[0]
    assert first is not None
    assert (first.value, first.before) == ("Rose", "")
    assert first.after.startswith(" Word")


def test_letters_that_are_left_are_counted(small: sqlite3.Connection) -> None:
    assert listing.reports_holding(small, "rOSE") == 8
    assert listing.reports_holding(small, "Marchbanks") == listing.reports_holding(small, "") == 0


def steps_of(connection: sqlite3.Connection, work: Callable[[], object]) -> int:
    """Count the instructions, in thousands, that the database needs for some work."""
    count = 0

    def tick() -> int:
        nonlocal count
        count += 1
        return 0

    connection.set_progress_handler(tick, 1000)
    work()
    connection.set_progress_handler(None, 0)
    return count


def test_fifty_thousand_doubts(large: tuple[Workspace, sqlite3.Connection]) -> None:
    workspace, connection = large
    assert listing.totals(connection, View()) == (DOUBTS, listing.totals(connection, View())[1])
    page = listing.entries(connection, View(), 50)
    assert len(page) == 50
    # One pass over the doubts for a page, and none over the reports.
    assert steps_of(connection, lambda: listing.entries(connection, View(), 50)) < 4_000
    assert steps_of(connection, lambda: listing.entries(connection, View(), 50, 20_000)) < 4_000
    rare = next(entry for entry in page if entry.places == 1 or entry.form != "rose")
    place = listing.place(connection, View(), rare.form)
    assert place is not None
    # What one key costs does not depend on how many doubts there are.
    assert steps_of(connection, lambda: listing.place(connection, View(), rare.form)) < 10
    assert steps_of(connection, lambda: review.decide(connection, workspace, place, "accept")) < 10
    rose = listing.place(connection, View(), "rose")
    assert rose is not None
    assert review.decide(connection, workspace, rose, "never") == REPORTS * 3
    assert listing.totals(connection, View())[0] == DOUBTS - REPORTS * 3 - 1
    assert gate.gate(connection).undecided == 0
    store.require_review(connection, True)
    assert gate.gate(connection).undecided == DOUBTS - REPORTS * 3 - 1
