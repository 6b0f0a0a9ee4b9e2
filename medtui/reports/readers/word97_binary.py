"""The binary form of Word 97 to 2003 ([MS-DOC]): the characters of a document and what is set for them."""

import io
import struct
from bisect import bisect_right
from collections.abc import Iterator

import msgspec
import olefile

from medtui.reports.document import PROTECTED
from medtui.reports.draft import Unreadable
from medtui.reports.readers.symbols import symbol

_DAMAGED = "The Word file is damaged; open it in Word and save it again as .docx."
_WORD_97 = 0xA5EC
_ENCRYPTED, _TABLE_1 = 0x0100, 0x0200
# Offsets in the file information block ([MS-DOC] 2.5.1 to 2.5.6): lengths of the document's parts in characters, and
# pairs of offset and length in the table stream.
_LENGTHS, _FC_LCB = 0x4C, 0x9A
_PLCF_HEADERS, _PLCF_CHARACTERS, _PLCF_PARAGRAPHS, _FONTS, _CLX = 11, 12, 13, 15, 33
_COMPRESSED = 0x40000000
_PAGE = 512
# Single property modifiers ([MS-DOC] 2.6): deleted while changes were tracked, a letter of a symbol font, raised (1),
# in a table, and the end of its row.
_DELETED, _SYMBOL, _RAISED, _IN_TABLE, _ROW_END = 0x0800, 0x6A09, 0x2A48, 0x2416, 0x2417
# Bytes of a modifier's operand, by the three highest bits of its number ([MS-DOC] 2.2.5.1); None: it says so itself.
_OPERANDS = (1, 1, 2, 4, 2, 2, None, 3)
# Powers of numbers are marked by characters that mean nothing (Unicode 16, 23.7), so that places stay the same.
POWERS = {character: chr(0xFDD0 + number) for number, character in enumerate("0123456789+-\u2212")}
# Ends of paragraphs and cells.
_MARKS = frozenset("\r\x07")
PARTS = ("body", "footnotes", "headers", "macros", "comments", "endnotes", "boxes", "header boxes")


class Protected(Unreadable):
    """The document opens only with a password."""


class Piece(msgspec.Struct, frozen=True):
    """A run of characters that stand together in the file.

    Attributes:
        start: number of its first character in the document.
        text: the characters.
        offset: where in the stream they begin.
        width: bytes of one character.
    """

    start: int
    text: str
    offset: int
    width: int


class Binary(msgspec.Struct, frozen=True):
    """A Word document taken apart.

    Attributes:
        text: every character of the document, its parts one after the other; null characters stand for deleted ones.
        in_table: places of the marks that end a paragraph or a cell in a table.
        row_ends: those that end a row.
        parts: first and last place of each of `PARTS`.
        stories: places at which headers and footers begin, in the order of [MS-DOC] 2.3.5.
        title: from the document's properties.
    """

    text: str
    in_table: frozenset[int]
    row_ends: frozenset[int]
    parts: dict[str, tuple[int, int]]
    stories: tuple[int, ...]
    title: str


def take_apart(data: bytes) -> Binary:
    """Give the characters of a Word document.

    Args:
        data: the file.

    Raises:
        Protected: it needs a password.
        Unreadable: it is damaged or older than Word 97.
    """
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as package:
            stream = package.openstream("WordDocument").read()
            flags = _flags(stream)
            if flags & _ENCRYPTED:
                raise Protected(PROTECTED)
            table = package.openstream("1Table" if flags & _TABLE_1 else "0Table").read()
            title = _title(package)
        return _taken_apart(stream, table, title)
    except (OSError, struct.error, IndexError, ValueError) as error:
        raise Unreadable(_DAMAGED) from error


def _flags(stream: bytes) -> int:
    kind, flags = struct.unpack_from("<H8xH", stream)
    if kind != _WORD_97:
        raise Unreadable("It is a Word file from before 1997; open it in Word and save it as .docx.")
    return int(flags)


def _title(package: olefile.OleFileIO) -> str:
    if not package.exists("\x05SummaryInformation"):
        return ""
    properties = package.get_metadata()
    title, page = properties.title or b"", properties.codepage or 1252
    try:
        return str(title.decode("utf-8" if page == 65001 else f"cp{page % 65536}", "replace"))
    except (LookupError, AttributeError):
        return ""


def _taken_apart(stream: bytes, table: bytes, title: str) -> Binary:
    pieces = list(_pieces(stream, _part(stream, table, _CLX)))
    text = "".join(piece.text for piece in pieces)
    places: dict[str, tuple[int, int]] = {}
    end = 0
    for name, length in zip(PARTS, struct.unpack_from("<8i", stream, _LENGTHS), strict=True):
        places[name] = (end, end + max(0, length))
        end = places[name][1]
    stories = _part(stream, table, _PLCF_HEADERS)
    paragraphs = _part(stream, table, _PLCF_PARAGRAPHS)
    in_table, row_ends = (
        frozenset(
            place
            for place, operand in _set_places(stream, paragraphs, pieces, name, paragraphs=True)
            if operand[0] & 1 and text[place : place + 1] in _MARKS
        )
        for name in (_IN_TABLE, _ROW_END)
    )
    text = _shown(text, stream, table, pieces)
    return Binary(text, in_table, row_ends, places, struct.unpack(f"<{len(stories) // 4}I", stories), title)


def _shown(text: str, stream: bytes, table: bytes, pieces: list[Piece]) -> str:
    """Leave out what was deleted, and put letters of symbol fonts where they belong."""
    characters = _part(stream, table, _PLCF_CHARACTERS)
    changed: dict[int, str] = {}
    fonts = _fonts(_part(stream, table, _FONTS))
    for place, operand in _set_places(stream, characters, pieces, _SYMBOL, paragraphs=False):
        font, code = struct.unpack("<HH", operand[:4])
        changed[place] = symbol(fonts[font] if font < len(fonts) else "", code)
    raised = {
        place for place, how in _set_places(stream, characters, pieces, _RAISED, paragraphs=False) if how == b"\1"
    }
    for place in raised:
        if place - 1 not in raised and text[place - 1 : place].isdigit() and text[place : place + 1] in POWERS:
            changed[place] = POWERS[text[place]]
    for place, operand in _set_places(stream, characters, pieces, _DELETED, paragraphs=False):
        if operand[0] & 1:
            changed[place] = "\0"
    return "".join(changed.get(place, character) for place, character in enumerate(text)) if changed else text


def _fonts(table: bytes) -> list[str]:
    """Give the names of the fonts, by number ([MS-DOC] 2.9.86 and 2.9.286)."""
    names: list[str] = []
    position = 4
    while position + 40 < len(table):
        size = table[position] + 1
        name = table[position + 40 : position + size].decode("utf-16-le", "replace")
        names.append(name.partition("\0")[0])
        position += size
    return names


def _part(stream: bytes, table: bytes, number: int) -> bytes:
    offset, length = struct.unpack_from("<II", stream, _FC_LCB + 8 * number)
    return table[offset : offset + length]


def _pieces(stream: bytes, clx: bytes) -> Iterator[Piece]:
    """Give the pieces of the piece table ([MS-DOC] 2.9.38)."""
    position = 0
    while clx[position] == 1:
        position += 3 + struct.unpack_from("<H", clx, position + 1)[0]
    if clx[position] != 2:
        raise Unreadable(_DAMAGED)
    count = (struct.unpack_from("<I", clx, position + 1)[0] - 4) // 12
    starts = struct.unpack_from(f"<{count + 1}I", clx, position + 5)
    left = 2 * len(stream)
    for number in range(count):
        length = starts[number + 1] - starts[number]
        offset = struct.unpack_from("<I", clx, position + 5 + 4 * (count + 1) + 8 * number + 2)[0]
        left -= length
        if length < 0 or left < 0:
            raise Unreadable(_DAMAGED)
        if offset & _COMPRESSED:
            place = (offset ^ _COMPRESSED) // 2
            text = stream[place : place + length].decode("cp1252", "replace")
            yield Piece(starts[number], text.ljust(length, "\0"), place, 1)
        else:
            text = stream[offset : offset + 2 * length].decode("utf-16-le", "surrogatepass")
            yield Piece(starts[number], text.ljust(length, "\0"), offset, 2)


def _set_places(
    stream: bytes, plcf: bytes, pieces: list[Piece], wanted: int, *, paragraphs: bool
) -> Iterator[tuple[int, bytes]]:
    """Give the places for whose characters or paragraphs a property is said, and what is said."""
    count = (len(plcf) - 4) // 8
    in_order = sorted(pieces, key=lambda piece: piece.offset)
    offsets = [piece.offset for piece in in_order]
    for number in struct.unpack_from(f"<{count}I", plcf, 4 * (count + 1)) if count > 0 else ():
        page = stream[(number & 0x3FFFFF) * _PAGE : (number & 0x3FFFFF) * _PAGE + _PAGE]
        for first, last, modifiers in _runs(page, paragraphs=paragraphs):
            for name, operand in _modifiers(modifiers):
                if name == wanted:
                    yield from ((place, operand) for place in _places(in_order, offsets, first, last))


def _runs(page: bytes, *, paragraphs: bool) -> Iterator[tuple[int, int, bytes]]:
    """Give the runs of a page of formatted characters or paragraphs ([MS-DOC] 2.9.33 and 2.9.34)."""
    count = page[-1] if len(page) == _PAGE else 0
    bounds = struct.unpack_from(f"<{count + 1}I", page) if count else ()
    size = 13 if paragraphs else 1
    for number in range(count):
        start = 2 * page[4 * (count + 1) + size * number]
        if not start:
            continue
        length = page[start]
        if paragraphs:
            # A length in pairs of bytes, or after a zero in the next byte, and the style's number ([MS-DOC] 2.9.186).
            length, start = (2 * length - 3, start + 2) if length else (2 * page[start + 1] - 2, start + 3)
        yield bounds[number], bounds[number + 1], page[start + 1 : start + 1 + max(0, length)]


def _modifiers(written: bytes) -> Iterator[tuple[int, bytes]]:
    position = 0
    while position + 3 <= len(written):
        name = struct.unpack_from("<H", written, position)[0]
        size = _OPERANDS[name >> 13]
        if size is None:
            size = 1 + written[position + 2]
            if name == 0xD608:
                # Definitions of tables have a length of two bytes ([MS-DOC] 2.9.316).
                size = 1 + struct.unpack_from("<H", written + b"\0", position + 2)[0]
        if position + 2 + size <= len(written):
            yield name, written[position + 2 : position + 2 + size]
        position += 2 + size


def _places(pieces: list[Piece], offsets: list[int], first: int, last: int) -> Iterator[int]:
    for piece in pieces[max(0, bisect_right(offsets, first) - 1) :]:
        if piece.offset >= last:
            return
        begin = max(first, piece.offset) - piece.offset
        end = min(last, piece.offset + len(piece.text) * piece.width) - piece.offset
        yield from range(piece.start + begin // piece.width, piece.start + end // piece.width)
