"""The reports step's screen."""

import os
import threading
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any, ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widget import Widget

from medtui import assets, vault
from medtui.errors import Refusal
from medtui.progress import Progress
from medtui.reports import protected, step, store, tables
from medtui.reports.document import UnreadFile
from medtui.reports.protected import Group
from medtui.reports.settings import Audience, Settings, Waiting
from medtui.ui.messages import WorkEnded, WorkRefused
from medtui.ui.screens.step import StepScreen
from medtui.ui.widgets.columns import ColumnsPage
from medtui.ui.widgets.pages import OutcomePage, WaitingPage
from medtui.ui.widgets.password import PasswordPage
from medtui.ui.widgets.plain import PlainButton
from medtui.ui.widgets.reading import ReadingPage, Told
from medtui.wizard import columns, reports
from medtui.wizard.journey import Place, Stage
from medtui.wizard.question import Consequence, Outcome, Question
from medtui.workspace import DONE

# Enough to tell a folder of reports from a wrong one without walking a whole disk.
_COUNT_AT_MOST = 20_000
# The rest is behind a key of its own.
_REFUSED_SHOWN = 100
_OUTCOME_KEYS = {"documents", "refused", "columns", "passwords"}


class TablesFound(Message):
    """The tables among the reports, to be asked about anew."""

    def __init__(self, waiting: dict[str, Waiting]) -> None:
        super().__init__()
        self.waiting = waiting


class ReportsScreen(StepScreen):
    """Asks for the folder of reports, reads them, asks what only a person knows, and names what could not be read."""

    STEP = "reports"
    WORKING = "Reading the reports"
    WORK_NOTE = "Esc stops reading and goes back; what was read stays, and reading again adds only what is new."
    EXPLANATION = (
        "Reports stay where they are; what is read from them goes into this practice's vault, a file that only you can "
        "read. Files are told apart by content, not by name. Whatever cannot be read is counted, named and explained. "
        "Of each kind of table you are asked once what its columns are, and of protected files once for the password."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("v", "documents", "View reports", tooltip="See each report as it was read and as it is used"),
        Binding("x", "refused", "Not read", tooltip="See what could not be read, why, and what to do"),
        Binding("c", "columns", "Columns", tooltip="Say anew what the columns of tables are"),
        Binding("w", "passwords", "Passwords", tooltip="Type passwords for protected files"),
    ]

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._left = threading.Event()
        self._audience = Audience(self._told)
        self._passwords: tuple[str, ...] = ()
        # Protected files: the groups still to be asked for, and places and kinds that have been tried or left out.
        self._groups: list[Group] = []
        self._tried: set[tuple[str, str]] = set()
        self._left_out: set[tuple[str, str]] = set()
        self._new_password = False
        # Why nothing could be read, when passwords may still help.
        self._refusal = ""
        self._offers: frozenset[str] = frozenset()

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
        self._refusal, result = "", {}
        try:
            result = step.run(self.workspace, progress, self._passwords, self._left, self._audience)
        except Refusal as refusal:
            # Nothing could be read, but with a password it might.
            self._refusal = str(refusal)
        self._groups = [group for group in self._locked() if group.key not in self._left_out]
        if self._refusal and not self._groups:
            raise Refusal(self._refusal)
        return result

    def _locked(self) -> list[Group]:
        with closing(vault.connect(self.workspace)) as connection:
            return protected.groups(connection)

    def begin(self) -> None:
        """Start reading."""
        self._left = threading.Event()
        self._audience = Audience(self._told)
        self._new_password = False
        self._at_work()
        super().begin()

    def _at_work(self) -> None:
        self.journey = replace(self.journey, place=Place(self.STEP, Stage.WORK))

    def work_page(self) -> ReadingPage:
        """Give the page that shows counts and refusals."""
        return ReadingPage(self.WORKING, self.WORK_NOTE)

    def _told(self, formats: Mapping[str, int], refused: Sequence[UnreadFile]) -> None:
        self.post_message(Told(formats, refused))

    def on_told(self, message: Told) -> None:
        """Show what came in and what could not be read."""
        for page in self.query(ReadingPage):
            page.tell(message.formats, message.refused)

    def action_back(self) -> None:
        """Stop reading and go back; from a question that was asked anew, to the outcome."""
        self._left.set()
        asking = bool(self.query("ColumnsPage, PasswordPage"))
        if asking and self.workspace.state(self.STEP) == DONE:
            self.move(self.journey.enter(self.STEP))
        else:
            super().action_back()

    def on_unmount(self) -> None:
        """Stop reading, and forget the passwords."""
        self._left.set()
        self._passwords = ()

    # What only a person knows.

    def on_work_ended(self, message: WorkEnded) -> None:
        """Ask for columns and passwords, then show the outcome."""
        if self.journey.place.stage is Stage.WORK and self._ask():
            # The outcome, which every step's screen would show now, comes later.
            message.prevent_default()

    def _ask(self) -> bool:
        """Show the next question that reading has left open; False when there is none."""
        by_place = sorted(self._audience.waiting.values(), key=lambda each: (each.path, each.table.inner))
        waiting = next(iter(by_place), None)
        if waiting is not None:
            later = len(self._audience.waiting) - 1
            where = columns.where(waiting.path, waiting.table.inner, waiting.places, later)
            self.show_page(ColumnsPage(waiting.table, where))
        elif self._groups:
            group = self._groups[0]
            self.show_page(PasswordPage(group, group.key in self._tried))
        return waiting is not None or bool(self._groups)

    def on_columns_page_chosen(self, message: ColumnsPage.Chosen) -> None:
        """Remember what a table's columns are; after the last table its files are read."""
        tables.choose_columns(self.workspace, message.table, message.mapping)
        self._audience.waiting.pop(message.table.signature, None)
        if self._audience.waiting:
            self._ask()
        elif self.workspace.state(self.STEP) == DONE:
            self.move(self.journey.enter(self.STEP))
        else:
            self.begin()

    def on_password_page_given(self, message: PasswordPage.Given) -> None:
        """Try a password, or leave its files out; after the last group its files are read."""
        if message.password:
            self._passwords = tuple(dict.fromkeys((*self._passwords, message.password)))
            self._tried.add(message.group.key)
            self._new_password = True
        else:
            self._left_out.add(message.group.key)
        self._groups = [group for group in self._groups if group != message.group]
        if self._ask():
            return
        if self._new_password:
            self.begin()
        elif self._refusal:
            self.post_message(WorkRefused(self.STEP, self._refusal))
        else:
            self.post_message(WorkEnded(self.STEP, {}))

    def action_columns(self) -> None:
        """Look for the tables that were read, and ask anew what their columns are."""
        self._at_work()
        self._left = left = threading.Event()
        self.show_page(WaitingPage("Looking for tables among the reports…"))

        def look() -> None:
            with closing(vault.connect(self.workspace)) as connection:
                paths = [Path(path) for path in store.tabular_paths(connection)]
            settings = Settings(self._passwords, dict(self.workspace.answers(self.STEP).get("columns", {})))
            self.post_message(TablesFound(tables.tables_in(paths, settings, left)))

        self.run_worker(look, thread=True, group="facts", exclusive=True)

    def on_tables_found(self, message: TablesFound) -> None:
        """Ask about each set of headings."""
        if self.journey.place.stage is not Stage.WORK:
            return
        self._audience.waiting, self._groups = message.waiting, []
        if not self._ask():
            self.notify("No table was found among the files; they may have been moved.", markup=False)
            self.move(self.journey.enter(self.STEP))

    def action_passwords(self) -> None:
        """Ask once more for the passwords of protected files."""
        self._at_work()
        self._left_out.clear()
        self._tried.clear()
        self._groups = self._locked()
        if not self._ask():
            self.move(self.journey.enter(self.STEP))

    # The outcome, and what can be looked at from there.

    def outcome(self, result: dict[str, Any]) -> Outcome:
        """Put the import into words, with the first files that were refused."""
        with closing(vault.connect(self.workspace)) as connection:
            refused = list(islice(store.refusals(connection), _REFUSED_SHOWN))
            locked = sum(group.files for group in protected.groups(connection))
        tables = store.TABULAR & set(result["formats"]) or self.workspace.answers(self.STEP).get("columns")
        offers = {"documents": result["documents"], "refused": refused, "columns": tables, "passwords": locked}
        self._offers = frozenset(name for name, there in offers.items() if there)
        return reports.outcome(result, refused, locked)

    def actions(self, result: dict[str, Any]) -> tuple[tuple[str, str], ...]:
        """Offer the reports, and what could not be read."""
        refused = (("refused", "Not read"),) if result.get("unreadable") else ()
        return (("documents", "View reports"), *refused, *super().actions(result)[: 1 - len(refused)])

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what can be looked at only where the outcome is shown."""
        return action in self._offers if action in _OUTCOME_KEYS else True

    def show_page(self, page: Widget) -> None:
        """Show a page; only the outcome offers what can be looked at."""
        if not isinstance(page, OutcomePage):
            self._offers = frozenset()
        super().show_page(page)
        self.refresh_bindings()

    def on_button_pressed(self, event: PlainButton.Pressed) -> None:
        """Open the reports or the refusals."""
        if event.button.id in {"documents", "refused"}:
            event.stop()
            self.action_documents() if event.button.id == "documents" else self.action_refused()

    def action_documents(self) -> None:
        """Show the reports that were read."""
        from medtui.ui.screens.documents import DocumentsScreen

        self.app.push_screen(DocumentsScreen(self.workspace))

    def action_refused(self) -> None:
        """Show what could not be read."""
        from medtui.ui.screens.refused import RefusedScreen

        self.app.push_screen(RefusedScreen(self.workspace))


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
