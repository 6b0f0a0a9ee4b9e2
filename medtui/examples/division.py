"""Puts the kept examples into splits, and proves that nothing is on two sides."""

import itertools
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Mapping

from medtui.errors import Refusal
from medtui.examples import split, store

# Groups and what is in them lie in the vault while they are divided. Large groups come first, as they fit worst;
# those of about one size in the order of chance.
_TABLES = """
CREATE TABLE example_groups (
    number INTEGER PRIMARY KEY, size INTEGER NOT NULL, rank INTEGER NOT NULL, chance BLOB NOT NULL,
    newest TEXT NOT NULL, split TEXT NOT NULL DEFAULT ''
);
CREATE INDEX example_groups_rank ON example_groups (split, rank, chance);
CREATE INDEX example_groups_newest ON example_groups (split, newest DESC, chance);
CREATE TABLE example_members (
    grouped INTEGER, place INTEGER, item INTEGER NOT NULL, stratum TEXT NOT NULL, PRIMARY KEY (grouped, place)
) WITHOUT ROWID;
"""
_ABOUT_ONE_SIZE = 8
Month = Callable[[str], str]


def divide(
    connection: sqlite3.Connection, tied: split.UnionFind, shares: Mapping[str, int], month: Month | None = None
) -> None:
    """Assign the kept candidates to splits; all reports tie groups together, also those without an example.

    Whole texts of reports follow the examples of their group; groups without an example are divided afterwards.

    Args:
        connection: the vault; the caller commits.
        tied: reports by their numbers, those whose examples or texts resemble each other put together; those of one
            patient and those of one text are added.
        shares: hundredths of each split.
        month: gives the month of a report (`YYYY-MM` or a year, empty when unknown) by its id when the newest shall be
            the test; by chance when None.

    Raises:
        Refusal: the newest shall be the test, but no example has a date.
    """
    for column in ("patient_key", "digest"):
        _tie(connection, tied, column)
    for statement in filter(str.strip, _TABLES.split(";")):
        connection.execute(statement)
    groups = _Groups(connection, tied, month)
    kept = f"SELECT d.number, d.document_id, p.number, p.task {store.PAIRS} WHERE p.reason = '' "
    groups.gather(connection.execute(f"{kept}ORDER BY d.document_id, p.task, p.number"))
    if month is not None and groups.strata and not groups.dated:
        raise Refusal("No report has a date, so the newest cannot be the test; choose a test by chance.")
    groups.assign(shares, "UPDATE example_pairs SET split = ? WHERE number = ?")
    follow = "UPDATE example_texts SET split = ? WHERE document = ?"
    texts = f"SELECT d.number, d.document_id, t.document, d.format {store.TEXTS} WHERE t.reason = '' "
    groups.gather(groups.beside_others(connection.execute(f"{texts}ORDER BY d.document_id"), follow))
    groups.assign(shares, follow)
    store.drop(connection, "example_members", "grouped, place")
    store.drop(connection, "example_groups")


def _tie(connection: sqlite3.Connection, tied: split.UnionFind, column: str) -> None:
    """Put reports with the same value together."""
    query = f"SELECT {column}, number FROM example_documents WHERE {column} <> '' ORDER BY {column}"  # noqa: S608 - ours
    for before, row in itertools.pairwise(connection.execute(query)):
        if before[0] == row[0]:
            tied.union(before[1], row[1])


class _Groups:
    """Groups of items that must stay on one side.

    An item comes as number and id of its report, its own number, and its stratum.

    Attributes:
        strata: how many items of each stratum are still to be assigned.
        dated: whether any of them has a date.
    """

    def __init__(self, connection: sqlite3.Connection, tied: split.UnionFind, month: Month | None) -> None:
        self._connection = connection
        self._tied = tied
        self._month = month
        self.strata: Counter[str] = Counter()
        self.dated = False

    def gather(self, rows: Iterable[tuple[int, str, int, str]]) -> None:
        """Take items to be assigned, in the order of their reports' ids."""
        for place, (document, identity, item, stratum) in enumerate(rows):
            group, month = self._tied.find(document), self._month(identity) if self._month is not None else ""
            self.dated |= bool(month)
            self.strata[stratum] += 1
            # The first id of a group decides its place in the order of chance.
            self._connection.execute(
                "INSERT INTO example_groups (number, size, rank, chance, newest) VALUES (?, 1, -1, ?, ?) "
                "ON CONFLICT DO UPDATE SET size = size + 1, rank = -(size / ? + 1), "
                "newest = max(newest, excluded.newest)",
                (group, split.chance(identity), month, _ABOUT_ONE_SIZE),
            )
            self._connection.execute("INSERT INTO example_members VALUES (?, ?, ?, ?)", (group, place, item, stratum))

    def beside_others(
        self, rows: Iterable[tuple[int, str, int, str]], update: str
    ) -> Iterable[tuple[int, str, int, str]]:
        """Put items beside what is assigned of their group already, and give the others."""
        for row in rows:
            query = "SELECT split FROM example_groups WHERE number = ? AND split <> ''"
            found = self._connection.execute(query, (self._tied.find(row[0]),)).fetchone()
            if found is None:
                yield row
            else:
                self._connection.execute(update, (found[0], row[2]))

    def assign(self, shares: Mapping[str, int], update: str) -> None:
        """Choose the split of every group, and keep it for each of its items."""
        if self._month is not None:
            self._assign_newest(shares["test"] * self.strata.total() / 100, update)
            shares = split.without_test(shares)
        filling = split.Filling(self.strata, shares)
        while (group := self._next("rank, chance")) is not None:
            self._put(group[0], filling.place(self._inside(group[0])), update)
        self.strata.clear()

    def _assign_newest(self, wanted: float, update: str) -> None:
        """Take the groups with the newest items as the test.

        A group counts as new as its newest item, so a patient seen lately is in the test with all earlier reports. Of
        the last month that is needed only part may be taken, by chance; groups without a date never are.
        """
        taken = 0
        while taken < wanted and (group := self._next("newest DESC, chance")) is not None and group[2]:
            taken += group[1]
            self.strata -= self._inside(group[0])
            self._put(group[0], "test", update)

    def _next(self, order: str) -> tuple[int, int, str] | None:
        query = f"SELECT number, size, newest FROM example_groups WHERE split = '' ORDER BY {order} LIMIT 1"  # noqa: S608 - ours
        found: tuple[int, int, str] | None = self._connection.execute(query).fetchone()
        return found

    def _inside(self, group: int) -> Counter[str]:
        query = "SELECT stratum FROM example_members WHERE grouped = ? ORDER BY place"
        return Counter(str(row[0]) for row in self._connection.execute(query, (group,)))

    def _put(self, group: int, name: str, update: str) -> None:
        members = self._connection.execute("SELECT item FROM example_members WHERE grouped = ?", (group,))
        for row in members:
            self._connection.execute(update, (name, row[0]))
        self._connection.execute("UPDATE example_groups SET split = ? WHERE number = ?", (name, group))


def leakage(connection: sqlite3.Connection) -> dict[str, int]:
    """Count what is on more than one side of the split, from the finished assignment: all must be zero.

    Returns:
        Patients, reports and whole texts of reports with examples in more than one split.

    Raises:
        Refusal: something is; the dataset must not be used.
    """
    columns = {"patients": "patient_key", "reports": "document_id", "texts": "digest"}
    counted = {name: _on_two_sides(connection, column) for name, column in columns.items()}
    if any(counted.values()):
        raise Refusal("Examples of one patient are on both sides of the split; nothing was written. Build them again.")
    return counted


def _on_two_sides(connection: sqlite3.Connection, column: str) -> int:
    used = " UNION ALL ".join(
        f"SELECT d.{column}, {table}.split {rows} WHERE {table}.split <> '' AND d.{column} <> ''"
        for table, rows in (("p", store.PAIRS), ("t", store.TEXTS))
    )
    same = itertools.groupby(connection.execute(f"{used} ORDER BY 1"), key=lambda row: str(row[0]))
    return sum(len({row[1] for row in rows}) > 1 for _, rows in same)
