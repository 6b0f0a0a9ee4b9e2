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
    r"\W*(?:\d+[.)]\s*)?(?:(?:\w+ly )?\w+ )?(?:evidence|suspicion|indication|signs?|concern|cause|source)"
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
    if finding and more and more["word"] not in shown.affirmed:
        return True
    if _is_bare_evidence(said):
        return True
    if (odd := _DID.search(said)) and odd[0] not in shown.affirmed:
        return True
    return _means_nothing(said, shown, finding=finding)


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
    if not general.intersection(words) or re.search(r"\d", _ITEM_MARK.sub("", said)):
        return False
    if evidence_of := _EVIDENCE_OF.match(said):
        # What there is evidence of has to stand in the source by its name.
        named = findings_named(said[evidence_of.end() :])
        return not any(one.names.search(shown.affirmed) for choice in named for one in choice)
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
    items = list(re.finditer(r"[^,:]+", output[start : sentence[-1].end]))
    denials = [number for number, item in enumerate(items) if _DENIES.match(item[0])]
    if len(denials) < 2:
        return []
    denied = frozenset().union(*(source.words for source in given if source.negated))
    pieces = []
    for item in items[denials[0] + 1 :]:
        said = one_spelling(item[0])
        named = findings_named(said)
        bare = not _DENIES.match(item[0]) and not re.match(r"\s*(?:and|or|nor)\b", said) and len(said.split()) <= _SHORT
        affirmed = any(one.names.search(shown.affirmed) for choice in named for one in choice)
        if bare and not affirmed and (named or content_words(said) <= denied):
            pieces.append((start + item.start(), start + item.end(), "negation"))
    return pieces


_PERMITTED = re.compile(
    r"\b(?:avoid\w*|intake|check|history|stop\w*|cessation|limit\w*|reduc\w*|until|gradual\w*|less|quit\w*|restrict\w*|"
    r"no|not)\b",
    re.I,
)
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
