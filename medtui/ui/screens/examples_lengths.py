"""How long the examples are, what other lengths would leave out, and from which reports."""

from contextlib import closing
from typing import Any, ClassVar

from textual._path import CSSPathType
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets.option_list import Option

from medtui import vault
from medtui.errors import Refusal
from medtui.examples import lengths
from medtui.examples.settings import settings
from medtui.examples.tasks import title as task_title
from medtui.ui.screens.frame import Frame
from medtui.ui.widgets.plain import PlainOptionList, PlainStatic, title
from medtui.wizard.units import counted
from medtui.workspace import Workspace

# More names than this are only counted.
_NAMED = 200


class Measured(Message):
    """The lengths of all examples, the chosen limit, or why it cannot be known."""

    def __init__(self, found: list[lengths.Long], limit: int, problem: str = "") -> None:
        super().__init__()
        self.found = found
        self.limit = limit
        self.problem = problem


class LengthsScreen(Frame):
    """Shows a histogram, lengths to compare, and the reports concerned."""

    CSS_PATH: ClassVar[CSSPathType | None] = ["frame.tcss", "examples.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("pagedown,space", "scroll_names(8)", "More names", key_display="space", tooltip="Scroll the reports"),
        Binding("pageup", "scroll_names(-8)", "Scroll", show=False),
    ]

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self._workspace = workspace
        self._found: list[lengths.Long] = []
        self._rows: list[dict[str, int]] = []

    def body(self) -> ComposeResult:
        """Lay out histogram, lengths and names."""
        with Vertical(classes="closer"):
            yield PlainStatic("Measuring…", classes="title")
            with Horizontal(classes="sides"):
                with Vertical(classes="half"):
                    yield PlainStatic(id="bars")
                with Vertical(classes="half"):
                    yield PlainOptionList(id="lengths")
                    with VerticalScroll(id="names", classes="side", can_focus=False):
                        yield PlainStatic(classes="text")
            yield PlainStatic(
                "An example that is longer than the chosen length is left out whole, never cut. The length is asked "
                "at the beginning of this step.",
                classes="note muted",
            )

    def on_mount(self) -> None:
        """Measure."""
        self.run_worker(self._measure, thread=True, group="vault", exclusive=True)

    def resized(self) -> None:
        """Fill the top line."""
        self.heading(self._workspace.practice, "lengths of the examples")

    def _measure(self) -> None:
        try:
            limit = settings(self._workspace).max_length
        except Refusal as refusal:
            self.post_message(Measured([], 0, str(refusal)))
            return
        with closing(vault.connect(self._workspace)) as connection:
            self.post_message(Measured(lengths.measured(connection), limit))

    def on_measured(self, message: Measured) -> None:
        """Show histogram and lengths."""
        heading = self.query_one(".title", PlainStatic)
        if not message.found:
            heading.update(message.problem or "There are no examples yet. Esc goes back.")
            return
        self._found = message.found
        self._rows = lengths.table(message.found, message.limit)
        heading.update(f"{counted(len(message.found), 'example')}, up to {message.limit:,} tokens are allowed now")
        self.query_one("#bars", PlainStatic).update(_bars(lengths.bars(message.found, message.limit), message.limit))
        chosen = next(number for number, row in enumerate(self._rows) if row["length"] == message.limit)
        options = self.query_one(PlainOptionList)
        options.styles.height = len(self._rows) + 1
        options.replace([Option(_choice(row, message.limit)) for row in self._rows], chosen)
        options.focus()

    def on_option_list_option_highlighted(self, event: PlainOptionList.OptionHighlighted) -> None:
        """Name what the length under the cursor would leave out."""
        event.stop()
        length = self._rows[event.option_index]["length"]
        left_out = [one for one in self._found if one.tokens > length]
        frame = self.query_one("#names")
        title(frame, f"Left out at {length:,} tokens")
        lines = [f"{one.document_id}  {one.tokens:,} tokens\n  {one.format}, {task_title(one.task)}"
                 for one in left_out[:_NAMED]]  # fmt: skip
        lines += [f"and {len(left_out) - _NAMED:,} more"] if len(left_out) > _NAMED else []
        frame.query_one(PlainStatic).update("\n".join(lines) or "nothing")
        frame.scroll_home(animate=False)

    def action_scroll_names(self, lines: int) -> None:
        """Scroll the names."""
        self.query_one("#names").scroll_relative(y=lines, animate=False)

    def help_text(self) -> tuple[str, str]:
        """Explain the lengths."""
        return (
            "Lengths",
            "A model reads pieces of words (tokens), and memory grows with the number it reads at once. Move through "
            "the lengths on the right to see how many examples each would leave out, and from which reports.",
        )


def _choice(row: dict[str, int], limit: int) -> Content:
    mark = "  (now)" if row["length"] == limit else ""
    words = f"leaves out {row['left_out']:,}" if row["left_out"] else "leaves out none"
    return Content.assemble((f"{row['length']:6,} tokens  ", "bold"), words, (mark, "$muted"))


def _bars(found: list[dict[str, Any]], limit: int) -> Content:
    most = max(bar["examples"] for bar in found) or 1
    lines = []
    for bar in found:
        style = "$text-warning" if bar["from"] > limit else "$primary"
        label = f"{'over' if bar['from'] > limit else 'to':>4} {min(bar['to'], limit):6,} "
        lines.append(Content.assemble((label, "$muted"), ("█" * round(14 * bar["examples"] / most), style),
                                      f" {bar['examples']:,}"))  # fmt: skip
    return Content("\n").join(lines)
