"""Words of a text with what is known about each, worked out once per distinct word."""

import re
from enum import Enum, auto
from typing import Final

from medtui.deid.gates import gates_of
from medtui.deid.vocabulary import (
    ADDRESS_PARTICLES,
    ADDRESS_UNIT,
    FACILITY,
    KIN,
    NOT_A_NAME,
    STREET_ENDINGS,
    STREET_FIRST,
    STREET_LAST,
    STREET_WEAK,
    TITLES,
)
from medtui.deid.word_lists.flags import NAME, VOUCHED, Flag
from medtui.deid.word_lists.lookup import word_lists

_REMEMBERED = 12_000
SAINTS = frozenset(("st", "ste", "saint", "mt", "mount", "ft", "fort"))
_STREET_ENDINGS = tuple(STREET_ENDINGS)
_LEAST_COMPOUND = 5
_SHORT_NUMBER = 5
_DIGIT = re.compile(r"\d")
_ZEROS = str.maketrans("123456789", "000000000")
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
_NEGATION = re.compile(r"(?:non|anti)(?P<rest>\w{4,})\Z")
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


_NAMING = {Kind.FREQUENT, Kind.LISTED, Kind.UNKNOWN, Kind.EITHER}


class Role:
    """What a capitalised word lets its run of words be, one bit each; most runs have none and are passed over."""

    NAME: Final = 1
    PLACE: Final = 2
    FACILITY: Final = 4


class Street:
    """What a word may be in an address, one bit each."""

    LAST: Final = 1
    WEAK: Final = 2
    FIRST: Final = 4
    ENDING: Final = 8
    UNIT: Final = 16
    PARTICLE: Final = 32
    WORD: Final = 64
    """An ending of streets' names that stands as a word of its own."""


class Word:
    """One distinct word.

    Attributes:
        text: as written.
        lower: in lower case.
        bare: in lower case, without the `'s` of possession.
        flags: bits of `Flag`.
        shape: "T" title case, "U" upper case, "l" lower case, "c" other.
        kind: what it may be when capitalised.
        capital: whether its capitals can make it part of a name or place.
        numeric: whether it holds a digit.
        roles: bits of `Role`.
        street: bits of `Street`.
        gates: the patterns that may begin with it.
        plain: none of these: a word to pass over.
    """

    __slots__ = (
        "bare",
        "capital",
        "flags",
        "gates",
        "kind",
        "lower",
        "numeric",
        "plain",
        "roles",
        "shape",
        "street",
        "text",
    )

    def __init__(self, text: str) -> None:
        self.text = text
        self.lower = text.lower()
        self.bare = self.lower.removesuffix("'s")
        self.numeric = _DIGIT.search(text) is not None
        self.flags = _flags(self.lower, self.bare)
        self.shape = _shape(text)
        self.kind = _kind(self)
        self.capital = text[:1].isupper() and self.shape in {"T", "U"} and self.kind is not Kind.OTHER
        self.roles = _roles(self) if self.capital else 0
        self.street = _street(self.lower)
        self.gates = gates_of(self.lower)
        self.plain = not (self.capital or self.numeric or self.street or self.gates)


class _Words(dict[str, Word]):
    """All words met so far; forgotten when they become too many. Numbers of one form share one entry."""

    def __missing__(self, text: str) -> Word:
        if text[:1].isdigit() and (form := text.translate(_ZEROS)) != text:
            item = self[form]
            if len(text) < _SHORT_NUMBER:
                self[text] = item
            return item
        if len(self) >= _REMEMBERED:
            self.clear()
        item = self[text] = Word(text)
        return item


word = _Words().__getitem__
"""Give what is known about a word as it is written."""


def _flags(lower: str, bare: str) -> int:
    """Give what the lists say; "Brown's" is Brown's, although a catalogue knows "Brown's syndrome"."""
    flags = word_lists().flags(lower)
    if bare == lower:
        return flags
    return word_lists().flags(bare) | (Flag.EPONYM if flags & Flag.MEDICAL else 0)


def _roles(item: Word) -> int:
    roles = Role.NAME if item.kind in _NAMING else 0
    if item.flags & Flag.PLACE or item.lower in SAINTS:
        roles |= Role.PLACE
    return roles | (Role.FACILITY if item.lower in FACILITY else 0)


def _street(lower: str) -> int:
    kinds = (
        (Street.LAST, STREET_LAST), (Street.WEAK, STREET_WEAK), (Street.FIRST, STREET_FIRST), (Street.UNIT, ADDRESS_UNIT),
        (Street.PARTICLE, ADDRESS_PARTICLES), (Street.ENDING | Street.WORD, STREET_ENDINGS),
    )  # fmt: skip
    bits = sum(bit for bit, members in kinds if lower in members)
    if not bits and lower.endswith(_STREET_ENDINGS) and len(lower) > _LEAST_COMPOUND:
        bits = Street.ENDING
    return bits


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
    # "Nontender", "Antibody": the rest is a word.
    negated = _NEGATION.match(item.lower)
    if negated and word_lists().flags(negated["rest"]) & VOUCHED:
        return Kind.VOUCHED
    medical = _MEDICAL_ENDING.match(item.lower) or _MEDICAL_BEGINNING.match(item.lower)
    return Kind.VOUCHED if medical else Kind.UNKNOWN
