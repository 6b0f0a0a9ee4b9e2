"""Word documents (DOCX): everything a reader of the page sees, in order, with headers, tables and text boxes."""

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

import docx
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml import parse_xml
from docx.oxml.ns import qn

from medtui.reports.draft import Draft, Found, Source, Unreadable
from medtui.reports.readers.package import check_size
from medtui.reports.readers.raised import powers, raised
from medtui.reports.readers.symbols import symbol

_TABLE, _PARAGRAPH, _TEXT, _TAB, _BREAK = qn("w:tbl"), qn("w:p"), qn("w:t"), qn("w:tab"), (qn("w:br"), qn("w:cr"))
_HYPHEN, _SYMBOL = qn("w:noBreakHyphen"), qn("w:sym")
_ROW, _CELL = qn("w:tr"), qn("w:tc")
# Deleted text of tracked changes, and the alternative of a drawing for old programs, which repeats its text.
_PASSED_OVER = frozenset(
    (qn("w:del"), qn("w:moveFrom"), "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback")
)
_NOTES = frozenset(("/word/footnotes.xml", "/word/endnotes.xml"))
_PARTS = ("header", "first_page_header", "even_page_header", "footer", "first_page_footer", "even_page_footer")


def read(source: Source) -> Iterator[Found]:
    """Read a Word document as one report.

    Raises:
        Unreadable: the package is damaged or unpacks to something absurd.
    """
    check_size(source.data)
    try:
        document = docx.Document(io.BytesIO(source.data))
    except (PackageNotFoundError, KeyError, ValueError, zipfile.BadZipFile, SyntaxError) as error:
        raise Unreadable("The Word file is damaged; open it in Word and save it again.") from error
    headers, footers = _edges(document)
    lines = [*headers, *_blocks(document.element.body), *_notes(document), *footers]
    draft = Draft("docx", "\n".join(lines))
    draft.title = document.core_properties.title or ""
    yield draft


def _edges(document: Any) -> tuple[list[str], list[str]]:
    """Give headers and footers once each, however many sections repeat them."""
    headers: dict[str, None] = {}
    footers: dict[str, None] = {}
    for section in document.sections:
        for name in _PARTS:
            part = getattr(section, name)
            if part.is_linked_to_previous:
                continue
            target = headers if name.endswith("header") else footers
            target.update(dict.fromkeys(line for line in _blocks(part._element) if line.strip()))
    return list(headers), list(footers)


def _notes(document: Any) -> Iterator[str]:
    """Give footnotes and endnotes."""
    for part in document.part.package.iter_parts():
        if part.partname in _NOTES:
            yield from (line for line in _blocks(parse_xml(part.blob)) if line.strip())


def _blocks(parent: Any) -> Iterator[str]:
    """Give a block's lines; content controls and tracked insertions count as what they show."""
    for child in parent:
        if child.tag in _PASSED_OVER:
            continue
        if child.tag == _PARAGRAPH:
            yield _paragraph(child)
        elif child.tag == _TABLE:
            yield from _table(child)
        elif isinstance(child.tag, str):
            yield from _blocks(child)


def _table(table: Any) -> Iterator[str]:
    for row in _rows(table):
        cells = [" / ".join(line for line in _blocks(cell) if line.strip()) for cell in _cells(row)]
        if any(cells):
            yield " | ".join(cells)


def _rows(element: Any) -> Iterator[Any]:
    for child in element:
        if child.tag == _ROW:
            yield child
        elif isinstance(child.tag, str) and child.tag not in _PASSED_OVER and child.tag != _CELL:
            yield from _rows(child)


def _cells(element: Any) -> Iterator[Any]:
    for child in element:
        if child.tag == _CELL:
            yield child
        elif isinstance(child.tag, str) and child.tag not in _PASSED_OVER:
            yield from _cells(child)


def _paragraph(paragraph: Any) -> str:
    pieces: list[str] = []
    boxes: list[str] = []
    _collect(paragraph, pieces, boxes)
    text = powers("".join(pieces))
    return "\n".join([text, *boxes]) if boxes else text


def _collect(element: Any, pieces: list[str], boxes: list[str]) -> None:
    for child in element:
        if child.tag in _PASSED_OVER or not isinstance(child.tag, str):
            continue
        if child.tag == _TEXT:
            text = _text(child)
            is_number = text[:2].strip("+-\u2212").isdigit()
            pieces.append(raised(text) if is_number and _is_raised(child) else text)
        elif child.tag == _TAB and child.getparent().tag != qn("w:tabs"):
            pieces.append("\t")
        elif child.tag in _BREAK:
            pieces.append("\n")
        elif child.tag == _HYPHEN:
            pieces.append("-")
        elif child.tag == _SYMBOL:
            pieces.append(_symbol(child))
        elif child.tag in (_PARAGRAPH, _TABLE):
            boxes.extend(_blocks([child]))
        else:
            _collect(child, pieces, boxes)


def _symbol(element: Any) -> str:
    try:
        return symbol(element.get(qn("w:font")) or "", int(element.get(qn("w:char")) or "", 16))
    except ValueError:
        return ""


def _is_raised(element: Any) -> bool:
    placed = element.getparent().find(f"{qn('w:rPr')}/{qn('w:vertAlign')}")
    return placed is not None and placed.get(qn("w:val")) == "superscript"


def _text(element: Any) -> str:
    text = element.text or ""
    if text.isascii() or not _FROM_SYMBOLS.search(text):
        return text
    properties = element.getparent().find(qn("w:rPr"))
    fonts = properties.find(qn("w:rFonts")) if properties is not None else None
    font = (fonts.get(qn("w:ascii")) or "") if fonts is not None else ""
    return _FROM_SYMBOLS.sub(lambda letter: symbol(font, ord(letter.group())), text)


# Where programs put the letters of symbol fonts.
_FROM_SYMBOLS = re.compile("[\uf020-\uf0ff]")
