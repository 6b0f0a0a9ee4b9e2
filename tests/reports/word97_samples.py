"""Word documents of the old kind, written as [MS-CFB] and [MS-DOC] say, to try the reader on."""

import hashlib
import struct

import msgspec

_SECTOR = 512
_END, _FREE, _FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
_TEXT_AT = 1024
# Runs of characters or paragraphs that surely fit on a page of formatting.
_RUNS = 8


class Paragraph(msgspec.Struct, frozen=True):
    """A paragraph with the mark that ends it.

    Attributes:
        text: without the mark.
        in_table: whether it stands in a table.
        cell: whether it ends a cell.
        row: whether it ends a row.
        deleted: first and last character that were deleted while changes were tracked.
        raised: first and last character that are raised.
        symbol: place of a letter of the document's second font, Symbol, and its number there.
    """

    text: str
    in_table: bool = False
    cell: bool = False
    row: bool = False
    deleted: tuple[int, int] = (0, 0)
    raised: tuple[int, int] = (0, 0)
    symbol: tuple[int, int] | None = None

    def written(self) -> str:
        return self.text + ("\x07" if self.cell or self.row else "\r")


def row(*cells: str) -> list[Paragraph]:
    """Give a row of a table; lines of a cell are paragraphs of their own."""
    paragraphs = []
    for cell in cells:
        *first, last = cell.split("\n")
        paragraphs += [Paragraph(line, in_table=True) for line in first]
        paragraphs.append(Paragraph(last, in_table=True, cell=True))
    return [*paragraphs, Paragraph("", in_table=True, row=True)]


def document(
    body: list[Paragraph], stories: tuple[str, ...] = (), *, narrow: int = 10, password: str = "", kind: int = 0xA5EC
) -> bytes:
    """Write a document.

    Args:
        body: its paragraphs.
        stories: headers and footers in the order of [MS-DOC] 2.3.5, after the six that separate notes.
        narrow: how many characters at its beginning are written with a byte each; the rest has two.
        password: protects it with 40-bit RC4 ([MS-OFFCRYPTO] 2.3.6).
        kind: what the file says it is.
    """
    text = "".join(paragraph.written() for paragraph in body)
    told = "".join(f"{story}\r" for story in stories)
    everything = text + (told + "\r" if told else "")
    first, rest = everything[:narrow].encode("cp1252"), everything[narrow:].encode("utf-16-le")
    stream = bytearray(_TEXT_AT)
    stream += first + b"\0" * (len(first) % 2) + rest
    wide_at = _TEXT_AT + len(first) + len(first) % 2
    stream += b"\0" * (-len(stream) % _SECTOR)

    def offset(place: int) -> int:
        return _TEXT_AT + place if place < narrow else wide_at + 2 * (place - narrow)

    table = bytearray()
    parts: dict[int, tuple[int, int]] = {}

    def add(number: int, data: bytes) -> None:
        parts[number] = (len(table), len(data))
        table.extend(data)

    end = len(everything)
    pieces = [(0, narrow, 0x40000000 | 2 * _TEXT_AT), (narrow, end, wide_at)] if end > narrow else []
    pieces = pieces or [(0, end, 0x40000000 | 2 * _TEXT_AT)]
    plc = struct.pack(f"<{len(pieces) + 1}I", *(start for start, _, _ in pieces), end)
    plc += b"".join(struct.pack("<HIH", 0, where, 0) for _, _, where in pieces)
    # A run of modifiers of a piece stands before the table of pieces.
    add(33, b"\x01\x02\x00\x35\x08" + b"\x02" + struct.pack("<I", len(plc)) + plc)
    if stories:
        bounds = [0] * 6
        place = 0
        for story in stories:
            bounds.append(place)
            place += len(story) + 1
        add(11, struct.pack(f"<{len(bounds) + 2}I", *bounds, place, place + 1))
    add(15, struct.pack("<HH", 2, 0) + _font("Times New Roman") + _font("Symbol"))
    paragraph_runs, character_runs = _runs(body)
    for number, runs, is_paragraph in ((13, paragraph_runs, True), (12, character_runs, False)):
        pages: list[int] = []
        bounds = [offset(start) for start, _ in runs[::_RUNS]]
        for group in range(0, len(runs), _RUNS):
            pages.append(len(stream) // _SECTOR)
            last = offset(runs[group + _RUNS][0]) if group + _RUNS < len(runs) else offset(end)
            page = [(offset(start), properties) for start, properties in runs[group : group + _RUNS]]
            stream += _formatted(page, last, is_paragraph)
        add(number, struct.pack(f"<{len(bounds) + 1}I{len(pages)}I", *bounds, offset(end), *pages))
    lengths = (len(text), 0, len(everything) - len(text), 0, 0, 0, 0, 0)
    flags = 0x0200 | (0x0100 if password else 0)
    struct.pack_into("<HH6xH", stream, 0, kind, 0x00C1, flags)
    struct.pack_into("<H", stream, 32, 14)
    struct.pack_into("<H", stream, 62, 22)
    struct.pack_into("<8i", stream, 0x4C, *lengths)
    struct.pack_into("<H", stream, 152, 0x5D)
    for number, (where, length) in parts.items():
        struct.pack_into("<II", stream, 154 + 8 * number, where, length)
    return _compound(_protected(bytes(stream), bytes(table), password))


def _runs(body: list[Paragraph]) -> tuple[list[tuple[int, bytes]], list[tuple[int, bytes]]]:
    paragraphs, characters, place = [], [(0, b"")], 0
    for paragraph in body:
        # Justification, spacing of lines, a table's definition: modifiers of several sizes before the wanted ones.
        modifiers = b"\x03\x24\x01" + b"\x12\x64\xf0\x00\x01\x00"
        modifiers += b"\x16\x24\x01" if paragraph.in_table else b""
        modifiers += b"\x08\xd6\x04\x00\x01\x02\x03" + b"\x17\x24\x01" if paragraph.row else b""
        paragraphs.append((place, modifiers))
        first, last = paragraph.deleted
        if last > first:
            characters += [(place + first, b"\x35\x08\x01\x00\x08\x01"), (place + last, b"")]
        first, last = paragraph.raised
        if last > first:
            characters += [(place + first, b"\x48\x2a\x01"), (place + last, b"")]
        if paragraph.symbol is not None:
            at, code = paragraph.symbol
            characters += [(place + at, b"\x09\x6a" + struct.pack("<HH", 1, code)), (place + at + 1, b"")]
        place += len(paragraph.written())
    return [*paragraphs, (place, b"")], characters


def _font(name: str) -> bytes:
    written = b"\0" * 39 + (name + "\0").encode("utf-16-le")
    return bytes([len(written)]) + written


def _formatted(runs: list[tuple[int, bytes]], end: int, is_paragraph: bool) -> bytes:
    page = bytearray(_SECTOR)
    page[-1] = len(runs)
    struct.pack_into(f"<{len(runs) + 1}I", page, 0, *(start for start, _ in runs), end)
    size, at = (13 if is_paragraph else 1), _SECTOR - 2
    for number, (_, modifiers) in enumerate(runs):
        if not modifiers:
            continue
        if is_paragraph:
            written = b"\x05\x00" + modifiers
            odd = len(written) % 2
            data = bytes([(len(written) + 1) // 2]) + written if odd else bytes([0, len(written) // 2]) + written
        else:
            data = bytes([len(modifiers)]) + modifiers
        at = (at - len(data)) & ~1
        page[at : at + len(data)] = data
        page[4 * (len(runs) + 1) + size * number] = at // 2
    return bytes(page)


def _protected(stream: bytes, table: bytes, password: str) -> dict[str, bytes]:
    stream, table = (data + b"\0" * max(0, 4096 - len(data)) for data in (stream, table))
    if not password:
        return {"1Table": table, "WordDocument": stream}
    salt, verifier = bytes(range(16)), b"sixteen bytes   "
    secret = hashlib.md5(password.encode("utf-16-le"), usedforsecurity=False).digest()[:5]
    key = hashlib.md5((secret + salt) * 16, usedforsecurity=False).digest()[:5]
    both = _rc4(key, verifier + hashlib.md5(verifier, usedforsecurity=False).digest())
    header = struct.pack("<HH", 1, 1) + salt + both
    struct_at = 14
    stream = stream[:struct_at] + struct.pack("<I", len(header)) + stream[struct_at + 4 :]
    # Offsets of the table stream stand behind the header, which itself is not encrypted, nor is the file's first part.
    moved = bytearray(stream)
    for number in (11, 12, 13, 15, 33):
        where, length = struct.unpack_from("<II", moved, 154 + 8 * number)
        struct.pack_into("<II", moved, 154 + 8 * number, where + len(header), length)
    table = header + _rc4(key, b"\0" * len(header) + table)[len(header) :]
    return {"1Table": table, "WordDocument": bytes(moved[:68]) + _rc4(key, bytes(moved))[68:]}


def _rc4(key: bytes, data: bytes) -> bytes:
    out = bytearray()
    for block in range(0, len(data), _SECTOR):
        seed = hashlib.md5(key + struct.pack("<I", block // _SECTOR), usedforsecurity=False).digest()
        state, j = list(range(256)), 0
        for i in range(256):
            j = (j + state[i] + seed[i % len(seed)]) % 256
            state[i], state[j] = state[j], state[i]
        i = j = 0
        for byte in data[block : block + _SECTOR]:
            i = (i + 1) % 256
            j = (j + state[i]) % 256
            state[i], state[j] = state[j], state[i]
            out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)


def _compound(streams: dict[str, bytes]) -> bytes:
    chain: list[int] = [_FAT]
    entries = [_entry("Root Entry", 5, child=1, start=_END, size=0)]
    body: list[bytes] = []
    sector = 2
    for number, (name, data) in enumerate(streams.items(), start=1):
        count = -(-len(data) // _SECTOR)
        right = number + 1 if number < len(streams) else _FREE
        entries.append(_entry(name, 2, right=right, start=sector, size=len(data)))
        body.append(data + b"\0" * (count * _SECTOR - len(data)))
        sector += count
    chain.append(_END)
    for data in body:
        first = len(chain)
        chain += [*range(first + 1, first + len(data) // _SECTOR), _END]
    chain += [_FREE] * (_SECTOR // 4 - len(chain))
    sectors = [struct.pack(f"<{_SECTOR // 4}I", *chain), b"".join(entries).ljust(_SECTOR, b"\0"), *body]
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16 + struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<9I", 0, 1, 1, 0, 4096, _END, 0, _END, 0) + struct.pack("<109I", 0, *[_FREE] * 108)
    return header + b"".join(sectors)


def _entry(name: str, kind: int, *, child: int = _FREE, right: int = _FREE, start: int, size: int) -> bytes:
    written = (name + "\0").encode("utf-16-le")
    entry = written.ljust(64, b"\0") + struct.pack("<HBB", len(written), kind, 1)
    return entry + struct.pack("<III", _FREE, right, child) + b"\0" * 36 + struct.pack("<IQ", start, size)
