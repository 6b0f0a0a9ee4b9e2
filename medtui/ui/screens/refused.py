"""What could not be read: every file or part of one, with what is wrong and what to do."""

from collections import Counter
from contextlib import closing
from itertools import islice

from textual.content import Content

from medtui import vault
from medtui.reports import store
from medtui.reports.document import UnreadFile
from medtui.text import sanitize_line
from medtui.ui.screens.browse import BrowseScreen, Entry, Found
from medtui.wizard import reports
from medtui.wizard.units import counted, place

_SHOWN = 2000


class RefusedScreen(BrowseScreen):
    """Lists refusals, those with the same reason together."""

    HEADING = "not read"

    def find(self, wanted: str) -> Found:
        """Look refusals up by a part of the path or of the reason."""
        word = wanted.casefold()
        with closing(vault.connect(self.workspace)) as connection:
            matching = (
                unread
                for unread in store.refusals(connection)
                if word in f"{unread.path} {unread.inner_path} {unread.reason}".casefold()
            )
            refused = list(islice(matching, _SHOWN))
            more = next(matching, None) is not None
        often = Counter(unread.reason for unread in refused)
        refused.sort(key=lambda unread: (-often[unread.reason], unread.reason))
        words = counted(len(refused), "file or part", "files or parts") if refused else "Nothing was found."
        if more:
            words = f"The first {len(refused):,}; type a part of a name to see others"
        return Found([_entry(unread) for unread in refused], words, wanted)

    def help_text(self) -> tuple[str, str]:
        """Explain the list."""
        return (
            "Not read",
            "Whatever was met and did not become a report stands here: what it is, what is wrong, and what to do. The "
            "same is in the practice's vault, and `medtui reports list` prints it. Files are never changed.",
        )


def _entry(unread: UnreadFile) -> Entry:
    name, path = sanitize_line(reports.name_of(unread)), place(sanitize_line(unread.path))
    kind = reports.FORMAT_NAMES.get(unread.format, sanitize_line(unread.format))
    inside = f"\nInside: {sanitize_line(unread.inner_path)}" if unread.inner_path else ""
    reason = reports.reason_of(unread)
    return Entry(
        Content.assemble((name, "bold"), (f"  {reason}", "$muted")),
        Content.assemble((path, "bold"), f"{inside}\nKind: {kind}\n", reason),
    )
