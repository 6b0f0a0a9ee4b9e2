"""What a source affirms, and whether that supports a finding."""

import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path

from medtui.examples import results
from medtui.examples.clauses import Clause, by_sentence, carried_sides, same_side
from medtui.examples.spelling import one_spelling, word_beginnings

_FINDINGS = Path(__file__).with_name("findings")
_WORDS = Path(__file__).with_name("general_words.toml")
_EXCLUDED = Path(__file__).with_name("excluded.toml")


@dataclass(frozen=True, slots=True)
class Finding:
    """A finding that answers state.

    Attributes:
        called: its names, divided by semicolons.
        supported: those and the words that support it.
        results: results that support it, each with the side of its range: ("sodium", "<").
        decisive: the result that would show it, so that one within its range excludes it; empty if there is none.
        against: what says that it is not there, if anything does.
    """

    called: str
    supported: str
    results: tuple[tuple[str, str], ...]
    decisive: str
    against: str

    @property
    def names(self) -> re.Pattern[str]:
        """Pattern of its names; made when asked for, because most findings are never named."""
        return _pattern(self.called)

    @property
    def support(self) -> re.Pattern[str]:
        """Pattern of the words that support it, its names among them."""
        return _pattern(self.supported)

    @property
    def excluded(self) -> re.Pattern[str] | None:
        """Pattern of what says that it is not there, if anything does."""
        return _pattern(self.against) if self.against else None


@cache
def _pattern(words: str) -> re.Pattern[str]:
    return re.compile(word_beginnings(words))


@dataclass(frozen=True, slots=True)
class _Tables:
    findings: tuple[Finding, ...]
    any_name: re.Pattern[str]
    sites: re.Pattern[str]
    general: frozenset[str]
    weaker: frozenset[str]
    qualities: frozenset[str]
    harmless: re.Pattern[str]
    activities: re.Pattern[str]


@lru_cache(maxsize=1)
def tables() -> _Tables:
    """Read the findings and the general words."""
    files = sorted(_FINDINGS.glob("*.toml"))
    known = {
        names: words
        for file in files
        for names, words in tomllib.loads(file.read_text(encoding="utf-8"))["findings"].items()
    }
    table = tomllib.loads(_WORDS.read_text(encoding="utf-8"))
    excluded = tomllib.loads(_EXCLUDED.read_text(encoding="utf-8"))["excluded"]
    findings = tuple(_finding(names, words, excluded) for names, words in known.items())
    # The longest name first, so that "bile duct stone" is not taken for "stone".
    names = sorted((name for line in known for name in line.split(";")), key=len, reverse=True)
    general, weaker, qualities = (
        frozenset(one_spelling(table["general"][key]).replace(";", " ").split())
        for key in ("words", "weaker", "qualities")
    )
    return _Tables(
        findings,
        re.compile(rf"(?<!non-)(?<!non )(?:{word_beginnings(';'.join(names))})"),
        re.compile(_grouped(table["sites"]["words"])),
        general,
        weaker,
        qualities,
        re.compile(word_beginnings(table["harmless"]["words"])),
        re.compile(word_beginnings(table["activities"]["words"]), re.I),
    )


def _grouped(lists: list[str]) -> str:
    """Join lists of words to a pattern with a group for each; the boundary once, see `word_beginnings`."""
    groups = (word_beginnings(words).removeprefix(r"\b") for words in lists)
    return r"\b(?:" + "|".join(f"({group})" for group in groups) + ")"


def _finding(names: str, words: str, excluded: dict[str, str]) -> Finding:
    parts = [part.strip() for part in words.split(";") if part.strip()]
    decisive = next((part[:-2].strip() for part in parts if part[-2:] in {"<!", ">!"}), "")
    parts = [part.removesuffix("!") for part in parts]
    measured = tuple((part[:-1].strip(), part[-1]) for part in parts if part[-1] in "<>")
    unknown = [name for name, _ in measured if not results.is_result(name)]
    if unknown:
        raise ValueError(f"The findings name results that results.toml does not hold: {', '.join(unknown)}.")
    said = ";".join(part for part in parts if part[-1] not in "<>")
    against = ";".join(excluded[name] for part in names.split(";") if (name := part.strip()) in excluded)
    return Finding(names, f"{names};{said}", measured, decisive, against)


@lru_cache(maxsize=4096)
def findings_named(phrase: str) -> tuple[tuple[Finding, ...], ...]:
    """Give the findings that a phrase in one spelling names; several where a name stands for either of them.

    Of overlapping names the longest counts.
    """
    return tuple(_findings_called(match[0]) for match in tables().any_name.finditer(phrase))


@lru_cache(maxsize=4096)
def _findings_called(name: str) -> tuple[Finding, ...]:
    # The beginning first: it spares most patterns.
    return tuple(
        one for one in tables().findings if name.startswith(_beginnings(one.called)) and one.names.fullmatch(name)
    )


@cache
def _beginnings(called: str) -> tuple[str, ...]:
    return tuple({one_spelling(part.strip())[:3] for part in called.split(";")})


@lru_cache(maxsize=4096)
def sites(phrase: str) -> frozenset[int]:
    """Give the places in the body that a phrase in one spelling names, each by its number in general_words.toml."""
    return frozenset(match.lastindex or 0 for match in tables().sites.finditer(phrase))


@dataclass(frozen=True, slots=True)
class Place:
    """What a clause of a source says about which place.

    Attributes:
        text: the clause in one spelling.
        subject: the clause that opens its sentence.
        sides: "left", "right", "both"; of an earlier clause of the sentence when it names none itself.
        affirms: something out of order, as against a denial or something normal.
    """

    text: str
    subject: str
    sides: frozenset[str]
    affirms: bool

    @property
    def sites(self) -> frozenset[int]:
        """Places of the body, see `sites`; worked out when asked for, which few answers do."""
        return sites(self.text) | sites(self.subject)

    def meets(self, where: frozenset[int], sides: frozenset[str], *, strictly: bool = False) -> bool:
        """Tell whether it can be about the same place: one that is not named is any, a side only if not strictly."""
        near = not where or not (own := self.sites) or bool(own & where)
        if strictly:
            return near and self.sides == sides
        return near and same_side(self.sides, sides)


_OLD = re.compile(r"\b(?:old|chronic|remote|previous|prior|healed|history of|known|past|longstanding|long-standing)\b")


_FLAGGED = re.compile(
    r"\b(?:h|l|high|low|raised|positive|absent|reduced|increased|loss|thick\w*|irregular|dilat\w*|hypo?ech\w*|opac\w*)\b"
)


@dataclass(slots=True)
class Evidence:
    """What a source affirms.

    Attributes:
        text: the whole source in one spelling.
        places: its clauses.
        affirmed: those that neither deny, nor ask, nor call something normal, as one text.
    """

    text: str
    places: tuple[Place, ...]
    affirmed: str
    _outside: dict[str, str] = field(default_factory=dict)

    def supports(self, finding: Finding) -> bool:
        """Tell whether the source affirms a finding, or something that supports it."""
        if self.measured(finding):
            return True
        if finding.support.search(self.affirmed) is None:
            return False
        return not self.excludes(finding) or finding.names.search(self.affirmed) is not None

    def excludes(self, finding: Finding) -> bool:
        """Tell whether the source says what excludes a finding, or gives the result that shows it within its range."""
        if finding.excluded is not None and finding.excluded.search(self.text):
            return True
        return bool(finding.decisive) and results.is_given(self.text, finding.decisive)

    def supports_recent(self, finding: Finding) -> bool:
        """Tell whether the source affirms a finding otherwise than as an old one."""
        return any(
            place.affirms and finding.support.search(place.text) and not _OLD.search(place.text)
            for place in self.places
        )

    def measured(self, finding: Finding) -> bool:
        """Tell whether a result of the source supports a finding."""
        return any(side in self._side(name) for name, side in finding.results)

    def is_ill(self) -> bool:
        """Tell whether the source names a finding, or has a result outside its range by its flag."""
        return tables().any_name.search(self.affirmed) is not None or _FLAGGED.search(self.affirmed) is not None

    def speaks_of(self, finding: Finding) -> bool:
        """Tell whether the source speaks of a finding, be it to deny it, or gives a result that would show it."""
        return finding.support.search(self.text) is not None or any(
            results.is_given(self.text, name) for name, _ in finding.results
        )

    def supports_there(
        self, choice: tuple[Finding, ...], where: frozenset[int], sides: frozenset[str], *, strictly: bool = False
    ) -> bool:
        """Tell whether the source supports one of some findings at a place, or without naming a place.

        Args:
            choice: the findings.
            where: the place, see `sites`.
            sides: the sides.
            strictly: only where the source names exactly these sides.
        """
        return any(
            place.affirms
            and place.meets(where, sides, strictly=strictly)
            and any(one.support.search(place.text) for one in choice)
            for place in self.places
        )

    def is_sound(self, where: frozenset[int], sides: frozenset[str]) -> bool:
        """Tell whether the source speaks of a place, on these sides, and says only that nothing is wrong there."""
        there = [place for place in self.places if where and place.sites & where and same_side(place.sides, sides)]
        return bool(there) and not any(place.affirms for place in there)

    def _side(self, name: str) -> str:
        if name not in self._outside:
            self._outside[name] = results.outside(self.text, name)
        return self._outside[name]


def evidence(source: str, given: list[Clause], affirms: Callable[[Clause], bool]) -> Evidence:
    """Gather what a source affirms.

    Args:
        source: the example's input.
        given: its clauses.
        affirms: whether a clause affirms something out of order.
    """
    places = [place for sentence in by_sentence(source, given) for place in _places(sentence, affirms)]
    affirmed = " . ".join(place.text for place in places if place.affirms)
    return Evidence(one_spelling(source), tuple(places), affirmed)


# A scan or protocol is named after what it looks for.
_LOOKED_FOR = re.compile(r"\b\w+ (?=(?:scan|protocol|screen(?:ing)?|study|series|survey|work-?up)\b)")


def _places(sentence: list[Clause], affirms: Callable[[Clause], bool]) -> list[Place]:
    """Give each clause the side named last, and besides its own places those of the clause that opens its sentence."""
    places = []
    texts = [_LOOKED_FOR.sub("", one_spelling(clause.text)) for clause in sentence]
    for clause, text, sides in zip(sentence, texts, carried_sides(sentence), strict=True):
        places.append(Place(text, texts[0], sides, affirms(clause)))
    return places
