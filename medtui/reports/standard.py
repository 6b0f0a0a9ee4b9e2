"""Standardising: the small changes that make text from many programs alike, each shown and none lost track of.

Every step gives edits; positions in the result are traced back to the text before, so that both can stand side by side.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from medtui.reports.sections import is_heading

Edit = tuple[int, int, str]

PAGE_BREAK = "\f"
# Letters joined by fonts, and the full-width forms of East Asian typewriters: the same letters written apart.
_COMPATIBLE = re.compile("[\ufb00-\ufb06\uff01-\uff5e\u2002-\u200a\u00a0\u202f\u3000]")
_DECOMPOSED = re.compile("[^\u0300-\u036f\n][\u0300-\u036f]+")
_PAGE_NUMBER = re.compile(r"^\W*(?:page|pg\.?|p\.)\s*\d+(?:\s*(?:of|/)\s*\d+)?\W*$", re.IGNORECASE)
_NUMBERED_PAGE = re.compile(r"(?:page|pg\.?|p\.)\s*\d+(?:\s*(?:of|/)\s*\d+)?")
_BOILERPLATE = re.compile(
    r"^\W*(?:end of (?:the )?report|this is a computer[- ]generated (?:report|document)[^\n]{0,80}"
    r"|not valid for (?:medico-?)?legal purposes|no signature (?:is )?required|(?:strictly )?confidential)\W*$",
    re.IGNORECASE,
)
_HYPHENATED = re.compile(r"([A-Za-z]*[a-z]{2})[-\u2010]\n[ \t]*([a-z]{2,})")
# First halves after which a hyphen belongs to the word wherever the line ends.
_KEPT = frozenset((
    "follow", "non", "well", "post", "pre", "mid", "self", "co", "ex", "anti", "semi", "half", "high", "low", "long",
    "short", "x", "ill", "multi", "sub", "all",
))  # fmt: skip

# Lines at a page's edge that are looked at for repetition.
_EDGE_LINES = 4


@dataclass(frozen=True)
class Standard:
    """Standardised text.

    Attributes:
        text: the result.
        offsets: (position in the result, position before) where each run of unchanged characters begins.
        steps: how often each step changed something, by its name in plain words.
    """

    text: str
    offsets: tuple[tuple[int, int], ...]
    steps: tuple[tuple[str, int], ...]


def standardise(text: str, *, printed: bool) -> Standard:
    """Standardise a report's text.

    Args:
        text: sanitized text; pages are separated by form feeds, which the result no longer has.
        printed: whether lines end where the paper ends, as in PDF files and scans: only then are hyphens at line ends
            joined and page edges folded.
    """
    origins = list(range(len(text)))
    steps: list[tuple[str, int]] = []
    for name, find, everywhere in _STEPS:
        if not (everywhere or printed):
            continue
        edits = list(find(text))
        if edits:
            text, origins = _apply(text, origins, edits)
            steps.append((name, len(edits)))
    text, origins = _apply(text, origins, list(_margins(text)))
    return Standard(text, tuple(_runs(origins)), tuple(steps))


def before(offsets: tuple[tuple[int, int], ...], position: int) -> int:
    """Give where a character of the result stood before.

    Args:
        offsets: of the standardised text.
        position: in the result.
    """
    after, origin = max((pair for pair in offsets if pair[0] <= position), default=(0, 0))
    return origin + position - after


def _apply(text: str, origins: list[int], edits: list[Edit]) -> tuple[str, list[int]]:
    pieces: list[str] = []
    places: list[int] = []
    end = 0
    for start, stop, replacement in edits:
        pieces += [text[end:start], replacement]
        places += origins[end:start]
        places += [origins[start] if start < len(origins) else len(origins)] * len(replacement)
        end = stop
    return "".join([*pieces, text[end:]]), places + origins[end:]


def _runs(origins: list[int]) -> Iterator[tuple[int, int]]:
    expected = -1
    for place, origin in enumerate(origins):
        if origin != expected:
            yield place, origin
        expected = origin + 1


def _letters(text: str) -> Iterator[Edit]:
    found = [(match.span(), unicodedata.normalize("NFKC", match.group())) for match in _COMPATIBLE.finditer(text)]
    found += [(match.span(), unicodedata.normalize("NFC", match.group())) for match in _DECOMPOSED.finditer(text)]
    last = 0
    for (start, stop), replacement in sorted(found):
        if start >= last and text[start:stop] != replacement:
            yield start, stop, replacement
            last = stop


def _lines(text: str) -> Iterator[tuple[int, int, str]]:
    start = 0
    for line in re.split("(?<=[\n\f])", text):
        yield start, start + len(line), line.strip("\n\f")
        start += len(line)


def _page_edges(text: str) -> Iterator[Edit]:
    """Fold what stands at the same edge of several pages: the head stays on the first, the foot on the last."""
    pages = _paged(text)
    if len(pages) < 2:
        return
    heads = Counter(key for page in pages for key in {_key(line) for _, _, line in page[: _edge(page)]})
    feet = Counter(key for page in pages for key in {_key(line) for _, _, line in page[len(page) - _edge(page) :]})
    often = max(2, round(0.6 * len(pages)))
    for number, page in enumerate(pages):
        for place, (start, stop, line) in enumerate(page):
            head = place < _edge(page) and number > 0 and heads[_key(line)] >= often
            foot = place >= len(page) - _edge(page) and number < len(pages) - 1 and feet[_key(line)] >= often
            if (head or foot) and not is_heading(line.strip().rstrip(":")):
                yield start, stop - (text[stop - 1] == PAGE_BREAK), ""


def _edge(page: list[tuple[int, int, str]]) -> int:
    """Give how many lines of a page may be its head, and as many its foot: never the same lines."""
    return min(_EDGE_LINES, len(page) // 2)


def _paged(text: str) -> list[list[tuple[int, int, str]]]:
    pages: list[list[tuple[int, int, str]]] = [[]]
    for start, stop, line in _lines(text):
        if line.strip():
            pages[-1].append((start, stop, line))
        if text[stop - 1 : stop] == PAGE_BREAK:
            pages.append([])
    return [page for page in pages if page]


def _key(line: str) -> str:
    # Only the page number may differ from page to page: results at the same place on two pages are not a header.
    return _NUMBERED_PAGE.sub("page", " ".join(line.split()).casefold())


def _page_numbers(text: str) -> Iterator[Edit]:
    yield from _whole_lines(text, _PAGE_NUMBER)


def _boilerplate(text: str) -> Iterator[Edit]:
    yield from _whole_lines(text, _BOILERPLATE)


def _whole_lines(text: str, pattern: re.Pattern[str]) -> Iterator[Edit]:
    for start, stop, line in _lines(text):
        if pattern.match(line):
            yield start, stop - (text[stop - 1] == PAGE_BREAK), ""


def _hyphens(text: str) -> Iterator[Edit]:
    words = set(re.findall(r"[a-z]+(?:-[a-z]+)?", text.casefold()))
    for match in _HYPHENATED.finditer(text):
        first, second = match.group(1).casefold(), match.group(2)
        kept = f"{first}-{second}" in words or (first in _KEPT and first + second not in words)
        yield match.end(1), match.start(2), "-" if kept else ""


def _margins(text: str) -> Iterator[Edit]:
    """Turn page breaks into paragraphs, and take off white space at the ends and long runs of empty lines."""
    for match in re.finditer(r"\A\s+|\s+\Z|[ \t]*\n?\f\n?|\n{4,}", text):
        edge = match.start() == 0 or match.end() == len(text)
        yield match.start(), match.end(), "" if edge else "\n\n" if PAGE_BREAK in match.group() else "\n\n\n"


_STEPS: tuple[tuple[str, Callable[[str], Iterator[Edit]], bool], ...] = (
    ("letters written in one of several ways", _letters, True),
    ("page headers and footers that repeat", _page_edges, False),
    ("page numbers", _page_numbers, False),
    ("set phrases that close a report", _boilerplate, True),
    ("words divided at the end of a line", _hyphens, False),
)
