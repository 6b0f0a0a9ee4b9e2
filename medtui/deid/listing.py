"""The list of findings and doubts: equal strings as one entry, the riskiest first, read from the vault page by page."""

import json
import sqlite3
from dataclasses import dataclass, replace

from medtui.deid import store
from medtui.phi import Category

_CONTEXT = 160


@dataclass(frozen=True, slots=True)
class View:
    """Which findings are listed.

    Attributes:
        doubts: only doubts that nobody has decided; else everything that was found.
        category: only this kind.
        search: only strings that hold these letters.
        patient: only reports of this patient (`patient_key`).
    """

    doubts: bool = True
    category: Category | None = None
    search: str = ""
    patient: str = ""

    def parameters(self) -> dict[str, str | None]:
        """Give the values of the queries' named parameters."""
        return {
            "category": self.category.value if self.category else None,
            "search": store.form(self.search),
            "patient": self.patient,
        }


@dataclass(frozen=True, slots=True)
class Entry:
    """Equal strings.

    Attributes:
        form: what they have in common.
        value: the riskiest of them as it stands. Patient text, like `form`.
        category: what the riskiest may be.
        places: how often it is listed.
        reports: in how many reports.
        risk: of the riskiest, between 0 and 1.
        verdict: what was decided about the riskiest, None when nothing was.
    """

    form: str
    value: str
    category: Category
    places: int
    reports: int
    risk: float
    verdict: str | None


@dataclass(frozen=True, slots=True)
class Place:
    """One finding with the sentence around it.

    Attributes:
        document_id: the report.
        start: where it begins in the report.
        stop: where it ends.
        patient_key: whose it is, no identifier itself.
        category: what it is, or may be.
        value: as it stands. Patient text, like `before` and `after`.
        before: the text before it.
        after: the text behind it.
        title: the report's kind.
        source: the rule that found it.
        verdict: what was decided about it.
        score: how certain the rule is.
    """

    document_id: str
    start: int
    stop: int
    patient_key: str
    category: Category
    value: str
    before: str
    after: str
    title: str
    source: str
    verdict: str | None
    score: float


_WHERE = """
WHERE (:category IS NULL OR f.category = :category)
AND (:search = '' OR instr(f.form, :search) > 0)
AND (:patient = '' OR f.document_id IN (SELECT document_id FROM deidentified WHERE patient_key = :patient))
"""
_OPEN = f"{_WHERE} AND f.score < 0.5 AND f.verdict IS NULL"
# SQLite takes the bare columns of a group from the row that holds the maximum.
_ENTRIES = """
SELECT f.form, f.value, f.category, count(*) AS places, count(DISTINCT f.document_id), max(f.risk) AS risk, f.verdict
FROM findings AS f
"""
_IN_ORDER = " GROUP BY f.form ORDER BY risk DESC, places DESC, f.form LIMIT :limit OFFSET :offset"
_TOTALS = "SELECT count(*), count(DISTINCT f.form) FROM findings AS f"
_PLACES = """
SELECT f.document_id, f.start, f.stop, f.category, f.value, f.source, f.verdict, f.score, d.content, d.patient_key
FROM findings AS f JOIN documents AS d ON d.id = f.document_id
"""
_AT = " AND f.form = :form ORDER BY f.risk DESC, d.number, f.start LIMIT 1 OFFSET :index"
_KINDS = "SELECT f.category, count(*) FROM findings AS f"
_BY_KIND = " GROUP BY f.category ORDER BY count(*) DESC, f.category"

_ENTRIES_OPEN, _ENTRIES_ALL = _ENTRIES + _OPEN + _IN_ORDER, _ENTRIES + _WHERE + _IN_ORDER
_TOTALS_OPEN, _TOTALS_ALL = _TOTALS + _OPEN, _TOTALS + _WHERE
_PLACES_OPEN, _PLACES_ALL = _PLACES + _OPEN + _AT, _PLACES + _WHERE + _AT
_KINDS_OPEN, _KINDS_ALL = _KINDS + _OPEN + _BY_KIND, _KINDS + _WHERE + _BY_KIND


def entries(connection: sqlite3.Connection, view: View, limit: int, offset: int = 0) -> list[Entry]:
    """Give a page of the list, riskiest first, then what stands most often.

    Args:
        connection: the vault.
        view: what to list.
        limit: at most this many.
        offset: after this many.
    """
    query = _ENTRIES_OPEN if view.doubts else _ENTRIES_ALL
    rows = connection.execute(query, {**view.parameters(), "limit": limit, "offset": offset})
    return [Entry(row[0], row[1], Category(row[2]), row[3], row[4], row[5], row[6]) for row in rows]


def totals(connection: sqlite3.Connection, view: View) -> tuple[int, int]:
    """Count the places and the different strings of a list."""
    row = connection.execute(_TOTALS_OPEN if view.doubts else _TOTALS_ALL, view.parameters()).fetchone()
    return int(row[0]), int(row[1])


def kinds(connection: sqlite3.Connection, view: View) -> list[tuple[Category, int]]:
    """Count the places of each kind, the most frequent first; the view's own kind is left out of account."""
    query = _KINDS_OPEN if view.doubts else _KINDS_ALL
    rows = connection.execute(query, replace(view, category=None).parameters())
    return [(Category(row[0]), int(row[1])) for row in rows]


def place(connection: sqlite3.Connection, view: View, form: str, index: int = 0) -> Place | None:
    """Give one of the places of a string, riskiest first; None when it is not there (any more)."""
    query = _PLACES_OPEN if view.doubts else _PLACES_ALL
    row = connection.execute(query, {**view.parameters(), "form": form, "index": index}).fetchone()
    if row is None:
        return None
    content = json.loads(row[8])
    text, start, stop = str(content["text"]), int(row[1]), int(row[2])
    return Place(
        document_id=str(row[0]),
        start=start,
        stop=stop,
        patient_key=str(row[9]),
        category=Category(row[3]),
        value=str(row[4]),
        before=text[max(0, start - _CONTEXT) : start],
        after=text[stop : stop + _CONTEXT],
        title=str(content.get("title") or ""),
        source=str(row[5]),
        verdict=row[6],
        score=float(row[7]),
    )


def reports_holding(connection: sqlite3.Connection, letters: str) -> int:
    """Count the de-identified reports that still hold a string, whatever its case."""
    query = "SELECT count(*) FROM deidentified WHERE instr(lower(text), lower(?)) > 0"
    return int(connection.execute(query, (letters,)).fetchone()[0]) if letters else 0


@dataclass(frozen=True, slots=True)
class BothTexts:
    """A report before and after.

    Attributes:
        title: kind of report.
        before: as it was read. Patient text.
        marks: `(start, stop, let_go)` of the findings in it, in order.
        after: as the model learns from it.
        made_up: values in `after` that look like identifiers and were made up.
        waiting: decisions about it are not written into `after` yet.
    """

    title: str
    before: str
    marks: tuple[tuple[int, int, bool], ...]
    after: str
    made_up: tuple[str, ...]
    waiting: bool


def both_texts(connection: sqlite3.Connection, document_id: str) -> BothTexts | None:
    """Give a report as it was read and as it is used; None when it is not there (any more)."""
    row = connection.execute(
        "SELECT o.content, d.text FROM documents AS o JOIN deidentified AS d ON d.document_id = o.id WHERE o.id = ?",
        (document_id,),
    ).fetchone()
    if row is None:
        return None
    content = json.loads(row[0])
    found = connection.execute(
        "SELECT start, stop, verdict FROM findings WHERE document_id = ? ORDER BY start", (document_id,)
    )
    marks = tuple((int(one[0]), int(one[1]), one[2] in {"reject", store.NEVER}) for one in found)
    made_up = connection.execute("SELECT value FROM surrogates WHERE document_id = ?", (document_id,))
    return BothTexts(
        str(content.get("title") or ""),
        str(content["text"]),
        marks,
        str(row[1]),
        tuple(str(one[0]) for one in made_up),
        store.unapplied(connection) > 0,
    )
