"""Groups stay whole, shares are kept, the newest are the test."""

import sqlite3
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medtui import vault
from medtui.errors import Refusal
from medtui.examples import store
from medtui.examples.build import Brought, build
from medtui.examples.figures import figures
from medtui.examples.settings import Settings
from medtui.examples.split import NEWEST, SHARES, assign, assign_newest, groups
from medtui.examples.tokens import ChatTokenizer
from medtui.workspace import Workspace
from tests.examples.conftest import radiology

_links = st.lists(st.lists(st.integers(0, 30), max_size=2), max_size=60)
_months = st.sampled_from(["", "2021", "2023-11", "2023-12", "2024-01", "2024-02"])


def _whole(group_of: list[int], chosen: list[str]) -> bool:
    return len(set(zip(group_of, chosen, strict=True))) == len(set(group_of))


@given(_links, st.sampled_from(sorted(SHARES)))
def test_linked_items_are_never_divided(links: list[list[int]], shares: str) -> None:
    group_of = groups(links)
    names = [str(item) for item in range(len(links))]
    chosen = assign(group_of, names, ["task"] * len(links), SHARES[shares])
    assert _whole(group_of, chosen)
    assert set(chosen) <= set(SHARES[shares])
    side = {link: chosen[item] for item, own in enumerate(links) for link in own}
    assert all(side[link] == chosen[item] for item, own in enumerate(links) for link in own)


@given(_links, st.data(), st.sampled_from(sorted(SHARES)))
def test_the_newest_groups_are_the_test(links: list[list[int]], data: st.DataObject, shares: str) -> None:
    group_of = groups(links)
    months = data.draw(st.lists(_months, min_size=len(links), max_size=len(links)))
    names = [str(item) for item in range(len(links))]
    chosen = assign_newest(group_of, names, ["task"] * len(links), months, SHARES[shares])
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
    items = [str(item) for item in range(1000)]
    group_of = [item // 2 for item in range(1000)]
    if newest:
        months = [f"2024-{item % 12 + 1:02}" for item in range(1000)]
        chosen = assign_newest(group_of, items, ["task"] * 1000, months, SHARES[shares])
    else:
        chosen = assign(group_of, items, ["task"] * 1000, SHARES[shares])
    for name, share in SHARES[shares].items():
        assert abs(Counter(chosen)[name] / 10 - share) <= 1


def _sides(connection: sqlite3.Connection) -> dict[str, str]:
    return {item.document_id: item.split for item in store.candidates(connection, reason="")}


def test_newest_reports_are_held_out_and_nothing_leaks(workspace: Workspace, tokenizer: ChatTokenizer) -> None:
    reports = [radiology(number, f"patient-{number % 40}", size=number % 60 + 3) for number in range(1, 121)]
    months = {report.document_id: f"2024-{number % 40 // 4 + 1:02}" for number, report in enumerate(reports, start=1)}
    chosen = Settings(1000, shares="80/20", test=NEWEST)
    with vault.connect(workspace) as connection:
        build(connection, reports, len(reports), tokenizer, chosen, brought=Brought(months=months))
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
