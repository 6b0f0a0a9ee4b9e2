"""Acronyms and the words that they stand for, where one text has the one and the other text the other."""

import re

# Two letters stand for too many things, PE for an embolism here and an effusion there; these are clear.
_ACRONYM = re.compile(r"(?<![\w-])(?:[A-Z]{3,6}|A[RSF]|M[RS]|T[RS]|P[RS]|V[TF])(?![\w-])")
_WORD = re.compile(r"[A-Za-z][a-z]+")
_BETWEEN = frozenset(("of", "the", "and", "in", "to", "with"))
_PHRASE = re.compile(r"[A-Za-z][A-Za-z -]*")
# "ROP screen clear" says nothing bad of anybody.
_LOOKED_FOR = r" (?:screen|scan|prophyla|risk|neg|workup|work-up|protocol)"


def spelt_out(source: str, output: str) -> str:
    """Give the source with acronyms beside their words where the output has the one and the source the other.

    Args:
        source: "Small patent foramen ovale."
        output: "PFO 2 mm."

    Returns:
        "Small patent foramen ovale PFO."; the words stay in their sentence, so what denies them denies both.
    """
    there, here = set(_ACRONYM.findall(source)), set(_ACRONYM.findall(output))
    if lacking := here - there:
        places = [(end, acronym) for acronym in sorted(lacking) for _, end in _phrases(acronym, source)]
        for end, acronym in sorted(places, reverse=True):
            source = f"{source[:end]} {acronym}{source[end:]}"
    for acronym in sorted(there - here):
        for start, end in _phrases(acronym, output)[:1]:
            pattern = rf"(?<![\w-]){acronym}(?![\w-]|{_LOOKED_FOR})"
            source = re.sub(pattern, f"{acronym} {output[start:end].lower()}", source)
    return source


def _phrases(acronym: str, text: str) -> list[tuple[int, int]]:
    """Find the runs of words of a text whose first letters are the acronym; small words between them do not count."""
    words = [match.span() for match in _WORD.finditer(text) if match[0].lower() not in _BETWEEN]
    initials = "".join(text[start] for start, _ in words).lower()
    found: list[tuple[int, int]] = []
    place = initials.find(acronym.lower())
    while place >= 0:
        start, end = words[place][0], words[place + len(acronym) - 1][1]
        if _PHRASE.fullmatch(text, start, end):
            found.append((start, end))
        place = initials.find(acronym.lower(), place + 1)
    return found
