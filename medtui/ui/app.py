"""The guided screen: `medtui` without a command."""

import os
import signal
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import ClassVar

from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.filter import LineFilter
from textual.screen import Screen

from medtui.errors import Refusal
from medtui.ui import crash, theme
from medtui.ui.line_filter import TerminalFilter, ascii_only
from medtui.ui.screens.frame import Frame
from medtui.ui.screens.practices import PracticesScreen

# Textual's own bindings that are keys, not actions that one looks for by name.
_NOT_OFFERED = {"command_palette", "app.focus_next", "app.focus_previous", "screen.copy_text", "help_quit"}


class MedtuiApp(App[None]):
    """Holds the screens and what all of them share."""

    TITLE = "medtui"
    ALLOW_SELECT = False
    COMMAND_PALETTE_DISPLAY = "^p"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "leave", "Quit", tooltip="Close the screen; work that is going on goes on", priority=True),
        Binding("ctrl+c", "leave", "Quit", show=False, system=True),
    ]

    def __init__(self, workspace: Path | None = None) -> None:
        super().__init__()
        self._workspace = workspace
        self._guard = TerminalFilter(ascii_only=ascii_only())
        for own in (theme.DARK, theme.LIGHT, theme.SIXTEEN):
            self.register_theme(own)
        self.theme = (theme.SIXTEEN if self.console.color_system == "standard" else theme.DARK).name
        self.animation_level = "none"

    def on_mount(self) -> None:
        """Begin with the list of practices, and open on top of it the one that was asked for."""
        self.push_screen(PracticesScreen())
        if self._workspace is not None:
            from medtui.ui.opening import open_workspace

            open_workspace(self, self._workspace)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Give our own colours to themes that do not define them."""
        return theme.DEFAULTS

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Put our guard before Textual's own colour filters, which fail on segments without a style."""
        return [self._guard, *super().get_line_filters()]

    def action_leave(self) -> None:
        """Close the screen; detached work goes on."""
        self.exit()

    def action_explain(self) -> None:
        """Open the help page of the present screen."""
        from medtui.ui.screens.explain import Explain

        screen = self.screen
        if isinstance(screen, Frame):
            bindings = [active.binding for active in screen.active_bindings.values() if active.node is screen]
            keys = tuple(
                (_written_out(self.get_key_display(key)), key.tooltip or key.description)
                for key in bindings
                if key.show and key.key not in {"escape", "f1"}
            )
            self.push_screen(Explain(*screen.help_text(), tuple(key for key in keys if key[0] not in {"?", "f1"})))

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Offer every action that works now, by its name."""
        seen: set[str] = set()
        for active in screen.active_bindings.values():
            action, description = active.binding.action, active.binding.description
            if not active.enabled or not description or action in seen or action in _NOT_OFFERED:
                continue
            if active.node is screen or active.node is self:
                seen.add(action)

                async def act(action: str = action) -> None:
                    await screen.run_action(action)

                yield SystemCommand(description, active.binding.tooltip or description, act)
        if isinstance(screen, Frame):
            yield from screen.commands()
        yield SystemCommand("Colours", "Choose light or dark colours", self.action_change_theme)

    def copy_to_clipboard(self, text: str) -> None:
        """Copy nothing: a terminal's clipboard is outside this machine, and the text may be a patient's."""
        self.notify("Copying is switched off: the clipboard lies outside this machine.", markup=False)

    def open_url(self, url: str, *, new_tab: bool = True) -> None:
        """Open nothing: a link may come from a report."""
        self.notify("Links are never opened from here.", markup=False)

    def _set_pointer_shape(self, shape: str) -> None:
        """Leave the pointer alone: Textual would use an OSC sequence, and this program writes none at all."""

    def _fatal_error(self) -> None:
        """Say what failed without the values that Textual's own crash screen would show."""
        if self._exception is not None:
            self._exit_renderables.append(crash.in_words(self._exception))
        self._close_messages_no_wait()

    def _handle_exception(self, error: Exception) -> None:
        self._return_code = 1
        if self._exception is None:
            self._exception = error
            self._exception_event.set()
        self._fatal_error()


def _written_out(key: str) -> str:
    return f"Ctrl+{key[1:].upper()}" if key.startswith("^") else key


def open_app(workspace: Path | None = None) -> None:
    """Open the guided screen.

    Args:
        workspace: a practice to go on with at once; otherwise the list of practices is shown.

    Raises:
        Refusal: the terminal cannot show it.
        SystemExit: the screen failed; where and how was printed.
    """
    if os.environ.get("TERM", "") in {"dumb", ""}:
        raise Refusal("This terminal cannot show a screen; use `medtui run --workspace DIR --yes` instead.")
    # A screen without its terminal would spin; whoever started it may have had hang-ups ignored (nohup).
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    app = MedtuiApp(workspace)
    app.run()
    if app.return_code:
        raise SystemExit(app.return_code)
