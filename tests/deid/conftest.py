"""A small practice with two patients, written out by hand."""

import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from medtui import vault
from medtui.deid import step, worker
from medtui.phi import Category
from medtui.progress import silent
from medtui.reports import store as reports
from medtui.reports.document import Document, KnownIdentifier, Section, document_id
from medtui.workspace import Workspace

FINDINGS = (
    "Small left pleural effusion, 12 mm deep. Wells score 4.5. BP 120/80, HbA1c 7.2 %, metformin 500 mg twice a day. "
    "Findings discussed with Dr. Okonkwo-Reyes on 14 March 2024."
)
LETTER = (
    "Patient Name: Ottoline Marchbanks\nMRN: 00451127    DOB: 03/04/1931\n"
    "Address: 88 Larch Street, Maplewick, OH 44107\n\n"
    f"FINDINGS:\n{FINDINGS}\n\nIMPRESSION:\nMrs. Marchbanks is 93 years old. Left pleural effusion (J90).\n"
)
NOTE = "Clinic note\n\nHISTORY:\nOttoline came with her son. Call 216-555-0143. Marchbnks lives alone.\n"


def document(
    text: str, sections: tuple[tuple[str, str], ...], known: tuple[tuple[Category, str], ...], key: str
) -> Document:
    """Make a document as a reader would."""
    identifiers = tuple(KnownIdentifier(kind, value) for kind, value in known)
    parts = tuple(Section(title, "", body) for title, body in sections)
    name = document_id(text, key, "2024-03-14")
    return Document(
        name, "a.txt", "", "text", "read", text, parts, key, "2024-03-14", "Chest radiograph", identifiers, ()
    )


def fill(workspace: Workspace) -> Workspace:
    """Put two reports of one patient into a practice; only the first says who she is."""
    connection = vault.connect(workspace)
    reports.prepare(connection)
    known = ((Category.NAME, "MARCHBANKS, Ottoline"), (Category.MRN, "00451127"), (Category.DATE, "1931-04-03"))
    impression = "Mrs. Marchbanks is 93 years old. Left pleural effusion (J90)."
    reports.add(connection, document(LETTER, (("FINDINGS", FINDINGS), ("IMPRESSION", impression)), known, "p1"))
    history = NOTE.partition("HISTORY:\n")[2].strip()
    reports.add(connection, document(NOTE, (("HISTORY", history),), (), "p1"))
    connection.commit()
    connection.close()
    return workspace


@pytest.fixture
def practice(workspace: Workspace) -> Workspace:
    """A practice with two reports."""
    return fill(workspace)


@pytest.fixture
def connection(practice: Workspace) -> Iterator[sqlite3.Connection]:
    """The practice's vault."""
    opened = vault.connect(practice)
    yield opened
    opened.close()


def again(workspace: Workspace) -> dict[str, Any]:
    """Do the step in this process: the same work, without starting another interpreter."""
    return step.accept(workspace, worker.run(workspace, silent))


@pytest.fixture(scope="session")
def finished_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The practice's folder after the step, done once for all tests."""
    workspace = fill(Workspace.create(tmp_path_factory.mktemp("deid") / "practice", "Test Practice"))
    again(workspace)
    return workspace.path


@pytest.fixture
def finished(finished_once: Path, tmp_path: Path) -> Workspace:
    """A practice of one's own after the step."""
    return Workspace.open(shutil.copytree(finished_once, tmp_path / "finished"))


@pytest.fixture
def done(finished: Workspace) -> Iterator[sqlite3.Connection]:
    """Its vault."""
    opened = vault.connect(finished)
    yield opened
    opened.close()
