"""Drug names in a text, brands brought to their generic names."""

import re
import tomllib
from functools import lru_cache
from pathlib import Path

_FILE = Path(__file__).with_name("drugs.toml")
_WORD = re.compile(r"[A-Za-z]{3,}(?:-[a-z]{4,})?")
# Ordinary words that end like drugs.
_NOT_DRUGS = frozenset({"april", "fistula", "cocaine", "diastole", "systole", "parabol"})


@lru_cache(maxsize=1)
def _names() -> tuple[frozenset[str], dict[str, str], re.Pattern[str]]:
    table = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    endings = "|".join(sorted(table["endings"].split(), key=len, reverse=True))
    return frozenset(table["generics"].split()), table["brands"], re.compile(rf"[a-z]{{2,}}(?:{endings})")


def drugs(text: str) -> list[tuple[int, int, str]]:
    """Find the drug names of a text.

    Returns:
        Start, end and generic name of each, in order. A brand or a second spelling has the generic's name.
    """
    generics, brands, ending = _names()
    found = []
    for match in _WORD.finditer(text):
        word = match.group().lower()
        known = word in generics or word in brands or (word not in _NOT_DRUGS and ending.fullmatch(word))
        # "pan" and "dolo" are brands only when written as names.
        if known and (len(word) > 4 or match.group()[0].isupper()):
            found.append((match.start(), match.end(), brands.get(word, word)))
    return found
