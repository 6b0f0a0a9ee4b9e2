"""One spelling for British and American words, and patterns of words' beginnings in it."""

import re

_BRITISH = re.compile(r"ae|oe|our(?=[a-z]|\b)|leuc|isation|ising|ised\b|phoe|tre\b|sulph|plough|metre")
_AMERICAN = {"ae": "e", "oe": "e", "our": "or", "leuc": "leuk", "isation": "ization", "ising": "izing", "ised": "ized",
             "tre": "ter", "sulph": "sulf", "metre": "meter"}  # fmt: skip


def one_spelling(text: str) -> str:
    """Bring a text to lower case and one spelling; its length may change."""
    return _BRITISH.sub(lambda match: _AMERICAN.get(match[0], match[0]), text.lower())


def word_beginnings(words: str) -> str:
    """Turn "anemi; hb_" into a pattern: beginnings of words; with "_" whole words or their plural.

    Args:
        words: divided by semicolons, in any spelling; what begins with "(" is a pattern already.
    """
    return "|".join(_beginning(word.strip()) for word in words.split(";") if word.strip())


def _beginning(word: str) -> str:
    if word.startswith("~"):
        return word[1:]
    lead = ""
    if word.startswith("(?"):
        closing = word.index(")") + 1
        lead, word = word[:closing], word[closing:]
    whole = word.endswith("_")
    plain = re.escape(one_spelling(word.rstrip("_"))).replace(r"\ ", r"\s+")
    start = r"\b" if word[0].isalnum() else ""
    return lead + start + plain + (r"(?:e?s)?(?![a-z\d])" if whole else "")
