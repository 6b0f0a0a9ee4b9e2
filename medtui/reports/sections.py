"""Finding titled parts in running text: headings as clinicians and dictation systems write them."""

import re
from collections.abc import Iterator

from medtui.reports.document import Section

# Headings by their standard names; LOINC codes from the C-CDA section templates and the radiology report ontology.
CODES: dict[str, str] = {
    "findings": "59776-5",
    "impression": "19005-8",
    "impressions": "19005-8",
    "conclusion": "19005-8",
    "technique": "55111-9",
    "comparison": "18834-2",
    "clinical information": "55752-0",
    "clinical history": "55752-0",
    "indication": "18785-6",
    "reason for examination": "18785-6",
    "chief complaint": "10154-3",
    "presenting complaint": "10154-3",
    "history of present illness": "10164-2",
    "history": "11329-0",
    "past medical history": "11348-0",
    "past surgical history": "47519-4",
    "family history": "10157-6",
    "social history": "29762-2",
    "review of systems": "10187-3",
    "allergies": "48765-2",
    "medications": "10160-0",
    "medications on admission": "42346-7",
    "discharge medications": "10183-2",
    "vital signs": "8716-3",
    "physical examination": "29545-1",
    "physical exam": "29545-1",
    "examination": "29545-1",
    "results": "30954-2",
    "laboratory results": "30954-2",
    "laboratory data": "30954-2",
    "assessment": "51848-0",
    "assessment and plan": "51847-2",
    "plan": "18776-5",
    "plan of treatment": "18776-5",
    "hospital course": "8648-8",
    "discharge diagnosis": "11535-2",
    "discharge instructions": "8653-8",
    "admission diagnosis": "46241-6",
    "preoperative diagnosis": "10219-4",
    "postoperative diagnosis": "10218-6",
    "procedure": "29554-3",
    "specimen": "22633-2",
    "gross description": "22634-0",
    "microscopic description": "22635-7",
    "reason for visit": "29299-5",
    "reason for referral": "42349-1",
    "instructions": "69730-0",
}  # fmt: skip

# Headings without a code of their own; a line that begins with one of these and a colon starts a part.
_NAMES = {
    *CODES, "summary", "clinical details", "clinical summary", "exam", "study", "examination performed", "body part",
    "interpretation", "comment", "comments", "opinion", "recommendation", "recommendations", "advice", "diagnosis",
    "diagnoses", "final diagnosis", "provisional diagnosis", "discharge summary", "course in hospital",
    "course in the hospital", "summary of stay", "treatment given", "treatment", "investigations", "on examination",
    "o/e", "h/o", "hpi", "pmh", "psh", "ros", "a/p", "a&p", "subjective", "objective", "s", "o", "a", "p", "cc",
    "labs", "laboratory", "test results", "lab results", "imaging", "procedures", "procedure details", "complications",
    "condition at discharge", "condition on discharge", "follow up", "follow-up", "followup", "disposition",
    "discharge plan", "problem list", "problems", "immunizations", "current medications", "medication", "meds",
    "history of presenting complaint", "history of presenting illness", "presenting history", "reason for exam",
    "reason for study", "reason for admission", "reason for consultation", "clinical indication", "clinical data",
    "clinical impression", "observations", "observation", "report", "protocol", "contrast", "description", "details",
    "addendum", "notes", "note", "remarks", "operative findings", "anesthesia", "anaesthesia",
    "estimated blood loss", "indications", "consultation", "general", "drug history", "personal history",
    "menstrual history", "obstetric history", "systemic examination", "general examination", "local examination",
    "vitals", "impression and plan", "impression/plan", "assessment/plan", "assessment & plan", "imp", "dx", "rx",
    "ix", "hx", "pe", "key findings", "final impression", "radiological impression", "lab interpretation",
    "pathologist comment", "interpretive comment", "interpretation of results", "clinical course", "progress",
    "summary of hospital stay", "brief summary", "results table",
}  # fmt: skip

_CLOSING = frozenset(
    ("advice", "recommendation", "recommendations", "comment", "comments", "note", "remarks", "follow up", "follow-up")
)
# A heading: at most seven words before a colon, or a line of its own in capitals or from the list above.
_INLINE = re.compile(
    r"^[ \t]*(?:\*\* ?|#{1,4} ?|\d{1,2}[.)] )?([A-Za-z][A-Za-z0-9 /&,()'\u2019-]{0,58}?)"
    r"(?: ?\*\*)?[ \t]*:(?: ?\*\*)?(?=\s|$)(.*)$"
)
_ALONE = re.compile(
    r"^[ \t]*(?:\*\* ?|#{1,4} ?|={2,} ?|-{2,} ?|\[)?([A-Za-z][A-Za-z0-9 /&,()'\u2019-]{1,58}?)"
    r"(?: ?\*\*|:| ?={2,}| ?-{2,}|\])?[ \t]*$"
)
# Nearly every line begins with a word that no heading begins with: looking that up keeps the long pattern off it.
_FIRST_WORD = re.compile(r"[ \t*#=\[-]*([A-Za-z]+)")
_FIRST_WORDS = frozenset(re.split("[^a-z]", name, maxsplit=1)[0] for name in _NAMES)
# A heading on a line of its own, with the marks and spaces that may stand around it.
_LONGEST_LINE = 200
# What closes a report belongs to no part of it: who signed, the end mark, the page's foot.
_SIGNED = re.compile(
    r"^[ \t]*(?:(?:electronically |digitally )?(?:signed|verified|authenticated|attested|approved)\b(?: by| off)?[ :]"
    r"|(?:reported|dictated|transcribed|prepared|reviewed|read|interpreted) by\b"
    r"|Dr\.? [A-Z][^:\n]{2,60}?(?:\([A-Z][^)]*\)|, ?(?:MD|MBBS|DNB|NPI|DO|FRCR|FACR|MS|PhD)\b)"
    r"|\*{2,} ?end of|end of report|page \d+ of \d+|cc: )",
    re.IGNORECASE,
)
# How such lines begin: looking for that first keeps the long pattern off all others.
_SIGNS = (
    "electronically", "digitally", "signed", "verified", "authenticated", "attested", "approved", "reported",
    "dictated", "transcribed", "prepared", "reviewed", "read", "interpreted", "dr", "**", "end of", "page ", "cc: ",
)  # fmt: skip
_RULE = re.compile(r"^[ \t]*[-=_*~]{3,}[ \t]*$")


def split_sections(text: str) -> list[Section]:
    """Split running text at its headings.

    Args:
        text: sanitized text.

    Returns:
        Parts in order; what stands before the first heading has an empty title; parts without text are left out.
    """
    sections: list[Section] = []
    title, start = "", 0
    for heading, begin, body in _headings(text):
        _append(sections, title, text[start:begin])
        title, start = heading, body
    _append(sections, title, text[start:])
    return sections


def code_of(title: str) -> str:
    """Give the LOINC code of a well-known heading, else an empty string."""
    return CODES.get(_normal(title), "")


def is_heading(title: str) -> bool:
    """Tell whether these words are a heading that clinical reports use."""
    return _normal(title) in _NAMES


def _append(sections: list[Section], title: str, body: str) -> None:
    body = body.strip()
    if body and not _RULE.match(body):
        sections.append(Section(title, code_of(title), body))


def _headings(text: str) -> Iterator[tuple[str, int, int]]:
    """Give each heading with where its line begins and where its text begins."""
    position = 0
    before = ""
    for line in text.split("\n"):
        signed = line.lstrip(" \t").lower().startswith(_SIGNS) and _SIGNED.match(line)
        found = ("", 0) if signed else _heading(line)
        if found and not (before.strip() and _continues(found[0], line[found[1] :])):
            title, offset = found
            yield title, position, position + offset
        position += len(line) + 1
        before = line


def _continues(title: str, rest: str) -> bool:
    """Tell a closing line (`Advice: ...`) right below other lines from a heading that begins a part of its own."""
    return bool(rest.strip()) and not title.isupper() and _normal(title) in _CLOSING


def _heading(line: str) -> tuple[str, int] | None:
    match = _INLINE.match(line) if ":" in line else None
    if match:
        title = match.group(1).strip()
        rest = match.group(2).strip()
        capitals = title.isupper() and len(title) > 3
        if is_heading(title) or (capitals and (not rest or len(title.split()) <= 4) and not _labels_value(title)):
            return title, match.start(2)
        return None
    first = _FIRST_WORD.match(line)
    if first is None or first.group(1).lower() not in _FIRST_WORDS:
        return None
    match = _ALONE.match(line) if len(line) <= _LONGEST_LINE or len(line.strip()) <= _LONGEST_LINE else None
    if match:
        title = match.group(1).strip()
        if is_heading(title) and len(title) > 1 and (title[0].isupper() or line.strip().endswith(":")):
            return title, len(line)
    return None


def _normal(title: str) -> str:
    return " ".join(title.casefold().replace("\u2019", "'").rstrip(":").split())


_VALUE_WORDS = re.compile(
    r"\b(?:name|date|dob|mrn|id|no|number|phone|fax|email|address|age|sex|gender|doctor|physician|hospital|clinic"
    r"|signed|patient|account|ref|uhid|abha|aadhaar|pan|ssn|time|dr|by|to|from|cc|tel|mobile|insurance|policy)\b",
    re.IGNORECASE,
)


def _labels_value(title: str) -> bool:
    """Tell a form's label (`PATIENT NAME: ...`) from a heading."""
    return bool(_VALUE_WORDS.search(title))
