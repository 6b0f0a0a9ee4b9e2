"""Build `assets/word_lists/surrogate_names.toml`: names that stand in for real ones.

Run `pip install 'medtui[lists-build]'`, then `python -m medtui.deid.word_lists.surrogates`. The names are Faker's (MIT)
for the United States and India, and the 6,000 most frequent of the US census of 1990 (`names`, MIT; public domain): in
a large practice most common names belong to somebody, and a made-up name must belong to nobody. Left out is what is an
English or medical word too (Rose, Long, Wells), and what stands in the given names of both sexes.
"""

import json
from importlib import import_module, resources

from medtui import assets
from medtui.deid.word_lists.flags import Flag
from medtui.deid.word_lists.lookup import word_lists

_LOCALES = {"english": "en_US", "indian": "en_IN"}
_OTHER_MEANING = Flag.ORDINARY | Flag.MEDICAL | Flag.PRODUCT | Flag.ABBREVIATION | Flag.EPONYM | Flag.PLACE
_SHORTEST = 4
_CENSUS_FILES = {"women": "dist.female.first", "men": "dist.male.first", "surnames": "dist.all.last"}
_CENSUS_RANKS = 6_000


def build() -> str:
    """Give the file's content."""
    lines = [
        "# Names that stand in for real ones, from Faker and the US census; see medtui.deid.word_lists.surrogates."
    ]
    for style, locale in _LOCALES.items():
        provider = import_module(f"faker.providers.person.{locale}").Provider
        women, men = set(provider.first_names_female), set(provider.first_names_male)
        surnames = set(provider.last_names)
        if style == "english":
            women, men, surnames = women | _census("women"), men | _census("men"), surnames | _census("surnames")
        kinds = {"women": women - men, "men": men - women, "surnames": surnames}
        lines.append(f"\n[{style}]")
        lines += [f"{kind} = {json.dumps(sorted(filter(_fit, names)))}" for kind, names in kinds.items()]
    return "\n".join(lines) + "\n"


def _census(kind: str) -> set[str]:
    lines = resources.files("names").joinpath(_CENSUS_FILES[kind]).read_text("ascii").splitlines()
    return {line.split()[0].title() for line in lines[:_CENSUS_RANKS]}


def _fit(name: str) -> bool:
    plain = name.isascii() and name.isalpha() and name.istitle() and len(name) >= _SHORTEST
    return plain and not word_lists().flags(name.lower()) & _OTHER_MEANING


def main() -> None:
    """Write the file."""
    assets.path("word_lists", "words.txt.xz").with_name("surrogate_names.toml").write_text(build(), encoding="utf-8")


if __name__ == "__main__":
    main()
