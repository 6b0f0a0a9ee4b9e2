"""Made-up values of one report: the same for the same value inside it, another in every other report.

Corpus-wide consistent surrogates let one leaked name be followed through all reports, so they are drawn anew for each.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from medtui.deid.date_shift import day_first, shifted
from medtui.deid.known import KnownStrings
from medtui.deid.name_surrogates import NameSurrogates
from medtui.deid.number_surrogates import made_up
from medtui.deid.prepared import prepare
from medtui.deid.random_stream import RandomStream
from medtui.phi import Category

_TRIES = 100


@dataclass(frozen=True, slots=True)
class Drawn:
    """What was drawn at random for a report; kept in the vault, so that writing it anew gives the same.

    Attributes:
        seed: of its made-up values; empty when none may be made up.
        days: by which its patient's dates are moved; 0 when they are not.
        day_first: whether 03/04/2020 is the third of April in this practice; None when that is not known.
        avoid: made-up values that turned out to be somebody's, as `spelling` gives them.
    """

    seed: bytes = b""
    days: int = 0
    day_first: bool | None = None
    avoid: frozenset[str] = field(default_factory=frozenset)


NOTHING_DRAWN = Drawn()


def spelling(value: str) -> str:
    """Bring a value to its letters and digits, by which it is compared with others."""
    return "".join(character for character in value.lower() if character.isalnum())


class Surrogates:
    """Made-up values for one report, each drawn when it is first asked for."""

    def __init__(self, drawn: Drawn, text: str, known: KnownStrings) -> None:
        """Begin a report.

        Args:
            drawn: what was drawn for it.
            text: the report; nothing that stands in it is made up.
            known: identifiers of its patient; none of them is made up.
        """
        self._drawn = drawn
        self._text = text.lower() if drawn.seed else ""
        self._known = known
        self._values: dict[tuple[Category, str], str | None] = {}
        self._given_out: dict[str, str] = {}
        self._stream = RandomStream(drawn.seed)
        self._names = NameSurrogates(self._stream, self._take)
        # The report's own dates tell best how it writes them.
        order = day_first(text) if drawn.days else None
        self._day_first = drawn.day_first if order is None else order

    def values(self) -> tuple[str, ...]:
        """Give every value that was made up, in the order of drawing; of names each word."""
        return tuple(self._given_out.values())

    def name(self, value: str, before: str) -> str | None:
        """Make up a name, None when no name is free; see `NameSurrogates.made_up`."""
        return self._names.made_up(value, before) if self._drawn.seed else None

    def other(self, category: Category, value: str) -> str | None:
        """Make up a number, code or address, None when that cannot be done."""
        if not self._drawn.seed:
            return None
        key = category, spelling(value)
        if key not in self._values:
            self._values[key] = self._free(lambda: made_up(category, value, self._stream))
        return self._values[key]

    def date(self, value: str) -> str | None:
        """Move a date, None when its form is not certain; see `date_shift.shifted`."""
        return shifted(value, self._drawn.days, self._day_first) if self._drawn.days else None

    def _free(self, draw: Callable[[], str]) -> str | None:
        for _ in range(_TRIES):
            if self._take(value := draw()):
                return value
        return None

    def _take(self, value: str) -> bool:
        """Take a value unless it is in use or belongs to somebody."""
        spelt = spelling(value)
        if not spelt or spelt in self._given_out or spelt in self._drawn.avoid or value.lower() in self._text:
            return False
        if any(True for _ in self._known.find(prepare(value))):
            return False
        self._given_out[spelt] = value
        return True
