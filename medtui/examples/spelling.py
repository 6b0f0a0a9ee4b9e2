"""One spelling for British and American words, and patterns of words' beginnings in it."""

import re
from functools import lru_cache

_BRITISH = re.compile(r"ae|oe|our(?=[a-z]|\b)|leuc|isation|ising|ised\b|phoe|tre\b|sulph|plough|metre")
_AMERICAN = {"ae": "e", "oe": "e", "our": "or", "leuc": "leuk", "isation": "ization", "ising": "izing", "ised": "ized",
             "tre": "ter", "sulph": "sulf", "metre": "meter"}  # fmt: skip


@lru_cache(maxsize=4096)
def one_spelling(text: str) -> str:
    """Bring a text to lower case and one spelling; its length may change."""
    return _BRITISH.sub(lambda match: _AMERICAN.get(match[0], match[0]), text.lower())


def word_beginnings(words: str) -> str:
    """Turn "anemi; hb_" into a pattern: beginnings of words; with "_" whole words or their plural.

    Args:
        words: divided by semicolons, in any spelling; "~" opens a pattern as it stands, "(?" one before the word.
    """
    parts = [word.strip() for word in words.split(";") if word.strip()]
    plain = "|".join(_beginning(word) for word in parts if word[0].isalnum())
    others = [_pattern(word) for word in parts if not word[0].isalnum()]
    # The boundary once before all words: most places in a text begin none, and are passed at once.
    return "|".join([*([rf"\b(?:{plain})"] if plain else []), *others])


def _pattern(word: str) -> str:
    if word.startswith("~"):
        return word[1:]
    if word.startswith("(?"):
        closing = word.index(")") + 1
        return rf"{word[:closing]}\b{_beginning(word[closing:])}"
    return _beginning(word)


def _beginning(word: str) -> str:
    plain = re.escape(one_spelling(word.rstrip("_"))).replace(r"\ ", r"\s+")
    return plain + (r"(?:e?s)?(?![a-z\d])" if word.endswith("_") else "")
