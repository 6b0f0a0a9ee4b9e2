"""Standardising: the small changes that make text from many programs alike, each shown and none lost track of.

Every step gives edits; positions in the result are traced back to the text before, so that both can stand side by side.
"""

import bisect
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator

import msgspec

from medtui.reports.sections import is_heading

Edit = tuple[int, int, str]
Runs = tuple[tuple[int, int], ...]

PAGE_BREAK = "\f"
# Letters joined by fonts, and the full-width forms of East Asian typewriters: the same letters written apart.
_COMPATIBLE = re.compile("[\ufb00-\ufb06\uff01-\uff5e\u2002-\u200a\u00a0\u202f\u3000]")
_COMBINING = re.compile("[\u0300-\u036f]")
_DECOMPOSED = re.compile("[^\u0300-\u036f\n][\u0300-\u036f]+")
_PAGE_NUMBER = re.compile(r"^\W*(?:page|pg\.?|p\.)\s*\d+(?:\s*(?:of|/)\s*\d+)?\W*$", re.IGNORECASE)
_NUMBERED_PAGE = re.compile(r"(?:page|pg\.?|p\.)\s*\d+(?:\s*(?:of|/)\s*\d+)?")
_BOILERPLATE = re.compile(
    r"^\W*(?:end of (?:the )?report|this is a computer[- ]generated (?:report|document)[^\n]{0,80}"
    r"|not valid for (?:medico-?)?legal purposes|no signature (?:is )?required|(?:strictly )?confidential)\W*$",
    re.IGNORECASE,
)
# Words of which every such phrase has one: most reports have none and need not be looked through line by line.
_PHRASES = ("end of", "computer", "legal purposes", "signature", "confidential")
_HYPHENATED = re.compile(r"[-\u2010]\n[ \t]*([a-z]{2,})")
_FIRST_HALF = re.compile(r"[A-Za-z]*[a-z]{2}\Z")
# No word that is divided has a longer first half.
_LONGEST_HALF = 60
# First halves after which a hyphen belongs to the word wherever the line ends.
_KEPT = frozenset((
    "follow", "non", "well", "post", "pre", "mid", "self", "co", "ex", "anti", "semi", "half", "high", "low", "long",
    "short", "x", "ill", "multi", "sub", "all",
))  # fmt: skip

# Lines at a page's edge that are looked at for repetition.
_EDGE_LINES = 4


class Standard(msgspec.Struct, frozen=True):
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
    runs: Runs = ((0, 0),) if text else ()
    steps: list[tuple[str, int]] = []
    for name, find, everywhere in _STEPS:
        if not (everywhere or printed):
            continue
        edits = list(find(text))
        if edits:
            text, runs = _apply(text, runs, edits)
            steps.append((name, len(edits)))
    text, runs = _apply(text, runs, list(_margins(text)))
    return Standard(text, runs, tuple(steps))


def before(offsets: tuple[tuple[int, int], ...], position: int) -> int:
    """Give where a character of the result stood before.

    Args:
        offsets: of the standardised text.
        position: in the result.
    """
    after, origin = max((pair for pair in offsets if pair[0] <= position), default=(0, 0))
    return origin + position - after


def _apply(text: str, runs: Runs, edits: list[Edit]) -> tuple[str, Runs]:
    if not edits:
        return text, runs
    pieces: list[str] = []
    traced = _Traced(runs)
    end = 0
    for start, stop, replacement in edits:
        pieces += [text[end:start], replacement]
        traced.keep(end, start)
        traced.replace(start, len(replacement))
        end = stop
    pieces.append(text[end:])
    traced.keep(end, len(text))
    return "".join(pieces), tuple(traced.runs)


class _Traced:
    """Runs of unchanged characters, carried through edits."""

    def __init__(self, before: Runs) -> None:
        self.runs: list[tuple[int, int]] = []
        self._before = before
        self._starts = [place for place, _ in before]
        self._length = 0

    def keep(self, start: int, stop: int) -> None:
        """Take over the characters between two places."""
        if start >= stop:
            return
        self._run(self._length, self._origin(start))
        first = bisect.bisect_right(self._starts, start)
        for place, origin in self._before[first : bisect.bisect_left(self._starts, stop)]:
            self._run(self._length + place - start, origin)
        self._length += stop - start

    def replace(self, start: int, length: int) -> None:
        """Put new characters in; each stands for the character at a place."""
        for _ in range(length):
            self._run(self._length, self._origin(start))
            self._length += 1

    def _origin(self, place: int) -> int:
        number = bisect.bisect_right(self._starts, place) - 1
        after, origin = self._before[number] if number >= 0 else (0, 0)
        return origin + place - after

    def _run(self, place: int, origin: int) -> None:
        if not self.runs or origin - self.runs[-1][1] != place - self.runs[-1][0]:
            self.runs.append((place, origin))


def _letters(text: str) -> Iterator[Edit]:
    if text.isascii():
        return
    found = [(match.span(), unicodedata.normalize("NFKC", match.group())) for match in _COMPATIBLE.finditer(text)]
    if _COMBINING.search(text):
        found += [(match.span(), unicodedata.normalize("NFC", match.group())) for match in _DECOMPOSED.finditer(text)]
    last = 0
    for (start, stop), replacement in sorted(found):
        if start >= last and text[start:stop] != replacement:
            yield start, stop, replacement
            last = stop


_LINE = re.compile(r"[^\n\f]*[\n\f]|[^\n\f]+")


def _lines(text: str) -> Iterator[tuple[int, int, str]]:
    for match in _LINE.finditer(text):
        yield match.start(), match.end(), match.group().rstrip("\n\f")


def _page_edges(text: str) -> Iterator[Edit]:
    """Fold what stands at the same edge of several pages: the head stays on the first, the foot on the last."""
    pages = _paged(text) if PAGE_BREAK in text else []
    if len(pages) < 2:
        return
    heads = Counter(key for page in pages for key in {_key(line) for _, _, line in page[: _edge(page)]})
    feet = Counter(key for page in pages for key in {_key(line) for _, _, line in page[len(page) - _edge(page) :]})
    often = max(2, round(0.6 * len(pages)))
    for number, page in enumerate(pages):
        edge = _edge(page)
        for place, (start, stop, line) in enumerate(page):
            head = place < edge and number > 0 and heads[_key(line)] >= often
            foot = place >= len(page) - edge and number < len(pages) - 1 and feet[_key(line)] >= often
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
    if _NUMBERED_PAGE.search(text.casefold()):
        yield from _whole_lines(text, _PAGE_NUMBER)


def _boilerplate(text: str) -> Iterator[Edit]:
    lowered = text.casefold()
    if any(phrase in lowered for phrase in _PHRASES):
        yield from _whole_lines(text, _BOILERPLATE)


def _whole_lines(text: str, pattern: re.Pattern[str]) -> Iterator[Edit]:
    for start, stop, line in _lines(text):
        if pattern.match(line):
            yield start, stop - (text[stop - 1] == PAGE_BREAK), ""


def _hyphens(text: str) -> Iterator[Edit]:
    words: set[str] | None = None
    for match in _HYPHENATED.finditer(text):
        half = _FIRST_HALF.search(text[max(0, match.start() - _LONGEST_HALF) : match.start()])
        if half is None:
            continue
        words = set(re.findall(r"[a-z]+(?:-[a-z]+)?", text.casefold())) if words is None else words
        first, second = half.group().casefold(), match.group(1)
        kept = f"{first}-{second}" in words or (first in _KEPT and first + second not in words)
        yield match.start(), match.start(1), "-" if kept else ""


def _margins(text: str) -> Iterator[Edit]:
    """Turn page breaks into paragraphs, and take off white space at the ends and long runs of empty lines."""
    if PAGE_BREAK not in text and "\n\n\n\n" not in text and text == text.strip():
        return
    first, last = len(text) - len(text.lstrip()), len(text.rstrip())
    if first:
        yield 0, first, ""
    for match in _MARGINS.finditer(text, first, last):
        yield match.start(), match.end(), "\n\n" if PAGE_BREAK in match.group() else "\n\n\n"
    if first <= last < len(text):
        yield last, len(text), ""


# White space around a page break, or four line ends; written so that every match begins with one set of characters,
# for which the search leaps.
_MARGINS = re.compile(r"[ \t\n\f](?:(?<=[ \t])[ \t]*\n?\f\n?|(?<=\n)(?:\f\n?|\n{3,})|(?<=\f)\n?)")

_STEPS: tuple[tuple[str, Callable[[str], Iterator[Edit]], bool], ...] = (
    ("letters written in one of several ways", _letters, True),
    ("page headers and footers that repeat", _page_edges, False),
    ("page numbers", _page_numbers, False),
    ("set phrases that close a report", _boilerplate, True),
    ("words divided at the end of a line", _hyphens, False),
)
