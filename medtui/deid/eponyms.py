"""Tells "Wells score" and "Chaddock reflex" from the people of the same name."""

import re

from medtui.deid.runs import Run
from medtui.deid.vocabulary import EPONYM_NOUN
from medtui.deid.word_lists.flags import Flag
from medtui.deid.words import Kind, word

_AFTER = re.compile(r"(?:'s?|s')?[ -]{1,2}(?P<noun>[^\W\d_]+(?:'s)?)")
# "Gleason 3+4", "Epworth 10/24", "Bosniak IIF", "Child-Pugh B7"
_SCORED = re.compile(r"[ ](?:\d{1,2}/\d{1,2}|\d ?\+ ?\d|\d(?![\d/])|[IVX]{2,4}[A-F]?\b|[A-D]\d\b)")
_WORDS_BETWEEN = 3


def is_eponym(text: str, run: Run, index: int) -> bool:
    """Tell whether a capitalised word names a sign, score, disease or tool.

    Args:
        text: the text in its normal form.
        run: holds the word.
        index: of the word in the run.
    """
    item = run.words[index]
    end = run.ends[index]
    if item.flags & Flag.EPONYM and _SCORED.match(text, end):
        return True
    for _ in range(_WORDS_BETWEEN):
        match = _AFTER.match(text, end)
        if not match:
            return False
        noun = match["noun"].lower().removesuffix("'s")
        if noun == "area" and item.flags & Flag.PLACE and not item.flags & Flag.EPONYM:
            # "the Milwaukee area" is where somebody lives; "Broca's area" is in the brain.
            return False
        if noun in EPONYM_NOUN:
            # "John's cancer" is a patient's; "Hodgkin's lymphoma" is not. "ELISA test" is no Elisa.
            person = item.kind is Kind.FREQUENT and item.flags & Flag.GIVEN and not item.flags & Flag.EPONYM
            return not person or (item.shape == "U" and not run.shouting)
        between = word(match["noun"])
        if not (between.flags & (Flag.EPONYM | Flag.MEDICAL) or between.shape in {"T", "U"}):
            return False
        end = match.end()
    return False
