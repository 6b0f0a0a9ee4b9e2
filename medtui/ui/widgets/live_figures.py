"""What a graphics card does right now, drawn anew with every look at it."""

from contextlib import suppress

from textual.app import ComposeResult
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from medtui.machine.live import Monitor, Sample
from medtui.text import sanitize_line
from medtui.ui.widgets.pages import OutcomePage
from medtui.ui.widgets.plain import PlainStatic, title
from medtui.wizard.machine import live_figures, live_warning
from medtui.wizard.question import Outcome

_BAR = 12


class GpuSeen(Message):
    """A look at a card; only the latest counts."""

    def __init__(self, uuid: str, sample: Sample) -> None:
        super().__init__()
        self.uuid = uuid
        self.sample = sample

    def can_replace(self, message: Message) -> bool:
        """Let a newer look take the place of one that still waits."""
        return isinstance(message, GpuSeen)


class LiveFigures(PlainStatic):
    """Watches one card in a thread of its own, which only posts messages; hidden while there is no card to watch."""

    SCOPED_CSS = False
    DEFAULT_CSS = """
    LiveFigures {
        height: auto; min-height: 4; margin-top: 1; padding: 0 1; border: round $border-blurred;
        border-title-color: $muted;
    }
    Screen.-narrow LiveFigures { min-height: 2; margin-top: 0; border: none; }
    """

    def __init__(self, uuid: str = "", name: str = "") -> None:
        super().__init__("Asking the card…")
        self.display = bool(uuid)
        self._uuid = ""
        self._first = (uuid, name)
        self._monitor: Monitor | None = None

    def on_mount(self) -> None:
        """Begin to watch, unless another card was asked for already."""
        if not self._uuid:
            self.watch_gpu(*self._first)

    def on_unmount(self) -> None:
        """Watch no longer."""
        self._stop()

    def watch_gpu(self, uuid: str, name: str) -> None:
        """Watch another card.

        Args:
            uuid: of the card or slice, "" for none.
            name: as it is called on the screen.
        """
        self.display = bool(uuid)
        if uuid == self._uuid:
            return
        self._stop()
        self._uuid = uuid
        if uuid:
            title(self, f"Right now on {sanitize_line(name)}")
            self.update("Asking the card…")
            self._monitor = Monitor(uuid, receive=lambda sample: _post(self, GpuSeen(uuid, sample))).start()

    def _stop(self) -> None:
        if self._monitor is not None:
            self._monitor.close()
            self._monitor = None

    def on_gpu_seen(self, message: GpuSeen) -> None:
        """Draw the figures, unless they are of a card that is watched no more."""
        message.stop()
        if message.uuid == self._uuid:
            self.update(in_words(message.sample, wide=self.app.size.width >= 120))


def _post(widget: Widget, message: Message) -> None:
    # The screen may have closed between the look and this.
    with suppress(RuntimeError):
        widget.post_message(message)


def in_words(sample: Sample, *, wide: bool) -> Content:
    """Set a look at a card as text: one figure a line with its bar, or two lines on a small terminal."""
    figures, warning = live_figures(sample), live_warning(sample)
    lines = []
    if wide:
        for name, value, share in figures:
            filled = 0 if share is None else round(_BAR * min(1.0, share))
            bar = ("█" * filled, "$primary"), ("░" * (_BAR - filled) if share is not None else "", "$foreground 30%")
            lines.append(Content.assemble((f"{name:<13}", "$muted"), (f"{value:<20}", "bold"), *bar))
    elif figures:
        pairs = [Content.assemble((f"{name} ", "$muted"), (value, "bold")) for name, value, _ in figures]
        pairs[0] = Content.assemble(("Now  ", "$primary"), pairs[0])
        lines = [Content("   ").join(pairs[place : place + 2]) for place in range(0, len(pairs), 2)]
    if warning:
        lines.append(Content.assemble(("! ", "bold $text-warning"), (sanitize_line(warning), "$text-warning")))
    return Content("\n").join(lines or [Content("This card says nothing about its load.")])


class MachineOutcomePage(OutcomePage):
    """What the machine has, with what its chosen card does right now."""

    def __init__(self, outcome: Outcome, actions: tuple[tuple[str, str], ...], uuid: str, name: str) -> None:
        super().__init__(outcome, actions)
        self._gpu = (uuid, name)

    def further(self) -> ComposeResult:
        """Watch the card that was chosen."""
        yield LiveFigures(*self._gpu)
