"""The page that asks for the password of protected files; what is typed stays hidden and in memory."""

from textual.app import ComposeResult
from textual.message import Message

from medtui.reports.protected import Group
from medtui.text import sanitize_line
from medtui.ui.widgets.pages import Page
from medtui.ui.widgets.plain import PlainInput, PlainStatic
from medtui.wizard import reports


class PasswordPage(Page):
    """Asks once for each group of protected files; Enter on the empty field leaves them out."""

    SCOPED_CSS = False
    DEFAULT_CSS = """
    PasswordPage {
        & PlainInput {
            height: 1; border: none; padding: 0 1; margin: 1 0; background: $panel; max-width: 60;
            &:focus { border: none; background: $block-cursor-background; background-tint: transparent 0%; }
        }
    }
    """

    class Given(Message):
        """A password was typed, empty to leave the files out."""

        def __init__(self, group: Group, password: str) -> None:
            super().__init__()
            self.group = group
            self.password = password

    def __init__(self, group: Group, tried: bool) -> None:
        super().__init__()
        self._group = group
        self._tried = tried

    def compose(self) -> ComposeResult:
        """Lay out which files wait, the field, and what becomes of what is typed."""
        yield PlainStatic("What is the password of these files?", classes="title")
        yield PlainStatic(sanitize_line(reports.protected(self._group, self._tried)))
        yield PlainInput(password=True, id="password", placeholder="empty leaves them out")
        yield PlainStatic(
            "It is kept in memory until this step is left, and never written anywhere. Files that stay closed are "
            "counted and named; they can be opened later by reading the reports again.",
            classes="muted",
        )

    def on_mount(self) -> None:
        """Put the cursor into the field."""
        self.query_one(PlainInput).focus()

    def on_input_submitted(self, event: PlainInput.Submitted) -> None:
        """Hand the password over and forget it here."""
        event.stop()
        password = event.value
        event.input.clear()
        self.post_message(self.Given(self._group, password))
