"""Names and places in the scripts of India, which have no capitals to go by."""

import re
import tomllib
from collections.abc import Iterator

from medtui import assets
from medtui.deid.prepared import Prepared
from medtui.deid.spans import DOUBT, LIKELY, UNVOUCHED, Span
from medtui.deid.word_lists.flags import NAME, Flag
from medtui.deid.word_lists.lookup import word_lists
from medtui.deid.word_lists.romanise import romanise, skeleton
from medtui.phi import Category

_SETS = {
    name: words.split()
    for name, words in tomllib.loads(assets.path("word_lists", "indic.toml").read_text("utf-8")).items()
}
_STOPS = frozenset(_SETS["stops"])
_WORD = re.compile(r"[\u0900-\u0963\u0966-\u0dff\u200c\u200d]+")


def _any(name: str) -> str:
    return "|".join(re.escape(word) for word in sorted(_SETS[name], key=len, reverse=True))


_TITLED = re.compile(rf"(?<![\u0900-\u0dff])(?:{_any('titles')})\.?[ :]{{1,2}}")
_LABELLED = re.compile(
    rf"(?<![\u0900-\u0dff])(?:{_any('labels')})[\u0900-\u0963\u0966-\u0dff]{{0,4}}(?:[ ](?:{_any('links')}))?[ ]?[:=-]?[ ]{{0,2}}(?=[\u0900-\u0dff])"
)
_LATIN_LABEL = re.compile(
    r"(?i:patient|name|naam|pt|mr|mrs|dr|shri|smt)\b[ .:]{1,3}(?:(?i:ka|ki|ke)[ ](?i:naam|name)[ :]{1,2})?(?=[\u0900-\u0dff])"
)
_FACILITY = re.compile(
    rf"(?:[\u0900-\u0963\u0966-\u0dff\u200c\u200d]+[ ]){{0,2}}(?:{_any('facilities')})[\u0900-\u0963\u0966-\u0dff\u200c\u200d]{{0,6}}"
)
_GAP = re.compile(r"[ ]|\.[ ]?")
_LONGEST_NAME = 4
_LONGEST_ENDING = 6
_SHORTEST_SKELETON = 4


def find(prepared: Prepared) -> Iterator[Span]:
    """Find names and places in the scripts of India.

    Args:
        prepared: the text in its normal form.
    """
    if not prepared.indic:
        return
    text = prepared.text
    for pattern, score in ((_TITLED, LIKELY), (_LABELLED, LIKELY), (_LATIN_LABEL, LIKELY)):
        for match in pattern.finditer(text):
            start = match.start() if pattern is _TITLED else match.end()
            if title := _TITLED.match(text, match.end()):
                match = title
            if end := _name_end(text, match.end()):
                yield Span(start, end, Category.NAME, score, "indic:name")
    for match in _FACILITY.finditer(text):
        yield Span(*_without_stops(match), Category.LOCATION, LIKELY, "indic:place")
    for match in _WORD.finditer(text):
        if span := _listed(match):
            yield span


def _name_end(text: str, start: int) -> int:
    """Give where a name that begins at `start` ends, 0 when none does."""
    end, position = 0, start
    for _ in range(_LONGEST_NAME):
        match = _WORD.match(text, position) or (_LATIN_NAME.match(text, position) if end else None)
        if not match or match.group() in _STOPS:
            break
        end = match.end()
        gap = _GAP.match(text, end)
        if not gap or gap.group().startswith("."):
            break
        position = gap.end()
    return end


_LATIN_NAME = re.compile(r"[A-Z][a-z]+")


def _without_stops(match: "re.Match[str]") -> tuple[int, int]:
    start = match.start()
    for word in match.group().split(" ")[:-1]:
        if word not in _STOPS:
            break
        start += len(word) + 1
    return start, match.end()


def _listed(match: "re.Match[str]") -> Span | None:
    word = match.group()
    if word in _STOPS or len(word) < 2:
        return None
    flags = word_lists().flags
    known = flags(word)
    if known & Flag.PLACE or any(
        flags(word[:length]) & Flag.PLACE for length in range(max(3, len(word) - _LONGEST_ENDING), len(word))
    ):
        return Span(match.start(), match.end(), Category.LOCATION, LIKELY, "indic:place")
    if known & NAME:
        return Span(match.start(), match.end(), Category.NAME, LIKELY, "indic:word")
    spelt, bones = romanise(word), skeleton(word)
    if len(spelt) >= _SHORTEST_SKELETON and flags("=" + spelt) & NAME:
        return Span(match.start(), match.end(), Category.NAME, UNVOUCHED, "indic:spelling")
    if len(bones) >= _SHORTEST_SKELETON - 1 and flags("~" + bones) & NAME:
        score = UNVOUCHED if len(bones) >= _SHORTEST_SKELETON else DOUBT
        return Span(match.start(), match.end(), Category.NAME, score, "indic:skeleton")
    return None
