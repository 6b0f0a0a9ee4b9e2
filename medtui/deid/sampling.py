"""A random sample of reports for a person to read, and what may be said from it about all the others."""

import math
import secrets
import sqlite3
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from medtui.deid import review, store
from medtui.deid.score import wilson_lower
from medtui.errors import Refusal
from medtui.phi import Category
from medtui.workspace import Workspace

DEFAULT_SIZE = 50
FINE, MISSED = "fine", "missed"
_TABLES = """
CREATE TABLE IF NOT EXISTS sample (
    position INTEGER PRIMARY KEY,
    document_id TEXT NOT NULL UNIQUE,
    verdict TEXT,
    names INTEGER,
    missed INTEGER NOT NULL DEFAULT 0,
    missed_names INTEGER NOT NULL DEFAULT 0,
    read REAL
);
"""
# Every report that the second look found clean; doubts in it are replaced until somebody decides.
_CLEAN = """
SELECT document_id FROM deidentified WHERE left_over = 0
AND document_id NOT IN (SELECT document_id FROM sample) ORDER BY number
"""
_NAMES = "SELECT count(*) FROM findings WHERE document_id = ? AND category = 'NAME' AND score >= 0.5"
_STILL_THERE = " FROM sample AS s JOIN deidentified AS d ON d.document_id = s.document_id"


@dataclass(frozen=True)
class Report:
    """A report of the sample.

    Attributes:
        position: its place in the order of drawing, from 1.
        document_id: its id.
        text: de-identified, as the model would learn it.
        title: kind of report.
        verdict: "fine", "missed", or None while nobody has read it.
    """

    position: int
    document_id: str
    text: str
    title: str
    verdict: str | None


@dataclass(frozen=True)
class Statement:
    """What a sample supports.

    Attributes:
        drawn: reports in the sample.
        read: of these, read by a person.
        with_misses: of these, holding something that identifies somebody.
        names: names that the read reports held, found or missed.
        missed: strings of any kind that were missed in them.
        missed_names: of these, names.
        clean: reports that the sample was drawn from.
    """

    drawn: int
    read: int
    with_misses: int
    names: int
    missed: int
    missed_names: int
    clean: int

    @property
    def report_bound(self) -> float | None:
        """The upper end of the 95 % Wilson interval of the share of reports with a miss; None without any read."""
        return wilson_upper(self.with_misses, self.read) if self.read else None

    @property
    def name_bound(self) -> float | None:
        """The same of the share of names that are missed; None without names."""
        return wilson_upper(self.missed_names, self.names) if self.names else None

    def in_words(self) -> str:
        """Say what the sample supports, and what it does not."""
        if self.report_bound is None:
            return "No report was read by a person yet, so nothing was measured on this practice's own reports."
        held = f"{self.with_misses} of them held something" if self.with_misses else "none of them held anything"
        first = (
            f"A person read {self.read:,} of {self.clean:,} reports, drawn at random, after de-identification; {held} "
            f"that still identified somebody. With 95 % confidence it is at most "
            f"{percent(self.report_bound)} of all such reports"
        )
        if self.name_bound is None:
            second = ""
        else:
            share = percent(self.name_bound)
            second = f", and at most {share} of names ({self.missed_names} missed among {self.names:,})"
        since = " What was missed is searched for in all reports since." if self.missed else ""
        caution = "It counts what a reader notices, and names of one report are not independent of each other."
        return f"{first}{second} (Wilson score interval).{since} {caution}"

    def to_dict(self) -> dict[str, Any]:
        """Give JSON-able values without patient text."""
        return {
            "drawn": self.drawn,
            "read": self.read,
            "with_misses": self.with_misses,
            "names": self.names,
            "missed": self.missed,
            "missed_names": self.missed_names,
            "clean": self.clean,
            "reports_at_most": None if self.report_bound is None else round(self.report_bound, 6),
            "names_at_most": None if self.name_bound is None else round(self.name_bound, 6),
            "statement": self.in_words(),
        }


def percent(share: float) -> str:
    """Write a bound with two significant digits, never smaller than it is."""
    digits = max(0, 1 - math.floor(math.log10(share * 100))) if share else 0
    scale = 10**digits
    return f"{min(100.0, math.ceil(share * 100 * scale - 1e-9) / scale):.{digits}f} %"


def wilson_upper(hits: int, total: int) -> float:
    """Give the upper end of the 95 % confidence interval of a proportion (E. B. Wilson, 1927); 1 without data.

    With no hit it is about 3.84 / total, a little more careful than the rule of three (3 / total).
    """
    return 1 - wilson_lower(total - hits, total)


def prepare(connection: sqlite3.Connection) -> None:
    """Create the tables where they are missing."""
    store.prepare(connection)
    connection.executescript(_TABLES)


def draw(connection: sqlite3.Connection, size: int = DEFAULT_SIZE) -> int:
    """Draw reports at random until the sample has this size, or all clean reports are in it.

    What was drawn stays drawn: nobody can draw until the sample pleases.

    Returns:
        The sample's size.

    Raises:
        Refusal: no report is de-identified and verified.
    """
    prepare(connection)
    drawn = int(connection.execute(f"SELECT count(*){_STILL_THERE}").fetchone()[0])
    clean = [str(row[0]) for row in connection.execute(_CLEAN)]
    if not drawn and not clean:
        raise Refusal("There is no report to check yet; run the deid step first.")
    chosen = secrets.SystemRandom().sample(clean, max(0, min(size - drawn, len(clean))))
    with connection:
        connection.executemany("INSERT INTO sample (document_id) VALUES (?)", [(one,) for one in chosen])
    return drawn + len(chosen)


def start_over(connection: sqlite3.Connection, workspace: Workspace) -> None:
    """Forget the sample, to measure anew what the rules do now; the audit trail keeps what it had shown."""
    before = statement(connection)
    with connection:
        connection.execute("DELETE FROM sample")
        workspace.audit("sample forgotten", read=before.read, with_misses=before.with_misses, missed=before.missed)


def reports(connection: sqlite3.Connection, *, unread: bool = False) -> list[Report]:
    """Give the sample in the order of drawing.

    Args:
        connection: the vault.
        unread: only what nobody has read.
    """
    prepare(connection)
    query = f"SELECT s.position, s.document_id, d.text, d.title, s.verdict{_STILL_THERE} ORDER BY s.position"
    rows = [Report(row[0], row[1], row[2], row[3], row[4]) for row in connection.execute(query)]
    return [row for row in rows if not unread or row.verdict is None]


def mark(
    connection: sqlite3.Connection,
    workspace: Workspace,
    document_id: str,
    missed: Iterable[tuple[Category, str]] = (),
) -> Statement:
    """Keep what a person saw in a report of the sample; it is committed before this returns.

    Args:
        connection: the vault.
        workspace: whose audit trail is told, without the strings.
        document_id: the report.
        missed: what still identifies somebody in it; each string is searched for in all reports from now on. Nothing
            when the report is fine.

    Returns:
        What the sample supports now.

    Raises:
        Refusal: the report is not in the sample, or a string does not stand in it.
    """
    prepare(connection)
    strings = list(missed)
    row = connection.execute(
        f"SELECT d.text, s.missed{_STILL_THERE} WHERE s.document_id = ?",
        (document_id,),
    ).fetchone()
    if row is None:
        raise Refusal("This report is not in the sample; see `medtui deid sample` for those that are.")
    text = " ".join(str(row[0]).lower().split())
    for _, value in strings:
        if " ".join(value.lower().split()) not in text:
            raise Refusal("These letters do not stand in the report; copy them as they are.")
    for category, value in strings:
        review.declare(connection, workspace, value, category)
    names = int(connection.execute(_NAMES, (document_id,)).fetchone()[0])
    missed_names = sum(category is Category.NAME for category, _ in strings)
    total = int(row[1]) + len(strings)
    verdict = MISSED if total else FINE
    with connection:
        connection.execute(
            "UPDATE sample SET verdict = ?, names = coalesce(names, ?), missed = ?, read = ?,"
            " missed_names = missed_names + ? WHERE document_id = ?",
            (verdict, names, total, time.time(), missed_names, document_id),
        )
        workspace.audit("report of the sample read", verdict=verdict, missed=len(strings))
    return statement(connection)


def statement(connection: sqlite3.Connection) -> Statement:
    """Give what the sample supports now."""
    prepare(connection)
    query = (
        "SELECT count(*), coalesce(sum(s.verdict IS NOT NULL), 0), coalesce(sum(s.verdict = 'missed'), 0),"
        " coalesce(sum(s.names), 0), coalesce(sum(s.missed), 0), coalesce(sum(s.missed_names), 0)"
    )
    row = connection.execute(query + _STILL_THERE).fetchone()
    drawn, read, with_misses, names, missed, missed_names = map(int, row)
    clean = int(connection.execute("SELECT count(*) FROM deidentified WHERE left_over = 0").fetchone()[0])
    return Statement(drawn, read, with_misses, names + missed_names, missed, missed_names, clean)
