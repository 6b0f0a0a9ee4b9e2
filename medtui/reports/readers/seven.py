"""7z archives, by py7zr (an extra, because of its licence), unpacked in memory."""

from collections.abc import Iterator
from typing import Any

import py7zr
from py7zr.exceptions import ArchiveError
from py7zr.io import BytesIOFactory

from medtui.reports.document import PROTECTED
from medtui.reports.draft import Source, Unreadable

# A solid archive unpacks as a whole, and it is held in memory.
_LARGEST_TOTAL = 512_000_000
_SMALL = 10_000_000


def members(source: Source, largest: int, times: int) -> Iterator[tuple[str, bytes | None]]:
    """Give each member's name and content, None for the content of a link.

    Args:
        source: the archive and the passwords that the user gave.
        largest: most bytes of one member.
        times: most times its packed size that the archive may unpack to.

    Raises:
        Unreadable: damaged, protected, or beyond the limits.
    """
    packed = max(1, source.size())
    for password in (None, *source.passwords):
        try:
            with py7zr.SevenZipFile(source.open(), password=password) as archive:
                listed = archive.list()
                total = sum(entry.uncompressed or 0 for entry in listed)
                if total > _SMALL and total > times * packed:
                    raise Unreadable(
                        "It unpacks to more than a hundred times its size; it is refused as a decompression bomb."
                    )
                if total > _LARGEST_TOTAL or any((entry.uncompressed or 0) > largest for entry in listed):
                    raise Unreadable("The 7z archive unpacks to more than 512 MB; unpack it and import the folder.")
                yield from _unpacked(archive, listed)
                return
        except (py7zr.PasswordRequired, py7zr.exceptions.CrcError) as error:
            if isinstance(error, py7zr.exceptions.CrcError) and password is None:
                raise Unreadable("The archive is damaged; pack it again.") from error
        except (ArchiveError, OSError, ValueError, EOFError, TypeError, IndexError, AssertionError) as error:
            if password is None:
                raise Unreadable("The archive is damaged; pack it again.") from error
    raise Unreadable(PROTECTED)


def _unpacked(archive: Any, listed: list[Any]) -> Iterator[tuple[str, bytes | None]]:
    factory = BytesIOFactory(_LARGEST_TOTAL)
    archive.extractall(factory=factory)
    for entry in listed:
        if entry.is_directory:
            continue
        product = factory.products.get(entry.filename)
        yield entry.filename, product.read() if product is not None and not entry.is_symlink else None
