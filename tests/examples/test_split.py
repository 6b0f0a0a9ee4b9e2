"""Groups stay whole, shares are kept, the newest are the test."""

import sqlite3
from collections import Counter
from contextlib import closing

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medtui import vault
from medtui.errors import Refusal
from medtui.examples import division, store
from medtui.examples.build import Brought, build
from medtui.examples.figures import figures
from medtui.examples.settings import Settings
from medtui.examples.split import NEWEST, SHARES, UnionFind
from medtui.examples.tokens import ChatTokenizer
from medtui.workspace import Workspace
from tests.examples.conftest import radiology

_links = st.lists(st.tuples(st.integers(0, 15), st.integers(0, 30)), max_size=60)
_months = st.sampled_from(["", "2021", "2023-11", "2023-12", "2024-01", "2024-02"])


def _divided(links: list[tuple[int, int]], shares: str, months: list[str] | None = None) -> list[str]:
    """Divide reports of one example each and give their splits.

    Args:
        links: patient and text of each report; those with the same belong together, patient 0 is unknown.
        shares: one of `SHARES`.
        months: of each report, when the newest shall be the test.
    """
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.row_factory = sqlite3.Row
        store.clear(connection)
        for number, (patient, text) in enumerate(links):
            document = store.add_document(connection, f"{number:04}", str(patient or ""), f"text {text}", "text")
            store.add_pair(connection, document, {"meta": {"task": "task"}}, (9, 3), "", {})
        month = None if months is None else (lambda name: months[int(name)])
        division.divide(connection, UnionFind(len(links) + 1), SHARES[shares], month)
        assert not any(division.leakage(connection).values())
        rows = connection.execute("SELECT split FROM example_pairs ORDER BY document")
        return [str(row[0]) for row in rows]


def _groups(links: list[tuple[int, int]]) -> list[int]:
    """Give the group of each report, by comparing every two until nothing changes."""
    found = list(range(len(links)))
    while True:
        before = list(found)
        for one, (patient, text) in enumerate(links):
            tied = [other for other, link in enumerate(links) if link[1] == text or (patient and link[0] == patient)]
            found[one] = min(found[other] for other in tied)
        if found == before:
            return found


def _whole(group_of: list[int], chosen: list[str]) -> bool:
    return len(set(zip(group_of, chosen, strict=True))) == len(set(group_of))


@settings(max_examples=40, deadline=None)
@given(_links, st.sampled_from(sorted(SHARES)))
def test_linked_reports_are_never_divided(links: list[tuple[int, int]], shares: str) -> None:
    chosen = _divided(links, shares)
    assert _whole(_groups(links), chosen)
    assert set(chosen) <= set(SHARES[shares])


@settings(max_examples=40, deadline=None)
@given(_links, st.data(), st.sampled_from(sorted(SHARES)))
def test_the_newest_groups_are_the_test(links: list[tuple[int, int]], data: st.DataObject, shares: str) -> None:
    group_of = _groups(links)
    months = data.draw(st.lists(_months, min_size=len(links), max_size=len(links)))
    if links and not any(months):
        with pytest.raises(Refusal, match="No report has a date"):
            _divided(links, shares, months)
        return
    chosen = _divided(links, shares, months)
    assert _whole(group_of, chosen)
    newest = {group: max(m for g, m in zip(group_of, months, strict=True) if g == group) for group in group_of}
    tested = [newest[group] for group, name in zip(group_of, chosen, strict=True) if name == "test"]
    others = [newest[group] for group, name in zip(group_of, chosen, strict=True) if name != "test"]
    assert all(tested)
    assert not tested or not others or max(others) <= min(tested)
    # The test has its share unless too few reports have a date, and no group more than it needs.
    if any(others):
        assert len(tested) >= SHARES[shares]["test"] * len(links) / 100
    assert set(chosen) <= set(SHARES[shares])


@pytest.mark.parametrize("shares", sorted(SHARES))
@pytest.mark.parametrize("newest", [False, True])
def test_shares_are_met_with_small_groups(shares: str, *, newest: bool) -> None:
    links = [(item // 2 + 1, item) for item in range(1000)]
    chosen = _divided(links, shares, [f"2024-{item % 12 + 1:02}" for item in range(1000)] if newest else None)
    for name, share in SHARES[shares].items():
        assert abs(Counter(chosen)[name] / 10 - share) <= 1


def _sides(connection: sqlite3.Connection) -> dict[str, str]:
    return {item.document_id: item.split for item in store.candidates(connection, reason="")}


def test_newest_reports_are_held_out_and_nothing_leaks(workspace: Workspace, tokenizer: ChatTokenizer) -> None:
    reports = [radiology(number, f"patient-{number % 40}", size=number % 60 + 3) for number in range(1, 121)]
    months = {report.document_id: f"2024-{number % 40 // 4 + 1:02}" for number, report in enumerate(reports, start=1)}
    chosen = Settings(1000, shares="80/20", test=NEWEST)
    with vault.connect(workspace) as connection:
        build(connection, reports, len(reports), tokenizer, chosen, brought=Brought(month=months.__getitem__))
        counted, sides = figures(connection, chosen), _sides(connection)
    assert not any(counted["leakage"].values())
    assert counted["split"] == {"shares": "80/20", "test": "newest"}
    # Earlier reports of patients seen lately, and reports like theirs, come along.
    assert "2024-10" in {months[name] for name, side in sides.items() if side == "test"}
    assert "2024-10" not in {months[name] for name, side in sides.items() if side != "test"}
    assert counted["test"] >= 0.2 * len(sides) > counted["validation"] > 0


def test_without_any_date_the_newest_are_not_guessed(workspace: Workspace, tokenizer: ChatTokenizer) -> None:
    connection = vault.connect(workspace)
    with pytest.raises(Refusal, match="No report has a date"):
        build(connection, [radiology(1, "p")], 1, tokenizer, Settings(1000, test=NEWEST))
    assert not list(store.candidates(connection))
