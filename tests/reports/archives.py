"""Archives made for tests."""

import gzip
import io
import tarfile
import zipfile


def zipped(members: dict[str, bytes]) -> bytes:
    """Make a zip archive."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name, (2024, 3, 14, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def tarred(members: dict[str, bytes], *special: tarfile.TarInfo) -> bytes:
    """Make a tar archive, with entries that are no files behind the files."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, data in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
        for entry in special:
            archive.addfile(entry)
    return buffer.getvalue()


def tar_gz(members: dict[str, bytes]) -> bytes:
    """Make a compressed tar archive."""
    return gzip.compress(tarred(members), mtime=0)


def nested(data: bytes, depth: int) -> bytes:
    """Pack bytes into zip archives inside each other."""
    for level in range(depth):
        data = zipped({f"level{level}.zip" if level else "report.txt": data})
    return data
