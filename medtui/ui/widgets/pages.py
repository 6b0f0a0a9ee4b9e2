"""The other pages of a step: waiting, working, the outcome, and what stands in the way."""

import time
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.timer import Timer

from medtui.text import sanitize, sanitize_line
from medtui.ui.messages import Again, Continue
from medtui.ui.widgets.bar import ProgressLine
from medtui.ui.widgets.figures import Figures
from medtui.ui.widgets.plain import PlainButton, PlainStatic, title
from medtui.wizard.question import Outcome


class Page(Vertical):
    """What all pages look like."""

    SCOPED_CSS = False
    DEFAULT_CSS = """
    Page {
        height: 1fr; padding: 1 1 0 2;
        & .title { text-style: bold; color: $primary; margin-bottom: 1; }
        & .muted { color: $muted; }
        & .warning { margin-top: 1; }
        & .buttons { height: 3; margin-top: 1; }
        & PlainButton { margin-right: 2; min-width: 16; }
    }
    Screen.-wide Page { padding: 1 4; }
    """


class WaitingPage(Page):
    """Something short is being looked up."""

    def __init__(self, sentence: str) -> None:
        super().__init__()
        self._sentence = sentence

    def compose(self) -> ComposeResult:
        """Show the sentence."""
        yield PlainStatic(self._sentence, classes="muted")


class WorkPage(Page):
    """A step at work: what it does now, how far it is, how long it still takes."""

    can_focus = True

    def __init__(self, heading: str, note: str) -> None:
        super().__init__()
        self._heading = heading
        self._note = note
        self._counting: Timer | None = None

    def compose(self) -> ComposeResult:
        """Lay out heading, message, bar and note."""
        yield PlainStatic(self._heading, classes="title")
        yield PlainStatic("Starting…", id="message")
        yield ProgressLine()
        yield PlainStatic(self._note, classes="muted")

    def on_mount(self) -> None:
        """Take the focus, so that Enter does nothing unexpected meanwhile, and count until the work tells something."""
        self.focus()
        begun = time.monotonic()

        def count() -> None:
            words = f"Starting… {time.monotonic() - begun:.0f} s (this can take half a minute)"
            self.query_one("#message", PlainStatic).update(words)

        self._counting = self.set_interval(1, count)

    def advance(self, done: int, total: int, message: str) -> None:
        """Show how far the work is; what comes before the page is laid out is told again by the next report."""
        if self._counting is None:
            return
        self._counting.stop()
        self.query_one("#message", PlainStatic).update(sanitize_line(message))
        self.query_one(ProgressLine).show(done, total)


class OutcomePage(Page):
    """What a finished step found; Enter goes on."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "scroll_text(1)", "Scroll", key_display="↑↓", tooltip="Show what is further down"),
        Binding("up,k", "scroll_text(-1)", "Scroll", show=False),
        Binding("pagedown", "scroll_text(8)", "Scroll", show=False),
        Binding("pageup", "scroll_text(-8)", "Scroll", show=False),
    ]

    SCOPED_CSS = False
    DEFAULT_CSS = """
    OutcomePage {
        & .figures { margin-bottom: 1; }
        & .notes { margin-bottom: 1; height: auto; }
        & .details { border: round $border-blurred; padding: 0 1; height: auto; border-title-color: $muted; }
        & VerticalScroll { height: 1fr; }
    }
    """

    def __init__(self, outcome: Outcome, actions: tuple[tuple[str, str], ...] = (), last: bool = False) -> None:
        super().__init__()
        self._outcome = outcome
        self._actions = actions
        self._last = last

    def compose(self) -> ComposeResult:
        """Lay out headline, figures, notes and list."""
        outcome = self._outcome
        with VerticalScroll(can_focus=False):
            yield PlainStatic(
                Content.assemble(("✓ ", "$text-success"), sanitize_line(outcome.headline)), classes="title"
            )
            for warning in outcome.warnings:
                text = Content.assemble(("! ", "bold $text-warning"), (sanitize_line(warning), "$text-warning"))
                yield PlainStatic(text, classes="notes")
            if outcome.figures:
                yield Figures(outcome.figures, classes="figures")
            for note in outcome.notes:
                yield PlainStatic(sanitize(note), classes="notes")
            if outcome.details:
                details = PlainStatic("\n".join(map(sanitize_line, outcome.details)), classes="details")
                title(details, outcome.details_title)
                yield details
            yield from self.further()
        with Horizontal(classes="buttons"):
            yield PlainButton("Back to the practices" if self._last else "Continue", id="continue", classes="-primary")
            for identifier, label in self._actions:
                yield PlainButton(label, id=identifier)

    def further(self) -> ComposeResult:
        """Give what else a step shows of its outcome."""
        yield from ()

    def action_scroll_text(self, lines: int) -> None:
        """Scroll the outcome while the button keeps the focus."""
        self.query_one(VerticalScroll).scroll_relative(y=lines, animate=False)

    def on_mount(self) -> None:
        """Let Enter go on."""
        self.query_one("#continue", PlainButton).focus()

    def on_button_pressed(self, event: PlainButton.Pressed) -> None:
        """Go on, or do it again; other buttons belong to the step's screen."""
        if event.button.id in {"continue", "again"}:
            event.stop()
            self.post_message(Continue() if event.button.id == "continue" else Again())


class ObstaclePage(Page):
    """Something stands in the way: one sentence, and what Enter does about it."""

    def __init__(self, heading: str, sentence: str, button: str, identifier: str) -> None:
        super().__init__()
        self._texts = (heading, sentence, button, identifier)

    def compose(self) -> ComposeResult:
        """Lay out the sentence and the way on."""
        heading, sentence, button, identifier = self._texts
        yield PlainStatic(Content.assemble(("! ", "bold $text-warning"), heading), classes="title")
        yield PlainStatic(sanitize(sentence))
        with Horizontal(classes="buttons"):
            yield PlainButton(button, id=identifier, classes="-primary")

    def on_mount(self) -> None:
        """Let Enter take the way on."""
        self.query_one(PlainButton).focus()
