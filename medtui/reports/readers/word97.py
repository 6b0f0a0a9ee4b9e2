"""Word documents of the old kind (.doc): everything a reader of the page sees, in order, with headers and tables."""

import itertools
import re
from collections.abc import Iterator

from medtui.reports.draft import Draft, Found, Source
from medtui.reports.readers import package
from medtui.reports.readers.word97_binary import POWERS, Binary, Protected, take_apart

# [MS-DOC] 2.8.25 and 2.8.26: paragraphs, cells and rows, pages, columns, lines; a hyphen that may not divide a word.
_PARAGRAPH, _CELL, _FIELD, _RESULT, _END = "\r", "\x07", "\x13", "\x14", "\x15"
_SHOWN = str.maketrans(
    {"\x0b": "\n", "\x0c": "\f", "\x0e": "\n", "\x1e": "-", "\xa0": " "}
    | {mark: f"^{character}" for character, mark in POWERS.items()}
)
# Places of pictures and drawings, numbers of notes, separators, hyphens that are not shown, and what was left out.
_UNSEEN = re.compile("[\x00-\x06\x08\x0f-\x12\x16-\x1d\x1f]")
# Stories before the first header separate notes; then they come in groups of six, of which these are footers.
_NOTE_STORIES, _STORIES, _FOOTERS = 6, 6, frozenset((2, 3, 5))


def read(source: Source) -> Iterator[Found]:
    """Read a Word document as one report; a protected one with the passwords that the user gave.

    Raises:
        Unreadable: it is damaged, older than Word 97 or protected.
    """
    try:
        binary = take_apart(source.data)
    except Protected:
        yield from package.read(source)
        return
    headers, footers = _edges(binary)
    body = [line for name in ("body", "boxes", "footnotes", "endnotes") for line in _lines(binary, *binary.parts[name])]
    draft = Draft("doc", "\n".join([*headers, *body, *footers]))
    draft.title = binary.title
    yield draft


def _edges(binary: Binary) -> tuple[list[str], list[str]]:
    """Give headers and footers once each, however many sections repeat them."""
    headers: dict[str, None] = {}
    footers: dict[str, None] = {}
    first = binary.parts["headers"][0]
    bounds = binary.stories[_NOTE_STORIES:]
    for number, (start, end) in enumerate(itertools.pairwise(bounds)):
        target = footers if number % _STORIES in _FOOTERS else headers
        target.update(dict.fromkeys(line for line in _lines(binary, first + start, first + end) if line.strip()))
    headers.update(dict.fromkeys(line for line in _lines(binary, *binary.parts["header boxes"]) if line.strip()))
    return list(headers), list(footers)


def _lines(binary: Binary, start: int, end: int) -> Iterator[str]:
    """Give a part's lines: one for each paragraph and each row of a table."""
    cells: list[str] = []
    cell: list[str] = []
    begun = start
    for place in range(start, min(end, len(binary.text))):
        mark = binary.text[place]
        if mark not in (_PARAGRAPH, _CELL):
            continue
        cell.append(binary.text[begun:place])
        begun = place + 1
        if mark == _CELL and place in binary.row_ends:
            yield " | ".join(cells)
            cells, cell = [], []
        elif mark == _CELL:
            cells.append(" / ".join(line for line in (_shown(piece).strip() for piece in cell) if line))
            cell = []
        elif place not in binary.in_table:
            yield from (_shown(piece) for piece in cell)
            cell = []
    yield from (line for line in cells if line)
    yield from (_shown(piece) for piece in [*cell, binary.text[begun:end]] if piece)


def _shown(text: str) -> str:
    """Give what a field shows instead of its instructions, and leave out what is not seen."""
    if _FIELD in text or _END in text:
        text = _without_instructions(text)
    return _UNSEEN.sub("", text.translate(_SHOWN))


def _without_instructions(text: str) -> str:
    kept: list[str] = []
    # For each field that is open: whether its result has begun.
    open_fields: list[bool] = []
    for piece in re.split(f"([{_FIELD}{_RESULT}{_END}])", text):
        if piece == _FIELD:
            open_fields.append(False)
        elif piece == _RESULT and open_fields:
            open_fields[-1] = True
        elif piece == _END and open_fields:
            open_fields.pop()
        elif all(open_fields):
            kept.append(piece)
    return "".join(kept)
