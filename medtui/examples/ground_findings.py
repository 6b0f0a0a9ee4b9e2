"""Findings that an output asserts against its source or without it, and findings that it denies against it."""

import re
from functools import lru_cache

from medtui.examples.clauses import OTHER_SIDE, Clause, by_sentence, carried_sides, content_words, same_side
from medtui.examples.denials import Denials, denials, names, quotes
from medtui.examples.evidence import Evidence, Finding, evidence, findings_named, sites, tables
from medtui.examples.levels import is_raised, raised_unsaid, uncontrolled
from medtui.examples.lost_denials import bare_items, is_novel, lost_prohibition, lost_refusal, misjudges, reads_bare
from medtui.examples.spelling import one_spelling
from medtui.examples.statements import advises, affirms, calm, held, site_is_normal, sound, unsure

Piece = tuple[int, int, str]


def missing(source: str, given: list[Clause], stated: list[Clause], output: str) -> list[Piece]:
    """Give asserted findings that the source denies or does not mention, and denials of what it asserts.

    Args:
        source: the example's input.
        given: its clauses.
        stated: the clauses of the output.
        output: the example's output.
    """
    pieces: list[Piece] = []
    denied_here = denials(source, given)
    shown = evidence(source, given, affirms)
    normal = all(clause.negated or not clause.words or calm(clause) for clause in stated if not advises(clause))
    in_advice = False
    for sentence in by_sentence(output, stated):
        pieces += bare_items(sentence, output, given, shown)
        for clause, sides in zip(sentence, carried_sides(sentence), strict=True):
            in_advice = in_advice or advises(clause) or _IF.search(output, sentence[0].start, clause.start) is not None
            if in_advice:
                pieces += lost_prohibition(clause, stated, normal=normal)
            elif clause.negated:
                pieces += [] if _goes_with_health(clause, sentence) else _denied(clause, given, shown, sides)
            elif not _shares_denial(clause, sentence):
                found = _asserted(
                    clause, given, denied_here, shown, alone=len(sentence) == 1, first=sentence[0].start == 0
                )
                doubted = bool(found) and (found[0][2] == "finding" or _is_careful(clause, given))
                if doubted and _is_inferred(clause, sentence, output, given, shown):
                    found = []
                if found and found[0][2] != "laterality" and clause.start == 0 and _is_sole(clause, stated, shown):
                    found = []
                pieces += found or uncontrolled(clause, given, output) or lost_refusal(clause, given)
        in_advice = in_advice and _labelled(output, sentence)
    return pieces


# "Come back if your child ...": what follows is no finding.
_IF = re.compile(r"\b(?:if|unless)\b", re.I)


_NEGATIVE_END = re.compile(
    r"\b(?:negative|absent|excluded|ruled out|not (?:seen|detected|found|identified)|non-?reactive)\W*$", re.I
)


def _shares_denial(clause: Clause, sentence: list[Clause]) -> bool:
    """Tell whether a clause is an item of a list that is denied at its end: "Hepatitis B, | C and E negative"."""
    last = sentence[-1]
    short = len(clause.text.split()) <= _ITEM_WORDS and len(last.text.split()) <= _ITEM_WORDS + 2
    return clause is not last and last.negated and short and _NEGATIVE_END.search(last.text) is not None


_ITEM_WORDS = 4


def _labelled(output: str, sentence: list[Clause]) -> bool:
    """Tell whether a sentence is in a line that a label makes advice to its end: "Advice: ..."."""
    line = output[output.rfind("\n", 0, sentence[0].end) + 1 : sentence[-1].end]
    goes_on = "\n" not in output[sentence[-1].end : sentence[-1].end + 2]
    return goes_on and re.match(r"\s*[A-Za-z][\w -]*:", line) is not None


def _asserted(
    clause: Clause, given: list[Clause], denied_here: Denials, shown: Evidence, *, alone: bool, first: bool
) -> list[Piece]:
    """Find what a clause asserts although the source only denies it or never mentions it."""
    span = (clause.start, clause.end)
    if raised_unsaid(clause, given):
        return [(*span, "finding")]
    said = _SOUGHT.sub("", one_spelling(clause.text))
    named = findings_named(said)
    known = bool(named) and all(any(shown.supports(one) for one in choice) for choice in named)
    denied = not unsure(clause) and (
        names(clause, denied_here) or (not known and not _numbers(clause.text) and _only_denied(clause, given))
    )
    conditional = _CONDITION.search(clause.text)
    if not calm(clause) and not conditional and (denied or quotes(clause, denied_here)):
        return [(*span, "negation")]
    kind = _unsupported(clause, said, given, shown, first=first)
    if kind and not (kind == "negation" and _measured_there(clause, given)):
        return [(*span, kind)]
    measured = any(shown.measured(one) for choice in named for one in choice)
    if not (calm(clause) or unsure(clause) or measured) and misjudges(said, given):
        return [(*span, "negation")]
    told = named or is_raised(clause) or calm(clause) or unsure(clause) or _HEDGE.search(clause.text)
    novel = alone and not told and is_novel(clause, said, given)
    return [(*span, "finding")] if novel else []


# The denial that follows says under what condition: "septoplasty if | no relief".
_CONDITION = re.compile(r"\b(?:if|unless|when|until)\s*$", re.I)


def _measured_there(clause: Clause, given: list[Clause]) -> bool:
    """Tell whether the numbers of a clause stand in one statement of the source: of what is denied nobody gives any."""
    numbers = _numbers(clause.text)
    return bool(numbers) and any(
        numbers <= _numbers(one.text) and len(one.words & clause.words) > 1 for one in given if not one.negated
    )


def _only_denied(clause: Clause, given: list[Clause]) -> bool:
    """Tell whether all words of a clause stand in the source, some of them only where it denies something."""
    here = [source for source in given if same_side(source.sides, clause.sides)]
    affirmed = frozenset().union(*(source.words for source in here if not source.negated))
    denied = frozenset().union(*(source.words for source in here if source.negated))
    # "You need" comes before what is not needed.
    lacking = {word for word in (clause.words & denied) - affirmed if not _NEED.fullmatch(word)}
    return bool(clause.words) and clause.words <= denied | affirmed and bool(lacking)


# The main diagnosis, which opens an answer, is in words of its own; of so many it is no finding that lost its "no".
_FULL = 4
_NEED = re.compile(r"\b(?:need\w*|requir\w*|respon\w+|improv\w+|threat\w+|involv\w+)\b", re.I)
_HEDGE = re.compile(
    r"\b(?:consistent with|appearances? of|picture of|features of|compatible with|in keeping with|"
    r"likely|probab\w+|query|possibl[ey]|may|might|could|"
    r"suggest\w*|suspicious|suspected|concerning|presum\w+|favou?r\w*|represent\w*|reflect\w*|differential|threatened|impending|"
    r"indicat\w+|highly|secondary to|due to)\b|(?<=\s)\?(?=\w)",
    re.I,
)


def _is_inferred(clause: Clause, sentence: list[Clause], output: str, given: list[Clause], shown: Evidence) -> bool:
    """Tell whether a finding that a source does not mention is a conclusion from what it does say.

    A conclusion is put with care, or beside a number of the source; a denial that lost its "no" is neither.
    """
    if re.search(r"\bcomplications?\b", clause.text, re.I):
        return False
    known = _numbers(" ".join(one.text for one in given))
    whole = output[sentence[0].start : sentence[-1].end]
    beside = whole if clause is sentence[0] else clause.text
    if not _NEED.search(clause.text) and (_numbers(beside) & known) - {"0"}:
        return True
    affirmed = {word[:5] for one in given if affirms(one) for word in one.words}
    related = len(_numbers(whole) & known) + sum(word[:5] in affirmed for word in content_words(whole))
    hedge = _HEDGE.search(whole)
    # What opens with "suggestive of" has lost its beginning.
    careful = hedge is not None and len(whole[: hedge.start()].split()) >= 2
    words = one_spelling(whole).split()
    opens = sentence[0].start == 0 and len(words) >= _FULL and words[0] not in tables().qualities and related > 1
    return related > 0 and (careful or (opens and _is_main(clause, sentence, shown)))


def _is_careful(clause: Clause, given: list[Clause]) -> bool:
    """Tell whether a clause only holds something likely that the source does not deny by its name."""
    if not _LIKELY.match(clause.text):
        return False
    denied = {word[:6] for one in given if one.negated for word in one.words}
    return not any(word[:6] in denied for word in clause.words)


_LIKELY = re.compile(
    r"\W*(?:most )?(?:likely|probabl[ey]|possibl[ey]|presum\w+|suspected|suggest\w+|favou?r\w*)\b", re.I
)


# What was found is said of a finding by its name alone: "no paraprotein detected".
_DETECTED = re.compile(r"\b(?:detected|seen|found|identified|demonstrated|present|significant)\b", re.I)


def _is_sole(clause: Clause, stated: list[Clause], shown: Evidence) -> bool:
    """Tell whether a clause alone states something out of order, of a source that does so, too, and is named nowhere.

    The diagnosis is what is left then: nothing else accounts for what the source affirms.
    """
    others = [one for one in stated if one is not clause and not advises(one)]
    named = findings_named(one_spelling(clause.text))
    if not any(one.negated for one in others) or _DETECTED.search(clause.text):
        return False
    if any(affirms(one) for one in others) or any(one.names.search(shown.text) for choice in named for one in choice):
        return False
    return shown.is_ill() and not reads_bare(one_spelling(clause.text), shown, finding=bool(named))


def _is_main(clause: Clause, sentence: list[Clause], shown: Evidence) -> bool:
    """Tell whether what a clause names first is the main diagnosis: nothing known is named before it."""
    said = one_spelling(clause.text)
    named = findings_named(said)
    if any(one.names.search(shown.affirmed) for choice in named[:1] for one in choice) and len(named) > 1:
        return False
    # What comes with it is told of the same thing: "with right renal artery stenosis" of a small right kidney.
    rest = content_words(tables().any_name.sub(" ", said))
    return clause is sentence[0] or any(word[:5] in shown.affirmed for word in rest)


def _numbers(text: str) -> set[str]:
    return set(re.findall(r"(?<![\d.])\d+(?:\.\d+)?", re.sub(r"^\W*\d+[.)]", "", text)))


# What such words lead to is not stated, but looked for or guarded against.
_SOUGHT = re.compile(
    r"\b(?:(?:to|for) (?:exclude|rule out|assess|evaluat|look for|prevent|screen|confirm|reduce|avoid|further)|exclude|"
    r"rule out|risk of|in case of|if |unless|until|watch for|return if|at risk|prophylaxis|work-?up|screen)[^,]*",
)


def _unsupported(clause: Clause, said: str, given: list[Clause], shown: Evidence, *, first: bool) -> str:
    """Give the kind of what a clause asserts without support, if anything."""
    named = findings_named(said)
    if calm(clause):
        lacking = [choice for choice in named if not any(shown.supports(one) or shown.measured(one) for one in choice)]
        unheard = [choice for choice in lacking if not any(shown.speaks_of(one) for one in choice)]
        return "" if not held(clause) else "finding" if unheard else "negation" if lacking else ""
    known = all(any(shown.supports(one) or shown.measured(one) for one in choice) for choice in named)
    still = bool(named) and known and _STILL.match(said)
    if not (unsure(clause) or still) and reads_bare(said, shown, finding=bool(named)):
        return "negation"
    for choice in named:
        if kind := _unsupported_choice(choice, said, clause.sides, shown):
            return kind
    if named and site_is_normal(_site_words(said, named), given, clause.sides):
        return "negation"
    return "" if unsure(clause) or first else _unheard_of(said, shown)


# What is known of somebody may well go on; "residual" and "further" say less.
_STILL = re.compile(r"\W*(?:\d+[.)]\W*)?(?:persist\w+|recurrent|ongoing)\b")
# Words of Greek descent for what is wrong: "-itis", "-emia". Health has some of them, too.
_BY_FORM = re.compile(
    r"\b(?!normo|eu|diagno|progno|anastomo|antib|synth|analys|dialys|hemosta|homeosta|osmo|sympath|homeopath|urinalys|mitos)"
    r"[a-z]{3,}(?:itis|osis|oses|oma|omas|emia|uria|pathy|pathies|megaly|ectasis|ectasia|rrhage|rrhagia|rrhea|plegia|"
    r"paresis|penia|algia|cele|ptosis|plasia|trophy|spasm|malacia|phagia|pnea|cytosis|philia|dynia|iasis|spermia|opia)\b"
)


# What such words say in plain ones.
_PLAIN = {
    "algia": r"\b(?:pains?|aches?|aching|sore)\b", "itis": r"\binflam", "megaly": r"\b(?:enlarg|bulky)",
    "penia": r"\blow\b", "plegia": r"\bweak", "paresis": r"\bweak", "pnea": r"\bbreath", "phagia": r"\bswallow",
    "rrhea": r"\b(?:discharge|loose)", "ptosis": r"\b(?:droop|low-lying)", "trophy": r"\b(?:wast|thicken|enlarg)",
    "uria": r"\burin",
}  # fmt: skip


def _unheard_of(said: str, shown: Evidence) -> str:
    """Give the kind of a finding, told by its form alone, of which the source does not speak or which it denies."""
    rest = tables().any_name.sub(" ", said)
    found = _BY_FORM.search(rest)
    if found and any(found[0].endswith(form) and re.search(words, shown.affirmed) for form, words in _PLAIN.items()):
        return ""
    # One that is told of a thing that the source affirms may well follow from it.
    if found is None or any(word[:4] in shown.affirmed for word in content_words(rest)):
        return ""
    return "negation" if found[0][:5] in shown.text else "finding"


_RECENT = re.compile(r"\b(?:acute|new|recent|active)\b")


def _unsupported_choice(choice: tuple[Finding, ...], said: str, sides: frozenset[str], shown: Evidence) -> str:
    """Give the kind of what is wrong with a name that stands for one of some findings, if anything."""
    if any(shown.measured(one) for one in choice):
        return ""
    if not any(shown.speaks_of(one) for one in choice):
        return "finding"
    if _RECENT.search(said) and not any(shown.supports_recent(one) for one in choice):
        return "negation"
    where = sites(said)
    known_there = not shown.is_sound(where, sides) or shown.supports_there(choice, where, frozenset())
    if not known_there or not any(shown.supports(one) for one in choice):
        return "negation"
    # A number tells the side better, see ground_sides.
    if not shown.supports_there(choice, where, frozenset()):
        where = frozenset()
    if sides and not re.search(r"\d", said) and not shown.supports_there(choice, where, sides):
        return "laterality"
    return ""


@lru_cache(maxsize=2048)
def _whole_words(names: re.Pattern[str]) -> re.Pattern[str]:
    """Give names, which are beginnings of words, with the rest of the word: what is left of one is none."""
    return re.compile(rf"(?:{names.pattern})[\w']*")


def _site_words(said: str, named: tuple[tuple[Finding, ...], ...]) -> frozenset[str]:
    for choice in named:
        for one in choice:
            said = _whole_words(one.names).sub(" ", said)
    said = re.sub(r"\b(?:clear|settl|resol|improv)\w*", " ", said)
    idle = tables().qualities | tables().general | tables().weaker
    return content_words(" ".join(word for word in said.split() if word not in idle))


def _goes_with_health(clause: Clause, sentence: list[Clause]) -> bool:
    """Tell whether a denial only goes on with a part that is called sound: "veins patent | with no thrombus"."""
    place = sentence.index(clause)
    return place > 0 and re.match(r"\W*(?:with|without)\b", clause.text, re.I) is not None and calm(sentence[place - 1])


def _denied(clause: Clause, given: list[Clause], shown: Evidence, sides: frozenset[str]) -> list[Piece]:
    """Find a denial of what the source asserts in the same words, or of the side on which alone it asserts it."""
    if _on_this_side_only(clause, shown):
        return [(clause.start, clause.end, "laterality")]
    said = one_spelling(clause.text)
    if not findings_named(said) or _NEGATIVE_TEST.search(said) or _NOT_EVERY.search(said):
        return []
    speaking = [
        source for source in given if clause.words and clause.words <= source.words and same_side(sides, source.sides)
    ]
    return (
        [(clause.start, clause.end, "negation")] if speaking and not any(sound(source) for source in speaking) else []
    )


# "No acute infarct" leaves room for an old one.
_NOT_EVERY = re.compile(
    r"\b(?:acute|active|new|recent|other|further|additional|residual|recurrent|significant|suspicious|definite|obvious|"
    r"large|major|overt|progressive|progression|increase)\b"
)
_NEGATIVE_TEST = re.compile(
    r"\bnegative\b.*\b(?:screen\w*|tests?|study|scan|work-?up|panel|serolog\w+|swabs?|cultures?)\b", re.I
)


def _on_this_side_only(clause: Clause, shown: Evidence) -> bool:
    """Tell whether what a clause denies of a side is what the source affirms there and not on the other one."""
    said = one_spelling(clause.text)
    opposite = OTHER_SIDE.get(clause.sides)
    more = re.search(r"\b(?:other|additional|further|new|more|residual)\b", said)
    if opposite is None or more or len(re.findall(r"\b(?:left|right|lt|rt)\b", said)) > 1:
        return False
    named = findings_named(said)
    where = sites(said)
    if not any(shown.supports_there(choice, where, frozenset()) for choice in named):
        where = frozenset()
    return any(
        shown.supports_there(choice, where, clause.sides, strictly=True)
        and not shown.supports_there(choice, where, opposite, strictly=True)
        for choice in named
    )
