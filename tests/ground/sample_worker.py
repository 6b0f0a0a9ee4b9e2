"""A worker for the tests of jobs: does what its second argument says."""

import os
import signal
import sys
from pathlib import Path

from medtui.errors import Refusal
from medtui.process import progress_of, worker


def main(folder: Path, behaviour: str) -> None:
    with worker(folder) as emit:
        if behaviour == "refuse":
            raise Refusal("The sample refuses; choose another.")
        if behaviour == "crash":
            raise ValueError("quotes Mrs. Patient")
        if behaviour == "wait":
            signal.signal(signal.SIGTERM, lambda *_: None)
            emit("waiting", session=os.getsid(0), process=os.getpid())
            signal.pause()
            emit("end", status="stopped", reason="Stopped as asked.")
            return
        report = progress_of(emit, seconds=0)
        for done in range(1, 4):
            report(done, 3, "Counting")
        emit("end", status="finished", result={"figure": 42})


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
