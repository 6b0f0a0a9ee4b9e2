"""Finds the sections of a report: where each begins, what its title is, what it is about.

A title may stand at the beginning of a line, behind a comma that glues two lines together, or behind the end of a
sentence; it ends with a colon, a dash, or its line. Titles of the lexicon count in any of these places; unknown ones
only in capitals, where nothing but a title is written so.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from medtui.examples.kinds import SectionKind, is_field, is_measurement, is_system, kind_of, kind_of_compound

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
# Places inside a line where a title may begin: behind a gluing comma, behind the end of a sentence or of a title.
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
    headers = list(_typed(text))
    segments: list[Segment] = []
    first = headers[0].start if headers else len(text)
    if text[:first].strip():
        segments.append(Segment(SectionKind.OTHER, "", 0, 0, first))
    for number, header in enumerate(headers):
        end = headers[number + 1].start if number + 1 < len(headers) else len(text)
        segments.append(Segment(header.kind, header.title, header.start, min(header.body, end), end))
    return segments


_BY_SYSTEM = frozenset({SectionKind.REVIEW_OF_SYSTEMS, SectionKind.EXAMINATION, SectionKind.FINDINGS})


def _typed(text: str) -> Iterator[_Header]:
    """Give headings of body systems the kind of the section that they stand in; drop analytes among results."""
    around = SectionKind.EXAMINATION
    current = SectionKind.OTHER
    for header in _headers(text):
        unknown = header.kind is SectionKind.OTHER and kind_of(header.title) is None
        if unknown and is_system(header.title):
            yield replace(header, kind=around)
            continue
        if unknown and header.title and current is SectionKind.RESULTS and _short_line(text, header.body):
            continue
        if header.kind in _BY_SYSTEM:
            around = header.kind
        current = header.kind
        yield header


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
            if header is not None:
                yield _moved(header, position)
            begun = begun or (header is not None and bool(header.title))
            for inner in _inside(line, header.body if header else 0):
                yield _moved(inner, position)
        before_blank = not line.strip()
        position += len(line) + 1


def _moved(header: _Header, by: int) -> _Header:
    return _Header(header.kind, header.title, header.start + by, header.body + by)


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
        if header := _with_colon(match, line):
            return header
    elif (match := _ALONE.match(line)) and (
        header := _alone(match, following, begun=begun, lone_capitals=before_blank and begun)
    ):
        return header
    if match := _DASH.match(line):
        kind = kind_of(match["title"])
        strong = kind not in _WEAK or (kind is SectionKind.OTHER and match["title"].isupper())
        if kind is not None and strong and match["title"][0].isupper():
            return _Header(kind, match["title"], match.start("title"), match.end())
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
    if kind is None:
        system = is_system(title) and not match["bullet"] and title[0].isupper()
        if not system and not (capitals and _unknown_title(title, line[match.end() :])):
            return None
    if len(title) == 1 and (match["gap"] or not title.isupper()):
        return None
    return _Header(kind or SectionKind.OTHER, title, match.start("title"), match.end())


def _unknown_title(title: str, rest: str) -> bool:
    """Tell whether capitals before a colon are an unknown title, not a measurement such as "SPO2: 98 %"."""
    if len(title) < 3 or len(title.split()) > MOST_WORDS or is_measurement(title) or "   " in title:
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
    return _Header(kind or SectionKind.OTHER, title, match.start("title"), match.end())


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
    elif is_system(title):
        if spaced_comma:
            return None
    elif not capitals or spaced_comma or not _unknown_title(title, line[match.end() :]):
        return None
    return _Header(kind or SectionKind.OTHER, title, match.start("title"), match.end())
