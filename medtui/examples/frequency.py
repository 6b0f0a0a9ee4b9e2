"""How often a day something is taken: "twice daily", "BD" and "bid" are the same, three times is another dose."""

import re

_TIMES = (
    (2, r"twice(?: (?:a|per|each|every) day| daily)|(?:2|two) times (?:a|per|each) day|(?:2|two) times daily|b\.?d\.?|"
        r"b\.?i\.?d\.?|every (?:12|twelve) hours|12[- ]hourly|q ?12 ?h|1-0-1"),
    (3, r"thrice(?: (?:a|per) day| daily)?|(?:3|three) times (?:a|per|each) day|(?:3|three) times daily|t\.?d\.?s\.?|"
        r"t\.?i\.?d\.?|every (?:8|eight) hours|8[- ]hourly|q ?8 ?h|1-1-1"),
    (4, r"(?:4|four) times (?:a|per|each) day|(?:4|four) times daily|q\.?d\.?s\.?|q\.?i\.?d\.?|every (?:6|six) hours|"
        r"6[- ]hourly|q ?6 ?h|1-1-1-1"),
    (6, r"(?:6|six) times (?:a|per|each) day|every (?:4|four) hours|4[- ]hourly|q ?4 ?h"),
)  # fmt: skip
_OFTEN = tuple((number, re.compile(rf"(?<![\w.-])(?:{words})(?![\w-])", re.I)) for number, words in _TIMES)


def spans(text: str) -> list[tuple[int, int]]:
    """Give the places where a text says how often a day."""
    return [match.span() for _, pattern in _OFTEN for match in pattern.finditer(text)]


def missing(source: str, output: str) -> list[tuple[int, int]]:
    """Give the places of an output with a number of times a day that its source does not hold."""
    return [
        match.span() for _, pattern in _OFTEN if pattern.search(source) is None for match in pattern.finditer(output)
    ]
