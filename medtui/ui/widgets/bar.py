"""A line that shows how far work is, in blocks and in words."""

import time

from textual.content import Content

from medtui.ui.widgets.plain import PlainStatic

# Before this many seconds a remaining time would be a guess.
_SURE_AFTER = 3.0


class ProgressLine(PlainStatic):
    """A bar with share, count and time left; without a total it only says that work goes on."""

    DEFAULT_CSS = """
    ProgressLine { height: 2; margin: 1 0; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._begun = time.monotonic()
        self._first: int | None = None

    def show(self, done: int, total: int) -> None:
        """Draw the bar."""
        if total <= 0:
            self.update(Content.styled("working…", "$muted"))
            return
        self._first = done if self._first is None else self._first
        width = max(10, min(60, (self.size.width or 50) - 2))
        filled = round(width * min(done, total) / total)
        bar = Content.assemble(("█" * filled, "$primary"), ("░" * (width - filled), "$foreground 30%"))
        words = f"{100 * min(done, total) // total} %   {done:,} of {total:,}{self._left(done, total)}"
        self.update(Content("\n").join([bar, Content.styled(words, "$muted")]))

    def _left(self, done: int, total: int) -> str:
        elapsed = time.monotonic() - self._begun
        gained = done - (self._first or 0)
        if elapsed < _SURE_AFTER or gained <= 0 or done >= total:
            return ""
        return f"   about {duration(elapsed / gained * (total - done))} left"


def duration(seconds: float) -> str:
    """Give a time in the two largest units that matter."""
    whole = max(0, round(seconds))
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02d} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02d} min"
