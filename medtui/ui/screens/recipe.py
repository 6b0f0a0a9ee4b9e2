"""Every setting of a training run: what it is now, what it means, what it changes, and where its default comes from."""

from pathlib import Path
from typing import Any, ClassVar

from textual._path import CSSPathType
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets.option_list import Option

from medtui.errors import Refusal
from medtui.text import sanitize_line
from medtui.training import defaults
from medtui.training import recipe as recipes
from medtui.training.estimate import Estimate, estimate
from medtui.training.fields import FIELDS, Field
from medtui.ui.screens.frame import Frame
from medtui.ui.widgets.plain import PlainInput, PlainOptionList, PlainStatic
from medtui.wizard.training import cost
from medtui.workspace import Workspace

# What other steps settle.
_ELSEWHERE = {"model": "the model step", "dataset": "the examples step", "gpu": "the machine step"}
_TITLES = {
    "model": "The model and the machine",
    "data": "The examples",
    "adapter": "What is added to the model (the adapter)",
    "optimisation": "How it learns",
    "checks": "What is checked and saved",
}
_COLUMN = 24


class RecipeScreen(Frame):
    """Lists the settings; Enter changes one, `d` gives it its default back."""

    CSS_PATH: ClassVar[CSSPathType | None] = ["frame.tcss", "recipe.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "change", "Change", tooltip="Change the setting under the cursor"),
        Binding("d", "default", "Default", tooltip="Give this setting its default back"),
    ]

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self.workspace = workspace
        # In the order of the recipe file: a section's settings stand together there.
        self.fields = [field for section in _TITLES for field in FIELDS if field.section == section]
        self.recipe = defaults.resolve_recipe(workspace)
        self.before: Estimate = estimate(workspace, self.recipe)
        self.now = self.before

    def body(self) -> ComposeResult:
        """Lay out the list, the explanation, the field for a new value, and what the run takes."""
        yield PlainOptionList(id="settings")
        yield PlainStatic(id="about")
        yield PlainInput(id="value")
        yield PlainStatic(id="cost")

    def on_mount(self) -> None:
        """Fill the list."""
        self._list(0)
        self.query_one("#settings", PlainOptionList).focus()

    def resized(self) -> None:
        """Fill the top line."""
        self.heading(self.workspace.practice, "all settings of the training")

    def _list(self, chosen: int) -> None:
        answers = self.workspace.answers("training")
        rows, section = [], ""
        for index, field in enumerate(self.fields):
            parts = [Content.styled(f"{_TITLES[field.section]}\n", "bold $primary")] if field.section != section else []
            section = field.section
            mark = "* " if field.key in answers else "  "
            value = sanitize_line(written(getattr(self.recipe, field.key), _COLUMN)) or "-"
            parts.append(Content.assemble(mark, (value.ljust(_COLUMN), "bold"), "  ", field.title.partition(" (")[0]))
            rows.append(Option(Content("").join(parts), id=str(index)))
        self.query_one("#settings", PlainOptionList).replace(rows, chosen)
        self.query_one("#cost", PlainStatic).update(in_words(self.before, self.now))

    @property
    def _field(self) -> Field:
        return self.fields[self.query_one("#settings", PlainOptionList).highlighted or 0]

    def on_option_list_option_highlighted(self, event: PlainOptionList.OptionHighlighted) -> None:
        """Explain the setting under the cursor."""
        event.stop()
        self._explain(self.fields[event.option_index])

    def _explain(self, field: Field, problem: str = "") -> None:
        text = [
            Content.styled(field.title, "bold"),
            Content(f"{field.effect} {possible(field)}"),
            Content.styled(f"In the recipe: {field.key} in [{field.section}]. Default from: {field.source}.", "$muted"),
        ]
        if field.key in _ELSEWHERE:
            text.append(Content.styled(f"This is settled in {_ELSEWHERE[field.key]}.", "$muted"))
        else:
            turns = "turns it" if field.kind is bool else "changes it"
            text.append(Content.styled(f"Enter {turns}, d gives it its default back.", "$muted"))
        if problem:
            text.append(Content.assemble(("! ", "bold $text-warning"), (sanitize_line(problem), "$text-warning")))
        self.query_one("#about", PlainStatic).update(Content("\n").join(text))

    def on_option_list_option_selected(self, event: PlainOptionList.OptionSelected) -> None:
        """Open the field for a new value."""
        event.stop()
        self.action_change()

    def action_change(self) -> None:
        """Open the field for a new value; a switch is turned at once."""
        field = self._field
        if field.key in _ELSEWHERE:
            self._explain(field)
            return
        if field.kind is bool:
            self._take(field, "false" if getattr(self.recipe, field.key) else "true")
            return
        entry = self.query_one("#value", PlainInput)
        entry.value = written(getattr(self.recipe, field.key))
        entry.add_class("-shown")
        entry.focus()

    def on_input_submitted(self, event: PlainInput.Submitted) -> None:
        """Take the typed value when it is possible."""
        event.stop()
        self._take(self._field, event.value)

    def _take(self, field: Field, text: str) -> None:
        try:
            value = recipes.read_value(text, field)
            self.recipe = defaults.resolve_recipe(self.workspace, **{field.key: value})
        except Refusal as refusal:
            self._explain(field, str(refusal))
            return
        self.workspace.save_answer("training", field.key, value)
        self._changed()

    def action_default(self) -> None:
        """Give the setting under the cursor its default back."""
        self.workspace.forget_answer("training", self._field.key)
        self.recipe = defaults.resolve_recipe(self.workspace)
        self._changed()

    def _changed(self) -> None:
        self.now = estimate(self.workspace, self.recipe)
        self._close_entry()
        self._list(self.query_one("#settings", PlainOptionList).highlighted or 0)

    def _close_entry(self) -> None:
        self.query_one("#value", PlainInput).remove_class("-shown")
        self.query_one("#settings", PlainOptionList).focus()

    def action_back(self) -> None:
        """Close the field for a new value, or leave."""
        if self.query_one("#value", PlainInput).has_class("-shown"):
            self._close_entry()
            self._explain(self._field)
        else:
            self.dismiss()

    def help_text(self) -> tuple[str, str]:
        """Explain the page."""
        return "All settings", (
            "Every setting of the training with its value. Those marked with * were changed by hand and no longer "
            "follow from the questions; d gives one its default back. Nothing here is needed for a good model."
        )


def written(value: Any, width: int = 0) -> str:
    """Write a value as the recipe file does; a folder by its name where room is short."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:g}"
    text = str(value)
    if width and len(text) > width:
        text = Path(text).name[:width] if "/" in text else f"{text[: width - 1]}…"
    return text


def possible(field: Field) -> str:
    """Say which values are possible."""
    if field.choices:
        return f"Possible: {', '.join(field.choices)}."
    if field.kind is bool:
        return "Possible: true, false."
    return f"From {field.minimum:g} to {field.maximum:g}." if field.minimum is not None else ""


def in_words(before: Estimate, now: Estimate) -> str:
    """Say what the run takes, and what it took before the changes made here."""
    figures, earlier = (dict(cost({"peak_bytes": one.peak_bytes, "seconds": one.seconds})) for one in (now, before))
    if not figures:
        return "Memory and time are measured by a trial before the long run; nothing is known of them yet."
    words = [
        f"{name} {value}" + (f" (before: {earlier[name]})" if earlier.get(name, value) != value else "")
        for name, value in figures.items()
    ]
    return f"This run, {now.source}: {'; '.join(words)}."
