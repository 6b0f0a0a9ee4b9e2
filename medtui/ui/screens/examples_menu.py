"""A closer look at the examples: what was made, what was left out and why, and what can be changed."""

from contextlib import closing
from typing import Any, ClassVar

from textual._path import CSSPathType
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.screen import Screen
from textual.widgets.option_list import Option

from medtui import vault
from medtui.examples import store
from medtui.examples.drafting import store as drafts
from medtui.examples.split import SPLITS
from medtui.examples.tasks import title
from medtui.ui.screens.examples_browse import BrowseScreen, Chosen
from medtui.ui.screens.examples_drafts import DraftsScreen
from medtui.ui.screens.examples_lengths import LengthsScreen
from medtui.ui.screens.examples_settings import SettingsScreen
from medtui.ui.screens.frame import Frame
from medtui.ui.widgets.chooser import Chooser
from medtui.ui.widgets.plain import PlainOptionList, PlainStatic
from medtui.wizard.examples import SHORT_REASONS
from medtui.workspace import Workspace


class Counted(Message):
    """What there is to look at."""

    def __init__(self, used: dict[str, int], reasons: dict[str, int], dropped: int, drafted: dict[str, Any]) -> None:
        super().__init__()
        self.used = used
        self.reasons = reasons
        self.dropped = dropped
        self.drafted = drafted


class ExamplesMenu(Frame):
    """Lists what can be looked at, each with its count."""

    CSS_PATH: ClassVar[CSSPathType | None] = ["frame.tcss", "examples.tcss"]

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self._workspace = workspace
        self._chosen: dict[str, Chosen] = {}

    def body(self) -> ComposeResult:
        """Lay out the list."""
        with Vertical(classes="closer"):
            yield PlainStatic("What do you want to look at?", classes="title")
            yield Chooser("Open", id="things")

    def on_mount(self) -> None:
        """Count."""
        self.query_one(PlainOptionList).focus()
        self.run_worker(self._count, thread=True, group="vault", exclusive=True)

    def on_screen_resume(self) -> None:
        """Count anew after something was changed."""
        self.run_worker(self._count, thread=True, group="vault", exclusive=True)

    def resized(self) -> None:
        """Fill the top line."""
        self.heading(self._workspace.practice, "closer look at the examples")

    def _count(self) -> None:
        with closing(vault.connect(self._workspace)) as connection:
            used, reasons, dropped = store.counts(connection)
            self.post_message(Counted(used, reasons, dropped, drafts.figures(connection)))

    def on_counted(self, message: Counted) -> None:
        """Show the list."""
        options = [self._group("Examples that are used")]
        for task, count in message.used.items():
            options.append(self._thing(f"task-{task}", count, title(task), Chosen(title(task), task=task)))
        if message.dropped:
            words = "Examples that lost unsupported sentences"
            options.append(self._thing("dropped", message.dropped, words, Chosen(words, dropped=True)))
        options.append(self._group("Left out, and why"))
        for reason, count in sorted(message.reasons.items(), key=lambda item: -item[1]):
            words = SHORT_REASONS.get(reason, reason)
            options.append(self._thing(f"reason-{reason}", count, words, Chosen(words, reason=reason)))
        if not message.reasons:
            options.append(Option("   nothing", disabled=True))
        waiting = message.drafted["waiting"]
        options += [
            self._group("More"),
            Option("   What the model learns from an example, token by token", id="learns"),
            Option("   How long the examples are, and what other lengths would leave out", id="lengths"),
            Option(f"   Questions drafted by the model ({waiting:,} wait for you)", id="drafts"),
            Option("   Tasks, wordings and other settings", id="settings"),
        ]
        things = self.query_one(PlainOptionList)
        marked = things.highlighted
        things.replace(options, marked if marked is not None else 1)

    def _group(self, words: str) -> Option:
        return Option(Content.styled(words, "bold $primary"), disabled=True)

    def _thing(self, identifier: str, count: int, words: str, chosen: Chosen) -> Option:
        self._chosen[identifier] = chosen
        return Option(Content.assemble((f"{count:7,}  ", "bold"), words), id=identifier)

    def on_option_list_option_selected(self, event: PlainOptionList.OptionSelected) -> None:
        """Open what was chosen."""
        event.stop()
        identifier = str(event.option.id)
        if identifier in self._chosen:
            self.app.push_screen(BrowseScreen(self._workspace, self._chosen[identifier]))
            return
        trained = Chosen("What the model learns", split=SPLITS[0], tokens=True)
        screens: dict[str, Screen[Any]] = {
            "learns": BrowseScreen(self._workspace, trained),
            "lengths": LengthsScreen(self._workspace),
            "drafts": DraftsScreen(self._workspace),
            "settings": SettingsScreen(self._workspace),
        }
        self.app.push_screen(screens[identifier])

    def help_text(self) -> tuple[str, str]:
        """Explain the list."""
        return (
            "A closer look",
            "Everything that was found in your reports is either an example or left out for one of these reasons. Open "
            "a line to see the examples one by one. All texts here are de-identified.",
        )
