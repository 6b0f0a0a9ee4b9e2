"""The training page: curves, how fast, how long still, and what interrupted it."""

from collections.abc import Callable

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message

from medtui.text import sanitize_line
from medtui.training.curves import Curves
from medtui.ui.widgets.bar import duration
from medtui.ui.widgets.curves import Drawing, LossPlot
from medtui.ui.widgets.live_figures import LiveFigures
from medtui.ui.widgets.pages import OutcomePage, Page
from medtui.ui.widgets.plain import PlainButton, PlainStatic
from medtui.wizard.units import gib


class TrainingPage(Page):
    """Follows one run.

    Args:
        uuid: of the card that works, "" for none.
        name: as it is called on the screen.
    """

    can_focus = True
    SCOPED_CSS = False
    DEFAULT_CSS = """
    TrainingPage {
        padding: 0 1 0 2;
        & #state { height: auto; }
        & #legend, & #rates { height: auto; }
        & #interruption {
            height: auto; display: none; margin-bottom: 0;
            & Horizontal { height: 3; }
        }
        &.-interrupted #interruption { display: block; }
        &.-interrupted #rates { display: none; }
    }
    Screen.-wide TrainingPage { padding: 1 3; }
    """

    def __init__(self, uuid: str = "", name: str = "") -> None:
        super().__init__()
        self._gpu = (uuid, name)

    def compose(self) -> ComposeResult:
        """Lay out state, interruption, plot, legend and rates, and what the card does."""
        yield PlainStatic("Starting…", id="state")
        with Vertical(id="interruption"):
            yield PlainStatic("", id="reason")
            with Horizontal():
                yield PlainButton("Continue", id="retry")
                yield PlainButton("Start over", id="start-over")
        yield LossPlot()
        yield PlainStatic("", id="legend")
        yield PlainStatic("", id="rates")
        if self._gpu[0]:
            yield LiveFigures(*self._gpu)

    def on_mount(self) -> None:
        """Take the focus, so that Enter does nothing unexpected meanwhile."""
        self.focus()

    def show(self, curves: Curves, lines: Drawing) -> None:
        """Draw what the run has told so far."""
        plot = self.query_one(LossPlot)
        plot.visible = bool(curves.step or curves.validation.steps)
        plot.draw(lines, curves.total)
        self.query_one("#state", PlainStatic).update(_state(curves))
        self.query_one("#legend", PlainStatic).update(_legend(curves))
        self.query_one("#rates", PlainStatic).update(_rates(curves))

    def interrupt(self, heading: str, reason: str, *, can_continue: bool) -> None:
        """Say that the run does not go on by itself, and offer what can be done."""
        self.add_class("-interrupted")
        text = Content.assemble((f"! {heading}. ", "bold $text-warning"), sanitize_line(reason))
        self.query_one("#reason", PlainStatic).update(text)
        button = self.query_one("#retry", PlainButton)
        button.display = can_continue
        (button if can_continue else self.query_one("#start-over", PlainButton)).focus()

    def resume(self) -> None:
        """Take the interruption away."""
        self.remove_class("-interrupted")


class TrainedPage(OutcomePage):
    """The outcome of a finished run, with its curves."""

    SCOPED_CSS = False
    DEFAULT_CSS = """
    TrainedPage LossPlot { height: 1fr; min-height: 9; max-height: 30; }
    """

    class Mounted(Message):
        """The page is there and its curves can be drawn."""

    def on_mount(self) -> None:
        """Ask for the curves."""
        self.query_one(LossPlot).visible = False
        self.post_message(self.Mounted())

    def further(self) -> ComposeResult:
        """Show the curves once more."""
        yield LossPlot()
        yield PlainStatic("", id="legend")

    def show(self, curves: Curves, lines: Drawing) -> None:
        """Draw the whole run."""
        plot = self.query_one(LossPlot)
        plot.visible = bool(curves.step)
        plot.draw(lines, curves.total)
        self.query_one("#legend", PlainStatic).update(_legend(curves))


def _state(curves: Curves) -> Content:
    if not curves.step:
        return Content.assemble(("● ", "$primary"), sanitize_line(curves.phase or "Starting the training program"))
    left = curves.seconds_left
    parts: list[str | tuple[str, str]] = [
        ("● ", "$primary"),
        (sanitize_line(curves.phase or "Training"), "bold"),
        f"  step {curves.step:,} of {curves.total:,}",
        f"  about {duration(left)} left" if left is not None else "",
    ]
    return Content.assemble(*parts)


def _legend(curves: Curves) -> Content:
    train, validation = curves.train.last, curves.validation.last
    parts: list[str | tuple[str, str]] = [("━ ", "bold $primary"), "training "]
    parts.append((f"{train:.3f}" if train is not None else "-", "bold"))
    parts += [("   ● ", "bold $accent"), "validation "]
    parts.append((f"{validation:.3f}" if validation is not None else "-", "bold"))
    if curves.validation.best is not None:
        best = curves.validation.best
        at = curves.validation.steps[curves.validation.values.index(best)]
        parts.append(f" (best {best:.3f} at step {at:,})")
    return Content.assemble(*parts)


def _rates(curves: Curves) -> Content:
    latest = curves.latest
    if not curves.step and not curves.end:
        return Content.styled("The curves begin once the model is loaded; that takes up to a minute.", "$muted")
    shown: list[tuple[str, str, Callable[[float], str]]] = [
        ("tokens_per_second", "Speed", lambda value: f"{value:,.0f} tokens/s"),
        ("memory_bytes", "Memory", gib),
        ("learning_rate", "Rate", lambda value: f"{value:.1e}"),
    ]
    parts: list[str | tuple[str, str]] = []
    for key, name, words in shown:
        if latest.get(key) is not None:
            parts += [(f"{name} ", "$muted"), (f"{words(float(latest[key]))}   ", "")]
    if curves.warnings:
        parts.append((f"\n! {sanitize_line(curves.warnings[-1])}", "$text-warning"))
    return Content.assemble(*parts)
