"""Findings that an output asserts against its source, or without it."""

import re
import tomllib
from functools import lru_cache
from pathlib import Path

from medtui.examples.clauses import Clause, content_words, stem
from medtui.examples.denials import Denials, denials, names, quotes

Piece = tuple[int, int, str]

_FILE = Path(__file__).with_name("findings.toml")


@lru_cache(maxsize=1)
def _tables() -> tuple[dict[str, re.Pattern[str]], dict[str, str], re.Pattern[str]]:
    table = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    activities = table.pop("activities")["words"]
    support = {
        concept: re.compile("|".join(_begins(word.strip()) for word in words.split(";")), re.I)
        for concept, words in table.items()
    }
    stems = {stem(concept): concept for concept in support}
    listed = "|".join(re.escape(word.strip()) for word in activities.split(";"))
    return support, stems, re.compile(rf"\b(?:{listed})", re.I)


def _begins(word: str) -> str:
    return rf"\b{re.escape(word)}" if word[0].isalnum() else re.escape(word)


def missing(source: str, given: list[Clause], stated: list[Clause], output: str) -> list[Piece]:
    """Give asserted findings that the source denies or does not mention, and denials of what it asserts."""
    pieces: list[Piece] = []
    in_advice = False
    denied_here = denials(given)
    in_range = all_in_range(source)
    normal = all(clause.negated or not clause.words or _calm(clause) for clause in stated if not _advises(clause))
    for clause in stated:
        in_advice = in_advice or _advises(clause)
        if in_advice:
            pieces += _lost_prohibition(clause, stated, normal=normal)
        elif not clause.negated:
            pieces += _asserted(clause, given, denied_here, in_range=in_range) or _contradicted(clause, given, output)
        else:
            pieces += _denied(clause, given)
        if "\n" in clause.text:
            in_advice = False
    return pieces


def _advises(clause: Clause) -> bool:
    return (
        re.match(r"\s*(?:advice|advised?|recommend\w*|suggest\w*|plan|follow[- ]?up)\b", clause.text, re.I) is not None
    )


# A simple cyst is as good as normal: it needs nothing (Bosniak class I).
_CALM = re.compile(
    r"\b(?:normal|intact|within range|clear|unremarkable|good|well|patent|healed|at target|controlled|stable|"
    r"simple(?: \w+){0,2} cysts?)\b",
    re.I,
)


def _calm(clause: Clause) -> bool:
    return _CALM.search(clause.text) is not None


def _unsure(clause: Clause) -> bool:
    """Tell whether a clause asks, or speaks of relatives."""
    return re.search(r"\?|\bfamily\b|\b(?:r/o|rule out|to exclude)\b", clause.text, re.I) is not None


_SPELLING = {"oedem": "edem", "haem": "hem", "anaem": "anem", "aem": "em", "umour": "umor", "oes": "es"}


def _plain(text: str) -> str:
    for british, american in _SPELLING.items():
        text = text.replace(british, american)
    return text


_RAISED = re.compile(r"\b(?:raised|elevated)\b", re.I)
# In words, or as the flag of a table of results.
_HIGH = re.compile(r"\b(?i:raised|elevated|high|increased|above)\b|(?:^|[\s|(\[])(?:HH?|\*+)(?=$|[\s|)\]])", re.M)


_RESULT = re.compile(r"\S.*?(?:\s*[|:\t]\s*|\s{2,})(?P<value>\d+(?:\.\d+)?)(?![\w.])")
_REFERENCE = re.compile(r"(?<![\d.])(\d+(?:\.\d+)?)\s?[-\u2013]\s?(\d+(?:\.\d+)?)(?![\d.])")


def all_in_range(source: str) -> bool:
    """Tell whether a source is nothing but results inside the reference ranges that it gives."""
    lines = [line.strip() for line in source.splitlines() if re.search(r"\d", line)]
    if any(
        line.strip() and not line.strip().endswith(":") for line in source.splitlines() if line.strip() not in lines
    ):
        return False
    for line in lines:
        result = _RESULT.match(line)
        reference = _REFERENCE.search(line, result.end()) if result else None
        if not result or not reference:
            return False
        if not float(reference[1]) <= float(result["value"]) <= float(reference[2]):
            return False
    return bool(lines)


def _asserted(clause: Clause, given: list[Clause], denied_here: Denials, *, in_range: bool) -> list[Piece]:
    """Find what a clause asserts although the source only denies it or never mentions it."""
    span = (clause.start, clause.end)
    if (
        _RAISED.search(clause.text)
        and not any(_HIGH.search(source.text) for source in given)
        and not _beside_value(clause, given)
    ):
        return [(*span, "finding")]
    affirmed = frozenset().union(*(source.words for source in given if not source.negated))
    denied = frozenset().union(*(source.words for source in given if source.negated))
    only_denied = bool(clause.words) and clause.words <= denied | affirmed and bool((clause.words & denied) - affirmed)
    if not _calm(clause) and (
        only_denied or (not _unsure(clause) and names(clause, denied_here)) or quotes(clause, denied_here)
    ):
        return [(*span, "negation")]
    support, stems, _ = _tables()
    for word in clause.words & stems.keys():
        pattern = support[stems[word]]
        speaking = [source for source in given if pattern.search(_plain(source.text))]
        if not speaking:
            return [(*span, "finding")]
        if _calm(clause):
            continue
        if in_range or all(source.negated or _calm(source) or _unsure(source) for source in speaking):
            return [(*span, "negation")]
        if _site_is_normal(clause.words - {word}, given):
            return [(*span, "negation")]
    return []


def _beside_value(clause: Clause, given: list[Clause]) -> bool:
    """Tell whether "raised" names a value that the source gives without a range in which it lies."""
    values = re.findall(r"(?<![\d.])\d+(?:\.\d+)?", clause.text)
    source = ". ".join(piece.text for piece in given)
    for value in values:
        for place in re.finditer(rf"(?<![\d.]){re.escape(value)}(?![\d.]*\d)", source):
            reference = _REFERENCE.search(source, place.end(), place.end() + 40)
            if reference is None or not float(reference[1]) <= float(value) <= float(reference[2]):
                return True
    return False


def _site_is_normal(site: frozenset[str], given: list[Clause]) -> bool:
    """Tell whether all that a source says of a site is that nothing is wrong there."""
    there = [source for source in given if site & source.words]
    return bool(there) and all(_calm(source) for source in there)


def _denied(clause: Clause, given: list[Clause]) -> list[Piece]:
    """Find a denial of what the source asserts in the same words."""
    _, stems, _ = _tables()
    concepts = clause.words & stems.keys()
    if not concepts:
        return []
    speaking = [
        source for source in given if concepts <= source.words and len(clause.words & source.words) >= len(clause.words)
    ]
    return (
        [(clause.start, clause.end, "negation")] if speaking and not any(source.negated for source in speaking) else []
    )


# Called controlled, at these values it is not: BP 140/90 mmHg (ESC/ESH 2018), HbA1c 7 % (ADA), peak flow 80 % of best
# (GINA).
_CONTROLLED = re.compile(r"\b(?:controlled|at target)\b", re.I)
_PRESSURE = re.compile(r"\b(\d{2,3})/(\d{2,3})\b")
_HBA1C = re.compile(r"\bHbA1c\D{0,6}(\d{1,2}(?:\.\d)?)", re.I)
_PEAK_FLOW = re.compile(r"\b(\d{1,3}) ?% of (?:his |her )?best", re.I)
_UNCONTROLLED_ASTHMA = re.compile(r"\bwakes at night|\bnot controlled|\breliever (?:[3-9]|1\d) times", re.I)


def _contradicted(clause: Clause, given: list[Clause], output: str) -> list[Piece]:
    """Find "controlled" or "at target" beside a value that is not."""
    if not _CONTROLLED.search(clause.text):
        return []
    end = output.find("\n", clause.start)
    line = output[clause.start : end if end >= 0 else len(output)]
    source = ". ".join(piece.text for piece in given)
    high = any(int(match[1]) >= 140 or int(match[2]) >= 90 for match in _PRESSURE.finditer(line))
    high = high or any(float(match[1]) > 7 for match in _HBA1C.finditer(line))
    if re.search(r"asthma|wheez", clause.text, re.I):
        low = any(int(match[1]) < 80 for match in _PEAK_FLOW.finditer(source))
        high = high or low or _UNCONTROLLED_ASTHMA.search(source) is not None
    return [(clause.start, clause.end, "negation")] if high else []


def _lost_prohibition(clause: Clause, stated: list[Clause], *, normal: bool) -> list[Piece]:
    """Find advice that reads as if its "no" had been lost: to do what is usually forbidden, or to act on nothing."""
    _, _, activities = _tables()
    span = (clause.start, clause.end)
    permitted = re.search(
        r"\b(?:avoid\w*|intake|check|history|stop\w*|cessation|limit\w*|reduc\w*|until|gradual\w*|less|quit\w*|restrict\w*|no|not)\b",
        clause.text,
        re.I,
    )
    if activities.search(clause.text) and not permitted:
        return [(*span, "negation")]
    needed = re.search(r"\b(?:needed|required|necessary|(?<!clinically )indicated)\b", clause.text, re.I)
    object_words = content_words(clause.text[needed.end() :]) if needed else frozenset()
    harmless = _site_is_normal(object_words, [other for other in stated if not _advises(other)])
    if needed and not clause.negated and (normal or harmless):
        return [(*span, "negation")]
    return []
