"""Finds what may head a section, line by line: titles with their places, and how each of them is written.

A title may stand at the beginning of a line, behind a comma that glues two lines together, or behind the end of a
sentence; it ends with a colon, a dash, or its line. Titles of the lexicon count in any of these places; unknown ones
only in capitals, where nothing but a title is written so.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from medtui.examples.kinds import SectionKind, is_field, is_measurement, kind_of, kind_of_compound
from medtui.examples.unknown_titles import by_head, is_level, is_part, like_others

COLON_STYLE, ALONE_STYLE, INSIDE_STYLE = "colon", "alone", "inside"
BULLET_STYLE, NUMBER_STYLE = "bullet", "number"
# Parts of the body on lines of their own, each with its text beneath: they are likened to one another.
PART_STYLE = "part"
# A title and a full stop: "History. Back pain".
STOP_STYLE = "stop"

# Longer phrases before a colon are sentences.
MOST_WORDS = 8


@dataclass(frozen=True, slots=True)
class Header:
    """What may head a section, or a line that ends one.

    Attributes:
        kind: what it is about; `OTHER` for an unknown title.
        title: as written, empty for a line that only ends the section before it.
        start: offset of its first character.
        body: offset where its text begins.
        style: how it is written, for titles to which others are likened.
        likened: it counts only where the note writes its known titles so.
        block: it stands on a line of its own behind a blank one.
        label: text follows on its line, and no blank line stands before it.
        early: likened, and before the first known title.
    """

    kind: SectionKind
    title: str
    start: int
    body: int
    style: str = ""
    likened: bool = False
    block: bool = False
    label: bool = False
    early: bool = False


# What may stand before a title: numbering, bullets, markup.
_LEAD = (
    r"[ \t]*(?:(?P<bullet>[>*\u2022\u00b7\u25cf\u25aa\-\u2013][ \t]+)"
    r"|(?P<number>\(?(?:\d{1,2}|[A-Ha-h]|[IVX]{1,4})[.)][ \t]+)|(?:[#=_]+|\*{2,}|-{3,}|>{2,})[ \t]*)?[*_\[<]*"
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


def headers(text: str) -> Iterator[Header]:
    """Find everything in a text that may head a section, in order."""
    position, before_blank, begun = 0, True, False
    lines = text.split("\n")
    for number, line in enumerate(lines):
        following = lines[number + 1] if number + 1 < len(lines) else ""
        if line.strip():
            header = _at_line_start(line, following, begun=begun, before_blank=before_blank)
            if header is None:
                sentences = begun and all(map(_SENTENCE_END.search, (lines[number - 1], following)))
                apart = (before_blank and (begun or number > 0)) or sentences
                header = _part_alone(line, following) or _likened(line, following, before_blank=apart, begun=begun)
                header = header or _with_stop(line)
            if header is not None:
                behind = bool(line[header.body :].strip())
                header = replace(header, block=before_blank and not behind, label=behind and not before_blank)
                yield _moved(header, position)
            begun = begun or (header is not None and bool(header.title) and not header.likened)
            for inner in sorted(_inside(line, header.body if header else 0), key=lambda found: found.start):
                yield _moved(inner, position)
        before_blank = not line.strip()
        position += len(line) + 1


def _moved(header: Header, by: int) -> Header:
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


def _at_line_start(line: str, following: str, *, begun: bool, before_blank: bool) -> Header | None:
    if _FOOT.match(line):
        return Header(SectionKind.ADMINISTRATIVE, "", 0, 0)
    if match := _COLON.match(line):
        # A row of a table has cells, not sections.
        if " | " not in line[match.end() :] and (header := _with_colon(match, line)):
            return header
    elif (match := _ALONE.match(line)) and (
        header := _alone(match, following, begun=begun, lone_capitals=before_blank and begun)
    ):
        return header
    return _without_colon(line, before_blank=before_blank)


def _without_colon(line: str, *, before_blank: bool) -> Header | None:
    """Find a known title that a dash, or nothing at all, divides from its text."""
    if match := _DASH.match(line):
        part = is_part(match["title"])
        kind = kind_of(match["title"]) or (SectionKind.OTHER if part else None)
        strong = kind not in _WEAK or part or (kind is SectionKind.OTHER and match["title"].isupper())
        value = len(match["title"]) < 2 and re.match(r"\d", line[match.end() :])
        if kind is not None and strong and match["title"][0].isupper() and not value:
            return Header(kind, match["title"], match.start("title"), match.end())
    unmarked = _UNMARKED.match(line) if before_blank else None
    if unmarked and (kind := kind_of(unmarked["title"])) is not None and kind not in _WEAK:
        return Header(kind, unmarked["title"], unmarked.start("title"), unmarked.end(), COLON_STYLE)
    if match := _ABBREVIATION.match(line):
        return Header(kind_of(match["title"]) or SectionKind.OTHER, match["title"], match.start("title"), match.end())
    return None


# Kinds whose titles are ordinary words; they need a colon.
_WEAK = frozenset({SectionKind.ADMINISTRATIVE, SectionKind.OTHER})


def _with_colon(match: re.Match[str], line: str) -> Header | None:
    title = match["title"]
    kind = kind_of(title) or kind_of_compound(title)
    capitals = _CAPITALS.fullmatch(title) is not None
    style = _style(match)
    if (
        _is_form_row(title, line[match.end() :])
        or is_field(title)
        or (kind is SectionKind.ADMINISTRATIVE and not capitals)
    ):
        # Such a line ends the section before it, but nobody would call it a heading.
        return Header(SectionKind.ADMINISTRATIVE, "", match.start("title"), match.start("title"))
    if kind is None and not match["bullet"]:
        kind = by_head(title)
    if kind is None:
        system = is_part(title) and not match["bullet"] and title[0].isupper()
        if not system and not (capitals and _unknown_title(title, line[match.end() :])):
            return None
        # A number before a title that nobody knows makes it an item, unless the known ones are numbered, too.
        if not system and style == NUMBER_STYLE:
            return Header(SectionKind.OTHER, title, match.start("title"), match.end(), style, likened=True)
    if len(title) == 1 and (match["gap"] or not title.isupper()):
        return None
    return Header(kind or SectionKind.OTHER, title, match.start("title"), match.end(), style)


def _style(match: re.Match[str]) -> str:
    return BULLET_STYLE if match["bullet"] else NUMBER_STYLE if match["number"] else COLON_STYLE


# Another label in a column of its own on the same line: "Sample: Venous blood      Received: 2022".
_COLUMN = re.compile(r"[^\s.!?;,](?:\t|[ ]{3,})[ \t]*(?P<label>[A-Z][\w/.]*(?: [\w/.]+){0,2})[ \t]?:")


def _is_form_row(title: str, rest: str) -> bool:
    """Tell whether a line holds fields in columns, which head nothing; parts of the body may stand so, too."""
    column = _COLUMN.search(rest)
    if column is None or is_part(title):
        return False
    return kind_of(column["label"]) in {None, SectionKind.ADMINISTRATIVE} and not is_part(column["label"])


def _unknown_title(title: str, rest: str) -> bool:
    """Tell whether capitals before a colon are an unknown title, not a measurement such as "SPO2: 98 %"."""
    if len(title) < 3 or len(title.split()) > MOST_WORDS or is_measurement(title) or "   " in title:
        return False
    if len(re.findall(r"\d+", title)) > 1 and not is_level(title):
        return False
    return not re.match(r"[\s,]*[<>+-]?\s?\d+(?:[.,]\d+)?(?!\d*[.)]\s)", rest)


# Markup that is written around titles only; one number sign may number a problem.
_MARKED_UP = re.compile(r"[ \t]*(?:#{2,6}[ \t]*\S|\*\*\S.*\*\*[ \t]*$|={2,}[ \t]*\S.*={2,}[ \t]*$)")


def _alone(match: re.Match[str], following: str, *, begun: bool, lone_capitals: bool) -> Header | None:
    title = match["title"]
    kind = kind_of(title) or kind_of_compound(title)
    underlined = bool(_UNDERLINE.match(following))
    marked = match.group().lstrip()[0] in "#*=[_"
    capitals = _CAPITALS.fullmatch(title) is not None
    known_other = kind is SectionKind.OTHER and begun and not match["bullet"] and title[0].isupper()
    if not known_other and (kind is None or (kind in _WEAK and not marked)):
        unknown = capitals and lone_capitals and len(title) > 4 and len(title.split()) <= MOST_WORDS
        unknown = unknown or (_MARKED_UP.match(match.group()) is not None and len(title.split()) <= MOST_WORDS)
        if not (unknown and title[-1] not in ".,;") and not (underlined and kind is not None):
            return None
    elif not (title[0].isupper() or underlined or marked):
        return None
    if (match["bullet"] and not capitals) or (title[-1] == "." and not capitals):
        return None
    return Header(kind or SectionKind.OTHER, title, match.start("title"), match.end(), ALONE_STYLE)


# "Right upper quadrant and pelvis".
MOST_PART_WORDS = 5


def _part_alone(line: str, following: str) -> Header | None:
    """Find a part of the body on a line of its own with its text on the next."""
    text = following.strip()
    if len(line.split()) > MOST_PART_WORDS or not (text.endswith(".") or len(text.split()) > 1):
        return None
    match = _ALONE.match(line)
    if match is None or match["bullet"] or match["number"] or not match["title"][0].isupper():
        return None
    title = match["title"]
    if not is_part(title) or kind_of(title) is not None:
        return None
    return Header(SectionKind.OTHER, title, match.start("title"), match.end(), PART_STYLE, likened=True)


def _likened(line: str, following: str, *, before_blank: bool, begun: bool) -> Header | None:
    """Find what would be a title if this note wrote its titles so; before the first known one only apart from text."""
    for pattern, style in ((_COLON, COLON_STYLE), (_ALONE, ALONE_STYLE)):
        match = pattern.match(line)
        if match is None or "#" in line[: match.start("title")]:
            continue
        if style == ALONE_STYLE and not (before_blank and following.strip() and not match["bullet"]):
            continue
        if not begun and style == ALONE_STYLE and _is_short(following):
            continue
        title, rest = match["title"], line[match.end() :]
        if kind_of(title) is None and (like_others(title, rest) or (style == ALONE_STYLE and by_head(title))):
            kind = by_head(title) or SectionKind.OTHER
            shown = _style(match) if style == COLON_STYLE else style
            early = not begun and style == COLON_STYLE
            return Header(kind, title, match.start("title"), match.end(), shown, likened=True, early=early)
    return None


def _is_short(following: str) -> bool:
    """Tell whether a line is more like one of a letterhead than like a sentence."""
    return len(following.split()) < MOST_LETTERHEAD_WORDS and not _SENTENCE_END.search(following)


_STOP = re.compile(rf"{_LEAD}(?P<title>[A-Z][\w /&-]{{2,40}}?)\.(?:[ \t]+(?=\S)|[ \t]*$)")


def _with_stop(line: str) -> Header | None:
    """Find a known title that a full stop divides from its text."""
    match = _STOP.match(line)
    kind = kind_of(match["title"]) if match is not None else None
    if match is None or kind is None or kind in _WEAK:
        return None
    return Header(kind, match["title"], match.start("title"), match.end(), STOP_STYLE, likened=True)


# Lines of a letterhead are shorter than a sentence.
MOST_LETTERHEAD_WORDS = 4
_SENTENCE_END = re.compile(r"[.!?]\s*$")
# A known title in capitals, and the text behind it without any mark: "HISTORY Low back pain".
_UNMARKED = re.compile(rf"{_LEAD}(?P<title>[A-Z][A-Z]{{4,}}(?: [A-Z]{{3,}}){{0,3}})[ \t]+(?=[A-Z]?[a-z])")


def _inside(line: str, begin: int) -> Iterator[Header]:
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


def _inner(match: re.Match[str], line: str) -> Header | None:
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
    return Header(kind or SectionKind.OTHER, title, match.start("title"), match.end(), INSIDE_STYLE)
