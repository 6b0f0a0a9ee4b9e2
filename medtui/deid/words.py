"""Words of a text with what is known about each, worked out once per distinct word."""

import re
from enum import Enum, auto
from functools import lru_cache

from medtui.deid.vocabulary import KIN, NOT_A_NAME, TITLES
from medtui.deid.word_lists.flags import NAME, VOUCHED, Flag
from medtui.deid.word_lists.lookup import word_lists

_REMEMBERED = 50_000
# Endings that only medicine and chemistry have: they vouch for words that no list holds.
_MEDICAL_ENDING = re.compile(
    r"\w{2,}(?:itis|itides|osis|oses|oma|omas|omata|emia|aemia|emic|aemic|uria|pathy|pathies|pathic|ectomy|ectomies|otomy|ostomy|plasty|plasties"
    r"|scopy|scopic|scopies|graphy|graphic|gram|grams|graph|centesis|plegia|plegic|paresis|algia|dynia|penia|philia|cytosis|rrhea|rrhoea|rrhagia|rrhage"
    r"|trophy|trophic|plasia|plastic|megaly|stenosis|lysis|lytic|sclerosis|sclerotic|pnea|pnoea|cardia|cardial|thorax|genic|gram|cele|ptosis|malacia"
    r"|mab|mabs|nib|tinib|ciclib|parib|zomib|prazole|oprazole|pril|sartan|olol|statin|dipine|gliptin|gliflozin|glutide|tide|parin|xaban|gatran|grel|azole|conazole"
    r"|cillin|mycin|micin|floxacin|cycline|cef|vir|navir|tegravir|oxetine|triptyline|pramine|azepam|zolam|barbital|caine|curium|curonium|dronate|setron|triptan|lukast|terol|asone|onide|olone|sone"
    r"|ase|ases|globin|globulin|peptide|protein|sterol|amine|amide|oxide|ate|ide|ine|ium|oid|oids|itic|otic|aic|eal|ular|iform|ative|tion|tions|sion|ment|ness|able|ible|ally|ised|ized|ated|lated|ing|ity|ous|emesis|ptysis|ules|eous|ior|oses|logy|logist|logic|logical|iatric|iatry|metry|metric|therapy)\Z"
)
_MEDICAL_BEGINNING = re.compile(
    r"(?:hyper|hypo|multi|peri|retro|supra|infra|inter|intra|extra|micro|macro|poly|neuro|cardio|pulmon|hepat|nephr|gastr|oste|arthr|dermat|haem|thromb|lymph|broncho|laryng|pharyng|parot|cyto|histo|immuno|radio|electro|ortho|pseudo|paras|parav|nebuli|lumin|subc|subs|subp|dys)\w{4,}\Z"
)
_NAME_PREFIX = re.compile(r"(?:Mc|Mac|De|Di|Du|La|Le|O'|D'|Van|Fitz|Al|El|Ben|St)[A-Z][a-z]+\Z")


class Kind(Enum):
    """What a capitalised word may be."""

    VOUCHED = auto()
    """Ordinary or medical; identifies nobody."""
    FREQUENT = auto()
    """A frequent name and no English word."""
    LISTED = auto()
    """In a list of names or places, and no English word."""
    PLACE = auto()
    """A place and no English word."""
    UNKNOWN = auto()
    """In no list at all."""
    EITHER = auto()
    """A frequent name that is an English word too."""
    TITLE = auto()
    KIN = auto()
    INITIAL = auto()
    OTHER = auto()
    """Digits, units, mixed case: no name."""


class Word:
    """One distinct word.

    Attributes:
        lower: in lower case.
        flags: bits of `Flag`.
        shape: "T" title case, "U" upper case, "l" lower case, "c" other.
        kind: what it may be when capitalised.
    """

    __slots__ = ("flags", "kind", "lower", "shape", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.lower = text.lower()
        self.flags = word_lists().flags(self.lower)
        self.shape = _shape(text)
        self.kind = _kind(self)


@lru_cache(_REMEMBERED)
def word(text: str) -> Word:
    """Give what is known about a word as it is written."""
    return Word(text)


def _shape(text: str) -> str:
    letters = text.replace("'", "")
    if letters.islower():
        return "l"
    if not letters.isalpha():
        return "c"
    if letters.isupper():
        return "U"
    if text[0].isupper() and (letters[1:].islower() or text.endswith("'s") or "'" in text or _NAME_PREFIX.match(text)):
        return "T"
    return "c"


def _kind(item: Word) -> Kind:
    flags, lower = item.flags, item.lower
    if item.shape == "c":
        return Kind.OTHER
    if len(lower) == 1:
        return Kind.INITIAL
    if lower in TITLES:
        return Kind.TITLE
    if lower in KIN:
        return Kind.KIN
    if lower in NOT_A_NAME:
        return Kind.VOUCHED
    return _listed(item, flags)


def _listed(item: Word, flags: int) -> Kind:
    if flags & Flag.FREQUENT_NAME:
        return Kind.EITHER if flags & VOUCHED else Kind.FREQUENT
    if flags & (VOUCHED | Flag.ABBREVIATION):
        return Kind.VOUCHED
    if flags & (NAME | Flag.PLACE):
        return Kind.LISTED if flags & NAME else Kind.PLACE
    medical = _MEDICAL_ENDING.match(item.lower) or _MEDICAL_BEGINNING.match(item.lower)
    return Kind.VOUCHED if medical else Kind.UNKNOWN
