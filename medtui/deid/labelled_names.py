"""Names that a label announces: "Patient Name: ...", "S/O ...", "electronically signed by ..."."""

import re
from collections.abc import Iterator

from medtui.deid.gates import Gate
from medtui.deid.prepared import Prepared
from medtui.deid.spans import CERTAIN, LIKELY, Span
from medtui.deid.vocabulary import NAME_STOPS, TITLES
from medtui.deid.word_lists.flags import NAME, Flag
from medtui.deid.words import Kind, Word, word
from medtui.phi import Category

# Labels after which only a name can stand.
_STRICT = r"(?:(?:patient|pt|client|subject|father|mother|husband|wife|spouse|guardian|parent|son|daughter|baby|mom|dad|insured|subscriber|policy ?holder|guarantor|employee|member|physician|doctor|provider|nurse|consultant|surgeon|contact|full|first|last|middle|family|given|maiden|sur|child|relative|attendant|kin)(?:'s)?[ _]?(?:full[ _]?)?name(?:[ ]of[ ]\w+)?|name of (?:the )?(?:patient|father|mother|husband|guardian|spouse|physician|doctor|insured|consultant)|name|naam|n\u0101m|surname|forename|alias|a\.?k\.?a\.?|nok|next of kin|emergency contact(?: person)?|contact person)"
# Labels after which a name stands, or a word of another kind.
_LOOSE = r"(?:patient|pt|client|re|dear|attn|attention|to|from|cc|attending(?: physician| surgeon| radiologist| provider)?|referr(?:ing|ed)(?: physician| doctor| provider| by| md)?|ref(?:erred)?\.? ?(?:by|dr|doctor|physician)|ordering (?:physician|provider)|ordered by|requested by|requesting (?:physician|clinician|doctor)|primary care(?: physician| provider)?|pcp|gp|family (?:physician|doctor)|consultant|consulting(?: physician)?|surgeon|assistant(?: surgeon)?|anesthesiologist|anaesthetist|anesthesia by|radiologist|pathologist|cardiologist|physician|provider|doctor|clinician|resident|intern|registrar|technologist|technician|sonographer|nurse|rn|therapist|pharmacist|dietitian|case manager|social worker|interpreter|informant|historian|witness(?:ed by)?|author|authored by|signed(?: by)?|electronically signed(?: by)?|e-signed by|digitally signed by|signature|dictated(?: by)?|dictating (?:physician|provider)|transcribed(?: by)?|typed by|transcriptionist|reported(?: by)?|read by|interpreted by|verified(?: by)?|reviewed(?: by)?|approved by|authenticated by|authori[sz]ed (?:by|signatory)|validated by|prepared by|performed by|collected by|drawn by|received by|entered by|checked by|copy to|copies to|mother|father|husband|wife|spouse|son|daughter|guardian|partner|caregiver|caretaker|brother|sister|accompanied by|employer|seen by|operator|consultants?|insured|subscriber|guarantor|policy ?holder|beneficiary|member|responsible party|biller|coordinator|health care proxy|proxy|power of attorney|poa)"
_RELATION = r"(?:[SDWCB]\s?/\s?[Oof](?:\.| of)?|s/o|d/o|w/o|c/o|b/o|h/o(?= (?:Mr|Mrs|Smt|Shri))|son of|daughter of|wife of|husband of|care of|baby of|mother of|father of)"
_TITLE_SKIP = re.compile(
    r"(?:(?:the[ ])?(?:Dr|Mr|Mrs|Ms|Miss|Prof|Shri|Smt|Sri|Kum|Kumari|Master|Mst|Baby(?: of)?|Mx|Sir|Md|DR|MR|MRS|MS|SMT|SHRI|dr|mr|mrs|ms|smt|shri)\b\.?[ ]{0,2})*"
)
_LABELLED = Gate(
    re.compile(
        rf"(?<![A-Za-z])(?:(?P<strict>{_STRICT})(?:[ ]?(?:is|\([^)\n]{{2,20}}\)))?[ \t]{{0,40}}(?:[:=\u2013]|[ ]-[ ]|\.{{2,}}:?)|(?P<loose>{_LOOSE})(?:\(s\))?[ \t]{{0,40}}[:=])[ \t]{{0,40}}(?=(?P<value>[^\n]{{2,80}}))",
        re.IGNORECASE,
    ),
    words=f"{_STRICT}|{_LOOSE}|aka",
    near=(r":=\u2013.-", 120),
    first=rf"(?:{_STRICT}|{_LOOSE})",
)
_RELATED = Gate(
    re.compile(
        rf"(?<![A-Za-z])(?:{_RELATION})[ :.]?[ \t]{{0,40}}(?=(?P<value>[^\n]{{2,80}}))",
        re.IGNORECASE,
    ),
    words="s d w c b h so do wo co bo ho son daughter wife husband care baby mother father",
)
_BARE = Gate(
    re.compile(
        r"(?<![A-Za-z])(?:[Nn]ame|NAME|[Pp]atient[ ][Nn]ame|PATIENT NAME|[Nn]amed|[Cc]alled|[Ss]igned by|[Dd]ictated by|[Rr]eported by|[Vv]erified by|[Rr]eferred by|REFERRED BY|REPORTED BY|SIGNED BY)[ ]{1,2}(?P<value>[A-Z][^\n]{2,60})"
    ),
    words="name patient named called signed dictated reported verified referred",
)
_PIECE = re.compile(r"[^\W\d_](?:[^\W\d_]|\.|'|-(?=[^\W\d_]))*")
_GAP = re.compile(r"[ ]{1,2}|,[ ]?|\^|[ ]?-[ ]?|\.[ ]?")
_COMMA_NAME = re.compile(r",[ ][A-Z]")
_PARTICLES = frozenset(
    ("de", "da", "van", "von", "der", "den", "la", "le", "di", "bin", "al", "el", "ul", "dos", "del")
)
# Names that are short words too; only a label makes them names.
_RARE_NAMES = frozenset(("do", "an", "ho", "no"))
_MOST_WORDS = 6


def find(prepared: Prepared) -> Iterator[Span]:
    """Find names after a label.

    Args:
        prepared: the text in its normal form.
    """
    text = prepared.text
    for gate in (_LABELLED, _RELATED, _BARE):
        for match in gate.finditer(prepared):
            start, stop = match.span("value")
            titles = _TITLE_SKIP.match(text, start, stop)
            skipped = titles.end() - start if titles else 0
            strict = gate is not _BARE and (skipped > 0 or (gate is _LABELLED and match["strict"] is not None))
            yield from _name(text, start + skipped, stop, strict, "label:name")


def _name(text: str, start: int, stop: int, strict: bool, source: str) -> Iterator[Span]:
    """Take the words of a name from `start` on: up to six, while they may belong to one."""
    end = position = start
    count = 0
    telling = strict
    while count < _MOST_WORDS and (piece := _PIECE.match(text, position, stop)):
        value = piece.group().rstrip(".-'")
        item = word(value)
        initial = len(value) == 1 and piece.group().endswith(".") and (count > 0 or value.isupper())
        if text[piece.end() : piece.end() + 1] == ":" or not (initial or _belongs(text, piece, item, strict, count)):
            break
        telling = telling or item.kind is not Kind.VOUCHED or bool(item.flags & NAME) or count > 0
        count += 1
        end = piece.end() if len(value) == 1 else piece.start() + len(value)
        gap = _GAP.match(text, piece.end(), stop)
        if not gap:
            break
        position = gap.end()
    if count and telling:
        yield Span(start, end, Category.NAME, CERTAIN if strict else LIKELY, source)


def _belongs(text: str, piece: "re.Match[str]", item: Word, strict: bool, count: int) -> bool:
    """Tell whether a word can stand in a name after a label."""
    lower = item.lower
    if lower in _PARTICLES:
        return strict or count > 0
    if lower in NAME_STOPS or (lower in TITLES and count and len(lower) > 2):
        return strict and count == 0 and item.shape == "T" and lower in _RARE_NAMES
    if strict:
        return (
            item.shape != "l"
            or not item.flags & (Flag.ORDINARY | Flag.MEDICAL | Flag.ABBREVIATION)
            or (count > 0 and bool(item.flags & NAME) and not item.flags & Flag.MEDICAL)
        )
    if item.kind is not Kind.VOUCHED or len(lower) == 1 or item.flags & NAME or lower == "st":
        return item.shape != "l"
    rare = item.shape != "l" and not item.flags & (Flag.MEDICAL | Flag.ABBREVIATION | Flag.COMMON)
    return rare and (count > 0 or _COMMA_NAME.match(text, piece.end()) is not None)
