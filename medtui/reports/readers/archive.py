"""Archives (zip, tar, gzip, bzip2, xz, 7z), a member at a time, within limits."""

import bz2
import gzip
import lzma
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO, Any

import pyzipper

from medtui.reports import content
from medtui.reports.document import PROTECTED
from medtui.reports.draft import Attachment, Found, Skipped, Source, Unreadable

# What one archive may unpack to: in all, for one member, and in proportion to its packed size once it matters.
LARGEST_TOTAL = 2_000_000_000
LARGEST_MEMBER = 256_000_000
MOST_TIMES = 100
_SMALL = 10_000_000
_CHUNK = 1 << 20
_BOMB = "It unpacks to more than a hundred times its size; it is refused as a decompression bomb."
_TOO_LARGE = "It unpacks to more than 256 MB; unpack the archive and import the folder."
_TOTAL = "The archive unpacks to more than 2 GB; unpack it and import the folder."
_OUTSIDE = "Its name leads out of the archive, as attacks do; it is refused."
_DAMAGED = "The archive is damaged here; pack it again."
_ERRORS = (
    zipfile.BadZipFile,
    pyzipper.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    OSError,
    ValueError,
    NotImplementedError,
    struct.error,
)


class _Budget:
    """Counts what an archive has unpacked to, and refuses what is beyond reason."""

    def __init__(self) -> None:
        self._total = 0

    def read(self, stream: IO[bytes], packed: int) -> bytes:
        pieces: list[bytes] = []
        size = 0
        while chunk := stream.read(_CHUNK):
            size += len(chunk)
            self._total += len(chunk)
            if size > _SMALL and packed and size > MOST_TIMES * packed:
                raise Unreadable(_BOMB)
            if size > LARGEST_MEMBER:
                raise Unreadable(_TOO_LARGE)
            if self._total > LARGEST_TOTAL:
                raise _Exhausted
            pieces.append(chunk)
        return b"".join(pieces)


class _Exhausted(Exception):
    """The archive's total is beyond the limit: what is left of it is not read."""


def read(source: Source) -> Iterator[Found]:
    """Give each member of an archive as a file of its own.

    Raises:
        Unreadable: damaged from its beginning, or protected by a password that was not given.
    """
    kind = content.sniff(source.data)
    readers = {"zip": _zip, "tar": _tar, "7z": _seven}
    try:
        yield from readers.get(kind, _stream)(source, kind)
    except _Exhausted:
        yield Skipped("", _TOTAL, kind)


def _zip(source: Source, kind: str) -> Iterator[Found]:
    try:
        archive = pyzipper.AESZipFile(source.open())
    except _ERRORS as error:
        raise Unreadable("The archive is damaged; pack it again.") from error
    budget = _Budget()
    with archive:
        for member in archive.infolist():
            if member.is_dir():
                continue
            name = member.filename
            if _leads_out(name):
                yield Skipped(name, _OUTSIDE)
            elif (member.external_attr >> 16) & 0o170000 == 0o120000:
                yield Skipped(name, "It is a link, not a file; it is left out.")
            else:
                yield _zipped(archive, member, source, budget)


def _zipped(archive: Any, member: Any, source: Source, budget: _Budget) -> Found:
    if member.file_size > _SMALL and member.file_size > MOST_TIMES * max(1, member.compress_size):
        return Skipped(member.filename, _BOMB)
    locked = bool(member.flag_bits & 1)
    for password in source.passwords if locked else (None,):
        try:
            with archive.open(member, pwd=password.encode() if password else None) as stream:
                return Attachment(member.filename, budget.read(stream, member.compress_size), member=True)
        except RuntimeError:
            # A wrong password; also how some damaged entries show.
            continue
        except Unreadable as error:
            return Skipped(member.filename, str(error))
        except _ERRORS:
            if not locked:
                return Skipped(member.filename, _DAMAGED)
    return Skipped(member.filename, PROTECTED if locked else _DAMAGED)


def _tar(source: Source, kind: str) -> Iterator[Found]:
    yield from _members(source.open(), _Budget(), 0)


def _members(stream: IO[bytes], budget: _Budget, packed: int) -> Iterator[Found]:
    try:
        archive = tarfile.open(fileobj=stream, mode="r|")  # noqa: SIM115 - closed with its stream
    except (*_ERRORS, tarfile.TarError) as error:
        raise Unreadable("The archive is damaged; pack it again.") from error
    while True:
        try:
            member = archive.next()
        except (*_ERRORS, tarfile.TarError):
            yield Skipped("", "The rest of the archive is damaged; pack it again.", "tar")
            return
        if member is None:
            return
        if member.isdir():
            continue
        if _leads_out(member.name):
            yield Skipped(member.name, _OUTSIDE)
        elif not member.isfile():
            yield Skipped(member.name, "It is a link or a device, not a file; it is left out.")
        else:
            yield _extracted(archive, member, budget, packed)


def _extracted(archive: tarfile.TarFile, member: tarfile.TarInfo, budget: _Budget, packed: int) -> Found:
    if member.size > LARGEST_MEMBER:
        return Skipped(member.name, _TOO_LARGE)
    try:
        stream = archive.extractfile(member)
        return Attachment(member.name, budget.read(stream, packed) if stream else b"", member=True)
    except Unreadable as error:
        return Skipped(member.name, str(error))
    except (*_ERRORS, tarfile.TarError):
        return Skipped(member.name, _DAMAGED)


def _stream(source: Source, kind: str) -> Iterator[Found]:
    """Read one compressed stream: a tar archive inside it, or a single file."""
    openers: dict[str, Any] = {"gzip": gzip.open, "bzip2": bz2.open, "xz": lzma.open}
    packed = source.size()
    try:
        with openers[kind](source.open()) as stream:
            head = stream.read(1024)
        with openers[kind](source.open()) as stream:
            if head[257:262] == b"ustar":
                yield from _members(stream, _Budget(), packed)
                return
            data = _Budget().read(stream, packed)
    except _ERRORS as error:
        raise Unreadable("The compressed file is damaged or cut off; pack it again.") from error
    yield Attachment("content", data, member=True)


def _seven(source: Source, kind: str) -> Iterator[Found]:
    try:
        from medtui.reports.readers import seven
    except ImportError as error:
        raise Unreadable(
            "It is a 7z archive; install medtui with the extra `sevenzip`, or unpack it and import the folder."
        ) from error
    for name, data in seven.members(source, LARGEST_MEMBER, MOST_TIMES):
        if _leads_out(name):
            yield Skipped(name, _OUTSIDE)
        else:
            yield (
                Attachment(name, data, member=True)
                if data is not None
                else Skipped(name, "It is a link; it is left out.")
            )


def _leads_out(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return name.startswith(("/", "\\")) or ".." in parts or (len(name) > 1 and name[1] == ":") or "\x00" in name
