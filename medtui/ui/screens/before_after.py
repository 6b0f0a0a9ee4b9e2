"""One report before and after de-identification."""

import re

from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content, Span
from textual.message import Message

from medtui.deid import listing
from medtui.deid.listing import BothTexts
from medtui.deid.replacement import TAG
from medtui.text import sanitize, sanitize_line
from medtui.ui.screens.side_by_side import LONGEST, SideBySide
from medtui.ui.screens.vault_screen import VaultScreen
from medtui.ui.widgets.plain import PlainStatic, title
from medtui.wizard.units import counted
from medtui.workspace import Workspace


class Opened(Message):
    """The report, or None when it is gone."""

    def __init__(self, texts: BothTexts | None) -> None:
        super().__init__()
        self.texts = texts


class BeforeAfterScreen(SideBySide, VaultScreen[None]):
    """Shows both texts side by side, or one at a time where the terminal is narrow."""

    SAYS = "#steps"

    def __init__(self, workspace: Workspace, document_id: str, at: int = 0) -> None:
        """Show a report.

        Args:
            workspace: the practice.
            document_id: the report.
            at: the character of the text before that is looked for.
        """
        super().__init__()
        self._workspace = workspace
        self._document_id = document_id
        self._at = at

    def body(self) -> ComposeResult:
        """Lay out what is marked and both texts."""
        yield PlainStatic("One moment…", id="steps")
        with Horizontal(id="sides"):
            with VerticalScroll(id="before", classes="side", can_focus=False):
                yield PlainStatic(id="before-text")
            with VerticalScroll(id="after", classes="side -hidden", can_focus=False):
                yield PlainStatic(id="after-text")

    def on_mount(self) -> None:
        """Read the report in a thread."""
        title(self.query_one("#before"), "Before: as it was read")
        title(self.query_one("#after"), "After: what the model learns from")
        self.open_vault(self._workspace)
        self._vault.do(lambda connection: self.post_message(Opened(listing.both_texts(connection, self._document_id))))

    def resized(self) -> None:
        """Fill the top line."""
        self.heading(self._workspace.practice, "one report before and after")

    def on_opened(self, message: Opened) -> None:
        """Show both texts, with what was found and what took its place marked."""
        texts = message.texts
        if texts is None:
            self.query_one("#steps", PlainStatic).update("This report is no longer there; go back and look again.")
            return
        self.query_one("#steps", PlainStatic).update(in_words(texts))
        given = [Span(start, stop, "$warning reverse") for start, stop, let_go in texts.marks if not let_go]
        kept = [Span(start, stop, "underline") for start, stop, let_go in texts.marks if let_go]
        self.query_one("#before-text", PlainStatic).update(_marked(texts.before, [*given, *kept]))
        places = [match.span() for match in TAG.finditer(texts.after)]
        for value in texts.made_up:
            places += [match.span() for match in re.finditer(re.escape(value), texts.after)]
        self.query_one("#after-text", PlainStatic).update(
            _marked(texts.after, [Span(start, stop, "$success reverse") for start, stop in places])
        )
        self.call_after_refresh(self._go_there, self._at / max(1, len(texts.before)))

    def _go_there(self, share: float) -> None:
        for side in self.query(".side"):
            # A little above, so that the place stands with what comes before it.
            side.scroll_to(y=max(0, int(share * side.virtual_size.height) - 4), animate=False)

    def help_text(self) -> tuple[str, str]:
        """Explain the two texts."""
        return (
            "Before and after",
            "Before is the report as it was read; what was found is marked. After is what the examples are made from; "
            "what took an identifier's place is marked. This shows patients' words as they stand in the report.",
        )


def in_words(texts: BothTexts) -> str:
    """Say what is marked."""
    replaced = sum(not let_go for _, _, let_go in texts.marks)
    words = f"{sanitize_line(texts.title)}: " if texts.title else ""
    words += f"{counted(replaced, 'finding')} replaced"
    if given_back := len(texts.marks) - replaced:
        words += f", {given_back:,} given back (underlined)"
    late = " Decisions that you made just now show in After when you leave the review." if texts.waiting else ""
    beyond = max(len(texts.before), len(texts.after)) - LONGEST
    cut = f" The last {counted(beyond, 'character')} are not shown here." if beyond > 0 else ""
    return f"{words}.{late}{cut}"


def _marked(text: str, spans: list[Span]) -> Content:
    shown = sanitize(text[:LONGEST])
    if len(shown) != min(len(text), LONGEST):
        # Characters that a terminal would obey became longer; marks would stand beside their words.
        return Content(shown)
    return Content(shown, spans=[span for span in spans if span.end <= LONGEST])
