"""A page with one question: why it is asked, the answers, and what each of them means."""

from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.containers import Container, Vertical
from textual.content import Content
from textual.widgets.option_list import Option as ListOption

from medtui.text import sanitize_line
from medtui.ui.messages import Answered, Considered
from medtui.ui.widgets.consequence import ConsequencePanel
from medtui.ui.widgets.plain import PlainInput, PlainOptionList, PlainStatic
from medtui.wizard.question import Consequence, Option, Question


class QuestionPage(Container):
    """Asks one question; Enter accepts the default."""

    # More answers than this are listed one a line, so that a small terminal shows enough of them.
    FEW: ClassVar[int] = 3
    SCOPED_CSS = False
    DEFAULT_CSS = """
    QuestionPage {
        layout: vertical; height: 1fr;
        & .ask { height: 1fr; padding: 1 1 0 2; }
        & .title { text-style: bold; color: $primary; margin-bottom: 1; }
        & .why { color: $muted; margin-bottom: 1; }
        & .problem { color: $text-error; display: none; }
        & .problem.-shown { display: block; }
        & #answers {
            height: auto; max-height: 1fr; border: none; padding: 0; background: transparent;
            &:focus { border: none; background-tint: transparent 0%; }
            & > .option-list--option { padding: 0 1; }
        }
        & .typed { color: $muted; margin-top: 1; }
        & #typed {
            height: 1; border: none; padding: 0 1; background: $panel;
            &:focus { border: none; background: $block-cursor-background; background-tint: transparent 0%; }
        }
    }
    Screen.-wide QuestionPage { layout: horizontal; & .ask { width: 1fr; padding: 1 3; } }
    Screen.-narrow QuestionPage ConsequencePanel { margin: 0 1; }
    """

    def __init__(self, question: Question, value: Any) -> None:
        super().__init__()
        self.question = question
        self._value = value

    def compose(self) -> ComposeResult:
        """Lay out title, reason, answers and consequence."""
        question = self.question
        with Vertical(classes="ask"):
            yield PlainStatic(question.title, classes="title")
            yield PlainStatic(question.why, classes="why")
            if question.options:
                yield PlainOptionList(*[self._list_option(option) for option in question.options], id="answers")
            if question.typed:
                known = question.option(self._value) is not None
                yield PlainStatic(question.typed, classes="typed")
                text = self._value if isinstance(self._value, str) and not known else ""
                yield PlainInput(text, placeholder=question.example, id="typed")
            yield PlainStatic(classes="problem")
        yield ConsequencePanel()

    def _list_option(self, option: Option) -> ListOption:
        label, detail = sanitize_line(option.label), sanitize_line(option.detail)
        name_style, detail_style = ("$muted", "$muted") if option.refusal else ("bold", "$muted")
        if len(self.question.options) > self.FEW:
            width = min(28, max(len(each.label) for each in self.question.options))
            label, separator = label[:width].ljust(width), "  "
        else:
            separator = "\n"
        parts = [Content.styled(label, name_style)]
        if detail:
            parts.append(Content.styled(detail, detail_style))
        return ListOption(Content(separator).join(parts))

    def on_mount(self) -> None:
        """Put the cursor on the answer that Enter accepts."""
        self.query_one(ConsequencePanel).show(Consequence())
        chosen = next((i for i, option in enumerate(self.question.options) if option.value == self._value), None)
        if chosen is not None:
            answers = self.query_one("#answers", PlainOptionList)
            answers.highlighted = chosen
            answers.focus()
        elif self.question.typed:
            self.query_one("#typed", PlainInput).focus()

    def refuse(self, sentence: str) -> None:
        """Say beside the answers why one of them cannot be accepted."""
        problem = self.query_one(".problem", PlainStatic)
        problem.update(Content.assemble(("! ", "bold"), sanitize_line(sentence)))
        problem.add_class("-shown")

    def show_consequence(self, consequence: Consequence) -> None:
        """Show what the answer under the cursor means."""
        self.query_one(ConsequencePanel).show(consequence)

    def on_option_list_option_highlighted(self, event: PlainOptionList.OptionHighlighted) -> None:
        """Show the consequence of the answer under the cursor."""
        event.stop()
        option = self.question.options[event.option_index]
        self.query_one(".problem", PlainStatic).remove_class("-shown")
        self.show_consequence(option.consequence)
        self.post_message(Considered(option))

    def on_option_list_option_selected(self, event: PlainOptionList.OptionSelected) -> None:
        """Take the chosen answer."""
        event.stop()
        option = self.question.options[event.option_index]
        if option.refusal:
            self.refuse(option.refusal)
        else:
            self.post_message(Answered(option.value))

    def on_input_changed(self, event: PlainInput.Changed) -> None:
        """Let the step tell what the typed answer means."""
        event.stop()
        self.query_one(".problem", PlainStatic).remove_class("-shown")
        if event.value:
            self.post_message(Considered(None, event.value))

    def on_input_submitted(self, event: PlainInput.Submitted) -> None:
        """Take the typed answer."""
        event.stop()
        self.post_message(Answered(event.value.strip()))
