"""The reports step's screen."""

import os
import threading
from contextlib import closing
from pathlib import Path
from typing import Any

from medtui import assets, vault
from medtui.errors import Refusal
from medtui.progress import Progress
from medtui.reports import step, store
from medtui.ui.screens.step import StepScreen
from medtui.wizard import reports
from medtui.wizard.question import Consequence, Outcome, Question

# Enough to tell a folder of reports from a wrong one without walking a whole disk.
_COUNT_AT_MOST = 20_000
_REFUSED_SHOWN = 500


class ReportsScreen(StepScreen):
    """Asks for the folder of reports, reads them, and names what could not be read."""

    STEP = "reports"
    WORKING = "Reading the reports"
    WORK_NOTE = "Esc stops reading and goes back; what was read stays, and reading again adds only what is new."
    EXPLANATION = (
        "Reports stay where they are; what is read from them goes into this practice's vault, a file that only you can "
        "read. Files are told apart by content, not by name. Whatever cannot be read is counted, named and explained."
    )

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._left = threading.Event()

    def look(self) -> tuple[list[str], str, dict[str, int]]:
        """Count the files of the folders that are offered."""
        try:
            demo = str(assets.path("demo_practice", "reports"))
        except Refusal:
            demo = ""
        saved = [str(path) for path in self.workspace.answers("reports").get("paths", [])]
        return saved, demo, {path: count_files(Path(path))[0] for path in (*saved, demo) if path}

    def questions(self, facts: Any) -> tuple[Question, ...]:
        """Ask for the folder."""
        return reports.questions(*facts)

    def check(self, question: Question, value: Any) -> Any:
        """Check a typed path before it is saved."""
        if question.option(value) is not None:
            return value
        if not str(value):
            raise Refusal("Type the folder in which the reports are, or choose one above.")
        path = Path(str(value)).expanduser()
        if not path.exists():
            raise Refusal("There is no such file or folder on this machine; check its spelling.")
        return str(path.absolute())

    def considered(self, option_value: Any, typed: str) -> Consequence | None:
        """Count the files of a typed folder."""
        path = Path(typed).expanduser()
        exists = path.exists()
        files, capped = count_files(path) if exists else (0, False)
        return reports.consequence(exists, files, capped)

    def work(self, progress: Progress) -> dict[str, Any]:
        """Read the reports; what was read stays when the screen is left in the middle."""
        return step.run(self.workspace, progress, cancelled=self._left)

    def on_unmount(self) -> None:
        """Stop reading at the next file."""
        self._left.set()

    def outcome(self, result: dict[str, Any]) -> Outcome:
        """Put the import into words, with every file that was refused."""
        with closing(vault.connect(self.workspace)) as connection:
            refused = [
                (Path(unread.path).name + (f" ▸ {unread.inner_path}" if unread.inner_path else ""), unread.reason)
                for unread, _ in zip(store.refusals(connection), range(_REFUSED_SHOWN), strict=False)
            ]
        return reports.outcome(result, refused)


def count_files(path: Path, limit: int = _COUNT_AT_MOST) -> tuple[int, bool]:
    """Count files below a path, links not followed.

    Returns:
        The count, and whether counting stopped at the limit.
    """
    if path.is_file():
        return 1, False
    count = 0
    for _, _, names in os.walk(path):
        count += len(names)
        if count >= limit:
            return limit, True
    return count, False
