"""The training worker: `python -m medtui.training.worker RUN [--probe]`."""

import contextlib
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from medtui import process
from medtui.process import Emit
from medtui.training import ranks, turn
from medtui.training import recipe as recipes


class StopRequest:
    """Turns SIGTERM into a request to checkpoint and stop."""

    def __init__(self) -> None:
        self.asked = False
        signal.signal(signal.SIGTERM, self._ask)

    def _ask(self, _number: int, _frame: FrameType | None) -> None:
        self.asked = True

    def __call__(self) -> bool:
        """Tell whether stopping was asked for."""
        return self.asked


def main(run: Path, *, only_probe: bool) -> None:
    """Do the run in this folder when its turn has come; the lock is held before the slow imports begin."""
    stop = StopRequest()
    with process.worker(run) as emit:
        recipe = recipes.load(run / "recipe.toml")

        def tell(ahead: int) -> None:
            emit("phase", phase="wait", message=f"Waiting: {ahead} other training ahead on this device")

        with contextlib.ExitStack() as turns:
            lines = turn.places(run, recipe.gpu)
            if not all(turns.enter_context(turn.taken(line, stop, tell)) for line in lines):
                emit("end", status="stopped", reason="Stopped while waiting; it can go on.")
                return
            emit("phase", phase="start", message="Starting the training program")
            others = ranks.Followers(run, recipe.processes, lambda code: _lost(run, emit, code))
            try:
                _train(run, emit, stop, others.end, only_probe=only_probe)
            finally:
                others.end()


def _train(run: Path, emit: Emit, stop: StopRequest, alone: Callable[[], None], *, only_probe: bool) -> None:
    # Torch takes seconds to import; neither the lock nor the line must wait for it.
    from medtui.training import session

    session.train(run, emit, stop, alone, only_probe=only_probe)


def _lost(run: Path, emit: Emit, code: int) -> None:
    from medtui.training import session

    session.follower_lost(run, emit, code)


def _follow(run: Path, *, only_probe: bool) -> None:
    """Be one of the other processes of a run."""
    ranks.die_with_parent()
    _train(run, process.silent_emit, StopRequest(), lambda: None, only_probe=only_probe)


if __name__ == "__main__":
    (_follow if ranks.is_follower() else main)(Path(sys.argv[1]), only_probe="--probe" in sys.argv[2:])
