"""Finds the sections of a report: where each begins, what its title is, what it is about.

A title may stand at the beginning of a line, behind a comma that glues two lines together, or behind the end of a
sentence; it ends with a colon, a dash, or its line. Titles of the lexicon count in any of these places; unknown ones
only in capitals, where nothing but a title is written so.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from medtui.examples.kinds import (
    SectionKind,
    is_field,
    is_measurement,
    kind_of,
    kind_of_compound,
    lexicon,
    normalise,
)
from medtui.examples.unknown_titles import LISTS, PLANS, by_head, is_level, is_part, like_others

# Longer phrases before a colon are sentences.
MOST_WORDS = 8


@dataclass(frozen=True, slots=True)
class Segment:
    """One section of a text.

    Attributes:
        kind: what it is about; `OTHER` for an unknown title.
        title: the heading as written, without colon and markup; empty for text before the first heading and for
            lines such as "Patient name: ..." that end a section without being one.
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
    # How it is written, for titles to which others are likened; and whether it is only likened to those.
    style: str = ""
    likened: bool = False
    # Whether it stands on a line of its own behind a blank one, and whether text follows on its line without that.
    block: bool = False
    label: bool = False


_COLON_STYLE, _ALONE_STYLE, _INSIDE_STYLE = "colon", "alone", "inside"
# So many known titles make a style of the note.
_STYLE_FROM = {_COLON_STYLE: 3, _ALONE_STYLE: 2}


# What may stand before a title: numbering, bullets, markup.
_LEAD = (
    r"[ \t]*(?:(?P<bullet>[>*\u2022\u00b7\u25cf\u25aa\-\u2013][ \t]+)"
    r"|\(?(?:\d{1,2}|[A-Ha-h]|[IVX]{1,4})[.)][ \t]+|(?:[#=_]+|\*{2,}|-{3,}|>{2,})[ \t]*)?[*_\[<]*"
)
_TITLE = r"(?P<title>(?:[^\W\d_]|\d-?[A-Z])(?:[^\n:;|]{0,58}?[^\s:;|*_\]>#=-])??)"
_COLON = re.compile(rf"{_LEAD}{_TITLE}(?P<gap>[ \t]*)[*_\]>]*[ \t]*(?::-?|:=)[*_]*(?P<rest>[ \t,]*)")
_ALONE = re.compile(rf"{_LEAD}{_TITLE}[ \t]*(?:[*_\]>=#]*|-{{3,}})[ \t]*$")
_DASH = re.compile(rf"{_LEAD}{_TITLE}(?:[ \t]+[-\u2013\u2014]|-(?=[ \t]))[ \t]*(?=\S|$)")
# Abbreviations that head a part also without a colon: "PMH asthma", "HPC. 2 days of cough", "SH; teacher".
_ABBREVIATION = re.compile(
    rf"{_LEAD}(?P<title>(?:PM|PS|D|F|S|FM|PMS)H(?:x|X)?|[Dd]D[xX]|HP[CI]|HOPC|PC|[PD]M?hx|S[hH]x|F[hH]x|P[mM][hH]x?)"
    r"[ \t]*(?:[.;,]|(?=[ \t]))[ \t]*(?=[\w?(\n]|$)"
)
_UNDERLINE = re.compile(r"[ \t]*([-=_~*])\1{2,}[ \t]*$")
# Places inside a line where a title may begin: behind a gluing comma, behind the end of a sentence or of a title; for a
# known title in capitals behind any word.
_CAPITALS_PLACE = re.compile(r"(?<=[a-z0-9)][ ])(?=[A-Z]{2}[A-Z /&-]{2,}:)")
_PLACE = re.compile(
    r"(?:(?<=,)|(?<=[.!?)][ \t])|(?<=[.!?:][ \t][ \t])|(?<=[.!?:][ \t][ \t][ \t])|(?<=[.:,][ \t]))(?=[A-Z0-9])"
)
_INNER = re.compile(r"(?P<title>[A-Z0-9][A-Za-z0-9 /&'().,-]{1,48}?)[ \t]*:(?!\d)(?P<rest>[ \t]?,|[ \t]*)")
_CAPITALS = re.compile(r"(?=[^\n]*[A-Z]{2})[A-Z0-9][A-Z0-9 ,/&'().+#-]*")


def segment(text: str) -> list[Segment]:
    """Cut a text into its sections.

    Args:
        text: a report as plain text.

    Returns:
        Sections in order that cover the text from its first to its last character; the text before the first heading
        is a section without a title, left out when it is blank.
    """
    headers = list(_typed(text, _in_style(list(_headers(text)))))
    if len(headers) > 1 and _is_document_title(text, headers[0], headers[1]):
        del headers[0]
    segments: list[Segment] = []
    first = headers[0].start if headers else len(text)
    if text[:first].strip():
        segments.append(Segment(SectionKind.OTHER, "", 0, 0, first))
    for number, header in enumerate(headers):
        end = headers[number + 1].start if number + 1 < len(headers) else len(text)
        segments.append(Segment(header.kind, header.title, header.start, min(header.body, end), end))
    return segments


_BY_SYSTEM = frozenset({SectionKind.REVIEW_OF_SYSTEMS, SectionKind.EXAMINATION, SectionKind.FINDINGS})


# From so many titles on, and this share of all, a note sets its titles on lines of their own behind blank ones.
_BLOCKS_FROM, _BLOCKS_SHARE = 4, 0.5


def _in_style(found: list[_Header]) -> list[_Header]:
    """Keep what fits the note's style.

    Likened titles count only where enough known ones are written in the same way; where titles stand apart, a label
    in the running lines is none.
    """
    known = Counter(header.style for header in found if header.title and not header.likened)
    fitting = [header for header in found if not header.likened or known[header.style] >= _STYLE_FROM[header.style]]
    titled = [header for header in fitting if header.title]
    blocks = sum(header.block for header in titled)
    if blocks < max(_BLOCKS_FROM, _BLOCKS_SHARE * len(titled)):
        return fitting
    return [header for header in fitting if not header.label or header.title.isupper() or is_part(header.title)
            or normalise(header.title) in {"", *lexicon()}]  # fmt: skip


_DOCUMENT = re.compile(r"(?:note|report|summary|record|letter|card|sheet|visit|evaluation)s?$", re.I)


def _is_document_title(text: str, first: _Header, second: _Header) -> bool:
    """Tell whether the first heading is only the title of the whole document, such as "OPERATION NOTE"."""
    nothing_before = not text[: first.start].strip(" \n\t*#=_-")
    nothing_in_it = not text[first.body : second.start].strip(" \n\t*#=_-:")
    return first.style == _ALONE_STYLE and nothing_before and nothing_in_it and bool(_DOCUMENT.search(first.title))


def _typed(text: str, found: list[_Header]) -> Iterator[_Header]:
    """Give headings of body systems the kind of the section that they stand in; drop analytes among results."""
    around = SectionKind.EXAMINATION
    current = SectionKind.OTHER
    before: _Header | None = None
    for header in found:
        known = kind_of(header.title)
        unknown = header.kind is SectionKind.OTHER and known is None
        if unknown and is_part(header.title):
            yield replace(header, kind=around)
            continue
        headed = header.style == _ALONE_STYLE and by_head(header.title) is not None
        if header.likened and current in (PLANS if headed else LISTS):
            continue
        guessed = unknown or (known is None and header.kind is SectionKind.RESULTS)
        if guessed and header.title and current is SectionKind.RESULTS and _short_line(text, header.body):
            continue
        repeated = header.style == _ALONE_STYLE and before is not None and header.title.lower() == before.title.lower()
        if repeated and before is not None and not text[before.body : header.start].strip():
            continue
        if before is not None and _is_item(header, before):
            continue
        if header.kind in _BY_SYSTEM:
            around = header.kind
        current, before = header.kind, header
        yield header


def _is_item(header: _Header, before: _Header) -> bool:
    """Tell whether a title inside a line only labels an item of a section titled in capitals: "Marital status:"."""
    inside = header.style == _INSIDE_STYLE and header.kind is before.kind
    return inside and before.title.isupper() and not header.title.isupper()


# Results such as "HBSAG: NON REACTIVE" have at most this many words behind the colon; a section's first line has more.
MOST_RESULT_WORDS = 6


def _short_line(text: str, begin: int) -> bool:
    end = text.find("\n", begin)
    words = text[begin : end if end >= 0 else len(text)].split()
    return 0 < len(words) <= MOST_RESULT_WORDS


def _headers(text: str) -> Iterator[_Header]:
    position, before_blank, begun = 0, True, False
    lines = text.split("\n")
    for number, line in enumerate(lines):
        following = lines[number + 1] if number + 1 < len(lines) else ""
        if line.strip():
            header = _at_line_start(line, following, begun=begun, before_blank=before_blank)
            if header is None and begun:
                header = _likened(line, following, before_blank=before_blank)
            if header is not None:
                behind = bool(line[header.body :].strip())
                header = replace(header, block=before_blank and not behind, label=behind and not before_blank)
                yield _moved(header, position)
            begun = begun or (header is not None and bool(header.title) and not header.likened)
            for inner in sorted(_inside(line, header.body if header else 0), key=lambda found: found.start):
                yield _moved(inner, position)
        before_blank = not line.strip()
        position += len(line) + 1


def _moved(header: _Header, by: int) -> _Header:
    return replace(header, start=header.start + by, body=header.body + by)


# How the part behind a report's last section begins: who signed it, to whom it goes, the letterhead's foot.
_FOOT = re.compile(
    r"""\s*(?:
    (?:electronically\s|digitally\s)?(?:signed|verified|authenticated|reported|dictated|transcribed|approved|typed|checked
        |authori[sz]ed|validated|released|reviewed|attested)(?:\sand\s\w+)?\sby\b
    | signed\s*[:-] | (?-i:cc)\s*:\s | c\.c\. | copy\sto\b | d[:/]\s?t[:/]\s
    | (?:page|pg\.?)\s\d+(?:\sof\s\d+)?\s*$
    | (?:tel|ph|phone|fax|mob|mobile|e-?mail|telephone)\b[\w.\s]{0,8}:
    | yours\s(?:sincerely|faithfully|truly) | (?:kind|best|warm)\sregards
    | [*_=\s-]*end\sof\s(?:the\s)?(?:report|document|note) | not\svalid\sfor\b | this\sis\san?\s(?:computer|electronic)
    | (?-i:Dr\.?\s[A-Z\[]).{0,58}[^.\s]$ | \[(?:LOCATION|NAME)\][^a-z]{0,40}$
    )""",
    re.I | re.X,
)


def _at_line_start(line: str, following: str, *, begun: bool, before_blank: bool) -> _Header | None:
    if _FOOT.match(line):
        return _Header(SectionKind.ADMINISTRATIVE, "", 0, 0)
    if match := _COLON.match(line):
        # A row of a table has cells, not sections.
        if " | " not in line[match.end() :] and (header := _with_colon(match, line)):
            return header
    elif (match := _ALONE.match(line)) and (
        header := _alone(match, following, begun=begun, lone_capitals=before_blank and begun)
    ):
        return header
    return _without_colon(line, before_blank=before_blank)


def _without_colon(line: str, *, before_blank: bool) -> _Header | None:
    """Find a known title that a dash, or nothing at all, divides from its text."""
    if match := _DASH.match(line):
        kind = kind_of(match["title"])
        strong = kind not in _WEAK or (kind is SectionKind.OTHER and match["title"].isupper())
        value = len(match["title"]) < 2 and re.match(r"\d", line[match.end() :])
        if kind is not None and strong and match["title"][0].isupper() and not value:
            return _Header(kind, match["title"], match.start("title"), match.end())
    unmarked = _UNMARKED.match(line) if before_blank else None
    if unmarked and (kind := kind_of(unmarked["title"])) is not None and kind not in _WEAK:
        return _Header(kind, unmarked["title"], unmarked.start("title"), unmarked.end(), _COLON_STYLE)
    if match := _ABBREVIATION.match(line):
        return _Header(kind_of(match["title"]) or SectionKind.OTHER, match["title"], match.start("title"), match.end())
    return None


# Kinds whose titles are ordinary words; they need a colon.
_WEAK = frozenset({SectionKind.ADMINISTRATIVE, SectionKind.OTHER})


def _with_colon(match: re.Match[str], line: str) -> _Header | None:
    title = match["title"]
    kind = kind_of(title) or kind_of_compound(title)
    capitals = _CAPITALS.fullmatch(title) is not None
    if is_field(title) or (kind is SectionKind.ADMINISTRATIVE and not capitals):
        # Such a line ends the section before it, but nobody would call it a heading.
        return _Header(SectionKind.ADMINISTRATIVE, "", match.start("title"), match.start("title"))
    if kind is None and not match["bullet"]:
        kind = by_head(title)
    if kind is None:
        system = is_part(title) and not match["bullet"] and title[0].isupper()
        if not system and not (capitals and _unknown_title(title, line[match.end() :])):
            return None
    if len(title) == 1 and (match["gap"] or not title.isupper()):
        return None
    return _Header(kind or SectionKind.OTHER, title, match.start("title"), match.end(), _COLON_STYLE)


def _unknown_title(title: str, rest: str) -> bool:
    """Tell whether capitals before a colon are an unknown title, not a measurement such as "SPO2: 98 %"."""
    if len(title) < 3 or len(title.split()) > MOST_WORDS or is_measurement(title) or "   " in title:
        return False
    if len(re.findall(r"\d+", title)) > 1 and not is_level(title):
        return False
    return not re.match(r"[\s,]*[<>+-]?\s?\d+(?:[.,]\d+)?(?!\d*[.)]\s)", rest)


def _alone(match: re.Match[str], following: str, *, begun: bool, lone_capitals: bool) -> _Header | None:
    title = match["title"]
    kind = kind_of(title) or kind_of_compound(title)
    underlined = bool(_UNDERLINE.match(following))
    marked = match.group().lstrip()[0] in "#*=[_"
    capitals = _CAPITALS.fullmatch(title) is not None
    known_other = kind is SectionKind.OTHER and begun and not match["bullet"] and title[0].isupper()
    if not known_other and (kind is None or (kind in _WEAK and not marked)):
        unknown = capitals and lone_capitals and len(title) > 4 and len(title.split()) <= MOST_WORDS
        if not (unknown and title[-1] not in ".,;") and not (underlined and kind is not None):
            return None
    elif not (title[0].isupper() or underlined or marked):
        return None
    if (match["bullet"] and not capitals) or (title[-1] == "." and not capitals):
        return None
    return _Header(kind or SectionKind.OTHER, title, match.start("title"), match.end(), _ALONE_STYLE)


def _likened(line: str, following: str, *, before_blank: bool) -> _Header | None:
    """Find what would be a title if this note wrote its titles so."""
    for pattern, style in ((_COLON, _COLON_STYLE), (_ALONE, _ALONE_STYLE)):
        match = pattern.match(line)
        if match is None or match["bullet"] or "#" in line[: match.start("title")]:
            continue
        if style == _ALONE_STYLE and not (before_blank and following.strip()):
            continue
        title, rest = match["title"], line[match.end() :]
        if kind_of(title) is None and (like_others(title, rest) or (style == _ALONE_STYLE and by_head(title))):
            kind = by_head(title) or SectionKind.OTHER
            return _Header(kind, title, match.start("title"), match.end(), style, likened=True)
    return None


# A known title in capitals, and the text behind it without any mark: "HISTORY Low back pain".
_UNMARKED = re.compile(rf"{_LEAD}(?P<title>[A-Z][A-Z]{{4,}}(?: [A-Z]{{3,}}){{0,3}})[ \t]+(?=[A-Z]?[a-z])")


def _inside(line: str, begin: int) -> Iterator[_Header]:
    """Find titles inside a line: known ones and those in capitals, behind a sentence or a gluing comma."""
    if ":" not in line[begin:]:
        return
    for place in _PLACE.finditer(line, max(begin - 1, 0)):
        if place.start() < max(begin, 1):
            continue
        match = _INNER.match(line, place.start())
        if match is not None and (header := _inner(match, line)):
            yield header
    for place in _CAPITALS_PLACE.finditer(line, begin):
        match = _INNER.match(line, place.start())
        if match is not None and kind_of(match["title"]) not in {None, *_WEAK} and (header := _inner(match, line)):
            yield header


def _inner(match: re.Match[str], line: str) -> _Header | None:
    title = match["title"].strip()
    capitals = _CAPITALS.fullmatch(title) is not None
    glued = line[: match.start()].endswith(",")
    spaced_comma = line[: match.start()].rstrip().endswith(",") and not glued
    kind = kind_of(title) or (kind_of_compound(title) if capitals else None)
    if len(title) < 2 or (title[0].isdigit() and not (glued and capitals)):
        return None
    if kind is not None and kind not in _WEAK:
        if spaced_comma and not capitals:
            return None
    elif is_part(title):
        if spaced_comma:
            return None
    elif not capitals or spaced_comma or not _unknown_title(title, line[match.end() :]):
        return None
    return _Header(kind or SectionKind.OTHER, title, match.start("title"), match.end(), _INSIDE_STYLE)
