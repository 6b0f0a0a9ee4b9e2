"""What is drawn at random, and what may not be drawn, in the vault."""

import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence

from medtui.deid import date_shift, store
from medtui.deid.deidentify import Outcome
from medtui.deid.profile import Profile
from medtui.deid.random_stream import new_seed
from medtui.deid.surrogates import Drawn, spelling
from medtui.phi import Category
from medtui.reports.document import Document

_DAY_FIRST = "day_first"
_FEWEST_LETTERS = 2
# Nothing that is made up can be one of these.
_NEVER_DRAWN = (Category.DATE.value, Category.AGE.value, Category.LOCATION.value)
_FOUND = "SELECT category, value FROM findings WHERE category NOT IN (?, ?, ?)"
# What files without reports say: lists of patients, admissions.
_TOLD = "SELECT kind, value FROM patient_known WHERE kind NOT IN (?, ?, ?)"


def draw(connection: sqlite3.Connection, chosen: Profile) -> None:
    """Draw what the reports lack, all of it before the first report is written; the caller commits.

    What was drawn once stays, so that work that is interrupted and started again comes to the same result.
    """
    if chosen.draws():
        missing = "SELECT id FROM documents WHERE id NOT IN (SELECT document_id FROM surrogate_seeds)"
        rows = connection.execute(missing).fetchall()
        connection.executemany("INSERT INTO surrogate_seeds VALUES (?, ?)", ((row[0], new_seed()) for row in rows))


class Gathering:
    """Notes, while the reports are read once, whose values they know and how they write dates."""

    def __init__(self, connection: sqlite3.Connection, chosen: Profile) -> None:
        self._connection = connection
        self._draws, self._shifts = chosen.draws(), chosen.shifts()
        self._days = self._months = 0
        if self._draws:
            connection.execute("DELETE FROM known_values")
            for category, value in connection.execute(f"{_FOUND} UNION {_TOLD}", _NEVER_DRAWN * 2).fetchall():
                _note(connection, [(Category(category), value)])

    def add(self, document: Document) -> None:
        """Note one report."""
        if self._draws:
            _note(self._connection, [(known.kind, known.value) for known in document.known_identifiers])
        if self._shifts:
            self._shift(_patient(document))
            days, months = date_shift.votes(document.text)
            self._days, self._months = self._days + days, self._months + months

    def _shift(self, patient: str) -> None:
        known = self._connection.execute("SELECT 1 FROM date_shifts WHERE patient = ?", (patient,)).fetchone()
        if known is None:
            self._connection.execute("INSERT INTO date_shifts VALUES (?, ?)", (patient, date_shift.new_offset()))

    def finish(self) -> None:
        """Keep what can be told only after the last report."""
        order = date_shift.decided(self._days, self._months) if self._shifts else None
        store.set_setting(self._connection, _DAY_FIRST, json.dumps(order))


def _patient(document: Document) -> str:
    """Give whose dates move together: without a patient, each report's by themselves."""
    return document.patient_key or f"report {document.id}"


def note_found(connection: sqlite3.Connection, document: Document, outcome: Outcome) -> None:
    """Note what was found in a report: a made-up name is nobody's of whom any report speaks; the caller commits."""
    text = document.text
    found = [(span.category, text[span.start : span.end]) for span in outcome.findings]
    _note(connection, [(category, value) for category, value in found if category.value not in _NEVER_DRAWN])


def _note(connection: sqlite3.Connection, values: Sequence[tuple[Category, str]]) -> None:
    spelt = {one for category, value in values for one in _spellings(category, value)}
    connection.executemany("INSERT OR IGNORE INTO known_values VALUES (?)", ((one,) for one in spelt))


def _spellings(kind: Category, value: str) -> Iterator[str]:
    if kind is not Category.NAME:
        yield spelling(value)
        return
    for word in value.replace(",", " ").replace("^", " ").split():
        for part in (word, *word.split("-")):
            if len(spelt := spelling(part)) >= _FEWEST_LETTERS:
                yield spelt


def drawn_for(connection: sqlite3.Connection, document: Document, chosen: Profile) -> Drawn:
    """Give what was drawn for one report under a profile."""
    seed, days, order = b"", 0, None
    if chosen.draws():
        query = "SELECT seed FROM surrogate_seeds WHERE document_id = ?"
        seed = bytes(connection.execute(query, (document.id,)).fetchone()[0])
    if chosen.shifts():
        query = "SELECT days FROM date_shifts WHERE patient = ?"
        days = int(connection.execute(query, (_patient(document),)).fetchone()[0])
        order = json.loads(store.setting(connection, _DAY_FIRST) or "null")
    return Drawn(seed, days, order)


def without_clashes(
    connection: sqlite3.Connection, outcome: Outcome, drawn: Drawn, again: Callable[[Drawn], Outcome]
) -> Outcome:
    """Draw again until no made-up value is a known identifier of any patient.

    Args:
        connection: the vault.
        outcome: of one report.
        drawn: what it was made with.
        again: makes it anew with something else.
    """
    avoid = drawn.avoid
    while clashes := {spelt for spelt in map(spelling, outcome.made_up) if _is_known(connection, spelt)}:
        avoid |= clashes
        outcome = again(Drawn(drawn.seed, drawn.days, drawn.day_first, avoid))
    return outcome


def _is_known(connection: sqlite3.Connection, spelt: str) -> bool:
    query = "SELECT 1 FROM known_values WHERE spelling = ?"
    return connection.execute(query, (spelt,)).fetchone() is not None


def outdated(connection: sqlite3.Connection) -> set[str]:
    """Give the reports whose made-up values have become known identifiers of somebody since."""
    query = "SELECT DISTINCT document_id FROM surrogates WHERE spelling IN (SELECT spelling FROM known_values)"
    return {str(row[0]) for row in connection.execute(query)}
