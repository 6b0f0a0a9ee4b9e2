"""Raised digits: `10` with a raised `9` is a power, and written side by side it would be another number."""

import re

_POWER = re.compile("\\s*[+\u2212-]?\\d{1,3}\\s*")


def raised(before: str, text: str) -> str:
    """Give raised text as it is written in a line.

    Args:
        before: what stands before it.
        text: what is raised.

    Returns:
        The text, behind a `^` where it is a power of a number.
    """
    return f"^{text.lstrip()}" if before[-1:].isdigit() and _POWER.fullmatch(text) else text
