"""Results of a source that lie above or below their range: what supports "anaemia" or "fever" without the word."""

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from medtui.examples.spelling import word_beginnings

_FILE = Path(__file__).with_name("results.toml")

# A result stands close behind its name, on its line.
_VALUE = (
    r"(?P<gap>(?:(?!negative|normal|nil|, ?[a-z]{2,}|and [a-z])[^\d\n;]){0,24}?|[ \t|]{0,60})"
    r"(?P<value>\d[\d,]*(?:\.\d+)?)(?![\d/]*\d[-/]\d)"
)
_REFERENCE = re.compile(r"(?<![\d.])(\d[\d,]*(?:\.\d+)?)\s?(?:-|\u2013|to)\s?(\d[\d,]*(?:\.\d+)?)(?![\d.])")
_BOUND = re.compile(r"[(\[|\s](?P<sign>[<>])\s?(?P<bound>\d+(?:\.\d+)?)")
_FLAG = re.compile(r"[\s|(\[](?P<flag>HH?|LL?|high|low)(?=[\s|)\].,;]|$)", re.I)


_IN_WORDS = {">": "raised|raized|elevated|high|increased|rising|rose", "<": "low|reduced|decreased|falling|fell"}
_BY_DECILITER = re.compile(r"[\s|(]*(?:m|u|µ|n)?g/dl")
# Troponin in ng/mL, as against high-sensitivity troponin in ng/L.
_BY_MILLILITER = re.compile(r"[\s|(]*(?:ng/ml|[u\u00b5\u03bc]g/l)")
_BY_LITER = re.compile(r"[\s|(]*(?:[mnpu\u00b5\u03bc]mol/l|g/l)")


@dataclass(frozen=True, slots=True)
class _Result:
    value: re.Pattern[str]
    in_words: dict[str, re.Pattern[str]]
    ranges: tuple[tuple[float, float, float, float], ...]

    def usual(self, value: float, unit: str) -> tuple[float, float] | None:
        # The range of the unit where it tells, of the value's size otherwise.
        if _BY_MILLILITER.match(unit) and self.ranges[0][1] < 0.1:
            return self.ranges[0][:2]
        known = self.ranges[:1] if _BY_DECILITER.match(unit) else self.ranges[-1:] if _BY_LITER.match(unit) else ()
        for low, high, least, most in known or self.ranges:
            if known:
                return low, high
            if least <= value <= most:
                return low, high
        return None


def _range(text: str) -> tuple[float, float, float, float]:
    usual, plausible = text.split(" in ")
    (low, high), (least, most) = (map(float, part.strip().split("-")) for part in (usual, plausible))
    return low, high, least, most


@lru_cache(maxsize=1)
def _results() -> dict[str, _Result]:
    table = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    found = {}
    for name, line in table.items():
        names, *ranges = line.split("|")
        beginnings = word_beginnings(names)
        in_words = {
            side: re.compile(
                rf"\b(?:{words})\s+(?:\w+\s+)?(?:{beginnings})|(?:{beginnings})[a-z]*\s+(?:\w+\s+)?(?:{words})\b"
            )
            for side, words in _IN_WORDS.items()
        }
        value = re.compile(rf"(?:{beginnings})[a-z]*{_VALUE}")
        found[name] = _Result(value, in_words, tuple(map(_range, ranges)))
    return found


def is_result(name: str) -> bool:
    """Tell whether there is a range for results of this name."""
    return name in _results()


def is_given(text: str, name: str) -> bool:
    """Tell whether a text in one spelling gives a result of this name."""
    return _results()[name].value.search(text) is not None


def outside(text: str, name: str) -> str:
    """Tell on which sides of their range the results of one name lie.

    Args:
        text: a source in one spelling, see `spelling.one_spelling`.
        name: of the result, as in results.toml.

    Returns:
        "<", ">", "<>" or nothing.
    """
    result = _results()[name]
    if name == "postural drop" and (drop := _postural_drop(text)):
        return drop
    sides = {side for side, pattern in result.in_words.items() if pattern.search(text)}
    for match in result.value.finditer(text):
        sides |= _judge(text, match, result)
    return "".join(sorted(sides))


_LYING = re.compile(r"\b(?:lying|supine|sitting|seated)\b")
_STANDING = re.compile(r"\b(?:standing|stood|erect|upright)\b")
_PRESSURE = re.compile(r"(?<![\d/.])(\d{2,3})/\d{2,3}(?![\d/])")
# Systolic, on standing up, in mmHg: the consensus definition of orthostatic hypotension (Freeman 2011).
_DROP = 20


def _postural_drop(text: str) -> str:
    """Tell whether the pressure falls on standing, where a text gives it lying and standing."""
    pressures = []
    for posture in (_LYING, _STANDING):
        place = posture.search(text)
        behind = _PRESSURE.search(text, place.end(), place.end() + 30) if place else None
        before = list(_PRESSURE.finditer(text, max(0, place.start() - 20), place.start())) if place else []
        if (found := before[-1] if before and not behind else behind) is None:
            return ""
        pressures.append(int(found[1]))
    return ">" if pressures[0] - pressures[1] >= _DROP else ""


def _judge(text: str, match: re.Match[str], result: _Result) -> set[str]:
    value = float(match["value"].replace(",", ""))
    behind = re.split(r"[\n;]|\.(?!\d)", text[match.end() : match.end() + 60])[0]
    sides: set[str] = set()
    if reference := _REFERENCE.search(behind):
        low, high = (float(bound.replace(",", "")) for bound in reference.groups())
        sides |= {"<"} if value < low else {">"} if value > high else set()
    elif (bound := _BOUND.match(behind)) and not re.search("[a-z]{3}", behind[: bound.start()]):
        limit = float(bound["bound"])
        sides |= {">"} if bound["sign"] == "<" and value >= limit else set()
        sides |= {"<"} if bound["sign"] == ">" and value <= limit else set()
    elif usual := result.usual(value, text[match.end() : match.end() + 12]):
        sides |= {"<"} if value < usual[0] else {">"} if value > usual[1] else set()
    elif flag := _FLAG.search(behind[:14]):
        sides.add(">" if flag["flag"].lower().startswith("h") else "<")
    return sides
