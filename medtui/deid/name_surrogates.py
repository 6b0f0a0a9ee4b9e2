"""Made-up names: word by word, the same word for the same word inside one report."""

import re
import tomllib
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

from medtui import assets
from medtui.deid.random_stream import RandomStream
from medtui.deid.word_lists.flags import Flag
from medtui.deid.word_lists.lookup import word_lists

_WORD = re.compile(r"[\u0900-\u0dff\u200c\u200d]+|[^\W\d_]+(?:['\u2019-][^\W\d_]+)*")
_TITLE_BEFORE = re.compile(r"([^\W\d_]+)\b\.?[ ]{1,2}\Z")
_MALE = frozenset(["mr", "sir", "shri", "sri", "master", "thiru"])
_FEMALE = frozenset(["mrs", "ms", "miss", "madam", "smt", "kumari", "kum", "km", "mst", "selvi"])
_INDIAN_TITLES = frozenset(["shri", "sri", "smt", "kumari", "kum", "km", "mst", "thiru", "selvi"])
_TITLES = _MALE | _FEMALE | {"dr", "drs", "doctor", "prof", "professor", "mx"}
_SUFFIXES = frozenset(["jr", "sr", "ii", "iii", "iv", "md", "phd", "mbbs", "rn"])
_ENGLISH, _INDIAN = "english", "indian"
_OTHER_STYLE = {_ENGLISH: _INDIAN, _INDIAN: _ENGLISH}
WOMEN, MEN, SURNAMES = "women", "men", "surnames"
# So many names that belong to somebody, one after the other, mean that hardly any is free.
_TRIES = 300


@lru_cache(1)
def _lists() -> dict[str, dict[str, Sequence[str]]]:
    loaded: dict[str, dict[str, Sequence[str]]] = tomllib.loads(
        assets.path("word_lists", "surrogate_names.toml").read_text(encoding="utf-8")
    )
    return loaded


@lru_cache(1)
def _members() -> dict[tuple[str, str], frozenset[str]]:
    return {
        (style, kind): frozenset(name.lower() for name in names)
        for style, kinds in _lists().items()
        for kind, names in kinds.items()
    }


class NameSurrogates:
    """The made-up names of one report."""

    def __init__(self, stream: RandomStream, free: Callable[[str], bool]) -> None:
        """Begin a report.

        Args:
            stream: where random numbers come from.
            free: tells whether a made-up word belongs to nobody.
        """
        self._stream = stream
        self._free = free
        self._words: dict[str, str] = {}
        self._initials: dict[str, str] = {}
        self._style = _ENGLISH

    def made_up(self, value: str, before: str = "") -> str | None:
        """Put made-up names into the place of a name; titles, initials' dots, commas and capitals stay as they are.

        Args:
            value: the name as it stands in the report.
            before: the text before it, for a title that stands there.

        Returns:
            The made-up name, None when no name is free.
        """
        matches = list(_WORD.finditer(value))
        leading = _TITLE_BEFORE.search(before[-16:])
        titles = {word for match in matches if (word := match.group().lower()) in _TITLES}
        if leading and leading[1].lower() in _TITLES:
            titles.add(leading[1].lower())
        self._note_style(matches, titles)
        names = [match for match in matches if self._is_name(match, matches)]
        drawn: dict[int, str] = {}
        for match, given in zip(names, _given(value, names, bool(titles)), strict=True):
            surrogate = self._word(match.group(), given, titles)
            if surrogate is None:
                return None
            drawn[match.start()] = surrogate
        return "".join(self._pieces(value, matches, drawn))

    def _pieces(self, value: str, matches: Sequence["re.Match[str]"], drawn: dict[int, str]) -> Iterator[str]:
        position = 0
        for match in matches:
            yield self._between(value[position : match.start()])
            yield drawn.get(match.start(), match.group())
            position = match.end()
        yield self._between(value[position:])

    def _between(self, gap: str) -> str:
        return re.sub(r"\d", lambda _: self._stream.digits(1), gap)

    def _is_name(self, match: "re.Match[str]", matches: Sequence["re.Match[str]"]) -> bool:
        lower = match.group().lower()
        if lower in _TITLES:
            return False
        return lower not in _SUFFIXES or match is matches[0]

    def _note_style(self, matches: Sequence["re.Match[str]"], titles: set[str]) -> None:
        members = _members()
        for match in matches:
            lower = match.group().lower()
            style_of = [style for style in _OTHER_STYLE if any(lower in members[style, kind] for kind in _KINDS)]
            if len(style_of) == 1:
                self._style = style_of[0]
            elif "\u0900" <= lower[0] <= "\u0dff":
                self._style = _INDIAN
        if titles & _INDIAN_TITLES:
            self._style = _INDIAN

    def _word(self, word: str, given: bool, titles: set[str]) -> str | None:
        possessive = word[-2:] if word.lower().endswith(("'s", "\u2019s")) else ""
        bare = word[: len(word) - len(possessive)]
        if len(bare) == 1:
            return self._initial(bare) + possessive
        lower = bare.lower()
        if lower not in self._words:
            surrogate = self._draw(self._kind(lower, given, titles))
            if surrogate is None:
                return None
            self._words[lower] = surrogate
        return _cased(self._words[lower], bare) + possessive

    def _kind(self, lower: str, given: bool, titles: set[str]) -> str:
        if not given:
            return SURNAMES
        if titles & _FEMALE or titles & _MALE:
            return WOMEN if titles & _FEMALE else MEN
        members = _members()
        for kind in (WOMEN, MEN):
            if any(lower in members[style, kind] for style in _OTHER_STYLE):
                return kind
        return self._stream.choice((WOMEN, MEN))

    def _draw(self, kind: str) -> str | None:
        for style in (self._style, _OTHER_STYLE[self._style]):
            names = _lists()[style][kind]
            for _ in range(_TRIES):
                name = self._stream.choice(names)
                if self._free(name):
                    return name
        return None

    def _initial(self, letter: str) -> str:
        """Give the initial of the made-up name that the letter belongs to, or one of its own."""
        lower = letter.lower()
        if lower not in self._initials:
            belongs = (new[0] for old, new in self._words.items() if old[0] == lower)
            self._initials[lower] = next(belongs, None) or self._stream.choice("ABCDEFGHJKLMNPRSTVW")
        return _cased(self._initials[lower], letter)


_KINDS = (WOMEN, MEN, SURNAMES)


def _given(value: str, names: Sequence["re.Match[str]"], titled: bool) -> list[bool]:
    """Tell for each word whether it is a given name: by a comma, its place, else by the lists."""
    if not names:
        return []
    comma = value.find(",", names[0].end())
    if len(names) > 1 and comma >= 0:
        return [match.start() > comma for match in names]
    if len(names) > 1:
        return [match is not names[-1] for match in names]
    flags = word_lists().flags(names[0].group().lower())
    return [bool(flags & Flag.GIVEN) and not (titled and flags & Flag.SURNAME)]


def _cased(name: str, like: str) -> str:
    if len(like) > 1 and like.isupper():
        return name.upper()
    return name.lower() if like.islower() else name
