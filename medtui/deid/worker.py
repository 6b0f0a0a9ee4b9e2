"""De-identifies all reports of a practice. Started as `python -m medtui.deid.worker FOLDER WORKSPACE`."""

import hashlib
import json
import sqlite3
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from medtui import vault
from medtui.deid import drawing, gate, sampling, spread, store
from medtui.deid.deidentify import Outcome
from medtui.deid.parallel import EXACT, Rules, Task, outcome
from medtui.deid.profile import Profile, chosen_profile
from medtui.deid.recognizers import Analyzer
from medtui.deid.spread import Work
from medtui.deid.surrogates import Drawn
from medtui.deid.vote import client as vote
from medtui.deid.vote.combine import Votes
from medtui.deid.vote.folder import Model
from medtui.process import hide_messages, progress_of, worker
from medtui.progress import Progress
from medtui.reports import patients
from medtui.reports import store as reports
from medtui.reports.document import Document
from medtui.workspace import Workspace

# Raised when the rules change, so that stored results are made anew.
_RULES = 1
_COMMIT_EVERY = 50


def run(workspace: Workspace, progress: Progress) -> dict[str, object]:
    """De-identify every report that is new or whose circumstances changed.

    Returns:
        Figures without patient text.
    """
    answers = workspace.answers("deid")
    chosen = chosen_profile(answers)
    connection = vault.connect(workspace)
    try:
        store.prepare(connection)
        total = reports.count(connection)
        progress(0, total, "Gathering what the reports' fields say about people")
        _gather(connection, chosen)
        find = Analyzer().find
        with connection:
            store.require_review(connection, answers.get("doubts", "redact") == "review")
            store.keep_rule(connection, chosen)
        model = vote.chosen(answers)
        vote.gather(workspace, connection, model, progress)
        waiting = store.unapplied(connection)
        rules = Rules(find, chosen, store.decisions(connection))
        with spread.processes(answers, rules, total) as work:
            _all(connection, rules, model, work, total, progress)
        with connection:
            store.add_unapplied(connection, -waiting)
        figures = store.figures(connection)
        must = store.open_must_reviews(connection)
        doubts = int(str(figures.pop("doubts_open")))
        shown = {**chosen.key(), "given_back": gate.gate(connection).given_back}
        shown["sample"] = sampling.statement(connection).to_dict()
        return {**figures, "reviews_open": must, "doubts_redacted": max(0, doubts - must), **shown}
    finally:
        connection.close()


def _gather(connection: sqlite3.Connection, chosen: Profile) -> None:
    with connection:
        connection.execute("DELETE FROM patient_identifiers")
        drawing.draw(connection, chosen)
        gathering = drawing.Gathering(connection, chosen)
        for document in reports.documents(connection):
            if document.patient_key:
                # Also what files without reports say about the patient: lists of patients, admissions.
                told = (*document.known_identifiers, *patients.known_of(connection, document.patient_key))
                connection.executemany(
                    "INSERT OR IGNORE INTO patient_identifiers VALUES (?, ?, ?)",
                    [(document.patient_key, known.kind.value, known.value) for known in told],
                )
            gathering.add(document)
        gathering.finish()


def _all(
    connection: sqlite3.Connection, rules: Rules, model: Model | None, work: Work, total: int, progress: Progress
) -> None:
    with connection:
        store.forget_others(connection, _ids(connection))
    done = 1
    while done:
        done = 0
        for done, (task, made) in enumerate(work(_tasks(connection, rules, model)), start=1):
            checked = _checked(connection, task, rules, made)
            store.save(connection, task.number, task.document, checked, task.fingerprint)
            if rules.profile.draws():
                drawing.note_found(connection, task.document, checked)
            if done % _COMMIT_EVERY == 0:
                connection.commit()
            progress(task.number, total, "Removing what identifies people")
        connection.commit()
        # A later report may speak of somebody who bears a name that was made up for an earlier one.
        if not drawing.outdated(connection):
            break
    progress(total, total, "Removing what identifies people")


def _checked(connection: sqlite3.Connection, task: Task, rules: Rules, made: Outcome) -> Outcome:
    """Make sure that no made-up value belongs to a patient of the practice."""

    def again(drawn: Drawn) -> Outcome:
        return outcome(task, rules, drawn)

    return drawing.without_clashes(connection, made, task.drawn, again) if made.made_up else made


def _tasks(connection: sqlite3.Connection, rules: Rules, model: Model | None) -> Iterator[Task]:
    """Give the reports that are new or whose circumstances changed."""
    done_before = store.fingerprints(connection)
    for document_id in drawing.outdated(connection):
        done_before.pop(document_id, None)
    decided: dict[str, list[tuple[int, int, str]]] = defaultdict(list)
    for (document_id, start, end), verdict in rules.decisions.places.items():
        decided[document_id].append((start, end, verdict))
    always = {(EXACT + category.value, value) for category, value in store.always(connection)}
    for number, document in enumerate(reports.documents(connection), start=1):
        found = {(known.kind.value, known.value) for known in document.known_identifiers} | always
        if document.patient_key:
            query = "SELECT category, value FROM patient_identifiers WHERE patient_key = ?"
            found.update((str(row[0]), str(row[1])) for row in connection.execute(query, (document.patient_key,)))
        known = tuple(sorted(found))
        drawn = drawing.drawn_for(connection, document, rules.profile)
        votes = vote.votes(connection, document.id, model)
        fingerprint = _fingerprint(document, known, rules, sorted(decided[document.id]), drawn, votes)
        if done_before.get(document.id) != fingerprint:
            yield Task(number, document, known, fingerprint, drawn, votes)


def _ids(connection: sqlite3.Connection) -> Iterator[str]:
    for row in connection.execute("SELECT id FROM documents"):
        yield str(row[0])


def _fingerprint(
    document: Document,
    known: tuple[tuple[str, str], ...],
    rules: Rules,
    own: list[tuple[int, int, str]],
    drawn: Drawn,
    votes: Votes,
) -> str:
    """Tell by a digest whether a stored result was made under the same circumstances."""
    content = [
        _RULES,
        rules.profile.key(),
        [drawn.seed.hex(), drawn.days, drawn.day_first],
        document.id,
        [part.title for part in document.sections],
        known,
        own,
        sorted(rules.decisions.never),
        *([votes.spans, sorted(votes.covers)] if votes.covers else ()),
    ]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()


def main() -> None:
    """Be the worker of the deid job."""
    hide_messages()
    folder, workspace = Path(sys.argv[1]), Workspace.open(Path(sys.argv[2]))
    vault.take_key(workspace, sys.stdin.buffer.read())
    with worker(folder) as emit:
        emit("phase", name="deid")
        result = run(workspace, progress_of(emit))
        emit("end", status="finished", result=result)


if __name__ == "__main__":
    main()
