"""Titles that no lexicon lists: recognised by their last word, or because the same note writes its known titles so."""

import re

from medtui.examples.kinds import SectionKind, is_field, is_measurement, is_system, kind_of

# Words that end titles, and rarely anything else before a colon or on a line of their own.
_HEADS = """
history examination exam findings results investigations studies tests test diagnosis diagnoses medications medication
allergies course assessment plan recommendations recommendation instructions impression conclusion conclusions
procedure procedures operation technique symptoms complaint complaints imaging ct mri x-ray xray xr ultrasound u/s usg
ecg ekg echo scan labs bloods management treatment therapy care summary comments screening monitoring status factors
evaluation details preparation pattern review notes precautions formulation goals actions requests background hygiene
data information events measures interventions"""
_HEAD = frozenset(_HEADS.split())
# "CT of the chest", "X-ray left wrist".
_IMAGES = frozenset(
    {"ct", "mri", "mr", "x-ray", "xray", "usg", "ultrasound", "echo", "pet", "pet-ct", "echocardiogram"}
)
# What a section's conclusion is called, qualified by a word that nobody knows, may be about something else, such as
# "nutritional assessment". Nothing is learned as an answer from it.
_ANSWERS = frozenset(
    {SectionKind.ASSESSMENT, SectionKind.ASSESSMENT_AND_PLAN, SectionKind.IMPRESSION, SectionKind.SUMMARY,
     SectionKind.DIAGNOSIS, SectionKind.INTERPRETATION, SectionKind.COMMENT}
)  # fmt: skip
_SENTENCE_WORDS = """
is are was were be been has have had do does did will would should can could may might must no not the a an this that
these those he she it his her they we i you my your patient's per if when which who because since after before there
with without denies reports states noted shows showed revealed continue start stop see please given by none nil"""
_SENTENCE = frozenset(_SENTENCE_WORDS.split())
_WORD = re.compile(r"[A-Za-z][A-Za-z'/&()-]*|&|\d+")
# A number, a code, or the answer of a questionnaire with one word more.
_VALUE = re.compile(
    r"""\s*(?:[^\sA-Za-z]*\d | \S*\d\d
    | (?:yes|no|none|nil|normal|negative|positive|absent|present|denies|denied|n/?a)\b(?:\s+\w+)?\W*$)""",
    re.I | re.X,
)
_LEVEL = re.compile(r"[CTLS]\d{1,2}\s?(?:[-/\u2013]\s?[CTLS]?\d{1,2})?")
MOST_WORDS = 6


def by_head(title: str) -> SectionKind | None:
    """Recognise a title by its last word (or a first one that names an image), whatever qualifies it.

    Returns:
        The kind of the unqualified title, `OTHER` where that would be an answer; None for what may be a sentence.
    """
    words = title.lower().split()
    if not 2 <= len(words) <= MOST_WORDS or not title[0].isupper() or _SENTENCE & set(words):
        return None
    if not all(_WORD.fullmatch(word) for word in words):
        return None
    if words[0] in _IMAGES:
        return SectionKind.RESULTS
    if words[-1] not in _HEAD:
        return None
    kind = kind_of(" ".join(words[-2:])) or kind_of(words[-1]) or SectionKind.OTHER
    return SectionKind.OTHER if kind in _ANSWERS else kind


def is_level(title: str) -> bool:
    """Tell whether a title names a level of the spine, such as "L4-L5"."""
    return _LEVEL.fullmatch(title) is not None


def like_others(title: str, rest: str) -> bool:
    """Tell whether a phrase before a colon or on its own line may be a title in a note that writes titles so.

    Args:
        title: the phrase.
        rest: what stands behind it on its line.
    """
    words = title.split()
    if not 1 <= len(words) <= 4 or not title[0].isupper() or is_field(title) or is_measurement(title):
        return False
    if not all(_WORD.fullmatch(word) for word in words) or _SENTENCE & {word.lower() for word in words}:
        return False
    # A value is not a section's text.
    if _VALUE.match(rest):
        return False
    return len(title) > 2 and (not rest.strip() or rest.strip()[0].isupper())


# In these a short phrase on its own line or before a colon is an item.
LISTS = frozenset(
    {SectionKind.PLAN, SectionKind.ASSESSMENT_AND_PLAN, SectionKind.ASSESSMENT, SectionKind.IMPRESSION,
     SectionKind.DIAGNOSIS, SectionKind.MEDICATIONS, SectionKind.DISCHARGE_MEDICATIONS, SectionKind.ALLERGIES,
     SectionKind.PAST_HISTORY, SectionKind.RESULTS, SectionKind.SUMMARY, SectionKind.FAMILY_HISTORY,
     SectionKind.SOCIAL_HISTORY, SectionKind.MEDICATION_CHANGES, SectionKind.CHIEF_COMPLAINT,
     SectionKind.INTERPRETATION, SectionKind.COMMENT}
)  # fmt: skip

# Of these also with a last word that usually ends titles: "Pain management" is something to do.
PLANS = frozenset(
    {SectionKind.PLAN, SectionKind.ASSESSMENT_AND_PLAN, SectionKind.ASSESSMENT, SectionKind.IMPRESSION,
     SectionKind.DIAGNOSIS, SectionKind.MEDICATION_CHANGES}
)  # fmt: skip


def is_part(title: str) -> bool:
    """Tell whether a title names a part of the body, in capitals also of one side only."""
    plain = re.sub(r"^(?:right|left|bilateral|both|r|l)\s+", "", title, flags=re.I)
    one_side = plain != title and title.isupper() and _is_site(plain)
    return is_system(title) or one_side or is_level(title) or _is_joined(title)


def _is_joined(title: str) -> bool:
    """Tell whether a title joins parts of the body: "Head and Eyes", "Neuro Psychiatric"."""
    pieces = [piece for piece in re.split(r",|/|&|\band\b|\s", title) if piece.strip()]
    return 1 < len(pieces) <= 4 and all(is_system(piece) or is_system(f"{piece}s") for piece in pieces)


_SITES = """
ear eye kidney breast ovary testis lung knee hip shoulder foot hand wrist ankle elbow arm leg lobe adrenal lower limb
upper limb atrium ventricle adnexa"""
_SITE = frozenset(_SITES.split())


def _is_site(plain: str) -> bool:
    return is_system(plain) or is_system(f"{plain}s") or plain.lower().split()[-1] in _SITE
