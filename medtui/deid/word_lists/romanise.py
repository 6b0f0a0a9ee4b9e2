"""One spelling for a name in any script of India and in Latin letters.

The Unicode blocks of these scripts run in parallel, so a letter's place in its block tells its sound. What spellings
differ in - length of vowels, voice and breath, which Tamil does not write - is left out. The skeleton also leaves out
every `a` but the first, because scripts and languages differ in where they speak the inherent one.
"""

import re

FIRST, LAST = 0x0900, 0x0DFF
_BLOCK = 0x80
_VIRAMA = 0x4D
_SIGNS = {
    0x3E: "a",
    0x3F: "i",
    0x40: "i",
    0x41: "u",
    0x42: "u",
    0x43: "ri",
    0x45: "e",
    0x46: "e",
    0x47: "e",
    0x48: "e",
} | {place: "o" for place in range(0x49, 0x4D)}
_VOWELS = {0x05: "a", 0x06: "a", 0x07: "i", 0x08: "i", 0x09: "u", 0x0A: "u", 0x0B: "ri"} | {
    place: "e" if place < 0x11 else "o" for place in range(0x0D, 0x15)
}
_CONSONANTS = dict(enumerate("kkkknccccnttttnttttnnppppmyrrlllvsssh", start=0x15))
_NASALS = frozenset((0x01, 0x02))
# Letters of Malayalam and Bengali that stand outside the common order; they carry no vowel.
_FINALS = {0x0D7A: "n", 0x0D7B: "n", 0x0D7C: "r", 0x0D7D: "l", 0x0D7E: "l", 0x0D7F: "k", 0x09CE: "t"}
_OTHERS = {0x09F0: "r", 0x09F1: "v"}
_LATIN = (
    ("sch|sh|s", "s"), ("chh|ch|jh|j|z|c", "c"), ("kh|gh|q|g|k", "k"), ("th|dh|d|t", "t"), ("ph|bh|f|b|p", "p"),
    ("w|v", "v"), ("x", "ks"), ("ee|ii|y(?=[^aeiou]|\\Z)", "i"), ("oo|uu", "u"), ("ai|ei", "e"), ("au|ou", "o"),
)  # fmt: skip
_LATIN_PATTERN = re.compile("|".join(f"({form})" for form, _ in _LATIN))


def romanise(word: str) -> str:
    """Spell a name; empty when it holds no letter of India or the Latin alphabet."""
    if any(FIRST <= ord(character) <= LAST for character in word):
        letters = _spoken(word)
    else:
        letters = _LATIN_PATTERN.sub(lambda match: _LATIN[(match.lastindex or 1) - 1][1], word.lower())
    letters = re.sub(r"(.)\1+", r"\1", letters)
    return letters[:1] + letters[1:].rstrip("ah")


def skeleton(word: str) -> str:
    """Give the name's spelling without what the scripts disagree about."""
    letters = romanise(word)
    bones = letters[:1] + letters[1:].replace("a", "").replace("m", "n")
    return re.sub(r"(.)\1+", r"\1", bones)


def _spoken(word: str) -> str:
    sounds: list[str] = []
    open_consonant = False
    for character in word:
        code = ord(character)
        place = code % _BLOCK
        consonant = _OTHERS.get(code) or (
            _CONSONANTS.get(place) if FIRST <= code <= LAST and code not in _FINALS else None
        )
        if consonant or code in _FINALS or place in _VOWELS or place in _NASALS:
            sounds.append("a" if open_consonant else "")
            open_consonant = bool(consonant)
            sounds.append(consonant or _FINALS.get(code) or _VOWELS.get(place) or "n")
        elif place in _SIGNS or place == _VIRAMA:
            sounds.append(_SIGNS.get(place, ""))
            open_consonant = False
    return "".join(sounds)
