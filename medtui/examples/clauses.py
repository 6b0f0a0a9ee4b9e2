"""Cuts text into clauses and tells of each whether it denies, which side it is about, and its content words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Clause:
    """A piece of a sentence.

    Attributes:
        start: offset in the text.
        end: offset behind it.
        text: as written.
        negated: whether what it names is denied.
        sides: "left", "right", "both" as far as it names them.
        words: its content words, in one spelling, without endings.
    """

    start: int
    end: int
    text: str
    negated: bool
    sides: frozenset[str]
    words: frozenset[str]


_SENTENCE = re.compile(r"(?:[^.;\n]|\.(?=\d)|(?<![\d ][ /][A-Z])(?<=[\s(][A-Z])\.(?= [a-z]))+")
_NEGATION = re.compile(
    r"\b(?:no|not|without|denies|denied|denying|negative|absent|absence|nil|never|none|neither|nor|excluded|excludes|"
    r"exclude|unremarkable|(?:0|zero)(?= [a-z]{4}| of \d|/\d)|free of|"
    r"(?<!nearly )(?<!almost )(?<!partially )(?<!partly )(?<!incompletely )resolved|rule[sd]? out|"
    r"non-?(?:tender|contributory|reactive|displaced)|cannot|unlikely|"
    r"low (?:suspicion|probability|risk|likelihood)|less "
    r"likely)\b|\b(?:seizure|pain|symptom|disease|event|relapse|recurrence|infection|tumou?r|fever|"
    r"stone|bleed)s?[- ]free\b"
    r"(?! (?:of|fluid|air|gas))",
    re.I,
)
# What is absent here is a sign of health, so that its absence is no denial.
_LOST = r"(?:flow|reflex\w*|pulses?|sounds?|sensation|monofilament|stores|movements?|peristalsis|entry|signals?)"
_LOSS = re.compile(rf"\babsent\s+(?:\w+\s+){{0,2}}{_LOST}|\b{_LOST}\s+(?:\w+\s+){{0,2}}absent", re.I)
# What does not do as it should is out of order, and no denial either.
_FAILS = re.compile(
    r"\b(?:not|cannot)\s+(?:\w+ly\s+)?(?:compress\w*|bear\w*|opacif\w+|fill\w*|augment\w*|unit\w+|heal\w*|respond\w*|"
    r"improv\w*|walk\w*|close\w*|relax\w*|reducible|settl\w+|collaps\w+)",
    re.I,
)
_LIST_NEGATION = re.compile(
    r"\s*(?:\(?\d+[.)]\s*)?(?:there (?:is|are|was|were) )?(?:no|denies|denied|without|negative for|nil)\b", re.I
)
_TURN = re.compile(
    r",?\s+\b(?:but|however|although|though|except(?: for)?|apart from|besides|other than|"
    r"aside from|with|otherwise|while)\b\s+|,?\s+(?=(?:no|without)\s)|"
    r",?\s+and\s+(?=(?:not|he|she|they|it|there|was|were|did|had|has|uses?|takes?|lives?|works?|remains?|continues?|reports?|"
    r"drinks?|smokes?|feels?)\s)",
    re.I,
)
_SIDES = {
    # A capital alone is a side, unless a number before it makes it litres.
    "left": re.compile(r"\b(?i:left|lt)\b|(?<![\w./])(?<!\d )L(?![\w./-])"),
    "right": re.compile(r"\b(?i:right|rt)\b|(?<![\w./])R(?![\w./-])"),
    "both": re.compile(r"\b(?:bilateral|bilaterally|both|b/l)\b", re.I),
}
OTHER_SIDE = {frozenset({"left"}): frozenset({"right"}), frozenset({"right"}): frozenset({"left"})}
_STOP_WORDS = """
no the and for with was were are has have had been being this that these those there which from into over under than
then his her its their she him they them you your our not non nor without denies denied negative absent nil none
seen noted shows show showing found finding findings measuring measures measured about approximately likely possible
probable is in on at of to by an as it or if be up he we so do mm cm mg ml dl mcg kg day days week weeks month
months year years evidence sign signs suggestive suggesting consistent keeping representing compatible left right
both bilateral side sided small large mild moderate severe acute chronic new old other due after before during since
also may can will should within further given present again well very more less few several multiple significant any
all one two"""
_STOP = frozenset(_STOP_WORDS.split())
_SPELLING = {
    "oedem": "edem", "haem": "hem", "anaem": "anem", "aem": "em", "oes": "es", "orthopaed": "orthoped",
    "tumour": "tumor", "paed": "ped", "diarrhoe": "diarrhe", "ae": "e", "oe": "e",
}  # fmt: skip
# Longest first.
_ENDINGS = (
    "ations", "ically", "ation", "ings", "ical", "ions", "ates", "ated", "ally", "ing", "ies", "ion", "es", "ed", "al",
    "ic", "ia", "is", "us", "ar", "y", "s", "e",
)  # fmt: skip


_PLURALS = {
    "calculi": "calculus", "thrombi": "thrombus", "emboli": "embolus", "foci": "focus", "bronchi": "bronchus",
    "metastases": "metastasis", "diverticula": "diverticulum", "vertebrae": "vertebra", "bullae": "bulla",
    "fistulae": "fistula", "nuclei": "nucleus", "septa": "septum", "stenoses": "stenosis", "diagnoses": "diagnosis",
    "bodies": "body", "biopsies": "biopsy", "arteries": "artery", "ovaries": "ovary", "opacities": "opacity",
    "abnormalities": "abnormality", "allergies": "allergy", "cavities": "cavity", "extremities": "extremity",
}  # fmt: skip


@lru_cache(maxsize=8192)
def stem(word: str) -> str:
    """Bring a word to one spelling without its ending, so that "anaemic" meets "anemia"."""
    word = word.lower()
    word = _PLURALS.get(word, word)
    for british, american in _SPELLING.items():
        word = word.replace(british, american)
    if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 4:
        word = word[:-1]
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


# "Non-displaced" does not speak of displacement.
_WORD = re.compile(r"(?<!\b[Nn]on-)\b[A-Za-z][A-Za-z']+")


def content_words(text: str) -> frozenset[str]:
    """Give the stems of the words that carry meaning."""
    return frozenset(stem(word) for word in _WORD.findall(text) if word.lower() not in _STOP)


def clauses(text: str) -> list[Clause]:
    """Cut a text into clauses."""
    return [clause for start, end in _pieces(text) if (clause := _clause(text, start, end)) is not None]


def by_sentence(text: str, found_clauses: list[Clause]) -> list[list[Clause]]:
    """Put the clauses of each sentence together.

    Args:
        text: any text.
        found_clauses: its clauses.
    """
    found: list[list[Clause]] = []
    end = 0
    for clause in found_clauses:
        if not found or re.search(r"[.;\n]", text[end : clause.start]):
            found.append([])
        found[-1].append(clause)
        end = clause.end
    return found


def carried_sides(sentence: list[Clause]) -> list[frozenset[str]]:
    """Give for each clause of a sentence the sides that it names, or else those named last before it.

    Args:
        sentence: its clauses, see `by_sentence`.
    """
    sides: frozenset[str] = frozenset()
    found = []
    for clause in sentence:
        sides = clause.sides or sides
        found.append(sides)
    return found


def same_side(some: frozenset[str], others: frozenset[str]) -> bool:
    """Tell whether two statements can be about the same side: one that names none can be about any."""
    return not some or not others or "both" in some | others or bool(some & others)


def sentences(text: str) -> list[Clause]:
    """Cut a text into whole sentences."""
    spans = (match.span() for match in _SENTENCE.finditer(text))
    return [clause for start, end in spans if (clause := _clause(text, start, end)) is not None]


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    for sentence in _SENTENCE.finditer(text):
        begin, end = sentence.span()
        cuts = [match for match in _TURN.finditer(text, begin, end)]
        # "No effusion, pneumothorax or mass" denies all three; elsewhere a comma begins something new.
        if _LIST_NEGATION.match(text, begin, end):
            # "No hyperplasia with atypia" denies both.
            cuts = [cut for cut in cuts if not _WITH_MORE.match(text, cut.start(), end)]
        else:
            cuts += [match for match in _COMMA.finditer(text, begin, end) if not _goes_on(text, begin, match)]
        for cut in sorted(cuts, key=lambda match: match.start()):
            if cut.start() > begin:
                yield begin, cut.start()
                begin = cut.start() if cut.group().strip(" ,") else cut.end()
        yield begin, end


_WITH_MORE = re.compile(r"\s+with\s+[a-z-]+(?: [a-z-]+){0,2}\s*$")
_COMMA = re.compile(r",\s+")
_ITEM = r"(?:[\w/-]+\s+){0,3}[\w/-]+"
_ITEMS_TO_OR = re.compile(rf",\s+(?:{_ITEM},\s+)*{_ITEM},?\s+(?:or|nor)\s", re.I)
_OPENS_DENIAL = re.compile(rf"\b(?:no|without|denies|denied)\s+(?:{_ITEM},\s+)*{_ITEM}\s*$", re.I)


def _goes_on(text: str, begin: int, comma: re.Match[str]) -> bool:
    """Tell whether a comma goes on with a list of denials to its "or": "..., without A, B or C"."""
    return (
        _ITEMS_TO_OR.match(text, comma.start()) is not None
        and _OPENS_DENIAL.search(text, begin, comma.start()) is not None
    )


def _denies(piece: str) -> bool:
    found = _NEGATION.search(piece)
    if found and "absent" in piece.lower():
        found = _NEGATION.search(_LOSS.sub("", piece))
    if found and _FAILS.search(piece):
        found = _NEGATION.search(_FAILS.sub("", piece))
    return found is not None


def _sides(piece: str) -> frozenset[str]:
    return frozenset(name for name, pattern in _SIDES.items() if pattern.search(piece))


def _clause(text: str, start: int, end: int) -> Clause | None:
    piece = text[start:end]
    if not piece.strip():
        return None
    # "Both lower limbs: right vein dilated" is about the right one.
    sides = (":" in piece and _sides(piece.rpartition(":")[2])) or _sides(piece)
    return Clause(start, end, piece, _denies(piece), sides, content_words(piece))
