"""Words that sound like a side of the body and are none, and sides that stand in longer words."""

import re

# The two ends of a shunt; what a surgeon leaves.
_NO_SIDE = re.compile(
    r"\b(?:left[ -]to[ -]right|right[ -]to[ -]left)\b"
    r"|(?<=\bdrain )left\b|(?<=\bdrains )left\b|(?<=\bpack )left\b|(?<=\bstent )left\b(?! (?:ureter|kidney|side))"
    r"|\bleft(?= (?:in (?:situ|place)|behind|alone|open|hospital|untreated)\b)",
    re.I,
)
_TOWARDS = re.compile(r"\b(left|right)wards?\b", re.I)


def plain_sides(text: str) -> str:
    """Give a text of the same length in which left and right are sides: "rightward shift" becomes "right     shift"."""
    text = _NO_SIDE.sub(lambda match: re.sub(r"[A-Za-z]", "x", match[0]), text)
    return _TOWARDS.sub(lambda match: match[1].ljust(len(match[0])), text)
