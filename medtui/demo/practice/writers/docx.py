"""Word files: letterhead sometimes in the page header, heads and results sometimes as tables."""

import io
import zipfile
from datetime import datetime
from random import Random

from docx import Document
from docx.document import Document as WordDocument

from medtui.demo.practice.layout import page_lines, sections_lines
from medtui.demo.practice.marks import plain
from medtui.demo.practice.report import Report

_LONG_AGO = (1980, 1, 1, 0, 0, 0)
_LEFT_OUT = {"thumbnail", "theme", "stylesWithEffects", "webSettings", "fontTable", "customXml", "numbering"}


def write(report: Report, random: Random) -> tuple[bytes, str]:
    """Return the file's bytes and the marked canonical text.

    A table's row is one line of the canonical text, its cells separated by tabs; the page header comes first.
    """
    word = Document()
    _slim(word)
    lines: list[str] = []
    head = list(report.head)
    if "" in head[:5] and random.random() < 0.5:
        cut = head.index("")
        word.sections[0].header.paragraphs[0].text = "\n".join(plain(line) for line in head[:cut])
        lines, head = head[:cut], head[cut + 1 :]
    if report.author.head == 4:
        lines += _table(word, [line.split(":", 1) for line in head if ":" in line])
        head = [line for line in head if ":" not in line and line]
        body = [*head, *sections_lines(report), *report.foot]
    else:
        body = page_lines(report, 0)[len(report.head) - len(head) :]
    rows = {line for part in report.parts if part.kind == "laboratory" for line in part.body.split("\n")}
    table: list[list[str]] = []
    for line in body:
        if line in rows and "\t" in line:
            table.append(line.split("\t"))
            continue
        if table:
            lines += _table(word, table)
            table = []
        if line:
            word.add_paragraph(plain(line))
            lines.append(line)
    return _stored(word), "\n".join(lines) + "\n"


def _table(word: WordDocument, cells: list[list[str]]) -> list[str]:
    """Add a table and return its lines."""
    width = max(len(row) for row in cells)
    table = word.add_table(rows=0, cols=width)
    for row in cells:
        for cell, text in zip(table.add_row().cells, row, strict=False):
            cell.text = plain(text).strip()
    return ["\t".join(part.strip() for part in row) for row in cells]


def _slim(word: WordDocument) -> None:
    """Remove what the library's template brings and these letters do not use, which is most of a small file."""
    kept = {"Normal", "Header", "Table Normal", "Default Paragraph Font", "No List", "Normal Table"}
    for style in list(word.styles):
        if style.name not in kept:
            style.delete()
    latent = word.styles.element.find("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}latentStyles")
    if latent is not None:
        word.styles.element.remove(latent)
    for relationships in (word.part.package.rels, word.part.rels):
        for key in [key for key, related in relationships.items() if related.reltype.rsplit("/", 1)[-1] in _LEFT_OUT]:
            del relationships[key]
    properties = word.core_properties
    properties.author, properties.comments = "", ""
    properties.created = properties.modified = datetime(2025, 1, 1)  # noqa: DTZ001 - the library wants naive UTC


def _stored(word: WordDocument) -> bytes:
    """Return the package with fixed time stamps, so that the same text gives the same bytes."""
    first, second = io.BytesIO(), io.BytesIO()
    word.save(first)
    with zipfile.ZipFile(first) as source, zipfile.ZipFile(second, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, _LONG_AGO)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            target.writestr(entry, source.read(name), compresslevel=9)
    return second.getvalue()
