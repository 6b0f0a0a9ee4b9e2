"""Files that attack their reader, or are broken in the ways that files break, made anew for each run."""

import base64
import gzip
import io
import json
import random
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable

from tests.reports import samples
from tests.reports.archives import nested, tarred, zipped

_ZEROS = bytes(1 << 20)


def _bomb(name: str, megabytes: int) -> bytes:
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open(name, "w", force_zip64=True) as stream,
    ):
        for _ in range(megabytes):
            stream.write(_ZEROS)
    return buffer.getvalue()


def _word(document: bytes) -> bytes:
    """Put another document.xml into a good Word file."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(samples.word())) as good, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as bad:
        for member in good.infolist():
            bad.writestr(member.filename, document if member.filename == "word/document.xml" else good.read(member))
    return buffer.getvalue()


def _xml(head: str, reference: str) -> bytes:
    return (
        samples.CCDA.replace('<?xml version="1.0" encoding="UTF-8"?>', f'<?xml version="1.0"?>{head}')
        .replace("Heart normal.", reference)
        .encode()
    )


_LAUGHS = (
    "<!DOCTYPE x [<!ENTITY a0 'ha'>"
    + "".join(f"<!ENTITY a{level} '{f'&a{level - 1};' * 10}'>" for level in range(1, 12))
    + "]>"
)
_FILE = "<!DOCTYPE x [<!ENTITY secret SYSTEM 'file:///etc/passwd'>]>"
_BODY = "<w:body><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:body>"
_SPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_W = f"<?xml version='1.0'?>{{}}<w:document xmlns:w='{_SPACE}'>{{}}</w:document>"
_DEEP = "<w:body>" + "<w:sdt><w:sdtContent>" * 50_000 + "</w:sdtContent></w:sdt>" * 50_000 + "</w:body>"
_WRONG = {
    "resourceType": "DiagnosticReport",
    "conclusion": 7,
    "result": "x",
    "subject": [1],
    "presentedForm": {"data": 5},
}


def _pdf(*objects: str, trailer: str = "/Root 1 0 R") -> bytes:
    out, offsets = b"%PDF-1.5\n", []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode("latin-1")
    start = len(out)
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}".encode()
    return out + f"trailer\n<</Size {len(objects) + 1} {trailer}>>\nstartxref\n{start}\n%%EOF".encode()


def _stream(body: str, extra: str = "") -> str:
    return f"<</Length {len(body)} {extra}>>\nstream\n{body}\nendstream"


def _exploding_pdf() -> bytes:
    """Forms that draw forms that draw forms: ten to the twelfth pieces of text."""
    levels = 12
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</XObject<</F 5 0 R>>>>>>",
        _stream("/F Do " * 10),
    ]
    for level in range(levels):
        inner = f"/Resources<</XObject<</F {6 + level} 0 R>>>>" if level < levels - 1 else ""
        objects.append(
            _stream("/F Do " * 10 if inner else "0 0 m 9 9 l S", f"/Type/XObject/Subtype/Form/BBox[0 0 9 9]{inner}")
        )
    return _pdf(*objects)


def _looping_pdf() -> bytes:
    return _pdf("<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[2 0 R 2 0 R]/Count 999999999/Parent 2 0 R>>")


def _huge_page() -> bytes:
    content = _stream("BT /F 12 Tf 100 100 Td (word) Tj ET")
    return _pdf(
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 99999999 99999999]/Contents 4 0 R/Resources<<>>>>",
        content,
    )


def _sheet(cells: str) -> bytes:
    kind = "http://schemas.openxmlformats.org/"
    head, links = "<?xml version='1.0'?>", f"{kind}officeDocument/2006/relationships"
    main = f"{kind}spreadsheetml/2006/main"
    wrapped = f"{head}<Relationships xmlns='{kind}package/2006/relationships'>{{}}</Relationships>"
    link = "<Relationship Id='r1' Type='{}' Target='{}'/>"
    sheets = "<sheets><sheet name='a' sheetId='1' r:id='r1'/></sheets>"
    parts = {
        "[Content_Types].xml": f"{head}<Types xmlns='{kind}package/2006/content-types'/>",
        "_rels/.rels": wrapped.format(link.format(f"{links}/officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f"{head}<workbook xmlns='{main}' xmlns:r='{links}'>{sheets}</workbook>",
        "xl/_rels/workbook.xml.rels": wrapped.format(link.format(f"{links}/worksheet", "worksheets/sheet1.xml")),
        "xl/worksheets/sheet1.xml": f"{head}<worksheet xmlns='{main}'><sheetData>{cells}</sheetData></worksheet>",
    }
    return zipped({name: part.encode() for name, part in parts.items()})


def _giant_sheet() -> bytes:
    return _sheet("<row r='1'><c r='A1'><v>1</v></c></row><row r='1048576'><c r='XFD1048576'><v>1</v></c></row>")


def _lying_zip() -> bytes:
    data = bytearray(zipped({"report.txt": samples.TEXT.encode() * 50}))
    place = data.rfind(b"PK\x01\x02")
    data[place + 24 : place + 28] = struct.pack("<I", 10)
    return bytes(data)


def _png(width: int, height: int) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(_ZEROS)) + chunk(b"IEND", b"")


def _links() -> bytes:
    entries: list[tarfile.TarInfo] = []
    for kind, target in ((tarfile.SYMTYPE, "/etc/passwd"), (tarfile.LNKTYPE, "../x"), (tarfile.BLKTYPE, "")):
        entry = tarfile.TarInfo(f"entry {len(entries)}")
        entry.type, entry.linkname = kind, target
        entries.append(entry)
    return tarred({}, *entries)


def _circle() -> bytes:
    members = [{"reference": "Observation/o2"}]
    loop = {"resourceType": "Observation", "id": "o2", "code": {"text": "loop"}, "hasMember": members}
    parts = [{"title": "x", "entry": [{"reference": "DiagnosticReport/r1"}]}]
    composition = {"resourceType": "Composition", "id": "c", "section": parts}
    return samples.bundle(
        loop, composition, result=[{"reference": "Observation/o2"}], subject={"reference": "Patient/none"}
    )


def _mail(depth: int) -> bytes:
    body = "Content-Type: text/plain\n\nsmall effusion\n"
    for level in range(depth):
        body = f"Content-Type: multipart/mixed; boundary=b{level}\n\n--b{level}\n{body}\n--b{level}--\n"
    return ("From: a@example.org\nMIME-Version: 1.0\n" + body).encode()


def _often(data: bytes, times: int) -> bytes:
    for _ in range(times):
        data = base64.b64encode(data)
    return data


def _noise(size: int) -> bytes:
    return random.Random(4711).randbytes(size)


_TERMINAL = (
    "FINDINGS: \x1b]0;pwned\x07 \x9b31m [@click=app.quit]x[/] [/] \u202eevil\u2066 \x00 \x7f\nIMPRESSION: a\u200bb\n"
)

# name -> (maker, what must come of it: "refused", "read" or "either")
CORPUS: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"", "refused"),
    "white space": (lambda: b" \r\n\t " * 99, "refused"),
    "zeros": (lambda: bytes(5000), "refused"),
    "noise": (lambda: _noise(100_000), "refused"),
    "program": (lambda: b"\x7fELF\x02\x01\x01" + bytes(500), "refused"),
    "database": (lambda: b"SQLite format 3\x00" + bytes(500), "refused"),
    "old office garbage": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + _noise(5000), "refused"),
    "terminal text": (lambda: _TERMINAL.encode(), "read"),
    "terminal text in latin-1": (lambda: _TERMINAL.encode("latin-1", "ignore"), "read"),
    "surrogates": (lambda: b"FINDINGS: \xed\xa0\x80 \xed\xbf\xbf text of a report", "read"),
    "one endless line": (lambda: b"word " * 600_000, "read"),
    "endless text": (lambda: b"a line of text\n" * 400_000, "refused"),
    "labels without end": (lambda: b"Patient Name: " * 20_000, "read"),
    "colons without end": (lambda: b"A:" * 200_000, "read"),
    "base64 ten times": (lambda: _often(samples.TEXT.encode(), 10), "either"),
    "pdf cut off": (lambda: samples.pdf(samples.TEXT)[:300], "refused"),
    "pdf head alone": (lambda: b"%PDF-1.7\n", "refused"),
    "pdf of noise": (lambda: b"%PDF-1.7\n" + _noise(50_000), "refused"),
    "pdf that explodes": (_exploding_pdf, "refused"),
    "pdf whose pages are a circle": (_looping_pdf, "refused"),
    "pdf page of a square mile": (_huge_page, "either"),
    "pdf with damaged streams": (lambda: samples.pdf(samples.TEXT).replace(b"stream\n", b"stream\n\xff\xff"), "either"),
    "word cut off": (lambda: samples.word()[:2000], "refused"),
    "word without document": (lambda: zipped({"word/document.xmlx": b"", "[Content_Types].xml": b""}), "refused"),
    "word bomb": (lambda: _bomb("word/document.xml", 301), "refused"),
    "word that includes a file": (lambda: _word(_W.format(_FILE, _BODY.format("&secret;")).encode()), "either"),
    "word with laughs": (lambda: _word(_W.format(_LAUGHS, _BODY.format("&a11;")).encode()), "either"),
    "word nested deep": (
        lambda: _word(_W.format("", _DEEP).encode()),
        "refused",
    ),
    "zip bomb": (lambda: _bomb("zeros.txt", 100), "refused"),
    "zip bomb inside zips": (lambda: zipped(dict.fromkeys(("1.zip", "2.zip"), _bomb("zeros.txt", 40))), "refused"),
    "zip nine deep": (lambda: nested(samples.TEXT.encode(), 9), "refused"),
    "zip that leads out": (lambda: zipped({"../../../etc/cron.d/x": b"x", "/etc/x": b"x", "C:\\x": b"x"}), "refused"),
    "zip that lies": (_lying_zip, "either"),
    "zip cut off": (lambda: zipped({"a.txt": samples.TEXT.encode()})[:-30], "refused"),
    "zip of ten thousand empties": (lambda: zipped({f"{n}.txt": b"" for n in range(10_000)}), "refused"),
    "tar of links and devices": (_links, "refused"),
    "tar cut off": (lambda: tarred({"a.txt": samples.TEXT.encode() * 20})[:1500], "refused"),
    "gzip bomb": (lambda: gzip.compress(bytes(60_000_000)), "refused"),
    "gzip cut off": (lambda: gzip.compress(samples.TEXT.encode())[:-20], "refused"),
    "7z of noise": (lambda: b"7z\xbc\xaf\x27\x1c\x00\x04" + _noise(2000), "refused"),
    "rar": (lambda: b"Rar!\x1a\x07\x01\x00" + _noise(100), "refused"),
    "xml that includes a file": (lambda: _xml(_FILE, "&secret;"), "refused"),
    "xml that includes a page": (lambda: _xml("<!DOCTYPE x SYSTEM 'http://192.0.2.1/x.dtd'>", "Normal."), "either"),
    "xml with laughs": (lambda: _xml(_LAUGHS, "&a11;"), "refused"),
    "xml with laughs in utf-16": (lambda: _xml(_LAUGHS, "&a11;").decode().encode("utf-16"), "refused"),
    "xml nested deep": (lambda: b"<ClinicalDocument>" + b"<section>" * 200_000, "refused"),
    "xml of nested sections": (
        lambda: b"<ClinicalDocument>" + b"<component><section><text>t</text>" * 200 + b"</section></component>" * 200,
        "either",
    ),
    "xml cut off": (lambda: samples.CCDA.encode()[:1800], "either"),
    "json cut off": (lambda: samples.bundle()[:-200], "refused"),
    "json nested deep": (lambda: b"[" * 200_000 + b"]" * 200_000, "either"),
    "json objects nested deep": (lambda: b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "refused"),
    "json with a giant number": (lambda: b'{"resourceType":"Bundle","entry":[' + b"9" * 10_000 + b"]}", "refused"),
    "fhir of the wrong types": (
        lambda: json.dumps(_WRONG).encode(),
        "refused",
    ),
    "fhir circle": (_circle, "either"),
    "fhir, broken base64": (lambda: samples.bundle(presentedForm={"data": "%%%"}, result=0, conclusion=""), "refused"),
    "hl7 without head": (lambda: samples.HL7.split("\r", 1)[1].encode(), "refused"),
    "hl7 head cut off": (lambda: b"MSH|^~", "either"),
    "hl7 escapes without end": (lambda: (samples.HL7 + r"\.sp99999999\ " * 20_000).encode(), "read"),
    "hl7 with odd separators": (lambda: samples.HL7.replace("|", "\x01").replace("^", "\x02").encode(), "either"),
    "hl7 of empty segments": (lambda: b"MSH|^~\\&|\r" * 20_000, "refused"),
    "table with open quotes": (lambda: ("a,b,report_text\n" + '1,2,"' * 5000).encode(), "either"),
    "table of ten thousand columns": (lambda: b"\n".join([b",".join(b"c%d" % n for n in range(10**4))] * 3), "refused"),
    "table with a giant cell": (lambda: b"id,report_text\n1,\"" + b"x" * 20_000_000 + b'"\n', "refused"),
    "rtf of braces": (lambda: b"{\\rtf1 " + b"{" * 300_000, "refused"),
    "rtf of pictures": (lambda: b"{\\rtf1 " + b"{\\pict " * 20_000, "refused"),
    "rtf of headers": (lambda: b"{\\rtf1 " + b"{\\header x" * 20_000, "either"),
    "html nested deep": (lambda: b"<html><body>" + b"<div>" * 100_000 + b"text", "either"),
    "html of tags": (lambda: b"<html>" + b"<" * 500_000, "either"),
    "mail nested deep": (lambda: _mail(120), "either"),
    "mail without content": (lambda: b"From: a@example.org\nMIME-Version: 1.0\nSubject: x\n\n", "refused"),
    "dicom cut off": (lambda: bytes(128) + b"DICM" + b"\x02\x00\x00\x00UL\x04\x00\xff\xff", "refused"),
    "dicom of noise": (lambda: bytes(128) + b"DICM" + _noise(5000), "refused"),
    "sheet of seventeen thousand million cells": (_giant_sheet, "refused"),
    "sheet cut off": (lambda: _giant_sheet()[:400], "refused"),
    "picture of a square mile": (lambda: _png(60_000, 60_000), "refused"),
    "picture cut off": (lambda: _png(100, 100)[:60], "refused"),
    "photograph head alone": (lambda: b"\xff\xd8\xff\xe0", "refused"),
}  # fmt: skip
