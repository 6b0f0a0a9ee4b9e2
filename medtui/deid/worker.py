"""De-identifies all reports of a practice. Started as `python -m medtui.deid.worker FOLDER WORKSPACE`."""

import hashlib
import json
import sqlite3
import sys
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from medtui import vault
from medtui.deid import store
from medtui.deid.deidentify import Decisions, Find, deidentify
from medtui.deid.known import KnownStrings
from medtui.deid.profile import DEFAULT, Profile, profile
from medtui.deid.recognizers import Analyzer
from medtui.phi import Category
from medtui.process import progress_of, worker
from medtui.progress import Progress
from medtui.reports import store as reports
from medtui.reports.document import Document
from medtui.workspace import Workspace

# Raised when the rules change, so that stored results are made anew.
_RULES = 1
_COMMIT_EVERY = 50
_PATIENTS_REMEMBERED = 256


def run(workspace: Workspace, progress: Progress) -> dict[str, object]:
    """De-identify every report that is new or whose circumstances changed.

    Returns:
        Figures without patient text.
    """
    answers = workspace.answers("deid")
    chosen = profile(str(answers.get("profile", DEFAULT)))
    connection = vault.connect(workspace)
    try:
        store.prepare(connection)
        total = reports.count(connection)
        progress(0, total, "Gathering what the reports' fields say about people")
        _gather(connection)
        find = Analyzer().find
        with connection:
            store.require_review(connection, answers.get("doubts", "redact") == "review")
        _all(connection, find, chosen, total, progress)
        figures = store.figures(connection)
        must = store.open_must_reviews(connection)
        doubts = int(str(figures.pop("doubts_open")))
        return {**figures, "reviews_open": must, "doubts_redacted": 0 if must else doubts, "profile": chosen.id}
    finally:
        connection.close()


def _gather(connection: sqlite3.Connection) -> None:
    with connection:
        connection.execute("DELETE FROM patient_identifiers")
        for document in reports.documents(connection):
            if document.patient_key:
                connection.executemany(
                    "INSERT OR IGNORE INTO patient_identifiers VALUES (?, ?, ?)",
                    [(document.patient_key, known.kind.value, known.value) for known in document.known_identifiers],
                )


def _all(connection: sqlite3.Connection, find: Find, chosen: Profile, total: int, progress: Progress) -> None:
    decisions = store.decisions(connection)
    done_before = store.fingerprints(connection)
    patients = _Patients(connection)
    with connection:
        store.forget_others(connection, _ids(connection))
    for number, document in enumerate(reports.documents(connection), start=1):
        known = patients.known(document)
        fingerprint = _fingerprint(document, patients.values(document), chosen, decisions)
        if done_before.get(document.id) != fingerprint:
            store.save(connection, number, document, deidentify(document, known, find, chosen, decisions), fingerprint)
        if number % _COMMIT_EVERY == 0:
            connection.commit()
        progress(number, total, "Removing what identifies people")
    connection.commit()


def _ids(connection: sqlite3.Connection) -> Iterator[str]:
    for row in connection.execute("SELECT id FROM documents"):
        yield str(row[0])


class _Patients:
    """Known identifiers of the patients met lately."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._of_patient = lru_cache(_PATIENTS_REMEMBERED)(self._build)

    def _build(self, _key: str, values: tuple[tuple[str, str], ...]) -> KnownStrings:
        return KnownStrings((Category(category), value) for category, value in values)

    def values(self, document: Document) -> tuple[tuple[str, str], ...]:
        """Give what is known about a report's patient, sorted."""
        found = {(known.kind.value, known.value) for known in document.known_identifiers}
        if document.patient_key:
            query = "SELECT category, value FROM patient_identifiers WHERE patient_key = ?"
            found.update((str(row[0]), str(row[1])) for row in self._connection.execute(query, (document.patient_key,)))
        found.update((category.value, value) for category, value in store.always(self._connection))
        return tuple(sorted(found))

    def known(self, document: Document) -> KnownStrings:
        """Give the same, ready to be searched for."""
        return self._of_patient(document.patient_key, self.values(document))


def _fingerprint(document: Document, known: tuple[tuple[str, str], ...], chosen: Profile, decisions: Decisions) -> str:
    """Tell by a digest whether a stored result was made under the same circumstances."""
    own = sorted((start, end, verdict) for (of, start, end), verdict in decisions.places.items() if of == document.id)
    content = [
        _RULES,
        chosen.id,
        document.id,
        [part.title for part in document.sections],
        known,
        own,
        sorted(decisions.never),
    ]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()


def main() -> None:
    """Be the worker of the deid job."""
    folder, workspace = Path(sys.argv[1]), Workspace.open(Path(sys.argv[2]))
    with worker(folder) as emit:
        emit("phase", name="deid")
        result = run(workspace, progress_of(emit))
        emit("end", status="finished", result=result)


if __name__ == "__main__":
    main()
