"""The last look at everything before long work begins."""

from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content

from medtui.ui.messages import Continue
from medtui.ui.widgets.figures import Figures
from medtui.ui.widgets.pages import Page
from medtui.ui.widgets.plain import PlainButton, PlainStatic


class LookPage(Page):
    """Shows every choice once more; Enter starts."""

    def __init__(self, figures: tuple[tuple[str, str], ...], warnings: tuple[str, ...]) -> None:
        super().__init__()
        self._figures = figures
        self._warnings = warnings

    def compose(self) -> ComposeResult:
        """Lay out the choices and the two ways on."""
        with VerticalScroll(can_focus=False):
            yield PlainStatic("A last look before training starts", classes="title")
            yield Figures(self._figures)
            for warning in self._warnings:
                text = Content.assemble(("! ", "bold $text-warning"), (warning, "$text-warning"))
                yield PlainStatic(text, classes="warning")
        with Horizontal(classes="buttons"):
            yield PlainButton("Start training", id="start")
            yield PlainButton("Change something", id="change")

    def on_mount(self) -> None:
        """Let Enter start."""
        self.query_one("#start", PlainButton).focus()

    def on_button_pressed(self, event: PlainButton.Pressed) -> None:
        """Start; changing belongs to the step's screen."""
        if event.button.id == "start":
            event.stop()
            self.post_message(Continue())
