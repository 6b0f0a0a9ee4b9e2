"""Which tasks are made, how they are worded, and the choices that few people need."""

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
from medtui.examples.preview import Preview, preview
from medtui.examples.settings import Settings, settings
from medtui.examples.tasks import BY_NAME
from medtui.text import sanitize
from medtui.ui.screens.examples_wordings import WordingsScreen
from medtui.ui.screens.frame import Frame
from medtui.ui.widgets.chooser import Chooser
from medtui.ui.widgets.plain import PlainOptionList, PlainStatic, title
from medtui.wizard import examples_settings as words
from medtui.workspace import Workspace


class Seen(Message):
    """What the reports would give."""

    def __init__(self, seen: Preview) -> None:
        super().__init__()
        self.seen = seen


class SettingsScreen(Frame):
    """Every choice beyond the questions, each with its consequence."""

    CSS_PATH: ClassVar[CSSPathType | None] = ["frame.tcss", "examples.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("w", "wordings", "Wordings", tooltip="Write how this task is asked"),
        Binding("pagedown,space", "scroll_text(8)", "Scroll", show=False),
        Binding("pageup", "scroll_text(-8)", "Scroll", show=False),
    ]

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self._workspace = workspace
        self._seen: Preview | None = None

    def body(self) -> ComposeResult:
        """Lay out list and explanation."""
        with Vertical(classes="closer"):
            yield PlainStatic("Settings of the examples", classes="title")
            with Horizontal(classes="sides"):
                yield Chooser("Change", id="settings", classes="half")
                with VerticalScroll(id="meaning", classes="side", can_focus=False):
                    yield PlainStatic(classes="text")
            yield PlainStatic("What you change takes effect when you go back: the examples are made anew.",
                              classes="note muted")  # fmt: skip

    def on_mount(self) -> None:
        """Show the choices, and count in a thread what they mean."""
        title(self.query_one("#meaning"), "What this means")
        self._show(1)
        self.query_one(PlainOptionList).focus()
        self.run_worker(self._look, thread=True, group="vault", exclusive=True)

    def resized(self) -> None:
        """Fill the top line."""
        self.heading(self._workspace.practice, "settings of the examples")

    def _look(self) -> None:
        with closing(vault.connect(self._workspace)) as connection:
            self.post_message(Seen(preview(connection)))

    def on_seen(self, message: Seen) -> None:
        """Show counts and samples."""
        self._seen = message.seen
        self._show(self.query_one(PlainOptionList).highlighted or 1)

    def _settings(self) -> Settings | None:
        try:
            return settings(self._workspace)
        except Refusal as refusal:
            self.query_one(".note", PlainStatic).update(str(refusal))
            return None

    def _show(self, marked: int) -> None:
        chosen = self._settings()
        if chosen is None:
            return
        options = [Option(Content.styled("Tasks", "bold $primary"), disabled=True)]
        for name, task in BY_NAME.items():
            count = self._seen.tasks[name] if self._seen else 0
            mark = "✓" if name in chosen.tasks else " "
            options.append(
                Option(Content.assemble((f" {mark} ", "bold"), (f"{count:5,} ", "bold"), task.title), id=name)
            )
        options.append(Option(Content.styled("Other settings", "bold $primary"), disabled=True))
        options += [
            Option(Content.assemble(f"   {setting.name}: ", (setting.label(chosen), "bold")), id=setting.key)
            for setting in words.SETTINGS
        ]
        self.query_one(PlainOptionList).replace(options, marked)

    def on_option_list_option_highlighted(self, event: PlainOptionList.OptionHighlighted) -> None:
        """Explain what is marked."""
        event.stop()
        self._explain(str(event.option.id))
        self.refresh_bindings()

    def _explain(self, identifier: str) -> None:
        chosen = self._settings()
        if chosen is None:
            return
        known = identifier in BY_NAME
        text = self._sample(identifier, chosen) if known else Content(words.BY_KEY[identifier].meaning)
        frame = self.query_one("#meaning")
        frame.query_one(PlainStatic).update(text)
        frame.scroll_home(animate=False)

    def _sample(self, name: str, chosen: Settings) -> Content:
        count = self._seen.tasks[name] if self._seen else 0
        found = f"{count:,} in your reports; some may be left out." if self._seen else "Counting…"
        wordings = chosen.instructions[name]
        parts: list[Content | tuple[str, str] | str] = [
            (f"{BY_NAME[name].title}\n", "bold"), f"{found}\n\n", ("Asked with the words\n", "$muted"),
            "\n".join(map(sanitize, wordings)),
        ]  # fmt: skip
        if self._seen and name in self._seen.samples:
            source, answer = self._seen.samples[name]
            parts += ["\n\n", ("A sample: given\n", "$muted"), sanitize(source), "\n\n", ("to be answered\n", "$muted"),
                      sanitize(answer)]  # fmt: skip
        return Content.assemble(*parts)

    def on_option_list_option_selected(self, event: PlainOptionList.OptionSelected) -> None:
        """Change what was chosen."""
        event.stop()
        chosen, identifier = self._settings(), str(event.option.id)
        if chosen is None:
            return
        if identifier in BY_NAME:
            kept = chosen.tasks ^ {identifier}
            if not kept:
                self.query_one(".note", PlainStatic).update("At least one task must stay.")
                return
            self._save("tasks", [name for name in BY_NAME if name in kept])
        else:
            setting = words.BY_KEY[identifier]
            self._save(setting.key, setting.next(chosen))
        self._show(event.option_index)

    def _save(self, key: str, value: Any) -> None:
        try:
            self._workspace.save_answer("examples", key, value)
        except Refusal as refusal:
            self.query_one(".note", PlainStatic).update(str(refusal))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer wordings only on a task."""
        return action != "wordings" or self._marked() in BY_NAME

    def _marked(self) -> str:
        found = self.query(PlainOptionList)
        option = found.first().highlighted_option if found else None
        return str(option.id) if option is not None else ""

    def action_wordings(self) -> None:
        """Write how the marked task is asked."""
        marked = self.query_one(PlainOptionList).highlighted
        self.app.push_screen(WordingsScreen(self._workspace, self._marked()), lambda _: self._show(marked or 1))

    def action_scroll_text(self, lines: int) -> None:
        """Scroll the explanation."""
        self.query_one("#meaning").scroll_relative(y=lines, animate=False)

    def help_text(self) -> tuple[str, str]:
        """Explain the settings."""
        return (
            "Settings of the examples",
            "A task is a kind of example: what is given, and what shall be answered. Enter switches a task on or off, "
            "w shows the words with which it is asked and lets you write your own. The choices below rarely need a "
            "change.",
        )
