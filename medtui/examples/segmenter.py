"""Finds the sections of a report: where each begins, what its title is, what it is about.

What may be a title is found line by line; what is one depends on how the note writes its titles.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from medtui.examples.heading_lines import (
    ALONE_STYLE,
    BULLET_STYLE,
    COLON_STYLE,
    INSIDE_STYLE,
    NUMBER_STYLE,
    PART_STYLE,
    STOP_STYLE,
    Header,
    headers,
)
from medtui.examples.kinds import SectionKind, kind_of, lexicon, normalise
from medtui.examples.unknown_titles import LISTS, PLANS, by_head, is_part

# So many known titles make a style of the note.
_STYLE_FROM = {COLON_STYLE: 3, ALONE_STYLE: 2, BULLET_STYLE: 3, NUMBER_STYLE: 2, PART_STYLE: 2, STOP_STYLE: 3}
_AMONG_THEMSELVES = frozenset({PART_STYLE, STOP_STYLE})
_LABELLED = frozenset({COLON_STYLE, BULLET_STYLE, NUMBER_STYLE})
# Where so many lines, and this share of all, are a title with its text, one known title makes the style of the note.
_LINES_FROM, _LINES_SHARE = 5, 0.6


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


def segment(text: str) -> list[Segment]:
    """Cut a text into its sections.

    Args:
        text: a report as plain text.

    Returns:
        Sections in order that cover the text from its first to its last character; the text before the first heading
        is a section without a title, left out when it is blank.
    """
    found, lines = list(headers(text)), sum(bool(line.strip()) for line in text.split("\n"))
    uniform = _uniform(found, lines)
    fitting, in_blocks = _in_style(found, uniform)
    headings = list(_typed(text, fitting, uniform, in_blocks=in_blocks))
    if len(headings) > 1 and _is_document_title(text, headings[0], headings[1]):
        del headings[0]
    segments: list[Segment] = []
    first = headings[0].start if headings else len(text)
    if text[:first].strip():
        segments.append(Segment(SectionKind.OTHER, "", 0, 0, first))
    for number, header in enumerate(headings):
        end = headings[number + 1].start if number + 1 < len(headings) else len(text)
        segments.append(Segment(header.kind, header.title, header.start, min(header.body, end), end))
    return segments


_BY_SYSTEM = frozenset({SectionKind.REVIEW_OF_SYSTEMS, SectionKind.EXAMINATION, SectionKind.FINDINGS})


# From so many titles on, and this share of all, a note sets its titles on lines of their own behind blank ones.
_BLOCKS_FROM, _BLOCKS_SHARE = 4, 0.5


def _uniform(found: list[Header], lines: int) -> str:
    """Give the style in which nearly every line of a note is a title with its text; empty when there is none."""
    written = Counter(header.style for header in found if header.title and header.style in _LABELLED)
    known = {header.style for header in found if header.title and not header.likened}
    style, count = max(written.items(), key=lambda item: item[1], default=("", 0))
    return style if style in known and count >= max(_LINES_FROM, _LINES_SHARE * lines) else ""


def _in_style(found: list[Header], uniform: str) -> tuple[list[Header], bool]:
    """Keep what fits the note's style, and tell whether its titles stand apart from their texts.

    Likened titles count only where enough known ones are written in the same way; where titles stand apart, a label
    in the running lines is none.
    """
    counts = (header for header in found if header.style in _AMONG_THEMSELVES or not header.likened)
    known = Counter(header.style for header in counts if header.title)
    if known[ALONE_STYLE] >= _STYLE_FROM[ALONE_STYLE]:
        known[PART_STYLE] += 1
    fitting = [
        header
        for header in found
        if not header.likened
        or header.style == uniform
        or (known[header.style] >= _STYLE_FROM[header.style] and not header.early)
    ]
    titled = [header for header in fitting if header.title]
    blocks = sum(header.block for header in titled)
    if blocks < max(_BLOCKS_FROM, _BLOCKS_SHARE * len(titled)):
        return fitting, False
    kept = [header for header in fitting if not header.label or header.title.isupper() or is_part(header.title)
            or normalise(header.title) in lexicon() or not normalise(header.title)]  # fmt: skip
    return kept, True


_DOCUMENT = re.compile(r"(?:note|report|summary|record|letter|card|sheet|visit|evaluation)s?$|ology$", re.I)


def _is_document_title(text: str, first: Header, second: Header) -> bool:
    """Tell whether the first heading is only the title of the whole document, such as "OPERATION NOTE"."""
    nothing_before = not text[: first.start].strip(" \n\t*#=_-")
    nothing_in_it = not text[first.body : second.start].strip(" \n\t*#=_-:")
    return first.style == ALONE_STYLE and nothing_before and nothing_in_it and bool(_DOCUMENT.search(first.title))


def _typed(text: str, found: list[Header], uniform: str, *, in_blocks: bool) -> Iterator[Header]:
    """Give headings of body systems the kind of the section that they stand in; drop analytes among results."""
    around = SectionKind.EXAMINATION
    current = SectionKind.OTHER
    before: Header | None = None
    for header in found:
        known = kind_of(header.title)
        unknown = header.kind is SectionKind.OTHER and known is None
        if unknown and is_part(header.title):
            yield replace(header, kind=around)
            continue
        apart = header.style == uniform or (header.block and in_blocks)
        if header.likened and current in _lists(text, header, before, apart=apart):
            continue
        guessed = unknown or (known is None and header.kind is SectionKind.RESULTS)
        if guessed and header.title and current is SectionKind.RESULTS and _short_line(text, header.body):
            continue
        repeated = header.style == ALONE_STYLE and before is not None and header.title.lower() == before.title.lower()
        if repeated and before is not None and not text[before.body : header.start].strip():
            continue
        if before is not None and _is_item(header, before):
            continue
        if header.kind in _BY_SYSTEM:
            around = header.kind
        current, before = header.kind, header
        yield header


def _lists(text: str, header: Header, before: Header | None, *, apart: bool) -> frozenset[SectionKind]:
    """Give the sections in which a likened title is only an item; fewer where the note sets its titles apart."""
    beside = before is not None and before.style == header.style and _one_line(text[before.body : header.start])
    if header.style == BULLET_STYLE and beside:
        return frozenset()
    headed = header.style == ALONE_STYLE and by_head(header.title) is not None
    return PLANS if headed or apart or (header.style == COLON_STYLE and beside) else LISTS


def _one_line(body: str) -> bool:
    """Tell whether a section's text stands on the line of its title and nowhere else."""
    first, _, rest = body.partition("\n")
    return bool(first.strip()) and not rest.strip(" \t\n>*\u2022\u00b7\u25cf\u25aa-\u2013")


def _is_item(header: Header, before: Header) -> bool:
    """Tell whether a title inside a line only labels an item of a section titled in capitals: "Marital status:"."""
    inside = header.style == INSIDE_STYLE and header.kind is before.kind
    return inside and before.title.isupper() and not header.title.isupper()


# Results such as "HBSAG: NON REACTIVE" have at most this many words behind the colon; a section's first line has more.
MOST_RESULT_WORDS = 6


def _short_line(text: str, begin: int) -> bool:
    end = text.find("\n", begin)
    words = text[begin : end if end >= 0 else len(text)].split()
    return 0 < len(words) <= MOST_RESULT_WORDS
