"""Tells what kind of statement a clause makes: of something normal, of a doubt, of advice."""

import re
from functools import lru_cache

from medtui.examples.clauses import Clause, same_side
from medtui.examples.evidence import findings_named
from medtui.examples.spelling import one_spelling

_NORMAL = re.compile(
    r"\b(?:normal|normally|intact|within range|within normal limits|clear(?!s\b)|unremarkable|good|well(?!-)|"
    r"patent(?! (?:ductus|duct|foramen|processus|urachus))|healed|"
    r"at target|controlled|stable|preserved|maintained|adequate|safe|remission|supple|wnl|nad|wound clean|"
    r"competent|(?<!non-)(?<!not )compressible)\b|\bfree\s*$",
    re.I,
)
# A simple cyst is as good as normal: it needs nothing (Bosniak class I).
_SIMPLE_CYST = re.compile(r"\bsimple(?: \w+){0,2} cysts?\b", re.I)
_UNSURE = re.compile(r"\?|\bfamily\b|\b(?:r/o|rule out|to exclude|resolution of)\b", re.I)
_ADVICE = re.compile(r"\s*(?:advice|advised?|recommend\w*|suggest(?:ed|s|ion)?(?! of)|plan|follow[- ]?up)\b", re.I)


# Words of health too, in a clause that names nothing out of order.
_WELL = re.compile(
    r"\b(?:aerated|opacif(?:y|ies)|pneumati[sz]ed|congruent|antegrade|physiologic(?:al)?|symmetric(?:al)?|pearly|regular|"
    r"homogeneous|unobstructed|sterile|isoelectric|reassuring|quiet|uninflamed|slender|smooth(?! taper| muscle)|"
    r"soft(?! tissue)|equal|steady|"
    r"(?:mediastin\w+|trachea|uvula|septum|odontoid)(?: \w+)? (?:central|midline)|orient(?:ed|ated)|alert|non-?dilated|"
    r"hydrated|moist|continent|unaffected|uninvolved|undisturbed|seated|slim|in line|held|"
    r"spared|smooth[- ]walled|echo[- ]free|5/5|6/6|20/20|15/15|r0 ?m0|"
    r"angles? (?:are |is )?(?:sharp|free)|(?:pupils?|ctg)\b[^.,;]* reactive|"
    r"(?:movements?|range|rom|fields?|opening)\b(?: \w+){0,3} full|full (?:range|movements?|fields?)|"
    r"normo(?:zoo)?spermi\w+|"
    r"(?:normo|a)(?:vol(?:a?e)mic|tensive|thermic|glyc(?:a?e)mic|febrile|pyrexial)|upright|fully expanded)\b",
    re.I,
)
_ILL = re.compile(
    r"enlarg|dilat|thick|mass\b|lesion|nodul|stenos|narrow|raised|elevat|effusion|fractur|\btear|edema|swell|swollen|"
    r"tender|calcul|stone|increas|reduc|abnormal|deviat|shift|cyst|collaps|opaci(?!fy|fies)|pain|ulcer|bleed|rash|"
    r"infect|\bloss|\bskin|cough|mouth|mucous",
    re.I,
)


def normal(clause: Clause) -> bool:
    """Tell whether a clause calls something normal."""
    return _is_normal(clause.text)


# One clause is asked about many times.
@lru_cache(maxsize=4096)
def _is_normal(text: str) -> bool:
    return _NORMAL.search(text) is not None or (_WELL.search(text) is not None and _ILL.search(text) is None)


# Of a disease as well as of health.
_HELD = re.compile(r"\b(?:good|well(?!-)|healed|stable)\b", re.I)


def held(clause: Clause) -> bool:
    """Tell whether a clause calls something stable or well, without calling anything normal."""
    rest = _HELD.sub("", clause.text)
    return _HELD.search(clause.text) is not None and _NORMAL.search(rest) is None and _WELL.search(rest) is None


def calm(clause: Clause) -> bool:
    """Tell whether a clause calls something normal, or as good as normal."""
    return normal(clause) or _SIMPLE_CYST.search(clause.text) is not None


def sound(clause: Clause) -> bool:
    """Tell whether a clause denies something or calls it normal."""
    return clause.negated or normal(clause)


def unsure(clause: Clause) -> bool:
    """Tell whether a clause asks, or speaks of relatives."""
    return _UNSURE.search(clause.text) is not None


# The title of a study: what was looked at is not found there.
_STUDY = re.compile(
    r"\s*(?:\w+:\s*)?(?:(?:duplex|colou?r|venous|arterial|whole|plain|contrast|transvaginal|transthoracic|repeat|portable|pelvic|abdominal|"
    r"chest|renal|thyroid|scrotal|carotid|cranial|fetal|lumbar|cervical|thoracic|bone|skeletal|soft tissue)\s+)*"
    r"(?:ultrasound|us|usg|ct\w*|mr\w{0,2}|mra|mrcp|x-?ray|xr|cxr|radiograph|doppler|duplex|scan|survey|sonograph\w+|"
    r"echo(?:cardiogra\w+)?|pet(?:-ct)?|mammogra\w+|angiogra\w+|scintigra\w+)\b[^.\d:]*:?\s*$",
    re.I,
)


def affirms(clause: Clause) -> bool:
    """Tell whether a clause affirms something out of order; what is called stable is there, too."""
    if (
        unsure(clause)
        or clause.negated
        or (_STUDY.match(clause.text) and not findings_named(one_spelling(clause.text)))
    ):
        return False
    return not normal(clause) or (held(clause) and bool(findings_named(one_spelling(clause.text))))


def advises(clause: Clause) -> bool:
    """Tell whether a clause opens with a word of advice."""
    return _ADVICE.match(clause.text) is not None


def site_is_normal(site: frozenset[str], given: list[Clause], sides: frozenset[str] = frozenset()) -> bool:
    """Tell whether all that a text says of a site is that nothing is wrong there.

    Args:
        site: words, see `clauses.content_words`.
        given: the text's clauses.
        sides: of the site, none for any.
    """
    there = [clause for clause in given if _meet(site, clause.words) and same_side(clause.sides, sides)]
    return bool(there) and all(clause.negated or calm(clause) for clause in there)


def _meet(some: frozenset[str], others: frozenset[str]) -> bool:
    """Tell whether words have one in common, be it with another ending: "labrum", "labral"."""
    if some & others:
        return True
    return any(
        word[:4] == other[:4] and max(len(word), len(other)) <= 6 and len(word) != len(other)
        for word in some
        for other in others
    )
