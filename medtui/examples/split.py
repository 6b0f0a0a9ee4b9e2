"""Decides to which side of the split a group of examples goes; a group is never divided."""

import hashlib
from array import array
from collections import Counter
from collections.abc import Mapping

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
    """Groups things that are connected, over numbers 0..n-1; 4 bytes each."""

    def __init__(self, size: int) -> None:
        self._parent = array("I", range(size))

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


class Filling:
    """Splits that are filled with one group after the other, close to their shares in every stratum."""

    def __init__(self, strata: Mapping[str, int], shares: Mapping[str, int]) -> None:
        """Begin with empty splits.

        Args:
            strata: how many items there are of what shall be represented in each split (the task, the kind of report).
            shares: hundredths of each split.
        """
        self._shares = shares
        self._wanted = {(split, name): share * count / 100 for name, count in strata.items()
                        for split, share in shares.items()}  # fmt: skip
        self._filled: Counter[tuple[str, str]] = Counter()

    def place(self, inside: Mapping[str, int]) -> str:
        """Choose the split of a group.

        Args:
            inside: how many items of each stratum it holds; not empty.
        """
        split = max(self._shares, key=lambda name: self._need(name, inside))
        for stratum, count in inside.items():
            self._filled[split, stratum] += count
        return split

    def _need(self, split: str, inside: Mapping[str, int]) -> tuple[float, float]:
        """How far a split is from its share in the strata of a group, relative first; ties go to the larger split."""
        needs = [
            count * (self._wanted[split, name] - self._filled[split, name]) / max(self._wanted[split, name], 1e-9)
            for name, count in inside.items()
        ]
        return sum(needs) / sum(inside.values()), sum(self._wanted[split, name] for name in inside)


def without_test(shares: Mapping[str, int]) -> dict[str, int]:
    """Give the shares of the other splits among themselves."""
    others = {name: share for name, share in shares.items() if name != "test"}
    return {name: 100 * share // sum(others.values()) for name, share in others.items()}


def chance(identity: str) -> bytes:
    """Draw a group's place in the order of chance from a stable identity: the same input gives the same splits."""
    return hashlib.sha256(f"split:{identity}".encode()).digest()
