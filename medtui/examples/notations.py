"""Other ways to write the same number: durations as fractions, weeks of pregnancy, vital signs without their unit."""

import re

from medtui.examples.quantities import quantities

Span = tuple[int, int]

# Clinics write days as sevenths, weeks as fifty-seconds and months as twelfths: 5/7, 6/52, 3/12.
_FRACTION = re.compile(r"(?<![\d/.])(\d{1,2})/(7|52|12)(?![\d/])")
_FRACTION_UNITS = {"7": "day", "52": "week", "12": "month"}
_DURATION_UNITS = {
    "days": "day", "d": "day", "weeks": "week", "wk": "week", "wks": "week", "w": "week", "months": "month",
    "mth": "month", "mths": "month",
}  # fmt: skip
# Complete weeks and days: 37+5, 37w5d, 37 weeks and 5 days, 37 5/7 weeks.
_GESTATION = re.compile(
    r"(?<![\d.])([1-4]\d)(?: ?\+ ?([0-6])(?!\d|\.\d| ?(?:days?|months?)\b)(?: ?(?:weeks?|wks?|w)\b)?"
    r"|(?: ?(?:weeks?|wks?|w),?(?: and)? ?)([0-6]) ?(?:days?|d)\b"
    r"| ([0-6])/7(?: ?(?:weeks?|wks?))?)",
    re.I,
)
_TEMPERATURE = r"temp(?:erature)?|t|febrile|fever"
# What a bare number behind these words measures.
_VITAL_SIGNS = {
    "rate": r"pulse(?: rate)?|hr|pr|p|heart rate|ventricular rate|rate|rr|resp(?:s|\.|iratory rate)?|average|avg",
    "percent": r"sats?|spo2|sao2|o2 sats?|(?:oxygen )?saturations?|hba1c|a1c|l?vef|ef|ejection fraction|fio2|hct|pcv",
    "pressure": r"bp|blood pressure|systolic|diastolic|pasp|rvsp|map|iop",
    "celsius": _TEMPERATURE,
    "fahrenheit": _TEMPERATURE,
    "mass": r"wt|weight|weighs|bw|birth weight",
    "length": r"ht|height",
}
_BEFORE = {
    dimension: re.compile(rf"(?<![a-z])(?:{words})(?:[ :=~]|\bof\b|\bis\b|\bwas\b|on|about|usual)*(?:\d+/)?\(?$", re.I)
    for dimension, words in _VITAL_SIGNS.items()
}


def implied(source: str, start: int) -> frozenset[str]:
    """Give what a bare number measures by the words before it: "pulse 78" is a rate.

    Args:
        source: the text.
        start: where the number begins.

    Returns:
        Dimensions as in `Quantity.dimension`, none where the words do not say.
    """
    before = source[max(0, start - 40) : start]
    return frozenset(dimension for dimension, pattern in _BEFORE.items() if pattern.search(before))


def _fractions(text: str) -> dict[Span, tuple[int, str]]:
    return {match.span(): (int(match[1]), _FRACTION_UNITS[match[2]]) for match in _FRACTION.finditer(text)}


def _durations(text: str) -> dict[Span, tuple[int, str]]:
    said = {(one.start, one.end): (one.value, _DURATION_UNITS.get(one.unit, one.unit)) for one in quantities(text)}
    return {span: (int(value), unit) for span, (value, unit) in said.items() if unit in _FRACTION_UNITS.values()}


def _gestations(text: str) -> list[tuple[Span, tuple[str, str]]]:
    return [(match.span(), (match[1], match[2] or match[3] or match[4])) for match in _GESTATION.finditer(text)]


def rewritten(source: str, output: str) -> list[Span]:
    """Give the places of an output that say in another notation what the source says.

    Args:
        source: what the output is drawn from.
        output: may write "5 days" for "5/7" and "37+5" for "37 weeks 5 days", or the reverse.
    """
    spans: list[Span] = []
    if known := {weeks for _, weeks in _gestations(source)}:
        spans += [span for span, weeks in _gestations(output) if weeks in known]
    if fractions := set(_fractions(source).values()):
        spans += [span for span, duration in _durations(output).items() if duration in fractions]
    if told := _fractions(output):
        durations = set(_durations(source).values())
        spans += [span for span, duration in told.items() if duration in durations]
    return spans
