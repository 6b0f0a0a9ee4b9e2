"""Archives as EHR systems export them: nested, protected, with members that do not belong there."""

import bz2
import gzip
import io
import lzma
import tarfile
from pathlib import Path

import py7zr
import pytest
import pyzipper

from medtui.reports import importing
from medtui.reports.document import Document, UnreadFile
from medtui.reports.settings import Settings
from tests.reports import samples
from tests.reports.archives import nested, tar_gz, tarred, zipped
from tests.reports.conftest import Read, one, refused

FILES = {
    "documents/4711/a.txt": samples.TEXT.encode(),
    "table.csv": samples.CSV.encode(),
    "deep/b.pdf": samples.HL7.encode(),
}


def _seven(members: dict[str, bytes], password: str | None = None) -> bytes:
    buffer = io.BytesIO()
    with py7zr.SevenZipFile(buffer, "w", password=password, header_encryption=bool(password)) as archive:
        for name, data in members.items():
            archive.writestr(data, name)
    return buffer.getvalue()


@pytest.mark.parametrize("pack", [zipped, tarred, tar_gz, _seven])
def test_members_are_read_as_files(sandboxed: Read, pack: object) -> None:
    assert callable(pack)
    results = sandboxed(pack(FILES))
    documents = [item for item in results if isinstance(item, Document)]
    assert sorted(item.inner_path for item in documents) == [
        "deep/b.pdf!message 1",
        "documents/4711/a.txt",
        "table.csv!row 1",
        "table.csv!row 2",
    ]
    assert len(results) == 4


@pytest.mark.parametrize("compress", [gzip.compress, bz2.compress, lzma.compress])
def test_a_single_compressed_file(read: Read, compress: object) -> None:
    assert callable(compress)
    assert "effusion" in one(read(compress(samples.TEXT.encode()))).text


def test_archives_in_archives_to_a_depth(read: Read) -> None:
    assert one(read(nested(samples.TEXT.encode(), 5))).inner_path.count("!") == 4
    assert "packed more than 5 deep" in refused(read(nested(samples.TEXT.encode(), 6))).reason


def test_members_that_do_not_belong_there(read: Read) -> None:
    link, device = tarfile.TarInfo("link"), tarfile.TarInfo("device")
    link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
    device.type = tarfile.CHRTYPE
    outside = {"../../escape.txt": b"x", "/absolute.txt": b"x", "ok.txt": samples.TEXT.encode()}
    results = read(tarred(outside, link, device)) + read(zipped({**outside, "C:\\x.txt": b"x"}))
    assert [item.inner_path for item in results if isinstance(item, Document)] == ["ok.txt", "ok.txt"]
    assert sorted(item.inner_path for item in results if isinstance(item, UnreadFile)) == sorted(
        ["../../escape.txt", "/absolute.txt", "link", "device", "../../escape.txt", "/absolute.txt", "C:\\x.txt"]
    )


def _protected_zip(password: bytes, encryption: int) -> bytes:
    buffer = io.BytesIO()
    with pyzipper.AESZipFile(buffer, "w", compression=pyzipper.ZIP_DEFLATED, encryption=encryption) as archive:
        archive.setpassword(password)
        archive.writestr("a.txt", samples.TEXT)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "data",
    [_protected_zip(b"secret", pyzipper.WZ_AES), _seven({"a.txt": samples.TEXT.encode()}, "secret")],
    ids=["zip", "7z"],
)
def test_protected_archives(tmp_path: Path, sandboxed: Read, data: bytes) -> None:

    assert "password" in refused(sandboxed(data)).reason
    settings = Settings(passwords=("wrong", "secret"))
    assert "effusion" in one(list(importing.read_paths([tmp_path / "file"], settings))).text


def test_a_protected_pdf(tmp_path: Path, sandboxed: Read) -> None:

    from reportlab.lib.pdfencrypt import StandardEncryption
    from reportlab.pdfgen import canvas

    buffer = io.BytesIO()
    drawing = canvas.Canvas(buffer, encrypt=StandardEncryption("secret", strength=128))
    drawing.drawString(50, 700, "A small pleural effusion.")
    drawing.save()
    assert "password" in refused(sandboxed(buffer.getvalue())).reason
    settings = Settings(passwords=("secret",))
    assert "effusion" in one(list(importing.read_paths([tmp_path / "file"], settings))).text
