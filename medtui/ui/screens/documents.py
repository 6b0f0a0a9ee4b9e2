"""The reports that were read, found by their file's name."""

from contextlib import closing

from textual.content import Content

from medtui import vault
from medtui.reports import store
from medtui.reports.store import Listed
from medtui.text import sanitize_line
from medtui.ui.screens.browse import BrowseScreen, Entry, Found
from medtui.ui.screens.document import DocumentScreen
from medtui.wizard import reports
from medtui.wizard.units import counted, place

_SHOWN = 500


class DocumentsScreen(BrowseScreen):
    """Lists reports; Enter shows one as it was read and as it is used."""

    HEADING = "reports that were read"

    def find(self, wanted: str) -> Found:
        """Look reports up by a part of their path."""
        with closing(vault.connect(self.workspace)) as connection:
            listed, more = store.listing(connection, wanted, _SHOWN)
        words = f"{counted(len(listed), 'report')}. Enter opens one." if listed else "Nothing was found."
        if more:
            words = f"The first {len(listed):,}; type a part of a name to see others. Enter opens one."
        return Found([_entry(item) for item in listed], words, wanted)

    def opened(self, item: Listed) -> None:
        """Show a report before and after."""
        self.app.push_screen(DocumentScreen(self.workspace, item))

    def help_text(self) -> tuple[str, str]:
        """Explain the list."""
        return (
            "Reports that were read",
            "Choose a report to see its text as it came out of the file and as it is used: letters in one form, page "
            "heads and feet folded, words joined that a line's end divided. Reports are shown here and in the review, "
            "and nowhere else; nothing of them is logged.",
        )


def _entry(item: Listed) -> Entry:
    path = sanitize_line(item.path)
    name = path.rsplit("/", 1)[-1] + (f" ▸ {sanitize_line(item.inner_path)}" if item.inner_path else "")
    kind = reports.FORMAT_NAMES.get(item.format, sanitize_line(item.format))
    what = f"standardised in {counted(item.changes, 'place')}" if item.changes else "used as it was read"
    partly = "; read in part" if item.status != "read" else ""
    return Entry(
        Content.assemble((name, "bold"), (f"  {kind}, {what}{partly}", "$muted")),
        Content.assemble((place(path), "bold"), f"\n{kind}; {what}{partly}"),
        item,
    )
