"""Habits of institutions and authors: spelling, abbreviations, typing errors, dates, titles and layout."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from random import Random

from medtui.demo.practice import marks
from medtui.demo.practice.people import Address
from medtui.demo.practice.titles import TITLES

_AMERICAN = {
    "oedema": "edema", "Oedema": "Edema", "haemorrhage": "hemorrhage", "haematoma": "hematoma", "Haematoma": "Hematoma",
    "anaemia": "anemia", "Anaemia": "Anemia", "ischaemic": "ischemic", "Ischaemic": "Ischemic", "oesophag": "esophag",
    "Haemoglobin": "Hemoglobin", "haemoglobin": "hemoglobin", "leucocyt": "leukocyt", "Leucocyt": "Leukocyt",
    "calibre": "caliber", "Leucopenia": "Leukopenia", "kalaemia": "kalemia", "natraemia": "natremia",
    "calcaemia": "calcemia", "appendicectomy": "appendectomy",
    "Caesarean": "Cesarean", "haemangioma": "hemangioma", "Haematinics": "Hematinics", "caecum": "cecum",
    "Haemoptysis": "Hemoptysis", "haematuria": "hematuria", "Haematuria": "Hematuria", "Haematemesis": "Hematemesis",
    "haematocrit": "hematocrit", "Diarrhoea": "Diarrhea", "haemolysis": "hemolysis", "orthopaedic": "orthopedic",
    "manoeuvre": "maneuver", "dyspnoea": "dyspnea", "orthopnoea": "orthopnea", "tumour": "tumor", "sulphate": "sulfate",
}  # fmt: skip
_SHORT = (
    (r"\bright\b", ("Rt", "R", "rt")),
    (r"\bleft\b", ("Lt", "L", "lt")),
    (r"\bfor (?=\d)", ("x ",)),
    (r"\bbilateral\b", ("b/l", "bilat")),
    (r"\bwithout\b", ("w/o",)),
    (r"\bwith\b", ("w/",)),
    (r"\bhistory of\b", ("h/o",)),
    (r"\bpatient\b", ("pt", "pat.")),
    (r"\byears\b", ("yrs", "y")),
    (r"\bweeks\b", ("wks",)),
    (r"\bmonths\b", ("mths", "mo")),
    (r"\bnormal\b", ("N", "nl", "WNL")),
    (r"\bblood pressure\b", ("BP",)),
    (r"\bmeasuring\b", ("meas.", "msg")),
    (r"\bfracture\b", ("fx", "#")),
    (r"\btwice daily\b", ("BD", "bid")),
)
_SHORTENED = tuple((re.compile(pattern), forms) for pattern, forms in _SHORT)
_WORD = re.compile(r"\b[a-z]{6,}\b")

_US_DATES = ("%m/%d/%Y", "%m/%d/%y", "%B %-d, %Y", "%b %-d, %Y", "%Y-%m-%d", "%d-%b-%Y", "%A, %B %-d, %Y")
_IN_DATES = ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%y", "%-d %b %Y", "%d %B %Y", "%d-%b-%y", "ordinal")


@dataclass(frozen=True)
class Institution:
    """A fictional practice or hospital with its letterhead and the shape of its record numbers."""

    key: str
    country: str
    name: str
    kind: str
    address: Address
    phone: str
    fax: str
    email: str
    site: str
    record: Callable[[Random], str]


@dataclass(frozen=True)
class Author:
    """How somebody writes; one author keeps to one way.

    Attributes:
        title_form: how a section title is set, with `{}` for it.
        inline: the text follows the title on its line.
        width: characters a line of plain text holds, 0 for no wrapping.
        head: which of the head layouts is used.
        shortens, slips: chance of an abbreviation, and of a typing error, per word that could have one.
        american: American spelling.
        shouts: everything in capitals except the answer.
        date_form: `strftime` pattern.
        titles: the author's title for each kind of section.
    """

    institution: Institution
    title_form: str
    inline: bool
    width: int
    head: int
    shortens: float
    slips: float
    american: bool
    shouts: bool
    date_form: str
    titles: dict[str, str]


# How a title is set, and whether its text follows on the same line.
_TITLE_FORMS = (
    ("{}:", True),
    ("{}:", True),
    ("{}:", False),
    ("{}:", False),
    ("{}", False),
    ("** {} **", False),
    ("== {} ==", False),
)


def author(random: Random, institution: Institution) -> Author:
    """Draw the habits of one author of `institution`."""
    title_form, inline = random.choice(_TITLE_FORMS)
    upper = random.random() < 0.55 or title_form == "{}"
    titles = {kind: random.choice(forms) for kind, forms in TITLES.items()}
    return Author(
        institution,
        title_form,
        inline,
        random.choice((0, 0, 72, 78, 90)),
        random.randrange(6),
        random.choice((0.0, 0.0, 0.15, 0.4)),
        random.choice((0.0, 0.004, 0.012, 0.03)),
        institution.country == "US",
        random.random() < 0.08,
        random.choice(_US_DATES if institution.country == "US" else _IN_DATES),
        {kind: title.upper() if upper else title for kind, title in titles.items()},
    )


def day_text(writer: Author, day: date) -> str:
    """Return `day` the way this author writes dates, without marks."""
    if writer.date_form != "ordinal":
        return day.strftime(writer.date_form)
    ending = "th" if 10 < day.day < 14 else {1: "st", 2: "nd", 3: "rd"}.get(day.day % 10, "th")
    return f"{day.day}{ending} {day.strftime('%B %Y')}"


def spelled(text: str, writer: Author) -> str:
    """Return `text` in the author's spelling (British unless American)."""
    if writer.american:
        for british, american in _AMERICAN.items():
            text = text.replace(british, american)
    return text


def _slip(word: str, random: Random) -> str:
    place = random.randrange(1, len(word) - 2)
    kind = random.randrange(3)
    if kind == 0:
        return word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    return word[:place] + word[place + 1 :] if kind == 1 else word[:place] + word[place] + word[place:]


def written(text: str, writer: Author, random: Random) -> str:
    """Return prose as this author types it; identifiers and numbers are never touched."""
    pieces = marks.MARKED.split(spelled(text, writer))
    for index in range(0, len(pieces), 2):
        piece = pieces[index]
        for pattern, forms in _SHORTENED:
            if writer.shortens and random.random() < writer.shortens:
                piece = pattern.sub(random.choice(forms), piece)
        if writer.slips:
            piece = _WORD.sub(
                lambda found: _slip(found[0], random) if random.random() < writer.slips else found[0], piece
            )
        pieces[index] = piece
    return "".join(pieces)
