"""The review: doubts and findings, each with its sentence and one key to decide."""

import sqlite3
from dataclasses import replace
from typing import ClassVar

from textual._path import CSSPathType
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll

from medtui.deid import listing, review, store
from medtui.deid.listing import View
from medtui.errors import Refusal
from medtui.phi import Category
from medtui.text import sanitize_line
from medtui.ui.screens.kinds import ALL, KindDialog
from medtui.ui.screens.review_list import ReviewList
from medtui.ui.screens.review_messages import Finished, Kinds, Totals
from medtui.ui.widgets.findings import DECISIONS, VERDICTS, FindingList
from medtui.ui.widgets.plain import PlainButton, PlainInput, PlainStatic


class ReviewScreen(ReviewList):
    """Lists equal strings as one; until somebody decides, a doubt is replaced."""

    CSS_PATH: ClassVar[CSSPathType | None] = ["frame.tcss", "review.tcss"]
    AUTO_FOCUS = "#list"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "search", "Search", key_display="/", tooltip="List only strings that hold some letters"),
        Binding("p", "patient", "Patient", tooltip="List only this patient's reports, or all again"),
        Binding("b", "report", "Report", tooltip="Show the whole report before and after"),
        Binding("t", "kind", "Kind", tooltip="List one kind only; shows how many there are of each"),
        Binding("f", "found", "Doubts/all", tooltip="List open doubts only, or everything that was found"),
        *(Binding(key, f"decide('{name}')", label, show=False, tooltip=words) for name, key, label, words in DECISIONS),
        Binding("s", "skip", "Later", show=False, tooltip="Leave this one undecided (it stays replaced)"),
        Binding("u", "undo", "Undo", show=False, tooltip="Take the latest decision back"),
        Binding("right,l", "spot(1)", "Next place", show=False, tooltip="The next place of the same string"),
        Binding("left,h", "spot(-1)", "Previous place", show=False, tooltip="The place before"),
    ]

    def body(self) -> ComposeResult:
        """Lay out the list, the sentence and the decisions."""
        with Vertical(id="review"):
            yield PlainStatic("Looking…", id="what")
            yield PlainInput(id="wanted", placeholder="Letters to look for; Enter lists what holds them")
            yield FindingList(id="list")
            with VerticalScroll(id="sentence", can_focus=False):
                yield PlainStatic("", id="text")
            yield PlainStatic("", id="note")
            yield PlainStatic("", id="said")
            with Horizontal(id="decisions"):
                for name, key, label, _ in DECISIONS:
                    yield PlainButton(f"{key} {label}", id=name)
                yield PlainButton("s Later", id="skip")
                yield PlainButton("u Undo", id="undo")

    def on_mount(self) -> None:
        """Open the vault and read the first page."""
        self.query_one("#wanted").display = False
        for button in self.query(PlainButton):
            button.can_focus = False
        self.open_vault(self._workspace)
        self._vault.do(store.prepare)
        self._list_anew()

    def resized(self) -> None:
        """Fill the top line."""
        self.heading(self._workspace.practice, "review")

    # What the person does.

    def action_decide(self, decision: str) -> None:
        """Keep a decision at once and go on to the next place or string."""
        entry, place, index = self._entry, self._place, self._list.highlighted
        if entry is None and decision == "always" and self._view.search:
            self._declare(self._view.search)
            return
        if entry is None or place is None or index is None:
            return
        self._place = None
        self._decided += 1
        self._say("")

        def keep(connection: sqlite3.Connection) -> None:
            try:
                review.decide(connection, self._workspace, place, decision)
            except Refusal as refusal:
                self._tell(str(refusal), form)
                return
            self.post_message(Totals(view, listing.totals(connection, view)))

        view, form = self._view, entry.form
        self._vault.do(keep)
        everywhere = decision in {"always", "never"}
        if view.doubts and (everywhere or entry.places == 1):
            self._list.take_off(index)
            self._spot = 0
            if self._list.entries:
                self._look()
            else:
                self._list_anew()
        elif view.doubts:
            left = entry.places - 1
            self._list.change(index, replace(entry, places=left, reports=min(entry.reports, left)))
            self._spot = min(self._spot, entry.places - 2)
            self._look()
        else:
            self._list.change(index, replace(entry, verdict=decision))
            if everywhere or self._spot + 1 >= entry.places:
                self._list.action_cursor_down()
            else:
                self._spot += 1
                self._look()

    def _declare(self, letters: str) -> None:
        self._decided += 1

        def keep(connection: sqlite3.Connection) -> None:
            try:
                review.declare(connection, self._workspace, letters, self._view.category or Category.NAME)
            except Refusal as refusal:
                self._tell(str(refusal))
                return
            self._tell("Kept: these letters are replaced everywhere once you leave the review.")

        self._vault.do(keep)

    def action_undo(self) -> None:
        """Take the latest decision back."""

        def take_back(connection: sqlite3.Connection) -> None:
            undone = review.undo(connection, self._workspace)
            if undone is None:
                self._tell("There is no decision to take back.")
                return
            decision, value = undone
            said = VERDICTS.get(decision, decision).partition(":")[0]
            self._tell(f"Taken back: »{sanitize_line(value)}« {said}.", value.lower())

        self._decided += 1
        self._vault.do(take_back)

    def action_found(self) -> None:
        """List doubts only, or everything."""
        self._view = View(doubts=not self._view.doubts, search=self._view.search, patient=self._view.patient)
        self._list_anew()

    def action_patient(self) -> None:
        """List one patient's reports only, or all again."""
        patient = ""
        if not self._view.patient:
            if self._place is None:
                return
            patient = self._place.patient_key
            if not patient:
                self._say("This report does not say whose it is.")
                return
        self._again = self._entry.form if self._entry else ""
        self._view = replace(self._view, patient=patient)
        self._list_anew()

    def action_kind(self) -> None:
        """Count the kinds, then let one be chosen."""
        view = self._view
        self._vault.do(lambda connection: self.post_message(Kinds(listing.kinds(connection, view))))

    def on_kinds(self, message: Kinds) -> None:
        """Let a kind be chosen."""

        def chosen(kind: str | None) -> None:
            if kind:
                self._view = replace(self._view, category=None if kind == ALL else Category(kind))
                self._list_anew()

        heading = "Open doubts" if self._view.doubts else "Everything that was found"
        self.app.push_screen(KindDialog(heading, message.kinds, everything=True), chosen)

    def action_search(self) -> None:
        """Open the field."""
        field = self.query_one("#wanted", PlainInput)
        field.display = True
        field.focus()

    def on_input_submitted(self, event: PlainInput.Submitted) -> None:
        """List what holds the letters."""
        event.stop()
        self._close_field()
        self._view = replace(self._view, search=" ".join(event.value.split()))
        self._list_anew()

    def _close_field(self) -> None:
        self.query_one("#wanted").display = False
        self._list.focus()

    def on_button_pressed(self, event: PlainButton.Pressed) -> None:
        """Decide with the mouse."""
        event.stop()
        name = str(event.button.id)
        if name in {"skip", "undo"}:
            self.call_next(self.run_action, f"screen.{name}")
        else:
            self.action_decide(name)

    def action_back(self) -> None:
        """Close the field, take filters away, or leave; the number of decisions tells whether to search again."""
        if self.query_one("#wanted").display:
            self._close_field()
        elif self._view.search or self._view.category or self._view.patient:
            self._view = View(doubts=self._view.doubts)
            self._list_anew()
        else:
            self._vault.do(lambda _: self.post_message(Finished()))

    def on_finished(self, _message: Finished) -> None:
        """Leave, now that all decisions are kept."""
        self.dismiss(self._decided)

    def help_text(self) -> tuple[str, str]:
        """Explain the review."""
        return (
            "Review",
            "Doubts are words of which the rules cannot tell whether they identify somebody. Nothing is lost by "
            "waiting: an undecided word is replaced. Equal strings are one line; a and r decide about the place that "
            "is shown, y and n about all places at once. f lists everything that was found, to give back what was "
            "replaced by mistake. Each decision is kept at once. This shows patients' words as they stand.",
        )
