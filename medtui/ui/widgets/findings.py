"""The list of findings, a line for equal strings, and the sentence around one of them."""

from collections.abc import Sequence

from textual.content import Content
from textual.message import Message
from textual.widgets.option_list import Option

from medtui.deid.listing import Entry, Place
from medtui.text import sanitize, sanitize_line
from medtui.ui.widgets.plain import PlainOptionList
from medtui.wizard.deid import CATEGORY_NAMES
from medtui.wizard.units import counted

# Lines shown before and behind a finding; more of the report is one key away.
_LINES = 3
_VALUE, _KIND = 30, 22
DECISIONS = (
    ("accept", "a", "Identifies", "It identifies somebody: replace it here"),
    ("reject", "r", "Harmless here", "It identifies nobody: give it back at this place alone"),
    ("always", "y", "Always", "Replace these letters wherever they stand, in reports to come as well"),
    ("never", "n", "Never", "These letters never identify anybody: give them back wherever they stand"),
)
VERDICTS = {
    "accept": "identifies somebody: replaced",
    "reject": "given back here",
    "always": "always replaced",
    "never": "never replaced",
}
# Of the rank that the list is ordered by, in words.
_HIGH, _MEDIUM = 0.6, 0.4


def kind_name(category: str) -> str:
    """Name a kind of identifier in plain words."""
    return CATEGORY_NAMES.get(category, category.lower())


class FindingList(PlainOptionList):
    """Shows entries as they come, page by page."""

    class NearEnd(Message):
        """The cursor came near the end of what is shown."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.entries: list[Entry] = []

    @property
    def current(self) -> Entry | None:
        """The entry under the cursor."""
        index = self.highlighted
        return self.entries[index] if index is not None and index < len(self.entries) else None

    def show(self, entries: Sequence[Entry], form: str = "") -> None:
        """Show other entries, the cursor on one of them."""
        self.entries = list(entries)
        at = next((index for index, entry in enumerate(self.entries) if entry.form == form), 0)
        self.replace([Option(line(entry)) for entry in self.entries], at)

    def append(self, entries: Sequence[Entry]) -> None:
        """Show further entries below; what is shown already is not shown again."""
        shown = {entry.form for entry in self.entries}
        new = [entry for entry in entries if entry.form not in shown]
        self.entries += new
        self.add_options([Option(line(entry)) for entry in new])

    def change(self, index: int, entry: Entry) -> None:
        """Show an entry anew."""
        self.entries[index] = entry
        self.replace_option_prompt_at_index(index, line(entry))

    def take_off(self, index: int) -> None:
        """Take an entry off the list."""
        del self.entries[index]
        self.remove_option_at_index(index)
        if self.entries:
            self.highlighted = min(index, len(self.entries) - 1)

    def watch_highlighted(self, highlighted: int | None) -> None:
        """Ask for more near the end."""
        super().watch_highlighted(highlighted)
        if highlighted is not None and highlighted >= len(self.entries) - 10:
            self.post_message(self.NearEnd())


def line(entry: Entry) -> Content:
    """Write an entry on one line."""
    value = " ".join(sanitize_line(entry.value).split())
    shown = value if len(value) <= _VALUE else f"{value[: _VALUE - 1]}…"
    often = f"{entry.places:,}x" if entry.places > 1 else ""
    rank = "high" if entry.risk >= _HIGH else "medium" if entry.risk >= _MEDIUM else "low"
    last = VERDICTS[entry.verdict].partition(":")[0] if entry.verdict in VERDICTS else f"risk {rank}"
    kind = kind_name(entry.category.value)[:_KIND]
    return Content.assemble(
        (shown.ljust(_VALUE + 1), "bold"), (f"{often:>7} ", "$accent"), (kind.ljust(_KIND + 1), ""), (last, "$muted")
    )


def sentence(place: Place) -> Content:
    """Write a finding with the words around it."""
    before = "\n".join(sanitize(place.before).split("\n")[-_LINES:])
    after = "\n".join(sanitize(place.after).split("\n")[:_LINES])
    return Content.assemble(
        (before, "$muted"), (f"»{sanitize(place.value)}«", "bold $accent reverse"), (after, "$muted")
    )


def note(place: Place, entry: Entry, spot: int) -> str:
    """Say what a finding may be and what happens to it."""
    fate = VERDICTS.get(place.verdict or "", "")
    if not fate:
        fate = "replaced until you decide" if place.score < 0.5 else "replaced"
    where = f"{counted(entry.places, 'place')} in {counted(entry.reports, 'report')}"
    step = f"place {spot + 1} of {entry.places:,} (←→), " if entry.places > 1 else ""
    title = f" {sanitize_line(place.title)}." if place.title else ""
    kind = kind_name(place.category.value)
    return f"{kind[:1].upper()}{kind[1:]}, {step}{where}; {fate}.{title}"
