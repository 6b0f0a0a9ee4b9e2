"""The chat page: two answers side by side, and the question beneath."""

from typing import Any, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.message import Message
from textual.widgets import TextArea

from medtui.chat.protocol import BASE, TUNED, Which
from medtui.text import sanitize
from medtui.ui.widgets.plain import PlainStatic, title


class QuestionArea(TextArea):
    """Takes a question of several lines; Enter asks, Shift+Enter or Ctrl+J begins a line."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+j", "newline", "New line", show=False)]

    class Submitted(Message):
        """Enter was pressed."""

    async def _on_key(self, event: events.Key) -> None:
        if event.key == "enter":
            event.stop()
            event.prevent_default()
            self.post_message(self.Submitted())
        elif event.key == "shift+enter":
            event.stop()
            event.prevent_default()
            self.action_newline()
        else:
            await super()._on_key(event)

    def action_newline(self) -> None:
        """Begin a new line."""
        self.insert("\n")


class ChatPage(Vertical):
    """Shows the answers of base and tuned model as they are written."""

    class Asked(Message):
        """A question was asked."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def __init__(self, suggestion: str, sampling: str) -> None:
        super().__init__(id="chat")
        self._suggestion = suggestion
        self._sampling = sampling

    def compose(self) -> ComposeResult:
        """Lay out two answers, the settings and the question."""
        yield PlainStatic("", id="asked")
        with Horizontal(id="answers"):
            for which in (BASE, TUNED):
                with VerticalScroll(id=which, classes="side"):
                    yield PlainStatic("", id=f"{which}-text")
        yield PlainStatic("Loading both models…", id="sampling")
        yield QuestionArea(sanitize(self._suggestion), id="question", soft_wrap=True, show_line_numbers=False)

    def on_mount(self) -> None:
        """Name the sides and put the cursor into the question."""
        title(self.query_one("#base"), "Base model")
        title(self.query_one("#tuned"), "Tuned model")
        area = self.query_one(QuestionArea)
        self.show_sampling(self._sampling)
        area.focus()

    def suggest(self, text: str) -> None:
        """Put a question into the field."""
        area = self.query_one(QuestionArea)
        area.text = sanitize(text)
        area.focus()

    def show_sampling(self, words: str) -> None:
        """Show how words are chosen."""
        title(self.query_one(QuestionArea), "Your question", f"Enter asks; {words}")

    def say(self, sentence: str) -> None:
        """Say something about the chat itself."""
        self.query_one("#sampling", PlainStatic).update(sanitize(sentence))

    def begin_answers(self) -> None:
        """Make room for new answers."""
        for which in (BASE, TUNED):
            self.query_one(f"#{which}-text", PlainStatic).update("")
            title(self.query_one(f"#{which}"), _NAMES[which], "waiting")
        self.say("Writing… Ctrl+S stops.")
        area = self.query_one(QuestionArea)
        asked = self.query_one("#asked", PlainStatic)
        asked.update("\n".join(line for line in sanitize(area.text).splitlines() if line.strip()))
        asked.add_class("-shown")
        area.text = ""

    def write(self, which: Which, text: str) -> None:
        """Show an answer as far as it has come."""
        self.query_one(f"#{which}-text", PlainStatic).update(sanitize(text))
        side = self.query_one(f"#{which}", VerticalScroll)
        title(side, _NAMES[which], "writing")
        side.scroll_end(animate=False)

    def end(self, which: Which, event: dict[str, Any]) -> None:
        """Close an answer with its figures."""
        words = str(event.get("error") or f"{event.get('tokens', 0)} tokens in {event.get('seconds', 0):.1f} s")
        title(self.query_one(f"#{which}"), _NAMES[which], ("stopped, " if event.get("stopped") else "") + words)

    def ready(self) -> None:
        """Let the next question come."""
        self.say("Enter on an empty line goes on. Ctrl+N: another one.")
        self.query_one(QuestionArea).focus()

    def on_question_area_submitted(self, event: QuestionArea.Submitted) -> None:
        """Ask."""
        event.stop()
        self.post_message(self.Asked(self.query_one(QuestionArea).text))


_NAMES = {BASE: "Base model", TUNED: "Tuned model"}
