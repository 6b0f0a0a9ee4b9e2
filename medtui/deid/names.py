"""Names of people: by title, by label, by list, and by the test that nothing else vouches for the word.

The test is turned round: instead of asking whether a capitalised word is in a list of names, it asks whether anything -
English, medicine, a drug's name, an eponym in its place - explains the word
otherwise. Names are endless; medicine is not.
"""

import re
from collections.abc import Iterator, Sequence

from medtui.deid.eponyms import is_eponym
from medtui.deid.gates import Gate
from medtui.deid.prepared import Prepared
from medtui.deid.runs import Run
from medtui.deid.spans import DOUBT, LIKELY, UNVOUCHED, Span
from medtui.deid.vocabulary import CREDENTIAL, NAMED_BY, NOT_A_NAME
from medtui.deid.word_lists.flags import NAME, Flag
from medtui.deid.words import Kind, Role, Word, word
from medtui.phi import Category

_NAMING = {Kind.FREQUENT, Kind.LISTED, Kind.UNKNOWN, Kind.EITHER, Kind.INITIAL}
_SURE = {Kind.FREQUENT, Kind.LISTED, Kind.UNKNOWN}
_TITLE = Gate(
    re.compile(
        r"(?<![A-Za-z])(?:[Dd]rs?|DR|[Dd]octor|[Mm]rs?|MRS?|[Mm]s|MS|[Mm]iss|Mx|[Pp]rof(?:essor)?|PROF|Sir|Madam|Shri|SHRI|Sri|Shree|Smt|SMT|Shrimati|Kumari|Kum|KUM|Km|Mst|Mstr|Master|Baby|Sister|Sr|Br|Fr|Rev|Reverend|Pastor|Capt|Captain|Col|Colonel|Lt|Sgt|Maj|Hon|Judge|Nurse|Sra|Srta|Dra|Herr|Frau|Mme|Mlle|Sheikh|Haji|Pandit)\b\.?,?[ ]{1,2}"
        r"(?P<name>(?:[A-Za-z\u00c0-\u024f](?:\.[ ]?|[ ]))*[^\W\d_][\w'-]+(?:[ ](?:(?:de|da|van|von|der|den|la|le|di|bin|al|el|binti|ul|ur)[ ])*(?:[A-Z\u00c0-\u00dd]\.?(?![a-z])|[A-Z\u00c0-\u00dd][\w'-]+))*)"
    ),
    words="dr doctor mr mrs ms miss mx prof sir madam shri sri shree smt shrimati kumari kum km mst mstr master baby sister sr br fr rev reverend pastor capt captain col colonel lt sgt maj hon judge nurse sra srta dra herr frau mme mlle sheikh haji pandit drs",
)
# "went to the doctor.  They said" ends a sentence; "MR myelogram" is an image.
_NO_TITLE = re.compile(
    r"(?:[Dd]octor|[Pp]rofessor|[Nn]urse|[Ss]ister|[Mm]adam|[Mm]aster|[Bb]aby|[Jj]udge|[Mm]iss|Captain|Colonel|Pastor)\."
    r"|(?:MR|MS)[ ]+[a-z]"
)
_INITIALS_ONLY = re.compile(
    r"(?P<initials>[A-Z](?:\.?[ ][A-Z])*)\.?[ ](?:at|in|on|from|who|and|or|is|was|has|had|will|to|for|of|the|with|over|said|by|after|before)\b"
)
_STARTS_OTHERWISE = re.compile(
    r"(?:who|and|or|is|was|has|had|will|to|on|at|in|for|of|the|a|an|with|not|office|visit|notes?|order(?:s|ed)?|visits?|said|says|did)\Z"
)
_INITIAL_AFTER = re.compile(
    r"[ ](?P<initial>[A-Z])(?:\.(?=[\s,;)?!]|\Z|[ ]?[A-Z]\.)|(?=[,;)?!.:\n]|\Z|[ ](?:who|was|is|has|had|with|seen|presents?|presented|at|in|from|on|and|reports|aged?|admitted|treated|DOB)\b))"
)


_DOSE_AFTER = re.compile(
    r"[ -](?:\d+(?:\.\d+)?[ ]?(?:mg|mcg|g|ml|units?|iu|%|puffs?|tabs?)\b|(?:XR|SR|ER|LA|CR|XL|HCT|Forte|Plus)\b"
    r"|(?:cream|lotion|ointment|gel|tablets?|capsules?|inhalers?|spray|patch(?:es)?|drops|syrup|injections?|shots?|therapy)\b)",
    re.IGNORECASE,
)
_INTAKE_BEFORE = re.compile(
    r"(?:\btak(?:es?|ing)|\btook|\bon|\btab|\btab\.|\bcap|\binj|\binj\.|\bprescribed|\bstarted(?: on)?|\bstopped|\bcontinued?|\busing|\bused?|\btried|\bdose of|\bmg of|\ballergic to|\ballergy to)[ ]\Z",
    re.IGNORECASE,
)
_LONGEST_SHORT_FORM = 4
_SHORTEST_SHOUTED_NAME = 3
_LONGEST_ABBREVIATION = 5


def find(prepared: Prepared, runs: Sequence[Run], taken: set[int]) -> Iterator[Span]:
    """Find names of people.

    Args:
        prepared: the text in its normal form.
        runs: its runs of capitalised words.
        taken: indices of words that other findings hold.
    """
    text = prepared.text
    for run in runs:
        if run.roles & Role.NAME:
            yield from _in_run(text, prepared, run, taken)


def titled(prepared: Prepared) -> Iterator[Span]:
    """Find what follows a title such as "Dr" or "Smt"."""
    text = prepared.text
    for match in _TITLE.finditer(prepared):
        if _NO_TITLE.match(match.group()):
            continue
        name = match["name"]
        first = word(name.split()[0].rstrip("."))
        if first.shape == "l" and (
            first.flags & Flag.ORDINARY or _STARTS_OTHERWISE.match(first.lower) or first.flags & Flag.MEDICAL
        ):
            continue
        start, end = match.span("name")
        if initials := _INITIALS_ONLY.match(name):
            end = start + initials.end("initials")
        yield Span(match.start(), _trimmed(text, start, end), Category.NAME, LIKELY, "name:title")


def _trimmed(text: str, start: int, end: int) -> int:
    """Leave out trailing words that only begin the next thought ("Dr Rao Impression")."""
    parts = list(re.finditer(r"\S+", text[start:end]))
    while len(parts) > 1 and not _surname(word(parts[-1].group().strip(".,"))):
        parts.pop()
    value = parts[-1].group()
    kept = len(value) if len(value.strip(".")) == 1 else len(value.rstrip(".,'-"))
    if value.endswith("'s"):
        kept = len(value) - 2
    return start + parts[-1].start() + kept


def _surname(item: Word) -> bool:
    """Tell whether the last word after a title may belong to the name: "Dr John White", but "Dr Rao Impression"."""
    if item.kind is not Kind.VOUCHED:
        return True
    if item.shape == "T" and item.flags & Flag.SURNAME:
        return item.lower not in NOT_A_NAME or bool(item.flags & Flag.FREQUENT_NAME)
    return (
        item.shape == "T"
        and item.lower not in NOT_A_NAME
        and not item.flags & (Flag.COMMON | Flag.MEDICAL | Flag.ABBREVIATION)
    )


def _in_run(text: str, prepared: Prepared, run: Run, taken: set[int]) -> Iterator[Span]:
    count = len(run.words)
    marks = [_mark(text, prepared, run, index) if run.first + index not in taken else 0.0 for index in range(count)]
    _spread(text, run, marks)
    index = 0
    while index < count:
        if not marks[index]:
            index += 1
            continue
        last = index
        while last + 1 < count and marks[last + 1]:
            last += 1
        start, end = run.starts[index], run.ends[last]
        if run.words[last].lower.endswith("'s"):
            end -= 2
        if match := _INITIAL_AFTER.match(text, end):
            end = match.end()
        elif len(run.words[last].text) == 1 and text[end : end + 1] == ".":
            end += 1
        yield Span(start, end, Category.NAME, max(marks[index : last + 1]), "name:word")
        index = last + 1


def _mark(text: str, prepared: Prepared, run: Run, index: int) -> float:
    """Tell how surely one word of a run is a name by itself; 0 when it is not."""
    item = run.words[index]
    kind = item.kind
    if kind not in _NAMING or kind is Kind.INITIAL or _abbreviation(item, run) or is_eponym(text, run, index):
        return 0.0
    if kind in {Kind.LISTED, Kind.UNKNOWN} and item.flags & Flag.EPONYM:
        # "Doppler showed no thrombus": rare as a name, common as a thing.
        return 0.0
    if kind is Kind.EITHER or (
        item.flags & Flag.EPONYM and ((not item.flags & Flag.GIVEN and len(run.words) == 1) or item.bare != item.lower)
    ):
        return _either(text, prepared, run, index)
    if kind is not Kind.UNKNOWN:
        return LIKELY
    # A word that the report writes in lower case elsewhere is a word.
    return 0.0 if item.lower in prepared.different or _product(text, run, index) else UNVOUCHED


def _abbreviation(item: Word, run: Run) -> bool:
    """Tell capitals that shorten something from a name in capitals."""
    if item.kind is Kind.UNKNOWN and len(item.lower) == 2:
        return True
    if item.shape != "U":
        return False
    if item.flags & Flag.ABBREVIATION:
        return True
    if run.shouting:
        longest = _LONGEST_SHORT_FORM if item.kind is Kind.UNKNOWN else 2
        return len(item.lower) <= longest
    if item.kind is Kind.FREQUENT:
        return len(run.words) == 1 and len(item.lower) <= _SHORTEST_SHOUTED_NAME
    return len(item.lower) <= _LONGEST_ABBREVIATION


def _product(text: str, run: Run, index: int) -> bool:
    """Tell a drug or device that no list knows by the dose behind it or the verb before it."""
    start = run.starts[index]
    return _DOSE_AFTER.match(text, run.ends[index]) is not None or (
        _INTAKE_BEFORE.search(text, max(0, start - 24), start) is not None
    )


def _before(prepared: Prepared, run: Run) -> Word | None:
    if run.first == 0:
        return None
    return prepared.words[run.first - 1] if prepared.gaps[run.first] == " " else None


def _either(text: str, prepared: Prepared, run: Run, index: int) -> float:
    item = run.words[index]
    before = _before(prepared, run) if index == 0 else run.words[index - 1]
    if CREDENTIAL.match(text, run.ends[index]):
        return LIKELY
    if run.shouting or run.heading:
        return 0.0
    if before and (before.lower in NAMED_BY or before.kind is Kind.KIN) and item.lower != before.lower:
        return LIKELY
    if item.flags & Flag.COMMON or item.flags & Flag.MEDICAL or run.opens:
        return 0.0
    return DOUBT if index == 0 and len(run.words) == 1 else 0.0


def _spread(text: str, run: Run, marks: list[float]) -> None:
    """Take in neighbours of a sure name: initials, and words that are names as well as English words."""
    count = len(marks)
    for _ in range(2):
        for index in range(count):
            if marks[index]:
                continue
            left = index > 0 and marks[index - 1] >= UNVOUCHED and _close(text, run, index - 1)
            right = index + 1 < count and marks[index + 1] >= UNVOUCHED and _close(text, run, index)
            if not (left or right):
                continue
            if _follows(text, run, index, left=left, right=right):
                marks[index] = UNVOUCHED
    _pairs(run, marks)


def _follows(text: str, run: Run, index: int, *, left: bool, right: bool) -> bool:
    """Tell whether a word beside a sure name belongs to it."""
    item = run.words[index]
    if item.kind is Kind.INITIAL:
        return True
    if item.kind in {Kind.KIN, Kind.TITLE} or (item.lower in NOT_A_NAME and not item.flags & NAME):
        return False
    if is_eponym(text, run, index) or (
        right and not left and run.opens and index == 0 and item.kind is Kind.VOUCHED and item.flags
    ):
        return False
    if item.kind is Kind.VOUCHED and (
        item.flags & (Flag.MEDICAL | Flag.PRODUCT) or (item.flags & Flag.ABBREVIATION and item.shape == "U")
    ):
        return False
    if item.kind is Kind.EITHER or not item.flags or item.flags & NAME:
        return True
    # "Florian Tamarack": a rare word of another kind right after a given name.
    given = left and run.words[index - 1].flags & Flag.GIVEN
    return (
        bool(given)
        and item.shape == "T"
        and item.kind is Kind.VOUCHED
        and not item.flags & Flag.COMMON
        and not run.heading
    )


def _pairs(run: Run, marks: list[float]) -> None:
    """Two names side by side that are both English words: "Grace Young", "Rose T."."""
    if run.shouting or run.heading:
        return
    for index in range(len(marks) - 1):
        first, second = run.words[index], run.words[index + 1]
        if marks[index] or marks[index + 1] or first.kind is not Kind.EITHER or not first.flags & Flag.GIVEN:
            continue
        if (second.kind is Kind.EITHER and second.flags & Flag.SURNAME) or (
            second.kind is Kind.INITIAL and not (run.opens and index == 0)
        ):
            marks[index] = marks[index + 1] = UNVOUCHED


def _close(text: str, run: Run, index: int) -> bool:
    gap = text[run.ends[index] : run.starts[index + 1]]
    return gap in {" ", "-", ". ", "."} or (gap == ", " and run.words[index + 1].kind is not Kind.VOUCHED)
