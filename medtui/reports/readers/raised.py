"""Raised digits: `10` with a raised `9` is a power, and written side by side it would be another number."""

import re

# Noncharacters (Unicode 16, 23.7): no text means anything by them.
MARKS = "\ufdd0", "\ufdd1"
_RAISED, _LOWERED = MARKS
_POWER = re.compile(f"(?<=\\d){_RAISED}\\s*([+\u2212-]?\\d{{1,3}}\\s*){_LOWERED}")


def raised(text: str) -> str:
    """Mark text that is raised, for `powers` to write it in a line."""
    return f"{_RAISED}{text}{_LOWERED}"


def powers(text: str) -> str:
    """Give text whose raised pieces are marked as it is written in a line: a power of a number stands behind a `^`."""
    if _RAISED not in text:
        return text
    # One power may be written in several pieces.
    text = _POWER.sub(r"^\1", text.replace(_LOWERED + _RAISED, ""))
    return text.replace(_RAISED, "").replace(_LOWERED, "")
