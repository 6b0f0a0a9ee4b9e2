"""Finds the sections of a report: where each begins, what its title is, what it is about.

A line is looked at for a title in the forms that reports use: `TITLE:` with or without text behind it, a title alone on
its line, numbered, bulleted, marked up or underlined titles, `TITLE - text`, titles glued between commas, and capital
titles inside a running line. A title of the lexicon is accepted in any of these forms; an unknown one only in capitals
with a colon, where nothing but a title is written so.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from medtui.examples.kinds import SectionKind, kind_of, normalise


@dataclass(frozen=True, slots=True)
class Segment:
    """One section of a text.

    Attributes:
        kind: what it is about; `OTHER` for an unknown title.
        title: the heading as written, without colon and markup; empty for text before the first heading.
        start: offset of its heading's first character (of its text when it has no heading).
        body: offset where its text begins.
        end: offset behind its last character.
    """

    kind: SectionKind
    title: str
    start: int
    body: int
    end: int


@dataclass(frozen=True, slots=True)
class _Header:
    kind: SectionKind
    title: str
    start: int
    body: int


_LINE = re.compile(r"[^\n]*\n?")
# What may stand before a title: numbering, bullets, markup.
_LEAD = r"(?:(?:[#>*\u2022\u00b7\u25cf=\-\u2013]+|\(?(?:\d{1,2}|[A-Ha-h]|[IVX]{1,4})[.)])\s+|[#*=\[_<]+)?"
_WORDS = r"[^\W\d_][^\n:;|]{0,60}?"
_COLON = re.compile(rf"\s*{_LEAD}(?P<title>{_WORDS})\s*[\]*_>]*\s*(?::-?|:=|\u2013:|:\s*-)(?P<after>[\s*_]*)")
_ALONE = re.compile(rf"\s*{_LEAD}(?P<title>{_WORDS})\s*[\]*_>=#\-]*\s*$")
_DASH = re.compile(rf"\s*{_LEAD}(?P<title>{_WORDS})\s+[-\u2013\u2014]\s*(?=\S)")
_GLUED = re.compile(r"(?:(?<=,)|(?<=\.)|^)\s*(?P<title>[A-Z][A-Z0-9 /&'().-]{1,48}[A-Z)])\s*:\s*,?\s*")
_UNDERLINE = re.compile(r"\s*([-=_~])\1{2,}\s*$")
_CAPITALS = re.compile(r"[A-Z][A-Z0-9 ,/&'().+-]*[A-Z)]")

# A capital word and a colon inside a running line is a title only when the lexicon knows it or a comma glues it.
_MOST_WORDS = 8


def segment(text: str) -> list[Segment]:
    """Cut a text into its sections.

    Args:
        text: a report as plain text.

    Returns:
        Sections in order that cover the text from its first to its last character; the text before the first heading
        is a section without a title, left out when it is blank.
    """
    headers = list(_headers(text))
    segments: list[Segment] = []
    first = headers[0].start if headers else len(text)
    if text[:first].strip():
        segments.append(Segment(SectionKind.OTHER, "", 0, 0, first))
    for number, header in enumerate(headers):
        end = headers[number + 1].start if number + 1 < len(headers) else len(text)
        segments.append(Segment(header.kind, header.title, header.start, min(header.body, end), end))
    return segments


def _headers(text: str) -> Iterator[_Header]:
    lines = [match for match in _LINE.finditer(text) if match.group()]
    for number, line in enumerate(lines):
        content = line.group().rstrip("\n")
        following = lines[number + 1].group() if number + 1 < len(lines) else ""
        begun = _at_line_start(content, following)
        if begun is not None:
            yield _Header(begun.kind, begun.title, line.start() + begun.start, line.start() + begun.body)
        for inner in _inside(content, begun.body if begun else 0):
            yield _Header(inner.kind, inner.title, line.start() + inner.start, line.start() + inner.body)


def _at_line_start(line: str, following: str) -> _Header | None:
    if match := _COLON.match(line):
        if header := _titled(match, line):
            return header
    elif (match := _ALONE.match(line)) and (header := _titled(match, line)):
        return header if _stands_alone(header, match["title"], following) else None
    if match := _DASH.match(line):
        kind = kind_of(match["title"])
        if kind is not None and kind not in _NEVER_WITH_DASH and match["title"][0].isupper():
            return _Header(kind, match["title"].strip(), match.start("title"), match.end())
    return None


_NEVER_WITH_DASH = frozenset({SectionKind.ADMINISTRATIVE, SectionKind.OTHER})


def _titled(match: re.Match[str], line: str) -> _Header | None:
    title = match["title"].strip(" *_#=-[]<>\t")
    if not title or len(title.split()) > _MOST_WORDS:
        return None
    kind = kind_of(title)
    if kind is None:
        kind = _compound(title)
    if kind is None and (not _CAPITALS.fullmatch(title) or ":" not in line):
        return None
    if kind is None and len(title) < 3:
        return None
    start = match.start("title")
    return _Header(kind or SectionKind.OTHER, title, start, match.end())


def _compound(title: str) -> SectionKind | None:
    """Recognise "Findings (CT chest)" and "History, examination": known titles and more."""
    bare = re.sub(r"\s*\([^)]*\)\s*$", "", title)
    if bare != title and (kind := kind_of(bare)):
        return kind
    for separator in (" and ", " & ", "/", ", "):
        parts = [part for part in normalise(title).split(separator) if part]
        kinds = [kind_of(part) for part in parts]
        if len(parts) > 1 and all(kinds):
            return kinds[0]
    return None


def _stands_alone(header: _Header, title: str, following: str) -> bool:
    """A title alone on its line is one when it is written like a title and something follows."""
    if header.kind is SectionKind.OTHER and kind_of(header.title) is None:
        return False
    if header.kind is SectionKind.ADMINISTRATIVE:
        return False
    return bool(_UNDERLINE.match(following)) or title[0].isupper()


def _inside(line: str, begin: int) -> Iterator[_Header]:
    """Find capital titles inside a line: known ones behind a full stop, any between commas."""
    for match in _GLUED.finditer(line, begin):
        if match.start("title") < max(begin, 1):
            continue
        title = match["title"].strip()
        glued = line[: match.start("title")].rstrip().endswith(",") and len(title) > 3
        kind = kind_of(title) or _compound(title)
        if kind is None and not glued:
            continue
        yield _Header(kind or SectionKind.OTHER, title, match.start("title"), match.end())
