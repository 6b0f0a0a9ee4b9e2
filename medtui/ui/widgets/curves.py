"""The loss curves. Only this module imports textual-plot, and numpy with it."""

from dataclasses import dataclass

import numpy as np
from textual.app import ComposeResult
from textual.containers import Container
from textual_plot import HiResMode, PlotWidget

from medtui.training.curves import Curves, Series

# Share of the newest bucket in the smoothed line.
_SMOOTHING = 0.35


@dataclass(frozen=True)
class Points:
    """One line as it is drawn."""

    x: "np.ndarray"
    y: "np.ndarray"


@dataclass(frozen=True)
class Drawing:
    """Everything that is drawn: at most two points a column of each line, however long the run."""

    train: Points
    smooth: Points
    validation: Points


def drawing(curves: Curves, columns: int) -> Drawing:
    """Reduce a run's curves to what a plot of some width can show; costs milliseconds for a million steps.

    Args:
        curves: as read from the run.
        columns: width of the plot in cells.
    """
    x, y = _arrays(curves.train)
    return Drawing(_extremes(x, y, columns), _smoothed(x, y, columns), _extremes(*_arrays(curves.validation), columns))


def _arrays(series: Series) -> tuple["np.ndarray", "np.ndarray"]:
    # Copies: a view would forbid the arrays to grow.
    x, y = np.array(series.steps, dtype=np.float64), np.array(series.values, dtype=np.float64)
    finite = np.isfinite(y)
    return x[finite], y[finite]


def _buckets(count: int, columns: int) -> "np.ndarray":
    return np.unique(np.linspace(0, count, max(1, columns) + 1).astype(np.int64)[:-1])


def _extremes(x: "np.ndarray", y: "np.ndarray", columns: int) -> Points:
    """Keep the lowest and the highest point of each column, in the order of their steps."""
    if len(x) <= 2 * columns:
        return Points(x, y)
    kept: list[int] = []
    starts = _buckets(len(x), columns)
    for start, end in zip(starts, [*starts[1:], len(x)], strict=True):
        low, high = start + int(np.argmin(y[start:end])), start + int(np.argmax(y[start:end]))
        kept += sorted({low, high})
    index = np.array(kept)
    return Points(x[index], y[index])


def _smoothed(x: "np.ndarray", y: "np.ndarray", columns: int) -> Points:
    """Average each column, then let each value carry on the ones before (exponential moving average)."""
    if len(x) < 3:
        return Points(x[:0], y[:0])
    starts = _buckets(len(x), min(columns, max(2, len(x) // 2)))
    counts: np.ndarray = np.diff(np.append(starts, len(x)))
    means, steps = np.add.reduceat(y, starts) / counts, np.add.reduceat(x, starts) / counts
    smooth = np.empty_like(means)
    smooth[0] = means[0]
    for index in range(1, len(means)):
        smooth[index] = _SMOOTHING * means[index] + (1 - _SMOOTHING) * smooth[index - 1]
    return Points(steps, smooth)


class LossPlot(Container):
    """Draws the curves: each step dim, their course solid, validation in another colour with a mark at every point."""

    DEFAULT_CSS = """
    LossPlot {
        height: 1fr; min-height: 7;
        & PlotWidget { height: 1fr; & > .plot--axis { color: $border-blurred; } & > .plot--tick { color: $muted; } }
        & PlotWidget > .plot--label { color: $muted; text-style: none; }
        & PlotWidget:focus > .plot--axis { color: $border-blurred; }
    }
    """

    def compose(self) -> ComposeResult:
        """Lay out the plot; panning and zooming are off, so that no key does something unexpected."""
        plot = PlotWidget(allow_pan_and_zoom=False)
        plot.can_focus = False
        yield plot

    def on_mount(self) -> None:
        """Leave little room around the plot."""
        plot = self.query_one(PlotWidget)
        plot.margin_top, plot.margin_bottom, plot.margin_left = 1, 2, 7

    @property
    def columns(self) -> int:
        """Columns inside the axes."""
        return max(20, self.size.width - 9)

    def draw(self, lines: Drawing, total: int) -> None:
        """Draw the curves.

        Args:
            lines: reduced for this width.
            total: steps in all, so that the plot fills from the left; 0 when unknown.
        """
        plot, colours = self.query_one(PlotWidget), self.app.theme_variables
        with self.app.batch_update():
            plot.clear()
            plot.set_xlimits(0, max(total, 1) if total else None)
            if len(lines.train.x):
                plot.plot(lines.train.x, lines.train.y, colours["faint"], HiResMode.BRAILLE)
            if len(lines.smooth.x):
                plot.plot(lines.smooth.x, lines.smooth.y, f"bold {colours['primary']}", HiResMode.BRAILLE)
            if len(lines.validation.x):
                style = f"bold {colours['accent']}"
                plot.plot(lines.validation.x, lines.validation.y, style, HiResMode.BRAILLE)
                plot.scatter(lines.validation.x, lines.validation.y, "●", style)
