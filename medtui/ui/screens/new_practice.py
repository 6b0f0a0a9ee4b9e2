"""A new practice: its name, and the folder that follows from it."""

import re
import unicodedata
from pathlib import Path
from typing import ClassVar

from textual._path import CSSPathType
from textual.app import ComposeResult
from textual.containers import Vertical

from medtui.errors import Refusal
from medtui.text import sanitize_line
from medtui.ui.screens.frame import Frame
from medtui.ui.widgets.plain import PlainInput, PlainStatic
from medtui.wizard.units import place
from medtui.workspace import Workspace, default_root


def folder_for(name: str, root: Path) -> Path:
    """Give a folder for a practice's name: plain letters, not yet taken.

    Args:
        name: as typed.
        root: where practices lie.
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:48] or "practice"
    number = 1
    while (root / (stem if number == 1 else f"{stem}-{number}")).exists():
        number += 1
    return root / (stem if number == 1 else f"{stem}-{number}")


class NewPracticeScreen(Frame):
    """Asks for a name and creates the workspace."""

    CSS_PATH: ClassVar[CSSPathType | None] = ["frame.tcss", "new_practice.tcss"]

    def body(self) -> ComposeResult:
        """Lay out the question."""
        with Vertical(id="new-practice"):
            yield PlainStatic("What is the practice called?", classes="title")
            yield PlainStatic(
                "The name is only for you, to tell practices apart on this machine. "
                "Everything that belongs to it is kept in one folder that only you can read.",
                classes="why",
            )
            yield PlainInput("My practice", id="name", max_length=80)
            yield PlainStatic(id="folder")
            yield PlainStatic(id="problem")

    def on_mount(self) -> None:
        """Put the cursor into the field."""
        self.query_one("#name", PlainInput).focus()

    def resized(self) -> None:
        """Fill the top line."""
        self.heading("A new practice")

    def on_input_changed(self, event: PlainInput.Changed) -> None:
        """Show the folder that follows from the name."""
        event.stop()
        path = folder_for(event.value, default_root())
        self.query_one("#folder", PlainStatic).update(f"Its folder: {place(str(path))}")

    def on_input_submitted(self, event: PlainInput.Submitted) -> None:
        """Create the practice and open it."""
        event.stop()
        from medtui.ui.opening import open_workspace

        name = sanitize_line(event.value).strip() or "My practice"
        try:
            workspace = Workspace.create(folder_for(name, default_root()), name)
        except Refusal as refusal:
            self.query_one("#problem", PlainStatic).update(str(refusal))
            return
        open_workspace(self.app, workspace.path, replace=True)
