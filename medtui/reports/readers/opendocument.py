"""OpenDocument text (ODT): everything a reader of the page sees, in order, with headers, tables and text boxes."""

import io
import zipfile
from collections.abc import Iterator
from typing import Any

from medtui.reports.draft import Draft, Found, Source, Unreadable
from medtui.reports.readers.package import check_size, is_protected_opendocument
from medtui.reports.readers.xml import child, descendants, local, parse

# OpenDocument 1.3, part 3: what is deleted while changes are tracked, remarks, and lists of things said elsewhere.
_PASSED_OVER = frozenset(
    ("tracked-changes", "annotation", "sequence-decls", "forms", "note-citation", "table-of-content")
)
_PARAGRAPHS = frozenset(("p", "h"))
_ROWS = frozenset(("table-row",))
_CELLS = frozenset(("table-cell",))
# What stands apart from the line in which it is anchored.
_APART = frozenset(("frame", "note-body", "table", "list"))
_HEADERS, _FOOTERS = ("header", "header-first", "header-left"), ("footer", "footer-first", "footer-left")
# Spaces that one element may stand for.
_MOST_SPACES = 100


def read(source: Source) -> Iterator[Found]:
    """Read an OpenDocument text as one report.

    Raises:
        Unreadable: the package is damaged, protected, or unpacks to something absurd.
    """
    check_size(source.data)
    try:
        with zipfile.ZipFile(io.BytesIO(source.data)) as package:
            names = set(package.namelist())
            if is_protected_opendocument(source.data):
                raise Unreadable("It is protected by a password; open it in its program and save it without one.")
            content, _ = parse(package.read("content.xml"))
            styles = parse(package.read("styles.xml"))[0] if "styles.xml" in names else None
            about = parse(package.read("meta.xml"))[0] if "meta.xml" in names else None
    except (KeyError, zipfile.BadZipFile, OSError, ValueError, RuntimeError) as error:
        raise Unreadable("The OpenDocument file is damaged; open it in its program and save it again.") from error
    body = child(child(content, "body"), "text")
    lines = [*_edges(styles, _HEADERS), *_blocks(body), *_edges(styles, _FOOTERS)]
    draft = Draft("odt", "\n".join(lines))
    draft.title = (
        next(("".join(title.itertext()) for title in descendants(about, "title")), "") if about is not None else ""
    )
    yield draft


def _edges(styles: Any, names: tuple[str, ...]) -> list[str]:
    """Give headers or footers once each, however many kinds of pages repeat them."""
    if styles is None:
        return []
    lines = (line for edge in descendants(styles, *names) for line in _blocks(edge))
    return list(dict.fromkeys(line for line in lines if line.strip()))


def _blocks(parent: Any) -> Iterator[str]:
    for part in parent if parent is not None else ():
        name = local(part)
        if name in _PARAGRAPHS:
            yield from _paragraph(part)
        elif name == "table":
            yield from _table(part)
        elif name not in _PASSED_OVER:
            yield from _blocks(part)


def _table(table: Any) -> Iterator[str]:
    for row in _inside(table, _ROWS):
        cells = [" / ".join(line for line in _blocks(cell) if line.strip()) for cell in _inside(row, _CELLS)]
        if any(cells):
            yield " | ".join(cells)


def _inside(element: Any, names: frozenset[str]) -> Iterator[Any]:
    """Give the elements of some names, but not those in others of them."""
    for part in element:
        name = local(part)
        if name in names:
            yield part
        elif name and name not in _PASSED_OVER and name not in _PARAGRAPHS:
            yield from _inside(part, names)


def _paragraph(paragraph: Any) -> Iterator[str]:
    pieces: list[str] = []
    apart: list[Any] = []
    _collect(paragraph, pieces, apart)
    yield "".join(pieces)
    for element in apart:
        yield from _table(element) if local(element) == "table" else _blocks(element)


def _collect(element: Any, pieces: list[str], apart: list[Any]) -> None:
    pieces.append(_flat(element.text))
    for part in element:
        name = local(part)
        if name == "s":
            pieces.append(" " * min(_MOST_SPACES, _number(part)))
        elif name == "tab":
            pieces.append("\t")
        elif name == "line-break":
            pieces.append("\n")
        elif name in _APART:
            apart.append(part)
        elif name and name not in _PASSED_OVER:
            _collect(part, pieces, apart)
        pieces.append(_flat(part.tail))


def _number(spaces: Any) -> int:
    written = next((value for key, value in spaces.items() if key.endswith("}c")), "1")
    return int(written) if written.isdecimal() else 1


def _flat(text: str | None) -> str:
    # Line ends and runs of blanks in the file are one blank (OpenDocument 1.3, part 3, 6.1.2).
    if not text:
        return ""
    words = " ".join(text.split())
    return (" " if text[0].isspace() else "") + words + (" " if words and text[-1].isspace() else "")
