"""Nothing goes on to training while an identifier may be left, unless somebody answers for it in writing."""

import getpass
import hashlib
import json
import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from medtui import vault
from medtui.deid import store
from medtui.errors import Refusal
from medtui.workspace import Workspace

_OVERRIDE = "override"
_KNOWN_GIVEN_BACK = "SELECT count(*) FROM findings WHERE source = 'known' AND verdict = 'reject'"
_IMPORTED_SINCE = "SELECT count(*) FROM documents WHERE id NOT IN (SELECT document_id FROM deidentified)"
# What an override holds for: these very places, not as many others.
_CLOSED_BY = (
    "SELECT document_id, left_over, 0 FROM deidentified WHERE left_over > 0 ORDER BY document_id",
    "SELECT document_id, start, stop FROM findings WHERE source = 'known' AND verdict = 'reject'"
    " ORDER BY document_id, start",
    "SELECT document_id, start, stop FROM findings WHERE score < 0.5 AND verdict IS NULL ORDER BY document_id, start",
)


@dataclass(frozen=True)
class Gate:
    """Whether training may start.

    Attributes:
        unfinished: what must be done first and cannot be overridden; empty when nothing.
        known_left: known identifiers that are left in reports.
        unverified: reports that hold them.
        given_back: known identifiers that a person gave back.
        undecided: doubts that must be decided.
        overridden: who answers for these, and since when; None when nobody does.
    """

    unfinished: str
    known_left: int
    unverified: int
    given_back: int
    undecided: int
    overridden: dict[str, Any] | None

    @property
    def reasons(self) -> tuple[str, ...]:
        """Say what is left, a sentence each; empty when nothing is."""
        left, back = self.known_left, self.given_back
        sentences = (
            (
                self.unverified,
                f"Known identifiers left: {left}, in {_counted(self.unverified, 'report')} (not verified).",
            ),
            (back, f"Known identifiers given back in the review: {back}."),
            (self.undecided, f"Doubts to decide first: {self.undecided:,}; open Review in the deid step."),
        )
        return tuple(sentence for count, sentence in sentences if count)

    @property
    def sentence(self) -> str:
        """Give what must be typed in full to let training start all the same; empty when nothing is left."""
        known = self.known_left + self.given_back
        parts = (
            (known or self.unverified, f"{_counted(known, 'known identifier')} may stay in what the model learns"),
            (self.undecided, f"{_counted(self.undecided, 'doubt')} may stay undecided"),
        )
        stated = " and ".join(words for count, words in parts if count)
        return f"I answer for it that {stated}." if stated else ""

    @property
    def open(self) -> bool:
        """Whether training may start."""
        return not self.unfinished and (not self.reasons or self.overridden is not None)

    def to_dict(self) -> dict[str, Any]:
        """Give JSON-able values without patient text."""
        reasons = [self.unfinished] if self.unfinished else list(self.reasons)
        sentence = "" if self.unfinished else self.sentence
        return {"open": self.open, "reasons": reasons, "overridden": self.overridden, "sentence": sentence}


def gate(connection: sqlite3.Connection) -> Gate:
    """Tell whether training may start, and if not, why.

    Args:
        connection: the vault.
    """
    store.prepare(connection)
    figures = store.figures(connection)
    left, unverified = int(str(figures["known_identifiers_left"])), int(str(figures["unverified"]))
    given_back = int(connection.execute(_KNOWN_GIVEN_BACK).fetchone()[0])
    undecided = store.open_must_reviews(connection)
    unfinished = _unfinished(connection, int(str(figures["documents"])))
    noted = json.loads(store.setting(connection, _OVERRIDE) or "{}")
    valid = noted and noted["digest"] == _digest(connection)
    overridden = {"user": noted["user"], "time": noted["time"]} if valid else None
    return Gate(unfinished, left, unverified, given_back, undecided, overridden)


def _unfinished(connection: sqlite3.Connection, documents: int) -> str:
    if not documents:
        return "No report is de-identified yet; run the deid step first."
    new = connection.execute(_IMPORTED_SINCE).fetchone()[0]
    if new:
        return f"Imported after de-identification: {_counted(new, 'report')}; run the deid step again."
    waiting = store.unapplied(connection)
    if waiting:
        return f"Not yet written into the reports: {_counted(waiting, 'decision')}; run the deid step again."
    return ""


def _digest(connection: sqlite3.Connection) -> str:
    digest = hashlib.sha256()
    for query in _CLOSED_BY:
        for row in connection.execute(query):
            digest.update(json.dumps(list(row)).encode())
        digest.update(b"\n")
    return digest.hexdigest()


def check(connection: sqlite3.Connection) -> None:
    """Let de-identified reports pass.

    Args:
        connection: the vault.

    Raises:
        Refusal: nothing was de-identified, or something known is left, or doubts are undecided, and nobody answers
            for it.
    """
    state = gate(connection)
    if state.unfinished:
        raise Refusal(state.unfinished)
    if not state.open:
        known = state.known_left + state.given_back
        hint = " Run the deid step again, and report the kind of document if it stays so." if known else ""
        raise Refusal(f"{' '.join(state.reasons)}{hint}")


def check_training(workspace: Workspace) -> None:
    """Let training start.

    A practice whose vault was destroyed, or that never held reports, trains on examples that passed the gate when they
    were made.

    Raises:
        Refusal: see `check`.
    """
    if not workspace.vault_path.exists():
        return
    with closing(vault.connect(workspace)) as connection:
        tables = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'documents'"
        if (
            connection.execute(tables).fetchone()[0]
            and connection.execute("SELECT 1 FROM documents LIMIT 1").fetchone()
        ):
            check(connection)


def override(connection: sqlite3.Connection, workspace: Workspace, typed: str) -> Gate:
    """Let training start although something is left. It holds until what is left changes.

    Args:
        connection: the vault.
        workspace: whose audit trail is told who answers for it, and when.
        typed: the gate's sentence, word by word.

    Raises:
        Refusal: something else must be done first, nothing is left, or the sentence is another one.
    """
    state = gate(connection)
    if state.unfinished:
        raise Refusal(state.unfinished)
    if not state.sentence:
        raise Refusal("Nothing stands in the way of training, so there is nothing to answer for.")
    if " ".join(typed.split()) != state.sentence:
        raise Refusal(f"This is not the sentence. To go on all the same, type it in full: {state.sentence}")
    user = _user()
    with connection:
        noted = {"digest": _digest(connection), "user": user, "time": int(time.time())}
        store.set_setting(connection, _OVERRIDE, json.dumps(noted))
        workspace.audit(
            "gate overridden",
            sentence=state.sentence,
            by=user,
            known_identifiers_left=state.known_left,
            known_identifiers_given_back=state.given_back,
            unverified_reports=state.unverified,
            undecided_doubts=state.undecided,
        )
    return gate(connection)


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return ""


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
