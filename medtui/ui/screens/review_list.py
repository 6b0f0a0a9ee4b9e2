"""The review's list: doubts and findings, the riskiest first, and the sentence of the one under the cursor."""

import sqlite3
from typing import Any

from textual import on

from medtui.deid import listing
from medtui.deid.listing import Entry, Place, View
from medtui.text import sanitize_line
from medtui.ui.screens.before_after import BeforeAfterScreen
from medtui.ui.screens.frame import Frame
from medtui.ui.screens.review_messages import Found, Listed, Told, Totals
from medtui.ui.screens.vault_screen import VaultRefused, VaultScreen
from medtui.ui.widgets.findings import FindingList, kind_name, note, sentence
from medtui.ui.widgets.plain import PlainStatic
from medtui.wizard.units import counted
from medtui.workspace import Workspace

_PAGE = 50


class ReviewList(Frame, VaultScreen[Any]):
    """Lists equal strings as one and shows one place of a string at a time."""

    SAYS = "#note"

    def __init__(self, workspace: Workspace, *, doubts: bool = True) -> None:
        super().__init__()
        self._workspace = workspace
        self._view = View(doubts=doubts)
        self._place: Place | None = None
        self._spot = 0
        self._decided = 0
        self._left = 0
        # The string that the cursor returns to when the list was read anew.
        self._again = ""
        self._reading = self._more = False

    # Reading: always in the vault's thread.

    def _tell(self, words: str, form: str = "") -> None:
        self.post_message(Told(words, form))

    def _say(self, words: str) -> None:
        self.query_one("#said", PlainStatic).update(words)

    def _list_anew(self) -> None:
        self._place, self._spot = None, 0
        self._read(0)

    def _read(self, offset: int) -> None:
        view = self._view
        self._reading = True

        def read(connection: sqlite3.Connection) -> None:
            entries, totals = listing.entries(connection, view, _PAGE, offset), listing.totals(connection, view)
            left = listing.reports_holding(connection, view.search) if view.search and not entries else 0
            self.post_message(Listed(view, offset, entries, totals, left))

        self._vault.do(read)

    def _look(self) -> None:
        entry, spot, view = self._entry, self._spot, self._view
        if entry is None:
            return
        form = entry.form

        def look(connection: sqlite3.Connection) -> None:
            if self._entry is not None and self._entry.form == form:
                self.post_message(Found(form, spot, listing.place(connection, view, form, spot)))

        self._vault.do(look)

    @property
    def _list(self) -> FindingList:
        return self.query_one(FindingList)

    @property
    def _entry(self) -> Entry | None:
        return self._list.current

    # What the vault's thread gives.

    def on_listed(self, message: Listed) -> None:
        """Show a page."""
        if message.view != self._view:
            return
        self._left = message.left
        self._reading, self._more = False, len(message.entries) == _PAGE
        self._show_totals(*message.totals)
        if message.offset:
            self._list.append(message.entries)
            return
        self._list.show(message.entries, self._again)
        self._again = ""
        if not message.entries:
            self._show_nothing()

    def on_totals(self, message: Totals) -> None:
        """Show how much is left."""
        if message.view == self._view:
            self._show_totals(*message.totals)

    def _show_totals(self, places: int, strings: int) -> None:
        view = self._view
        what = "Doubts, riskiest first" if view.doubts else "All that was found"
        parts = [what, f"{counted(places, 'place')}, {counted(strings, 'different string')}"]
        if view.category:
            parts.append(kind_name(view.category.value))
        if view.patient:
            parts.append("one patient")
        if view.search:
            parts.append(f"»{sanitize_line(view.search)}«")
        self.query_one("#what", PlainStatic).update("  ·  ".join(parts))

    def _show_nothing(self) -> None:
        self._place = None
        search = self._view.search
        if search:
            words = (
                f"Nothing listed holds these letters. {counted(self._left, 'report')} still hold them after "
                "de-identification; y has them replaced everywhere from now on."
            )
        else:
            done = f"{counted(self._decided, 'decision')} kept. " if self._decided else ""
            words = f"{done}No doubt is left here. f lists everything that was found; Esc goes back."
        self.query_one("#text", PlainStatic).update("")
        self.query_one("#note", PlainStatic).update(words)

    def on_found(self, message: Found) -> None:
        """Show a place."""
        entry = self._entry
        if entry is None or entry.form != message.form or message.spot != self._spot:
            return
        if message.place is None:
            if self._spot:
                self._spot = 0
                self._look()
            return
        self._place = message.place
        self.query_one("#text", PlainStatic).update(sentence(message.place))
        self.query_one("#note", PlainStatic).update(note(message.place, entry, self._spot))

    def on_vault_refused(self, message: VaultRefused) -> None:
        """Read no further; why, is said where a place's note stands."""
        self._reading = False

    def on_told(self, message: Told) -> None:
        """Say what happened, and list anew."""
        self._say(message.words)
        self._again = message.form or (self._entry.form if self._entry else "")
        self._list_anew()

    @on(FindingList.NearEnd)
    def read_on(self) -> None:
        """Read the next page: what was decided meanwhile is neither shown nor listed any more."""
        if self._more and not self._reading:
            self._read(len(self._list.entries))

    def on_option_list_option_highlighted(self, event: FindingList.OptionHighlighted) -> None:
        """Look at the first place of the string under the cursor."""
        event.stop()
        self._place, self._spot = None, 0
        self._look()

    def on_option_list_option_selected(self, event: FindingList.OptionSelected) -> None:
        """Show the whole report."""
        event.stop()
        self.action_report()

    # Looking around.

    def action_skip(self) -> None:
        """Leave this one undecided and go on."""
        self._list.action_cursor_down()

    def action_spot(self, step: int) -> None:
        """Show another place of the same string."""
        entry = self._entry
        if entry is not None and 0 <= self._spot + step < entry.places:
            self._place, self._spot = None, self._spot + step
            self._look()

    def action_report(self) -> None:
        """Show the whole report before and after."""
        if self._place is not None:
            screen = BeforeAfterScreen(self._workspace, self._place.document_id, self._place.start)
            self.app.push_screen(screen)
