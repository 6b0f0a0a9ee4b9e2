"""What the thread that reads the vault tells the review."""

from textual.message import Message

from medtui.deid.listing import Entry, Place, View
from medtui.phi import Category


class Listed(Message):
    """A page of the list."""

    def __init__(self, view: View, offset: int, entries: list[Entry], totals: tuple[int, int], left: int) -> None:
        super().__init__()
        self.view, self.offset, self.entries, self.totals, self.left = view, offset, entries, totals, left


class Totals(Message):
    """How much is left of the list."""

    def __init__(self, view: View, totals: tuple[int, int]) -> None:
        super().__init__()
        self.view, self.totals = view, totals


class Finished(Message):
    """All decisions are kept."""


class Found(Message):
    """One place with its sentence."""

    def __init__(self, form: str, spot: int, place: Place | None) -> None:
        super().__init__()
        self.form, self.spot, self.place = form, spot, place


class Told(Message):
    """Something to say; what is listed may have changed."""

    def __init__(self, words: str, form: str = "") -> None:
        super().__init__()
        self.words, self.form = words, form


class Kinds(Message):
    """How many places there are of each kind."""

    def __init__(self, kinds: list[tuple[Category, int]]) -> None:
        super().__init__()
        self.kinds = kinds
