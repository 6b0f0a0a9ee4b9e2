"""The training worker: `python -m medtui.training.worker RUN`."""

import sys
from pathlib import Path

from medtui import process


def main(run: Path) -> None:
    """Train the run in this folder; the lock is held before the slow imports begin."""
    with process.worker(run) as emit:
        emit("phase", phase="start", message="Starting the training program")
        # Torch takes seconds to import; the lock must not wait for it.
        from medtui.training import session

        session.train(run, emit)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
