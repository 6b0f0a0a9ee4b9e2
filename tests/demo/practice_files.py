"""Reads the demo practice's files with the bare libraries, independent of the product's readers."""

import base64
import csv
import html
import io
import json
import re
from pathlib import Path
from typing import Any

import docx
import pypdfium2
from lxml import etree

_HL7_ESCAPES = {"\\F\\": "|", "\\S\\": "^", "\\T\\": "&", "\\R\\": "~", "\\.br\\": "\n", "\\E\\": "\\"}


def gold_lines(folder: Path) -> list[dict[str, Any]]:
    """All lines of the gold."""
    return [json.loads(line) for line in (folder / "gold.jsonl").read_text("utf-8").splitlines()]


def everything(path: Path) -> str:
    """All text that a file holds, fields and tables included, white space as single blanks."""
    readers = {".txt": _text, ".pdf": _pdf, ".docx": _docx, ".hl7": _hl7, ".json": _fhir, ".xml": _ccda, ".csv": _csv}
    return " ".join(readers[path.suffix](path.read_bytes()).split())


def _text(data: bytes) -> str:
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise AssertionError("neither UTF-8 nor Windows-1252")


def _pdf(data: bytes) -> str:
    with pypdfium2.PdfDocument(data) as document:
        return "\n".join(page.get_textpage().get_text_range() for page in document)


def _docx(data: bytes) -> str:
    document = docx.Document(io.BytesIO(data))
    parts = [paragraph.text for paragraph in document.sections[0].header.paragraphs]
    for block in document.iter_inner_content():
        if isinstance(block, docx.table.Table):
            parts += ["\t".join(cell.text for cell in row.cells) for row in block.rows]
        else:
            parts.append(block.text)
    return "\n".join(parts)


def _unescaped(text: str) -> str:
    return re.sub(r"\\(?:[FSTRE]|\.br)\\", lambda match: _HL7_ESCAPES[match[0]], text)


def _hl7(data: bytes) -> str:
    parts = []
    for segment in re.split(r"[\r\n]+", data.decode()):
        fields = segment.split("|")
        if fields[0] == "OBX" and fields[2] == "ED":
            parts.append(base64.b64decode(fields[5].split("^")[-1]).decode())
        elif fields[0] == "OBX":
            name = fields[3].split("^")[1]
            parts.append(f"{_unescaped(name)}: {_unescaped(fields[5])}" if fields[2] == "NM" else _unescaped(fields[5]))
            parts.append(" ".join(fields[6:9]))
        elif fields[0] == "NTE":
            parts.append(_unescaped(fields[3]))
        else:
            parts.append(_unescaped(" ".join(re.split(r"[|^~]", segment))))
    return "\n".join(parts)


def _strings(value: Any, key: str = "") -> list[str]:
    if isinstance(value, dict):
        return [text for name, inner in value.items() for text in _strings(inner, name)]
    if isinstance(value, list):
        return [text for inner in value for text in _strings(inner, key)]
    if key == "data":
        return [base64.b64decode(value).decode()]
    if key == "div":
        return [html.unescape(re.sub(r"<[^>]+>", "\n", value))]
    return [str(value)]


def _fhir(data: bytes) -> str:
    return "\n".join(_strings(json.loads(data)))


def _ccda(data: bytes) -> str:
    root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
    attributes = [value for element in root.iter() for value in element.attrib.values()]
    return "\n".join([*root.itertext(), *attributes])


def _csv(data: bytes) -> str:
    text = data.decode("utf-8-sig")
    delimiter = ";" if ";" in text.splitlines()[0] else ","
    return "\n".join(cell for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) for cell in row)
