"""The training worker: `python -m medtui.training.worker RUN [--probe]`."""

import signal
import sys
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

        with turn.taken(turn.place(run, recipe.gpu), stop, tell) as came:
            if not came:
                emit("end", status="stopped", reason="Stopped while waiting; it can go on.")
                return
            emit("phase", phase="start", message="Starting the training program")
            with ranks.others(run, recipe.processes):
                _train(run, emit, stop, only_probe=only_probe)


def _train(run: Path, emit: Emit, stop: StopRequest, *, only_probe: bool) -> None:
    # Torch takes seconds to import; neither the lock nor the line must wait for it.
    from medtui.training import session

    session.train(run, emit, stop, only_probe=only_probe)


if __name__ == "__main__":
    if ranks.is_follower():
        ranks.die_with_parent()
        _train(Path(sys.argv[1]), process.silent_emit, StopRequest(), only_probe=False)
    else:
        main(Path(sys.argv[1]), only_probe="--probe" in sys.argv[2:])
