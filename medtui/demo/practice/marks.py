"""Identifiers marked inside running text, so that their exact place is known once the text is final.

A marked identifier is wrapped in three private-use characters that no clinical text contains. Text can
be concatenated, wrapped and upper-cased with the marks inside; `resolve` takes them out at the end.
"""

import re

Span = tuple[int, int, str]

_OPEN, _VALUE, _CLOSE = "\ue000", "\ue001", "\ue002"
_MARK = re.compile(f"{_OPEN}([A-Z_]+){_VALUE}|{_CLOSE}")
MARKED = re.compile(f"({_OPEN}[A-Z_]+{_VALUE}[^{_CLOSE}]*{_CLOSE})")


def mark(category: str, value: str) -> str:
    """Return `value` wrapped as an identifier of `category` (a name of `medtui.phi.Category`)."""
    return f"{_OPEN}{category}{_VALUE}{value}{_CLOSE}"


def plain(marked: str) -> str:
    """Return the text without marks; also for a fragment that holds only half of a mark."""
    return _MARK.sub("", marked)


def resolve(marked: str) -> tuple[str, list[Span]]:
    """Return the text without marks and the half-open character spans of its identifiers.

    Raises:
        ValueError: a mark is nested or not closed, which is a fault of the composer.
    """
    pieces: list[str] = []
    spans: list[Span] = []
    length = position = 0
    opened: tuple[int, str] | None = None
    for match in _MARK.finditer(marked):
        piece = marked[position : match.start()]
        pieces.append(piece)
        length += len(piece)
        position = match.end()
        if (category := match[1]) is not None:
            if opened is not None:
                raise ValueError("an identifier is marked inside another one")
            opened = (length, category)
        else:
            if opened is None:
                raise ValueError("the end of an identifier is marked, but not its start")
            spans.append((opened[0], length, opened[1]))
            opened = None
    if opened is not None:
        raise ValueError("the end of an identifier is not marked")
    pieces.append(marked[position:])
    return "".join(pieces), spans


def wrap(marked: str, width: int) -> list[str]:
    """Break one paragraph into lines of at most `width` visible characters; marks count as nothing."""
    lines: list[str] = []
    line = ""
    for word in marked.split(" "):
        longer = f"{line} {word}" if line else word
        if line and len(plain(longer)) > width:
            lines.append(line)
            line = word
        else:
            line = longer
    return [*lines, line]
