"""The examples step: grounded training pairs from the practice's de-identified reports, split by patient."""

import sqlite3
from functools import partial
from pathlib import Path
from typing import Any

from medtui import vault
from medtui.deid import gate
from medtui.deid import store as deidentified
from medtui.errors import Refusal
from medtui.examples import dataset, formats, general
from medtui.examples.build import Brought, build
from medtui.examples.drafting import store as drafts
from medtui.examples.figures import figures
from medtui.examples.settings import model_folder, settings
from medtui.examples.tokens import ChatTokenizer
from medtui.progress import Progress, silent
from medtui.reports import store as reports
from medtui.workspace import Workspace

# Below this a split cannot show anything.
FEWEST_EXAMPLES = 10


def run(workspace: Workspace, progress: Progress = silent) -> dict[str, Any]:
    """Build and write the practice's examples.

    Returns:
        `train`, `validation`, `test`, `documents`, `used`, `excluded`, `tasks`, `tokens`, the files' `sha256`.

    Raises:
        Refusal: de-identification is not finished, or too few examples were found.
    """
    chosen, tokenizer = settings(workspace), ChatTokenizer(model_folder(workspace))
    answers = workspace.answers("examples")
    connection = vault.connect(workspace)
    try:
        gate.check(connection)
        total = int((workspace.result("deid") or {}).get("documents") or 0)
        own = [Path(str(path)).expanduser() for path in answers.get("question_answers", [])]
        rows = (row for path in own for row in formats.read(path))
        file = general.file(answers.get("general_file"))
        mixed = formats.read_loosely(file) if file is not None else ()
        brought = Brought(rows, partial(_month, connection), mixed, drafts.approved(connection))
        added = build(connection, deidentified.deidentified(connection), total, tokenizer, chosen, progress, brought)
        template = {"name": tokenizer.chat_template.name, "consequence": tokenizer.chat_template.consequence}
        result = {**figures(connection, chosen), "general": added, "drafts": _drafts(connection),
                  "chat_template": template}  # fmt: skip
        found = -added["used"] + result["train"] + result["validation"] + result["test"]
        if found < FEWEST_EXAMPLES or not all(result[name] for name in ("train", "validation", "test")):
            raise Refusal(
                f"Only {found} examples were found in {result['documents']} reports, too few to train and to check; "
                "import more reports, and see `medtui examples stats` for why reports were left out."
            )
        progress(0, 0, "Writing the examples")
        result["sha256"] = dataset.write(connection, workspace.dataset, result)
    finally:
        connection.close()
    workspace.finish("examples", result)
    workspace.audit("examples built", **{key: result[key] for key in ("train", "validation", "test", "excluded")})
    return result


def _month(connection: sqlite3.Connection, document_id: str) -> str:
    """Look up the month of a report, which divides the examples and is not kept: their reports carry the year alone."""
    found = reports.document(connection, document_id)
    return (found.report_date or "")[:7] if found is not None else ""


def _drafts(connection: sqlite3.Connection) -> dict[str, Any]:
    """Count the drafts, also the approved ones whose report is not there any more."""
    query = "SELECT 1 FROM example_documents WHERE document_id = ?"
    by_report = drafts.approved(connection).items()
    gone = sum(len(found) for name, found in by_report if connection.execute(query, (name,)).fetchone() is None)
    return {**drafts.figures(connection), "without_report": gone}
