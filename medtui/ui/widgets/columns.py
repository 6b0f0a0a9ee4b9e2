"""The page that asks what the columns of a table are."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets.option_list import Option

from medtui.errors import Refusal
from medtui.reports.mapping import Mapping, Table, check
from medtui.text import sanitize_line
from medtui.ui.widgets.pages import Page
from medtui.ui.widgets.plain import PlainOptionList, PlainStatic, title
from medtui.wizard import columns

_USE_WIDTH, _HEADING_WIDTH = 17, 18


class ColumnList(PlainOptionList):
    """The columns, one a line; the arrows left and right say what the one under the cursor is."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select", "Accept", key_display="enter", tooltip="Accept what all columns are taken for"),
        Binding(
            "right,l,space", "use(1)", "Change", key_display="←→", tooltip="Say that this column is something else"
        ),
        Binding("left,h", "use(-1)", "Change", show=False),
        Binding("x", "leave_out", "No reports", tooltip="This table holds no reports: leave it out"),
    ]

    class Used(Message):
        """Another use was chosen for the column under the cursor."""

        def __init__(self, by: int) -> None:
            super().__init__()
            self.by = by

    class LeftOut(Message):
        """The table holds no reports."""

    def action_use(self, by: int) -> None:
        """Take the next use, or the one before."""
        self.post_message(self.Used(by))

    def action_leave_out(self) -> None:
        """Leave the whole table out."""
        self.post_message(self.LeftOut())


class ColumnsPage(Page):
    """Shows a table's columns with what they are taken for; Enter accepts."""

    SCOPED_CSS = False
    DEFAULT_CSS = """
    ColumnsPage {
        & .title { margin-bottom: 0; }
        & .problem { color: $text-error; display: none; }
        & .problem.-shown { display: block; }
        & ColumnList {
            height: 1fr; min-height: 3; margin-top: 1; border: none; padding: 0;
            background: transparent; text-wrap: nowrap; text-overflow: ellipsis;
            &:focus { border: none; background-tint: transparent 0%; }
        }
        & #meaning { height: 2; margin-top: 1; }
        & #cells {
            height: 7; border: round $border-blurred; padding: 0 1; border-title-color: $muted; color: $muted;
            text-wrap: nowrap; text-overflow: ellipsis;
        }
    }
    Screen.-wide ColumnsPage { & .title { margin-bottom: 1; } }
    """

    class Chosen(Message):
        """The columns were confirmed."""

        def __init__(self, table: Table, mapping: Mapping) -> None:
            super().__init__()
            self.table = table
            self.mapping = mapping

    def __init__(self, table: Table, where: str) -> None:
        super().__init__()
        self._table = table
        self._where = where
        self._uses = columns.guessed(table)

    def compose(self) -> ComposeResult:
        """Lay out the table's place, its columns, and the rows of the one under the cursor."""
        yield PlainStatic("What are the columns of this table?", classes="title")
        yield PlainStatic(sanitize_line(self._where), classes="muted")
        yield ColumnList(*[self._line(column) for column in range(len(self._uses))], id="columns")
        yield PlainStatic(id="meaning")
        yield PlainStatic(id="cells")
        yield PlainStatic(classes="problem")

    def on_mount(self) -> None:
        """Begin with the column that holds the reports."""
        listing = self.query_one(ColumnList)
        # No taller than what it holds, and never so tall that the rows below have no room.
        listing.styles.max_height = max(3, len(self._uses))
        place = self._uses.index(columns.REPORT) if columns.REPORT in self._uses else 0
        listing.highlighted = place if self._uses else None
        listing.focus()

    def _line(self, column: int) -> Option:
        use = self._uses[column]
        example = next((cell for cell in columns.cells(self._table, column) if cell), "")
        width = min(_HEADING_WIDTH, max(len(name) for name in self._table.headers))
        heading = sanitize_line(self._table.headers[column])
        if len(heading) > width:
            heading = f"{heading[: width - 1]}…"
        style = "bold $accent" if use == columns.REPORT else "$muted" if use == columns.NOTHING else "bold"
        return Option(
            Content.assemble(
                (f"{columns.NAMES[use]:<{_USE_WIDTH}}", style),
                (heading.ljust(width), ""),
                (f"  {sanitize_line(example)}", "$muted"),
            )
        )

    def on_option_list_option_highlighted(self, event: ColumnList.OptionHighlighted) -> None:
        """Show the first rows of the column under the cursor."""
        event.stop()
        self._show(event.option_index)

    def _show(self, column: int) -> None:
        self.query_one(".problem", PlainStatic).remove_class("-shown")
        panel = self.query_one("#cells", PlainStatic)
        rows = [sanitize_line(cell) or "(empty)" for cell in columns.cells(self._table, column)]
        title(panel, f"First rows of {sanitize_line(self._table.headers[column])}")
        panel.update("\n".join(rows))
        self.query_one("#meaning", PlainStatic).update(f"This column {columns.meaning(self._uses[column])}.")

    def on_column_list_used(self, event: ColumnList.Used) -> None:
        """Let the column under the cursor be something else."""
        event.stop()
        listing = self.query_one(ColumnList)
        if listing.highlighted is None:
            return
        before, self._uses = self._uses, columns.changed(self._table, self._uses, listing.highlighted, event.by)
        for column, (old, new) in enumerate(zip(before, self._uses, strict=True)):
            if old != new:
                listing.replace_option_prompt_at_index(column, self._line(column).prompt)
        self._show(listing.highlighted)

    def on_column_list_left_out(self, event: ColumnList.LeftOut) -> None:
        """Remember that the table holds no reports."""
        event.stop()
        self.post_message(self.Chosen(self._table, columns.left_out()))

    def on_option_list_option_selected(self, event: ColumnList.OptionSelected) -> None:
        """Accept what all columns are taken for."""
        event.stop()
        mapping = columns.mapping_of(self._table, self._uses)
        try:
            check(mapping, self._table.headers)
        except Refusal as refusal:
            words = f"{refusal} If there are none in this table, press x."
            problem = self.query_one(".problem", PlainStatic)
            problem.update(Content.assemble(("! ", "bold"), sanitize_line(words)))
            problem.add_class("-shown")
            return
        self.post_message(self.Chosen(self._table, mapping))
