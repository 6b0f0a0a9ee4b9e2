"""Files that a password protects, grouped so that each password is asked for once."""

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import PurePath
from typing import Protocol

import msgspec

from medtui.reports import store
from medtui.reports.document import PROTECTED, Document, UnreadFile

# Stands for the format of files inside protected archives.
ARCHIVED = "archive"
# Wrong passwords for one group before its files are left out: who mistypes thrice should look the password up.
MOST_WRONG = 3

Read = Callable[[frozenset[str], tuple[str, ...]], None]


class Group(msgspec.Struct, frozen=True):
    """Files of one kind in one folder: whoever protected them most likely used one password.

    Attributes:
        place: the folder in which the files, or the archives around them, lie.
        format: what the files are, `ARCHIVED` when they are inside archives.
        files: how many.
    """

    place: str
    format: str
    files: int

    @property
    def key(self) -> tuple[str, str]:
        """What stays the same of a group while its files are opened."""
        return self.place, self.format


class Asker(Protocol):
    """Somebody who may know the passwords."""

    def password(self, group: Group, wrong: int) -> str:
        """Ask for the password of a group, empty to leave its files out.

        Args:
            group: the files that are still closed.
            wrong: how many passwords in a row opened none of them.
        """

    def left_out(self, group: Group) -> None:
        """Say that a group is left out because no password opened its files."""


def groups(connection: sqlite3.Connection) -> list[Group]:
    """Give the files that wait for a password, by place and format."""
    return grouped(store.refusals(connection))


def grouped(refused: Iterable[UnreadFile]) -> list[Group]:
    """Give the groups among refused files, by place and format; files refused for other reasons are passed over."""
    counts = Counter(_group(unread) for unread in refused if unread.reason == PROTECTED)
    return [Group(place, kind, files) for (place, kind), files in sorted(counts.items())]


def _group(unread: UnreadFile) -> tuple[str, str]:
    return str(PurePath(unread.path).parent), ARCHIVED if unread.inner_path else unread.format


def unlock(refused: Callable[[], Iterable[UnreadFile]], asker: Asker, read: Read) -> None:
    """Ask for the password of each group that none of the passwords given before opens.

    Args:
        refused: gives what is refused now, whatever for.
        asker: is asked; whoever gives a wrong password is asked again, `MOST_WRONG` times at most.
        read: reads files anew, given their paths as shown and all passwords so far.
    """
    passwords: tuple[str, ...] = ()
    wrong: Counter[tuple[str, str]] = Counter()
    done: set[tuple[str, str]] = set()
    while locked := [unread for unread in refused() if unread.reason == PROTECTED and _group(unread) not in done]:
        group = grouped(locked)[0]
        password = asker.password(group, wrong[group.key])
        if not password:
            done.add(group.key)
            continue
        passwords = tuple(dict.fromkeys((*passwords, password)))
        read(frozenset(unread.path for unread in locked), passwords)
        left = next((each for each in grouped(refused()) if each.key == group.key), None)
        wrong[group.key] = wrong[group.key] + 1 if left == group else 0
        if wrong[group.key] == MOST_WRONG:
            done.add(group.key)
            asker.left_out(group)


Results = Iterable[Document | UnreadFile]


def opened(
    results: Results, asker: Asker, read: Callable[[frozenset[str], tuple[str, ...]], Results]
) -> Iterator[Document | UnreadFile]:
    """Give what was read, and at last what passwords open of it, without storing anything.

    Args:
        results: of reading without passwords.
        asker: is asked for the passwords.
        read: reads files anew, given their paths as shown and all passwords so far.
    """
    closed: list[UnreadFile] = []
    found: list[Document | UnreadFile] = []
    for result in results:
        if isinstance(result, UnreadFile) and result.reason == PROTECTED:
            closed.append(result)
        else:
            yield result

    def again(paths: frozenset[str], passwords: tuple[str, ...]) -> None:
        tried = [unread for unread in closed if unread.path in paths]
        closed[:] = [unread for unread in closed if unread.path not in paths]
        for result in read(paths, passwords):
            if isinstance(result, UnreadFile) and result.reason == PROTECTED:
                closed.append(result)
            elif any(_is_in(result, unread) for unread in tried):
                found.append(result)

    unlock(lambda: closed, asker, again)
    yield from found
    yield from closed


def _is_in(result: Document | UnreadFile, unread: UnreadFile) -> bool:
    inner = unread.inner_path
    return result.path == unread.path and (not inner or f"{result.inner_path}!".startswith(f"{inner}!"))
