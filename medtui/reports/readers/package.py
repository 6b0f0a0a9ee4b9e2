"""What office packages (ZIP files of XML) have in common: their size when unpacked, and their passwords."""

import contextlib
import io
import tempfile
import zipfile
from collections.abc import Iterator

from medtui.reports.document import PROTECTED
from medtui.reports.draft import Attachment, Found, Source, Unreadable

# What all parts of one office file may come to when unpacked; a report has a few megabytes.
_LARGEST = 300_000_000


def check_size(data: bytes) -> None:
    """Refuse a package that is damaged or made to fill the memory.

    Raises:
        Unreadable: it is.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            members = package.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise Unreadable("The office file is damaged; open it in its program and save it again.") from error
    if sum(member.file_size for member in members) > _LARGEST:
        raise Unreadable("The office file unpacks to more than 300 MB; it is refused as a decompression bomb.")


def is_protected(data: bytes) -> bool:
    """Tell whether an office file of the old kind (OLE) is protected by a password."""
    import msoffcrypto
    from msoffcrypto.exceptions import FileFormatError, ParseError

    try:
        return bool(msoffcrypto.OfficeFile(io.BytesIO(data)).is_encrypted())
    except (FileFormatError, ParseError, OSError, ValueError):
        return False


def is_protected_opendocument(data: bytes) -> bool:
    """Tell whether an OpenDocument file, a sheet or a text, is protected by a password."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        name = "META-INF/manifest.xml"
        return name in package.namelist() and b"encryption-data" in package.read(name)


@contextlib.contextmanager
def _in_memory() -> Iterator[None]:
    """Let the decryption of old formats work in memory: what was protected is never written to a disk."""
    kept = tempfile.TemporaryFile
    tempfile.TemporaryFile = io.BytesIO  # type: ignore[assignment]
    try:
        yield
    finally:
        tempfile.TemporaryFile = kept


def read(source: Source) -> list[Found]:
    """Open a protected office file with the passwords that the user gave.

    Raises:
        Unreadable: none fits, or the protection is damaged.
    """
    # Loading cryptography takes longer than reading most reports, and few files need it.
    import msoffcrypto
    from msoffcrypto.exceptions import DecryptionError, FileFormatError, InvalidKeyError, ParseError

    for password in source.passwords:
        try:
            protected = msoffcrypto.OfficeFile(io.BytesIO(source.data))
            protected.load_key(password=password)
            plain = io.BytesIO()
            with _in_memory():
                protected.decrypt(plain)
        except InvalidKeyError:
            continue
        except (DecryptionError, FileFormatError, ParseError) as error:
            raise Unreadable("It is protected in a way that is not read; save it without a password.") from error
        return [Attachment("", plain.getvalue())]
    raise Unreadable(PROTECTED)
