"""How a task is asked: one or several wordings, which can be written anew."""

from typing import Any, ClassVar

from textual._path import CSSPathType
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets.option_list import Option

from medtui.errors import Refusal
from medtui.examples.settings import settings, uses_demo_model
from medtui.examples.tasks import BY_NAME, usual_wordings
from medtui.text import sanitize_line
from medtui.ui.screens.frame import Frame
from medtui.ui.widgets.chooser import Chooser
from medtui.ui.widgets.plain import PlainInput, PlainOptionList, PlainStatic
from medtui.workspace import Workspace


class WordingsScreen(Frame):
    """Lists the wordings of one task; the one that is marked can be changed, a new one added."""

    CSS_PATH: ClassVar[CSSPathType | None] = ["frame.tcss", "examples.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("x,delete", "remove", "Remove", key_display="x", tooltip="Remove the marked wording"),
    ]

    def __init__(self, workspace: Workspace, task: str) -> None:
        super().__init__()
        self._workspace = workspace
        self._asked = task
        self._wordings: list[str] = []
        self._changing: int | None = None

    def body(self) -> ComposeResult:
        """Lay out list and field."""
        with Vertical(classes="closer"):
            yield PlainStatic(f"How is “{BY_NAME[self._asked].title}” asked?", classes="title")
            yield PlainStatic(
                "Several wordings teach the model to understand the request however it is put. Each report gets one "
                "of them, always the same.",
                classes="muted",
            )
            yield Chooser("Change", id="wordings")
            yield PlainInput(id="typed", max_length=400)
            yield PlainStatic(classes="note muted")

    def on_mount(self) -> None:
        """Show the wordings."""
        self.query_one(PlainInput).display = False
        try:
            self._wordings = list(settings(self._workspace).instructions[self._asked])
        except Refusal as refusal:
            self.query_one(".note", PlainStatic).update(str(refusal))
            self._wordings = self._usual()
        self._show(0)

    def _usual(self) -> list[str]:
        return usual_wordings(self._asked, demo=uses_demo_model(self._workspace))

    def resized(self) -> None:
        """Fill the top line."""
        self.heading(self._workspace.practice, "wordings")

    def _show(self, marked: int) -> None:
        options = [Option(f" {sanitize_line(text)}") for text in self._wordings]
        wordings = self.query_one(PlainOptionList)
        wordings.replace([*options, Option(" + another wording")], marked)
        wordings.focus()

    def on_option_list_option_selected(self, event: PlainOptionList.OptionSelected) -> None:
        """Let the marked wording be changed."""
        event.stop()
        self._changing = event.option_index
        field = self.query_one(PlainInput)
        field.display = True
        field.value = self._wordings[self._changing] if self._changing < len(self._wordings) else ""
        field.focus()
        self.query_one(".note", PlainStatic).update("Enter keeps it, Esc leaves it as it was.")

    def on_input_submitted(self, event: PlainInput.Submitted) -> None:
        """Keep what was typed."""
        event.stop()
        text = " ".join(event.value.split())
        if self._changing is None:
            return
        if text:
            self._wordings[self._changing : self._changing + 1] = [text]
            self._save()
        self._close(self._changing)

    def _close(self, marked: int) -> None:
        self._changing = None
        self.query_one(PlainInput).display = False
        self._show(min(marked, len(self._wordings)))

    def action_remove(self) -> None:
        """Remove the marked wording; without any the usual one is used."""
        marked = self.query_one(PlainOptionList).highlighted
        if marked is None or marked >= len(self._wordings) or self._changing is not None:
            return
        del self._wordings[marked]
        self._save()
        self._wordings = self._wordings or self._usual()
        self._show(0)

    def _save(self) -> None:
        kept: dict[str, Any] = dict(self._workspace.answers("examples").get("instructions", {}))
        kept.pop(self._asked, None)
        if self._wordings and self._wordings != self._usual():
            kept[self._asked] = list(self._wordings)
        try:
            self._workspace.save_answer("examples", "instructions", kept)
            self.query_one(".note", PlainStatic).update("Kept.")
        except Refusal as refusal:
            self.query_one(".note", PlainStatic).update(str(refusal))

    def action_back(self) -> None:
        """Leave the field, then the screen."""
        if self._changing is not None:
            self._close(self._changing)
        else:
            self.dismiss()

    def help_text(self) -> tuple[str, str]:
        """Explain wordings."""
        return ("Wordings", "The request that stands before each report's text. Write it as you would ask a colleague.")
