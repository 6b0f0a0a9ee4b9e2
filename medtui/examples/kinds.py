"""The small, stable set of section kinds, and the titles and codes by which a section is recognised."""

import re
import tomllib
from enum import StrEnum
from functools import lru_cache
from pathlib import Path


class SectionKind(StrEnum):
    """What a section of a report is about."""

    INDICATION = "indication"
    CHIEF_COMPLAINT = "chief_complaint"
    HISTORY = "history"
    PAST_HISTORY = "past_history"
    MEDICATIONS = "medications"
    ALLERGIES = "allergies"
    FAMILY_HISTORY = "family_history"
    SOCIAL_HISTORY = "social_history"
    IMMUNIZATIONS = "immunizations"
    REVIEW_OF_SYSTEMS = "review_of_systems"
    EXAMINATION = "examination"
    RESULTS = "results"
    TECHNIQUE = "technique"
    COMPARISON = "comparison"
    FINDINGS = "findings"
    IMPRESSION = "impression"
    INTERPRETATION = "interpretation"
    ASSESSMENT = "assessment"
    PLAN = "plan"
    ASSESSMENT_AND_PLAN = "assessment_and_plan"
    DIAGNOSIS = "diagnosis"
    PREOPERATIVE_DIAGNOSIS = "preoperative_diagnosis"
    POSTOPERATIVE_DIAGNOSIS = "postoperative_diagnosis"
    PROCEDURE = "procedure"
    SPECIMEN = "specimen"
    GROSS = "gross"
    MICROSCOPIC = "microscopic"
    COURSE = "course"
    SUMMARY = "summary"
    DISCHARGE_MEDICATIONS = "discharge_medications"
    MEDICATION_CHANGES = "medication_changes"
    PATIENT_INFORMATION = "patient_information"
    ADMINISTRATIVE = "administrative"
    OTHER = "other"


_FILE = Path(__file__).with_name("lexicon.toml")

_SPACE = re.compile(r"[\s_]+")
_EDGE = re.compile(r"^[\W_]+|[^\w)]+$")


def normalise(title: str) -> str:
    """Bring a title to the form in which the lexicon holds it: lower case, single spaces, no punctuation around."""
    return _SPACE.sub(" ", _EDGE.sub("", title.replace("\u2019", "'"))).strip().lower()


@lru_cache(maxsize=1)
def _tables() -> dict[str, dict[str, str]]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def lexicon() -> dict[str, SectionKind]:
    """Give the kind of every known title; where two kinds share a title, the first in the order of kinds has it."""
    known: dict[str, SectionKind] = {}
    for kind in SectionKind:
        for title in _tables()[kind.value]["titles"].split(";"):
            known.setdefault(normalise(title), kind)
    return known


@lru_cache(maxsize=1)
def _codes() -> dict[str, SectionKind]:
    return {code: kind for kind in SectionKind for code in _tables()[kind.value].get("codes", "").split()}


def kind_of(title: str, code: str = "") -> SectionKind | None:
    """Tell what a section is about from its title and code.

    Args:
        title: the heading as written.
        code: its LOINC code, empty when there is none.

    Returns:
        The kind, None when neither is known. A specific title wins over a code, because exporters reuse codes freely.
    """
    known = lexicon().get(normalise(title))
    if known is not None and known is not SectionKind.OTHER:
        return known
    return _codes().get(code) or known
