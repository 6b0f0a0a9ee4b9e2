"""Divides examples so that no patient, and no copied report, is on two sides."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence

SPLITS = ("train", "validation", "test")
# The share of each split in hundredths. With 80/20 the test is a fifth, and a tenth of the rest watches the training:
# no example of the final test ever decides which checkpoint is kept.
SHARES: dict[str, dict[str, int]] = {
    "80/10/10": {"train": 80, "validation": 10, "test": 10},
    "80/20": {"train": 72, "validation": 8, "test": 20},
}
USUAL = "80/10/10"
RANDOM, NEWEST = "random", "newest"


class UnionFind:
    """Groups things that are connected, over numbers 0..n-1."""

    def __init__(self, size: int) -> None:
        self._parent = list(range(size))

    def find(self, item: int) -> int:
        """Give the group's representative, its smallest number."""
        root = item
        while self._parent[root] != root:
            root = self._parent[root]
        while self._parent[item] != root:
            self._parent[item], item = root, self._parent[item]
        return root

    def union(self, left: int, right: int) -> None:
        """Put two groups together."""
        first, second = sorted((self.find(left), self.find(right)))
        self._parent[second] = first


def groups(links: Sequence[Iterable[Hashable]]) -> list[int]:
    """Group items that share a link, directly or over others.

    Args:
        links: for each item what ties it to others (its patient, its text, its cluster).

    Returns:
        For each item the number of its group's first item.
    """
    found = UnionFind(len(links))
    first: dict[Hashable, int] = {}
    for item, own in enumerate(links):
        for link in own:
            found.union(first.setdefault(link, item), item)
    return [found.find(item) for item in range(len(links))]


def assign(
    group_of: Sequence[int],
    identities: Sequence[str],
    strata: Sequence[str],
    shares: Mapping[str, int] = SHARES[USUAL],
) -> list[str]:
    """Assign whole groups to splits, close to the shares in every stratum; the same input gives the same answer.

    Args:
        group_of: the group of each item.
        identities: a stable identity of each item; decides the order of chance.
        strata: what shall be represented in each split (the task, the kind of report).
        shares: hundredths of each split.

    Returns:
        The split of each item.
    """
    members: dict[int, list[int]] = defaultdict(list)
    for item, group in enumerate(group_of):
        members[group].append(item)
    wanted = {(split, stratum): share * count / 100 for stratum, count in Counter(strata).items()
              for split, share in shares.items()}  # fmt: skip
    order = sorted(members.values(), key=lambda items: (-len(items) // 8, _chance(min(identities[i] for i in items))))
    filled: Counter[tuple[str, str]] = Counter()
    chosen = [""] * len(group_of)
    for items in order:
        inside = Counter(strata[item] for item in items)
        split = max(shares, key=lambda name: _need(name, inside, wanted, filled))
        for item in items:
            chosen[item] = split
            filled[split, strata[item]] += 1
    return chosen


def assign_newest(
    group_of: Sequence[int],
    identities: Sequence[str],
    strata: Sequence[str],
    months: Sequence[str],
    shares: Mapping[str, int] = SHARES[USUAL],
) -> list[str]:
    """Take the groups with the newest items as the test, and divide the others by chance.

    A group counts as new as its newest item, so a patient seen lately is in the test with all earlier reports. Of the
    last month that is needed only part may be taken, by chance; groups without a date never are.

    Args:
        group_of: the group of each item.
        identities: a stable identity of each item.
        strata: what shall be represented in training and validation.
        months: the month of each item as `YYYY-MM` (or a year), empty when unknown.
        shares: hundredths of each split.

    Returns:
        The split of each item.
    """
    members: dict[int, list[int]] = defaultdict(list)
    for item, group in enumerate(group_of):
        members[group].append(item)
    newest = {group: max(months[item] for item in items) for group, items in members.items()}
    by_chance = sorted(members, key=lambda group: _chance(min(identities[item] for item in members[group])))
    wanted = shares["test"] * len(group_of) / 100
    chosen = [""] * len(group_of)
    taken = 0
    for group in sorted(by_chance, key=lambda group: newest[group], reverse=True):
        if taken >= wanted or not newest[group]:
            break
        for item in members[group]:
            chosen[item] = "test"
        taken += len(members[group])
    rest = [item for item, split in enumerate(chosen) if not split]
    others = {name: share for name, share in shares.items() if name != "test"}
    scaled = {name: 100 * share // sum(others.values()) for name, share in others.items()}
    assigned = assign(
        [group_of[item] for item in rest], [identities[item] for item in rest], [strata[item] for item in rest], scaled
    )
    for item, split in zip(rest, assigned, strict=True):
        chosen[item] = split
    return chosen


def _need(
    split: str,
    inside: Counter[str],
    wanted: Mapping[tuple[str, str], float],
    filled: Counter[tuple[str, str]],
) -> tuple[float, float]:
    """How far a split is from its share in the strata of a group, relative first; ties go to the larger split."""
    needs = [
        count * (wanted[split, stratum] - filled[split, stratum]) / max(wanted[split, stratum], 1e-9)
        for stratum, count in inside.items()
    ]
    return sum(needs) / inside.total(), sum(wanted[split, stratum] for stratum in inside)


def _chance(identity: str) -> str:
    return hashlib.sha256(f"split:{identity}".encode()).hexdigest()
