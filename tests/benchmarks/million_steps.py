"""Opening a run of a million logged steps: `python -m tests.benchmarks.million_steps [--json]`."""

import argparse
import json
import resource
import tempfile
import time
from pathlib import Path

from medtui.training import curves, runs

STEPS = 1_000_000
SECONDS, MEBIBYTES = 2.0, 50.0

_LINE = (
    '{{"v": 1, "t": 1795230576.363, "event": "step", "step": {step}, "total": {total}, "loss": {loss!r}, '
    '"learning_rate": 0.0029795419551040835, "grad_norm": 0.3285582959651947, "tokens_per_second": 7005.3, '
    '"memory_bytes": 557502464, "seconds_left": 1.2}}\n'
)


def write(folder: Path, steps: int) -> None:
    """Write the events of a long run whose worker was lost."""
    (folder / "recipe.toml").write_text("")
    with (folder / "events.jsonl").open("w") as stream:
        stream.write('{"v": 1, "t": 1795230000.0, "event": "start", "pid": 1}\n')
        for step in range(1, steps + 1):
            stream.write(_LINE.format(step=step, total=steps, loss=5.0 / (1 + step * 1e-4)))
            if step % 1000 == 0:
                stream.write(f'{{"v": 1, "t": 1.0, "event": "evaluation", "step": {step}, "loss": 1.5}}\n')


def measure(folder: Path) -> dict[str, float]:
    """Open the run as a screen does: its status and its curves.

    Returns:
        CPU and wall seconds, growth of resident memory in MiB, steps read.
    """
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    wall, processor = time.perf_counter(), time.process_time()
    run = runs.Run(folder)
    run.status()
    known = curves.read(folder)
    return {
        "wall_seconds": round(time.perf_counter() - wall, 3),
        "cpu_seconds": round(time.process_time() - processor, 3),
        "mebibytes": round((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024, 1),
        "steps": len(known.train.steps),
    }


def main() -> int:
    """Print the figures; 1 when a limit is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    as_json = parser.parse_args().json
    with tempfile.TemporaryDirectory() as name:
        write(Path(name), STEPS)
        found = measure(Path(name))
    print(json.dumps(found) if as_json else found)  # noqa: T201
    return int(found["cpu_seconds"] > SECONDS or found["mebibytes"] > MEBIBYTES or found["steps"] != STEPS)


if __name__ == "__main__":
    raise SystemExit(main())
