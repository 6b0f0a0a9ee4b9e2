"""The first screen: which practice, a new one, or the demo."""

from pathlib import Path
from typing import ClassVar

from textual._path import CSSPathType
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets.option_list import Option

from medtui.errors import Refusal
from medtui.text import sanitize_line
from medtui.ui.screens.frame import Frame
from medtui.ui.widgets.plain import PlainOptionList, PlainStatic
from medtui.wizard.journey import NAMES
from medtui.workspace import DONE, NEEDS_ANOTHER_LOOK, STEPS, Workspace, practices

_WELCOME = (
    "medtui tunes a language model on your own de-identified reports, on this machine alone. Nothing is sent anywhere. "
    "Nine steps, one question at a time; Enter accepts what is suggested."
)


class PracticesScreen(Frame):
    """Lists the practices on this machine, most recently used first."""

    CSS_PATH: ClassVar[CSSPathType | None] = ["frame.tcss", "practices.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "new", "New practice"),
        Binding("d", "demo", "Demo"),
        Binding("escape", "app.leave", "Quit"),
    ]

    def body(self) -> ComposeResult:
        """Lay out welcome and list."""
        with VerticalScroll(id="practices", can_focus=False):
            yield PlainStatic("Welcome", classes="title")
            yield PlainStatic(_WELCOME, classes="welcome")
            yield PlainOptionList(id="list")

    def on_mount(self) -> None:
        """Fill the list."""
        self.action_reload()

    def on_screen_resume(self) -> None:
        """Show what has changed while a practice was open."""
        self.action_reload()

    def resized(self) -> None:
        """Fill the top line."""
        self.heading("Practices on this machine")

    def action_reload(self) -> None:
        """Read the practices anew."""
        known = sorted(practices(), key=_last_used, reverse=True)
        options = [Option(_line(workspace), id=f"open-{index}") for index, workspace in enumerate(known)]
        demo = Option(
            _entry("Demo", "Walk through everything with a fictional practice; about four minutes"), id="demo"
        )
        new = Option(_entry("New practice", "Start with your own reports"), id="new")
        self._known = known
        listing = self.query_one("#list", PlainOptionList)
        listing.replace([*options, new, demo] if known else [demo, new])
        listing.focus()

    def on_option_list_option_selected(self, event: PlainOptionList.OptionSelected) -> None:
        """Open what was chosen."""
        event.stop()
        chosen = str(event.option.id)
        if chosen == "demo":
            self.action_demo()
        elif chosen == "new":
            self.action_new()
        else:
            self._open(self._known[int(chosen.removeprefix("open-"))].path)

    def _open(self, path: Path) -> None:
        from medtui.ui.opening import open_workspace

        open_workspace(self.app, path)

    def action_demo(self) -> None:
        """Open the demo practice, creating it when it is not there."""
        from medtui.journey.demo import default_folder, demo_workspace

        try:
            self._open(demo_workspace(default_folder()).path)
        except Refusal as refusal:
            self.notify(str(refusal), severity="error", markup=False)

    def action_new(self) -> None:
        """Ask for a new practice's name."""
        from medtui.ui.screens.new_practice import NewPracticeScreen

        self.app.push_screen(NewPracticeScreen())

    def help_text(self) -> tuple[str, str]:
        """Explain the list."""
        return (
            "Practices",
            "Each practice has a folder of its own on this machine, readable by you alone. Choose one to go on where "
            "you left off, start a new one, or walk through the demo first: its reports and patients are invented.",
        )


def _last_used(workspace: Workspace) -> float:
    files = (workspace.path / "workspace.toml", workspace.path / "state.json", workspace.audit_path)
    return max((file.stat().st_mtime for file in files if file.exists()), default=0.0)


def _entry(name: str, detail: str) -> Content:
    return Content("\n").join([Content.styled(name, "bold"), Content.styled(detail, "$muted")])


def _line(workspace: Workspace) -> Content:
    try:
        name, states = workspace.practice, [workspace.state(step) for step in STEPS]
    except Refusal as refusal:
        return _entry(sanitize_line(workspace.path.name), sanitize_line(str(refusal)))
    following = next((NAMES[step] for step, state in zip(STEPS, states, strict=True) if state != DONE), None)
    detail = f"{states.count(DONE)} of 9 steps done" + (f"; next: {following}" if following else "; finished")
    if NEEDS_ANOTHER_LOOK in states:
        detail += "; some steps need another look"
    return _entry(sanitize_line(name), detail)
