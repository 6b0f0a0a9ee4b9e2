"""The panel beside a question: what the answer under the cursor means."""

from textual.content import Content

from medtui.ui.widgets.plain import PlainStatic, title
from medtui.wizard.question import Consequence


class ConsequencePanel(PlainStatic):
    """Shows memory, time, disk or number of reports for the answer that is being considered."""

    SCOPED_CSS = False
    DEFAULT_CSS = """
    ConsequencePanel {
        height: auto; max-height: 8; min-height: 3; padding: 0 1; overflow-y: auto; border: round $border-blurred;
        border-title-color: $muted; background: transparent;
    }
    Screen.-wide ConsequencePanel { width: 42; height: auto; max-height: 100%; margin: 1 1 0 1; padding: 1 2; }
    """

    def on_mount(self) -> None:
        """Name the panel."""
        title(self, "What this means")

    def show(self, consequence: Consequence) -> None:
        """Show another consequence; an empty one hides the panel."""
        self.display = bool(consequence.figures or consequence.notes or consequence.warning)
        self.update(in_words(consequence))


def in_words(consequence: Consequence) -> Content:
    """Set a consequence as text: figures in a column, then sentences."""
    width = max((len(name) for name, _ in consequence.figures), default=0)
    lines = [
        Content.assemble((f"{name.ljust(width)}  ", "$muted"), (value, "bold")) for name, value in consequence.figures
    ]
    lines += [Content(note) for note in consequence.notes]
    if consequence.warning:
        lines.append(Content.assemble(("! ", "bold $text-warning"), (consequence.warning, "$text-warning")))
    return Content("\n").join(lines)
