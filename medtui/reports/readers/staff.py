"""Tables that say who the staff and the places are that tables of reports name by a number only.

Databases give each kind of thing a table of its own: notes have a `provider_id`, another table says who that is. The
heading tells which table is meant; where a table calls its key just `id`, only long keys (such as UUIDs) tell.
"""

import functools
import re

from medtui.phi import Category
from medtui.reports import labels
from medtui.reports.columns import FAMILY, GIVEN, identifying, is_number, numbers_patient, plain
from medtui.reports.draft import Person
from medtui.reports.identity import Identity
from medtui.reports.readers.fhir_people import party

_STAFF = re.compile(
    r"(?:\w+ )?(?:provider|practitioner|physician|doctor|clinician|consultant|radiologist|pathologist|surgeon|nurse"
    r"|therapist|author|staff|employee)(?: (?:id|key|no|num|number|code|uid|guid))?"
)
_PLACE = re.compile(
    r"(?:\w+ )?(organi[sz]ation|facility|clinic|hospital|department|dept|care site|ward|location|practice)"
    r"(?: (?:id|key|no|num|number|code|uid|guid))?"
)
_PLAIN_KEYS = frozenset(("id", "key", "code", "uid", "guid", "uuid"))
_LICENSES = frozenset(("npi", "dea", "upin", "npi number", "dea number"))
# A shorter key of one table is likely to be a key of others too.
_LONG_KEY = 8
_ANY = ""


@functools.lru_cache(maxsize=1024)
def kind_of(heading: str) -> str:
    """Tell by its heading of what kind the thing is that a column names; empty when of none that is known here."""
    label = plain(heading)
    place = _PLACE.fullmatch(label)
    return "staff" if _STAFF.fullmatch(label) else place[1] if place else ""


def references(heading: str, value: str) -> list[str]:
    """Give to whom or what a cell refers by a number or code."""
    kind = kind_of(heading)
    return _references(kind, value) if kind else []


def _references(kind: str, value: str) -> list[str]:
    # Where a column of numbers has gaps, many programs write them with decimals.
    key = value.strip().casefold().removesuffix(".0")
    if not any(character.isdigit() for character in key) or " " in key or key == "0":
        return []
    own = [f"{kind}={key}"] if kind else []
    return [*own, f"{_ANY}={key}"] if len(key) >= _LONG_KEY else own


def described(headers: list[str]) -> str | None:
    """Tell what a table without reports describes.

    Returns:
        A kind as `kind_of` gives it; empty when only long keys tell; None when it says nothing about staff or places.
    """
    first, *rest = headers or [""]
    if any(numbers_patient(name) or labels.label_kind(plain(name)) == "birth" for name in headers):
        return None
    if not any(_tells(name) for name in rest):
        return None
    kind = kind_of(first) if is_number(plain(first)) else ""
    return kind or (_ANY if plain(first) in _PLAIN_KEYS else None)


def _tells(name: str) -> bool:
    label = plain(name)
    return identifying(name) in (Category.NAME, Category.LOCATION, Category.PHONE) or label.endswith(" name")


def entry(kind: str | None, headers: list[str], row: list[str], inner: str, *, day_first: bool) -> Person | None:
    """Give what a row says, None when it does not say about whom.

    Args:
        kind: as `described` gives it for the table.
        headers: the table's headings; the first column tells its rows apart.
        row: the row.
        inner: where the row stands.
        day_first: how the table writes dates.
    """
    own = tuple(_references(kind, row[0])) if row and kind is not None else ()
    if kind is None or not own:
        return None
    about = Identity()
    for name, value in zip(headers[1:], (cell.strip() for cell in row[1:]), strict=False):
        if value and len(value) <= _LONGEST:
            _add(about, kind, name, value, day_first)
    _name(about, headers, row)
    # It is no patient, whatever its columns are called.
    about.name = about.mrn = about.birth = ""
    return Person(inner, about, own)


# Longer cells are remarks.
_LONGEST = 200


def _add(about: Identity, kind: str, name: str, value: str, day_first: bool) -> None:
    label = plain(name)
    about.refers += references(name, value)
    if label in GIVEN | FAMILY:
        return
    if label in _LICENSES:
        about.add(Category.LICENSE, value)
    elif label == "name" or label.endswith(" name"):
        if kind in (_ANY, "staff"):
            party(value, about)
        else:
            about.add(Category.LOCATION, value)
    else:
        labels.add(about, label, value, day_first)


def _name(about: Identity, headers: list[str], row: list[str]) -> None:
    """Put a name together whose parts stand in columns of their own."""
    cells = [(plain(name), cell.strip()) for name, cell in zip(headers, row, strict=False)]
    given = [word for label, cell in cells if label in GIVEN for word in cell.split()]
    family = next((cell for label, cell in cells if label in FAMILY), "")
    if given or family:
        about.add_name(given, family)
