"""What a file is, told from its bytes: names and declared types lie."""

import codecs
import re

# Magic numbers at offset 0 (formats' specifications); OLE and ZIP are told apart further.
_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "pdf"),
    (b"{\\rtf", "rtf"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"\x28\xb5\x2f\xfd", "zstandard"),
    (b"Rar!\x1a\x07", "rar"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"BM", "bmp"),
    (b"\x7fELF", "program"),
    (b"MZ", "program"),
    (b"SQLite format 3\x00", "database"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HL7 = re.compile(rb"(?:^|[\r\n\x0b])[ \t]*(?:FHS|BHS|MSH)([|^~!#$%&*+;:,@\x01-\x08])[^\r\n]{3,5}")
_HL7_HEADLESS = re.compile(rb"^\s*(?:PID|OBR|OBX|EVN|ORC|PV1)\|[^\r\n]*[\r\n]+(?:[A-Z][A-Z0-9]{2}\|[^\r\n]*[\r\n]*)*")
_MAIL = re.compile(rb"^(?:[A-Za-z][A-Za-z0-9-]{1,60}:[^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n)*){2,}", re.MULTILINE)
_MAIL_FIELD = re.compile(rb"^(?:MIME-Version|Received|Message-ID|Return-Path|Content-Type|From):", re.I | re.MULTILINE)
_HTML = re.compile(
    rb"\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|div|p|h[1-6]|span|ul|b|br|font|center|pre)\b",
    re.I | re.DOTALL,
)
_XML_ROOT = re.compile(rb"<(?![?!])([A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)")
_HEAD = 65536
# Whether something is text shows early.
_SAMPLE = 8192
_BLANK = b"\x00 \t\r\n"
# What text never holds; line ends, tabs, escape, and the frame marks of HL7's transport are met in exports.
_CONTROLS = bytes(code for code in range(32) if code not in (7, 8, 9, 10, 11, 12, 13, 27, 28))


def sniff(data: bytes) -> str:
    """Name a file's format from its content.

    Returns:
        A format's name, "text" for anything that is text, "binary" when it is nothing known, "empty".
    """
    head = bytes(data[:_HEAD])
    if not head[:64].strip(_BLANK) and not head.strip(_BLANK):
        return "empty"
    return _magical(head, data) or _textual(head)


def _magical(head: bytes, data: bytes) -> str:
    # The preamble of a DICOM file may be the beginning of a TIFF (DICOM PS3.10, 7.1).
    if head[128:132] == b"DICM" or _headless_dicom(head):
        return "dicom"
    if head.startswith(_OLE):
        return _ole(data)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return _zip(data)
    if head[257:262] == b"ustar":
        return "tar"
    for magic, name in _MAGIC:
        if head.startswith(magic) and (name not in ("bmp", "program") or b"\x00" in head[:200]):
            return name
    # A PDF may begin with up to 1,024 bytes of something else (ISO 32000-1, annex H.3.4.1).
    return "pdf" if b"%PDF-" in head[:1024] and b"\x00" not in head[: head.find(b"%PDF-")] else ""


def _textual(head: bytes) -> str:
    text = _narrow(head)
    if text is None:
        return "binary"
    start = text.lstrip()
    for looks, name in ((b"{\\rtf", "rtf"), (b"{", "json"), (b"[{", "json"), (b"[ ", "json"), (b"[\n", "json")):
        if start.startswith(looks):
            return name
    if start.startswith(b"<"):
        return _markup(start)
    if _HL7.search(text[:8192]) or _HL7_HEADLESS.match(text[:8192]):
        return "hl7v2"
    mail = _MAIL.match(start)
    if mail and len(_MAIL_FIELD.findall(mail.group())) >= 2:
        return "eml"
    return "text"


def _narrow(head: bytes) -> bytes | None:
    """Give the head as one byte a character where it is text, None where it is not."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_LE)):
        return head.decode("utf-16", "replace").encode("utf-8", "replace").lstrip(codecs.BOM_UTF8)
    head = head.removeprefix(codecs.BOM_UTF8)
    sample = head[:_SAMPLE]
    zeros = sample.count(0)
    if len(sample) >= 8 and 0.3 * len(sample) < zeros < 0.8 * len(sample):
        # Every other byte of Western text in UTF-16 is zero (three of four in UTF-32), and the others are letters.
        head = head.replace(b"\x00", b"")
        return head if sum(head.count(bytes((code,))) for code in b" etaoinrsh\n") > 0.3 * len(head) else None
    return None if len(sample) - len(sample.translate(None, _CONTROLS)) > 0.02 * len(sample) else head


def _markup(start: bytes) -> str:
    if _HTML.match(start) or re.search(rb"<html\b", start[:4096], re.IGNORECASE):
        return "html"
    root = _root(start)
    if root and b"http://hl7.org/fhir" in start[root.start() : start.find(b">", root.start()) + 1]:
        return "fhir-xml"
    if root and (root.group(2) == b"ClinicalDocument" or b"urn:hl7-org:v3" in start):
        return "ccda"
    return "xml" if root or start.startswith((b"<?xml", b"<!")) else "text"


def _root(start: bytes) -> re.Match[bytes] | None:
    """Find the first element that does not stand in a comment."""
    position = 0
    while True:
        root, comment = _XML_ROOT.search(start, position), start.find(b"<!--", position)
        if root is None or comment < 0 or root.start() < comment:
            return root
        end = start.find(b"-->", comment)
        if end < 0:
            return None
        position = end + 3


def _zip(data: bytes) -> str:
    # Member names stand uncompressed in the local headers and in the directory at the end.
    names = bytes(data[:_HEAD]) + bytes(data[-_HEAD:])
    for member, name in (
        (b"word/document", "docx"),
        (b"xl/workbook", "xlsx"),
        (b"ppt/presentation", "pptx"),
        (b"application/vnd.oasis.opendocument.spreadsheet", "ods"),
        (b"application/vnd.oasis.opendocument.text", "odt"),
    ):
        if member in names:
            return name
    return "zip"


def _ole(data: bytes) -> str:
    # Names of streams in the directory of a compound file are UTF-16 ([MS-CFB] 2.6.1).
    for stream, name in (
        ("EncryptedPackage", "encrypted-office"),
        ("WordDocument", "doc"),
        ("Workbook", "xls"),
        ("Book", "xls"),
        ("__substg1.0_", "msg"),
    ):
        if stream.encode("utf-16-le") in data:
            return name
    return "ole"


def _headless_dicom(head: bytes) -> bool:
    # Without the preamble a data set begins with group 0002 or 0008, little endian, and an explicit value
    # representation or a small length (DICOM PS3.5, 7.1).
    return (
        head[:2] in (b"\x02\x00", b"\x08\x00")
        and head[3:4] == b"\x00"
        and (head[4:6].isalpha() or head[6:8] == b"\x00\x00")
    )
