"""Levels that an output judges: "raised" without a sign of it in the source, "controlled" beside a high value."""

import re

from medtui.examples.clauses import Clause

Piece = tuple[int, int, str]

_RAISED = re.compile(r"\b(?:raised|elevated)\b", re.I)
# That a risk is high is a conclusion.
_RISK = re.compile(r"\brisks?\b", re.I)
# In words, or as the flag of a table of results.
_HIGH = re.compile(r"\b(?i:raised|elevated|high|increased|above)\b|(?:^|[\s|(\[])(?:HH?|\*+)(?=$|[\s|)\]])", re.M)
_REFERENCE = re.compile(r"(?<![\d.])(\d+(?:\.\d+)?)\s?[-\u2013]\s?(\d+(?:\.\d+)?)(?![\d.])")


def is_raised(clause: Clause) -> bool:
    """Tell whether a clause calls a level raised."""
    return _RAISED.search(clause.text) is not None and _RISK.search(clause.text) is None


def raised_unsaid(clause: Clause, given: list[Clause]) -> bool:
    """Tell whether a clause calls something raised that the source neither calls high nor gives a value of.

    Args:
        clause: of the output.
        given: the source's clauses.
    """
    if not is_raised(clause) or any(_HIGH.search(source.text) for source in given):
        return False
    return not _beside_value(clause, given)


_RAISED_THING = re.compile(
    r"\b(?:raised|elevated)\s+(?:serum\s+)?([a-z][\w-]+)|"
    r"\b([a-z][\w-]+)\s+(?:(?:is|are|was|were|levels?|mildly|moderately|markedly|slightly|also)\s+)*"
    r"(?:raised|elevated)\b",
    re.I,
)
_MEASURED_AS = {
    "transaminases": "sgot|sgpt|ast|alt", "markers": "crp|esr|wcc|tlc|wbc|procalcitonin",
    "lipids": "ldl|cholesterol|triglycerides",
    "cholesterol": "ldl|cholesterol", "sugar": "rbs|fbs|ppbs|glucose", "sugars": "rbs|fbs|ppbs|glucose",
    "lfts": "sgot|sgpt|ast|alt|alp|bilirubin", "enzymes": "sgot|sgpt|ast|alt|ck|trop(?:onin)?",
}  # fmt: skip


def _beside_value(clause: Clause, given: list[Clause]) -> bool:
    """Tell whether "raised" names a value that the source gives without a range in which it lies."""
    source = ". ".join(piece.text for piece in given)
    values = re.findall(r"(?<![\d.])\d+(?:\.\d+)?", clause.text)
    if not values and (thing := _RAISED_THING.search(clause.text)):
        name = (thing[1] or thing[2]).lower()
        known = _MEASURED_AS.get(name, re.escape(name))
        measured = re.compile(rf"\b(?:{known})\b\D{{0,12}}?(?<![\d.])(\d+(?:\.\d+)?)", re.I)
        values = [match[1] for match in measured.finditer(source)]
    for value in values:
        for place in re.finditer(rf"(?<![\d.]){re.escape(value)}(?![\d.]*\d)", source):
            reference = _REFERENCE.search(source, place.end(), place.end() + 40)
            if reference is None or not float(reference[1]) <= float(value) <= float(reference[2]):
                return True
    return False


# Called controlled, at these values it is not: BP 140/90 mmHg (ESC/ESH 2018), HbA1c 7 % (ADA), peak flow 80 % of best
# (GINA).
_CONTROLLED = re.compile(
    r"(?<!suboptimally )(?<!sub-optimally )(?<!poorly )(?<!inadequately )(?<!partly )(?<!partially )"
    r"\b(?:controlled|at target)\b",
    re.I,
)
_PRESSURE = re.compile(r"\b(\d{2,3})/(\d{2,3})\b")
_HBA1C = re.compile(r"\bHbA1c\D{0,6}(\d{1,2}(?:\.\d)?)", re.I)
_PEAK_FLOW = re.compile(r"\b(\d{1,3}) ?% of (?:his |her )?best", re.I)
_UNCONTROLLED_ASTHMA = re.compile(r"\bwakes at night|\bnot controlled|\breliever (?:[3-9]|1\d) times", re.I)


def uncontrolled(clause: Clause, given: list[Clause], output: str) -> list[Piece]:
    """Find "controlled" or "at target" beside a value that is not.

    Args:
        clause: of the output.
        given: the source's clauses.
        output: the example's output.
    """
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
