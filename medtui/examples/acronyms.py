"""Acronyms and the words that they stand for, where one text has the one and the other text the other."""

import re

# Two letters stand for too many things: PE is an embolism here and an effusion there.
_ACRONYM = re.compile(r"(?<![\w-])[A-Z]{3,6}(?![\w-])")
_BETWEEN = r"(?:[ -]+(?:of|the|and|in|to|with))?[ -]+"
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
    for acronym in here - there:
        source = _words(acronym).sub(rf"\g<0> {acronym}", source)
    for acronym in there - here:
        if words := _words(acronym).search(output):
            source = re.sub(rf"(?<![\w-]){acronym}(?![\w-]|{_LOOKED_FOR})", f"{acronym} {words[0].lower()}", source)
    return source


def _words(acronym: str) -> re.Pattern[str]:
    return re.compile(r"\b" + _BETWEEN.join(f"{letter}[a-z]+" for letter in acronym) + r"\b", re.I)
