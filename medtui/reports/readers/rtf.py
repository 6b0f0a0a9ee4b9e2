"""Rich text (RTF), by striprtf; headers and footers are read too, because names and numbers stand there."""

import re
from collections.abc import Iterator

from striprtf.striprtf import rtf_to_text

from medtui.reports.draft import Draft, Found, Source, Unreadable
from medtui.reports.readers.symbols import symbol

# striprtf needs about a second a megabyte; pictures inside are taken out before.
_LARGEST = 40_000_000
# A raised power of a number, in a group of its own or up to where letters are on the line again.
_CONTROLS = r"(?:\\[a-z]{1,20}-?\d{0,9} ?){0,12}"
_RAISED = re.compile(rf"(?<=\d)((?:\}}\{{|\{{)?{_CONTROLS}\\super(?![a-z]){_CONTROLS} ?)([+-]?\d{{1,3}})(?=[\\}}])")
_PICTURE = re.compile(
    r"\{\\(?:\*\\shppict|nonshppict|pict|object|\*\\(?:datastore|themedata|colorschememapping|blipuid))\b"
)
# The table of fonts stands at the beginning.
_FONTS, _LONGEST_ENTRY = 65_536, 400
_EDGE = re.compile(r"\{\\(header|footer)[lrf]?\b")
_CODEPAGE = re.compile(r"\\ansicpg(\d{3,5})")
_MAC = re.compile(r"^\{\\rtf1?\s*\\mac\b")


def read(source: Source) -> Iterator[Found]:
    """Read an RTF file as one report.

    Raises:
        Unreadable: too large.
    """
    if len(source.data) > _LARGEST:
        raise Unreadable("The RTF file is larger than 40 MB; save it without its pictures.")
    text = _with_symbols(_without_pictures(source.data.decode("latin-1")))
    text = _RAISED.sub(r"\1^\2", text)
    # Where a row of a table inside a table ends is said in a group that readers of plain tables pass over.
    text = text.replace("{\\*\\nesttableprops", "\\line {\\*\\nesttableprops")
    encoding = _encoding(text)
    headers, footers = _edges(text, encoding)
    body = rtf_to_text(text, encoding=encoding, errors="replace")
    yield Draft("rtf", "\n".join(part for part in (*headers, body, *footers) if part.strip()))


def _encoding(text: str) -> str:
    if _MAC.match(text[:200]):
        return "mac_roman"
    page = _CODEPAGE.search(text[:2000])
    name = f"cp{page.group(1)}" if page else "cp1252"
    try:
        "".encode(name)
    except LookupError:
        return "cp1252"
    return name


_SYMBOL_FONT = re.compile(r"\b(Symbol|Wingdings)[^{};\\]*;")
_FONT = re.compile(r"\\f(\d+)")
_SYMBOL_FIELD = re.compile(
    r"\{\\field[^{}]{0,99}\{\\\*\\fldinst[^{}]{0,99}\{?[^{}]{0,99}SYMBOL (\d{1,5})[^{}]{0,99}"
    r'\\\\f "?([A-Za-z]{1,40})[^{}]{0,99}\}?[^{}]{0,99}\}'
    r"\{\\fldrslt[^{}]{0,99}(?:\{[^{}]{0,99}\}[^{}]{0,99})?\}[^{}]{0,99}\}"
)
_TOKEN = re.compile(
    r"\\f(\d+) ?|\\'([0-9a-fA-F]{2})|\\u(-?\d+) ?(?:\?|\\'[0-9a-fA-F]{2})?|\\plain|\\[a-zA-Z]+-?\d* ?|\\.|([^\\\r\n])"
)


def _with_symbols(text: str) -> str:
    """Put letters of symbol fonts in as Unicode: the library knows no fonts and would make milligrams of micrograms."""
    text = _SYMBOL_FIELD.sub(lambda field: _written(symbol(field.group(2), int(field.group(1)) & 0xFF)), text)
    fonts: dict[str, str] = {}
    for named in _SYMBOL_FONT.finditer(text, 0, _FONTS):
        if numbers := _FONT.findall(text, max(0, named.start() - _LONGEST_ENTRY), named.start()):
            fonts[numbers[-1]] = named.group(1)
    if not fonts:
        return text
    used = re.search(rf"\\f(?:{'|'.join(fonts)})(?!\d)", text)
    return text[: used.start()] + _shown(text[used.start() :], fonts) if used else text


def _shown(text: str, fonts: dict[str, str]) -> str:
    font, outer = "", [""]

    def token(match: re.Match[str]) -> str:
        nonlocal font
        number, hexadecimal, decimal, other = match.groups()
        if number is not None or match.group() == "\\plain":
            font = fonts.get(number, "")
        elif other == "{":
            outer.append(font)
        elif other == "}":
            font = outer.pop() if outer else ""
        elif font and (hexadecimal or decimal or other):
            code = int(hexadecimal, 16) if hexadecimal else int(decimal) & 0xFFFF if decimal else ord(other)
            return _written(symbol(font, code)) if code > ord(" ") else match.group()
        return match.group()

    return _TOKEN.sub(token, text)


def _written(character: str) -> str:
    return f"\\u{ord(character)}?"


def _without_pictures(text: str) -> str:
    pieces: list[str] = []
    position = 0
    for match in _PICTURE.finditer(text):
        if match.start() >= position:
            pieces.append(text[position : match.start()])
            position = _end(text, match.start())
    return "".join([*pieces, text[position:]])


def _edges(text: str, encoding: str) -> tuple[list[str], list[str]]:
    """Give headers and footers, which striprtf leaves out, once each."""
    found: dict[str, dict[str, None]] = {"header": {}, "footer": {}}
    for match in _EDGE.finditer(text):
        group = text[match.end() : _end(text, match.start()) - 1]
        inner = rtf_to_text("{\\rtf1 " + group + "}", encoding=encoding, errors="replace").strip()
        if inner:
            found[match.group(1)].setdefault(inner)
    return list(found["header"]), list(found["footer"])


_BRACES = re.compile(r"\\[{}\\]|[{}]")


def _end(text: str, start: int) -> int:
    """Give where the group that begins at a brace ends."""
    depth = 0
    for match in _BRACES.finditer(text, start):
        depth += {"{": 1, "}": -1}.get(match.group(), 0)
        if depth == 0:
            return match.end()
    return len(text)
