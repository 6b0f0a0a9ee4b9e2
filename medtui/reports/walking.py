"""Which files an import has before it: folders walked in order, a few names in memory at a time."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from medtui.reports.clean import clean_line
from medtui.reports.document import UnreadFile


def walk(
    paths: list[Path], leave_out: Path | None = None, only: frozenset[str] = frozenset()
) -> Iterator[Path | UnreadFile]:
    """Give the regular files at and below some paths, by name; and a reason for everything else met there.

    Args:
        paths: files and folders as the user gave them; a link given by the user is followed.
        leave_out: the practice's own workspace, which holds what was imported before.
        only: paths, as they are shown, of the files to give; empty for all.
    """
    found = _all(paths, leave_out)
    return (item for item in found if isinstance(item, Path) and clean_line(str(item)) in only) if only else found


def _all(paths: list[Path], leave_out: Path | None) -> Iterator[Path | UnreadFile]:
    for path in paths:
        try:
            mode = path.stat().st_mode
        except OSError as error:
            yield _unread(path, f"It cannot be opened ({error.strerror}); check the path.")
            continue
        if stat.S_ISDIR(mode):
            yield from _folder(path, leave_out.resolve() if leave_out else None)
        elif stat.S_ISREG(mode):
            yield path
        else:
            yield _unread(path, "It is a device or pipe, not a file; leave it out.")


def _folder(folder: Path, leave_out: Path | None) -> Iterator[Path | UnreadFile]:
    if leave_out is not None and folder.resolve() == leave_out:
        yield _unread(folder, "It is this practice's own workspace; it is left out.")
        return
    try:
        with os.scandir(folder) as entries:
            listed = sorted(entries, key=lambda entry: entry.name)
    except OSError as error:
        yield _unread(folder, f"The folder cannot be opened ({error.strerror}); change its permissions.")
        return
    for entry in listed:
        path = folder / entry.name
        if entry.is_symlink():
            yield _unread(path, "It is a link; import what it points to under its own path.")
        elif entry.is_dir(follow_symlinks=False):
            yield from _folder(path, leave_out)
        elif entry.is_file(follow_symlinks=False):
            yield path
        else:
            yield _unread(path, "It is a device or pipe, not a file; leave it out.")


def _unread(path: Path, reason: str) -> UnreadFile:
    return UnreadFile(clean_line(str(path)), "", "unknown", reason)
