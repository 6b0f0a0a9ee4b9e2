"""Statements that read as if the word that denied them had been lost: "acute abnormality", "did require"."""

import re

from medtui.examples.clauses import Clause, content_words
from medtui.examples.evidence import Evidence, findings_named, tables
from medtui.examples.spelling import one_spelling
from medtui.examples.statements import advises, site_is_normal, sound

Piece = tuple[int, int, str]

_ITEM_MARK = re.compile(r"^\W*\d+[.)]")
_MORE = re.compile(
    r"\W*(?:\d+[.)]\W*)?(?P<word>other|further|additional|residual|recurrent|persist\w+)\s+(?!results|values|tests|parameters)"
)
_EVIDENCE_OF = re.compile(
    r"\W*(?:\d+[.)]\s*)?(?:(?:\w+ly )?\w+ )?(?:evidence|suspicion|indication|signs?|concern|cause|source|features?|"
    r"stigmata|manifestations?|suggestion|findings)"
    r" (?:of|for|to)\b"
)
# "Did require", "does suggest": only "not" goes between them.
_DID = re.compile(r"\b(?:did|does|do) (?!not\b|so\b|well\b)[a-z]+\b")
# Statements longer than this, in words, hold more than a finding.
_SHORT = 6


def reads_bare(said: str, shown: Evidence, *, finding: bool) -> bool:
    """Tell whether a clause that is neither normal nor unsure says too little, or in too odd a way, to be meant.

    Args:
        said: the clause in one spelling.
        shown: what the source affirms.
        finding: whether it names a finding.
    """
    more = _MORE.match(said)
    # Nobody denies "additional 3 mm stone".
    told = more is not None and (re.search(r"\d", said[more.end() :]) or _quoted(said[more.end() :], shown))
    if finding and more and not told and more["word"] not in shown.affirmed:
        return True
    if _is_bare_evidence(said):
        return True
    if (odd := _DID.search(said)) and odd[0] not in shown.affirmed:
        return True
    if _asks_for_denial(said, shown):
        return True
    return _means_nothing(said, shown, finding=finding)


def _quoted(rest: str, shown: Evidence) -> bool:
    """Tell whether a source affirms something word for word: what is left over need not be called residual there."""
    return len(rest.split()) > 1 and " ".join(rest.split()).strip(" .,;") in " ".join(shown.affirmed.split())


# What is hardly ever said of something that is there: "overt failure", "lesion to suggest", "meeting criteria".
_ONLY_DENIED = re.compile(
    r"\b(?:gross|frank|obvious|definite|sustained|convincing|appreciable|discernible|demonstrable|detectable|"
    r"identifiable|untoward|worrying|worrisome|sinister|(?:clinic|h(?:a)?emodynamic)ally significant|"
    r"to suggest|to indicate|"
    r"to account for|to explain|on either side|in either)\b|^\W*(?:\d+[.)]\W*)?(?:meeting|meets|fulfilling|amenable|"
    r"suggestive|indicative)\b"
)
_CHOICE = re.compile(r"\b([a-z][a-z-]+),? or ([a-z][a-z-]+)")
# Where a statement may leave it open which of two it is.
_OPEN = re.compile(
    r"\b(?:likely|probabl[ey]|possibl[ey]|may|might|could|suggest\w*|suspicious|suspected|concerning|favou?r\w*|"
    r"represent\w*|reflect\w*|differential|either|whether|with or without|and/or|"
    r"consistent|compatible|keeping|consider\w*|"
    r"versus|query|due to|secondary to|if|when|unless|until|more or less|dependent|depending|cannot|indeterminate|"
    r"at risk|risk of|"
    r"associated with|related to|nature|origin|type|worse|better|every|each|any)\b"
)


def _asks_for_denial(said: str, shown: Evidence) -> bool:
    """Tell whether a clause is worded as only denials are, where the source does not use the words."""
    only = _ONLY_DENIED.search(said)
    if only and only[0].strip() not in shown.affirmed:
        return True
    choice = _CHOICE.search(said)
    # One who has found something says what it is; of what is not there, all sorts are named.
    return choice is not None and not _OPEN.search(said) and choice[0] not in shown.affirmed


# What a part is when it is out of order, and the words that sources have for it.
_DEGREES = {
    "thickened": "thick", "prolonged": "prolong|long|block",
    "enlarged": "enlarg|bulky|prominen|megal|swollen|grown|large|full",
    "dilated": "dilat|disten|promin|ectas|widen|aneurysm|full", "torn": "tear|torn|rupt|discontin|full-thick|avuls",
    "raised": "rais|elevat|high|increas|rise|rose", "elevated": "rais|elevat|high|increas|rise|rose",
    "displaced": "displac|shift|angulat|deviat|step", "dislocated": "disloc|sublux|out of",
    "disrupted": "disrupt|widen|tear|torn|separat|diastas", "narrowed": "narrow|stenos|reduc|effac|thin",
    "widened": "widen|wide", "swollen": "swell|swollen|edema|enlarg|boggy|puff",
    "ruptured": "rupt|tear|torn|discontin|gap", "reduced": "reduc|low|decreas|impair|less|loss|poor|fell|down|weak",
    "depressed": "depress|sunken|low",
}  # fmt: skip
_PART_IS = re.compile(
    rf"^\W*(?:\d+[.)]\W*)?(?P<part>[a-z][a-z '-]{{2,30}}?)(?: (?:is|are|was|were))? "
    rf"(?P<degree>{'|'.join(_DEGREES)})\W*$"
)


def misjudges(said: str, given: list[Clause]) -> bool:
    """Tell whether a clause says of a part what the source, which speaks of it, does not: "prostate enlarged".

    Args:
        said: the clause in one spelling.
        given: the source's clauses.
    """
    found = _PART_IS.match(said)
    if found is None:
        return False
    part = {word[:5] for word in content_words(found["part"])}
    about = [one_spelling(one.text) for one in given if part & {word[:5] for word in one.words}]
    alike = re.compile(_DEGREES[found["degree"]])
    flagged = re.compile(r"\b(?:h|l|high|low)\b|\*|>")
    return bool(about) and not any(alike.search(text) or flagged.search(text) for text in about)


def _is_bare_evidence(said: str) -> bool:
    """Tell whether "evidence of" follows a noun: "patent vessels CT evidence of ischaemia"."""
    found = re.search(r"\bevidence of\b", said)
    before = re.findall(r"[a-z][a-z'-]*", said[: found.start()]) if found else []
    while before and before[-1] in tables().qualities | _METHODS:
        before.pop()
    return bool(before) and _LEADS_TO_EVIDENCE.fullmatch(before[-1]) is None


_METHODS = frozenset({"ct", "mri", "mr", "us", "imaging", "ultrasound", "x-ray", "ecg", "echo", "laboratory"})
_LEADS_TO_EVIDENCE = re.compile(
    r"with|there|is|are|was|were|shows?|showed|showing|has|have|had|and|or|given|giving|demonstrat\w+|reveal\w+|"
    r"provid\w+|as|some|strong|good|clear|further|more"
)


def _means_nothing(said: str, shown: Evidence, *, finding: bool) -> bool:
    """Tell whether a clause is made of general words alone."""
    words = re.findall(r"[a-z][a-z'-]*", said)
    general = tables().general if finding else tables().general | tables().weaker
    if not general.intersection(words):
        return False
    if evidence_of := _EVIDENCE_OF.match(said):
        # What there is evidence of has to stand in the source by its name.
        named = findings_named(said[evidence_of.end() :])
        words = re.findall(r"[a-z]{4,}", said[evidence_of.end() :])
        heard = all(word[:6] in shown.affirmed for word in words)
        return not heard or not any(one.names.search(shown.affirmed) for choice in named for one in choice)
    if re.search(r"\d", _ITEM_MARK.sub("", said)):
        return False
    if any(word not in tables().qualities and word not in general for word in words):
        return False
    return " ".join(words) not in shown.affirmed


def is_novel(clause: Clause, said: str, given: list[Clause]) -> bool:
    """Tell whether a short statement has no word in common with what a source affirms.

    Args:
        clause: a whole sentence.
        said: its text in one spelling.
        given: the source's clauses.
    """
    said = _ITEM_MARK.sub("", said)
    if re.search(r"\d", said) or tables().harmless.search(said) or not clause.words or len(said.split()) > _SHORT:
        return False
    # Beginnings, because endings that make another kind of word of it are many: "stenosis", "stenotic".
    affirmed = {word[:4] for one in given if not sound(one) for word in one.words}
    return not any(word[:4] in affirmed for word in clause.words)


# What goes on with a list, or denies in another way.
_JOINED = re.compile(r"^\s*(?:and|or|nor)\b|\b(?:or|negative|absent|free|clear|normal)\b")
_ITEM_CUT = re.compile(r"[,:]|\s+and(?=\s+(?:no|not|without)\s)")
_DENIES = re.compile(r"\W*(?:(?:and|but|or)\s+)?(?:no|not|without|denies|nil)\b", re.I)


def bare_items(sentence: list[Clause], output: str, given: list[Clause], shown: Evidence) -> list[Piece]:
    """Find the items without their "no" in a list of denials that repeats it: "no fever, cough, no rash".

    Args:
        sentence: the clauses of one sentence of the output.
        output: the example's output.
        given: the source's clauses.
        shown: what the source affirms.
    """
    start = sentence[0].start
    text = output[start : sentence[-1].end]
    cuts = [0, *(cut for match in _ITEM_CUT.finditer(text) for cut in match.span()), len(text)]
    items = [(text[a:b], a) for a, b in zip(cuts[::2], cuts[1::2], strict=True) if text[a:b].strip()]
    denials = [number for number, (item, _) in enumerate(items) if _DENIES.match(item)]
    if len(denials) < 2:
        return []
    denied = frozenset().union(*(source.words for source in given if source.negated))
    pieces = []
    for item, place in items[denials[0] + 1 :]:
        said = one_spelling(item)
        named = findings_named(said)
        bare = not _DENIES.match(item) and not _JOINED.search(said) and len(said.split()) <= _SHORT
        affirmed = any(one.names.search(shown.affirmed) for choice in named for one in choice)
        if bare and not affirmed and (named or content_words(said) <= denied):
            pieces.append((start + place, start + place + len(item), "negation"))
    return pieces


_PERMITTED = re.compile(
    r"\b(?:avoid\w*|intake|check|history|stop\w*|cessation|limit\w*|reduc\w*|until|gradual\w*|less|quit\w*|restrict\w*|"
    r"no|not)\b",
    re.I,
)
_WANTED = re.compile(
    r"\b(?:need(?:ed|s|ing)?|requir(?:ed|es|ing)|necessary|warranted|(?<!clinically )indicated)\b", re.I
)
# What may be concluded to be needed without the source's saying so.
_DUE = re.compile(
    r"\b(?:prophyla\w+|vaccin\w+|immuni\w+|follow|review\w*|refer\w*|repeat|"
    r"monitor\w*|further|biopsy|replacement)\b",
    re.I,
)


def lost_refusal(clause: Clause, given: list[Clause]) -> list[Piece]:
    """Find what a statement says was needed although the source does not tell of it: "antibiotics required".

    Args:
        clause: of a statement, not of advice.
        given: the source's clauses.
    """
    wanted = _WANTED.search(clause.text)
    if wanted is None or clause.negated or (_DUE.search(clause.text) and not re.search(r"\bno\b", clause.text)):
        return []
    affirmed = {word[:5] for one in given if not sound(one) for word in one.words}
    things = content_words(clause.text[: wanted.start()] + " " + clause.text[wanted.end() :])
    heard = any(word[:5] in affirmed for word in things)
    return [] if heard or not things else [(clause.start, clause.end, "negation")]


_NEEDED = re.compile(r"\b(?:needed|required|necessary|(?<!clinically )indicated)\b", re.I)


def lost_prohibition(clause: Clause, stated: list[Clause], *, normal: bool) -> list[Piece]:
    """Find advice that reads as if its "no" had been lost: to do what is usually forbidden, or to act on nothing.

    Args:
        clause: of the advice.
        stated: all clauses of the output.
        normal: whether the output states nothing out of order.
    """
    span = (clause.start, clause.end)
    if tables().activities.search(clause.text) and not _PERMITTED.search(clause.text):
        return [(*span, "negation")]
    needed = _NEEDED.search(clause.text)
    object_words = content_words(clause.text[needed.end() :]) if needed else frozenset()
    harmless = site_is_normal(object_words, [other for other in stated if not advises(other)])
    if needed and not clause.negated and (normal or harmless):
        return [(*span, "negation")]
    return []
