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
    COMMENT = "comment"
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


@lru_cache(maxsize=4096)
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


@lru_cache(maxsize=1)
def _systems() -> frozenset[str]:
    return frozenset(normalise(title) for title in _tables()["systems"]["titles"].split(";"))


@lru_cache(maxsize=1)
def _measurements() -> frozenset[str]:
    return frozenset(normalise(title) for title in _tables()["measurements"]["titles"].split(";"))


def is_system(title: str) -> bool:
    """Tell whether a title names a body system or region, which heads a part of an examination."""
    return normalise(title) in _systems()


@lru_cache(maxsize=1)
def _fields() -> frozenset[str]:
    return frozenset(normalise(title) for title in _tables()["fields"]["titles"].split(";"))


def is_field(title: str) -> bool:
    """Tell whether a title names a field of a form, such as the date of birth, which heads nothing."""
    return normalise(title) in _fields()


def is_measurement(title: str) -> bool:
    """Tell whether a title names a measurement, which heads nothing."""
    return normalise(title) in _measurements()


@lru_cache(maxsize=4096)
def kind_of(title: str, code: str = "") -> SectionKind | None:
    """Tell what a section is about from its title and code.

    Args:
        title: the heading as written.
        code: its LOINC code, empty when there is none.

    Returns:
        The kind, None when neither is known. A specific title wins over a code, because exporters reuse codes freely.
    """
    known = lexicon().get(normalise(title))
    if known is None and len(title) > 3:
        known = _without_qualifiers(normalise(title))
    if known is not None and known is not SectionKind.OTHER:
        return known
    return _codes().get(code) or known


_BEFORE = re.compile(
    r"^(?:the|his|her|patient's|patient|current|brief|pertinent|relevant|recent|significant|other|additional|general|initial|"
    r"detailed|final|admission|discharge|interval|updated|prior|previous|past|present|pre-admission|preadmission|today's|"
    r"preliminary|overall|limited|complete|focused|known|new|outside|selected|key|main|major|subsequent|repeat|basic) "
)
_AFTER = re.compile(
    r"(?: (?:on|at|upon|during|prior to|before|after|from|for|in|of)(?: the| ed| er| icu)* (?:admission|discharge|"
    r"arrival|presentation|transfer|today|visit|surgery|patient|stay|hospital|hospitalization|clinic|er|ed|note|study|exam|"
    r"emergency department|emergency room|examination|procedure|operation|referral|evaluation)"
    r"| today| performed| section| done| included| reviewed| obtained"
    r"| \([^)]*\)| \d+)$"
)


# Short forms inside titles.
_SHORT = {
    "hx": "history", "h/o": "history", "prov": "provisional", "diag": "diagnosis", "dx": "diagnosis",
    "inv": "investigations", "invs": "investigations", "exam": "examination", "ch": "chief", "gen": "general",
    "meds": "medications", "rx": "treatment", "preop": "preoperative", "pre-op": "preoperative",
    "postop": "postoperative", "post-op": "postoperative", "appt": "appointment", "appts": "appointments",
    "f/u": "follow up", "w/u": "workup", "mgmt": "management",
}  # fmt: skip
_SHORT_FORM = re.compile(rf"(?<![\w/-])(?:{'|'.join(map(re.escape, _SHORT))})\b\.?(?![/\w])")


def _in_full(title: str) -> str:
    """Write the short forms of a title in full: "prov. diagnosis", "h/o present illness", "past h/o"."""
    plain = re.sub(r"^h/o ", "history of ", title)
    return _SHORT_FORM.sub(lambda found: _SHORT[found[0].rstrip(".")], plain).replace(" & ", " and ")


def _without_qualifiers(title: str) -> SectionKind | None:
    """Look a title up without the words that only say which one: "pertinent laboratory data on admission"."""
    plain = _in_full(title)
    while plain not in lexicon():
        shorter = _AFTER.sub("", plain) if _AFTER.search(plain) else _BEFORE.sub("", plain)
        if shorter == plain or len(shorter) < 3:
            return None
        plain = shorter
    return lexicon()[plain]


@lru_cache(maxsize=4096)
def kind_of_compound(title: str) -> SectionKind | None:
    """Recognise several known titles joined, such as "History and examination" and "Labs/Imaging"."""
    for separator in (" and ", " & ", "/", ", "):
        pieces = [piece for piece in normalise(title).split(separator) if piece]
        kinds = [kind_of(piece) for piece in pieces]
        if len(pieces) > 1 and all(kinds):
            return kinds[0]
    return None
