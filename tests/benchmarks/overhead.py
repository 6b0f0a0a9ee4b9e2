"""What supervision costs: medtui's worker against bare TRL, pairs alternating.

`python -m tests.benchmarks.overhead [--pairs 7] [--steps 60] [--json]`; both train the demo model with equal settings.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from medtui.process import offline_environment
from medtui.training import defaults, runs
from medtui.training import recipe as recipes
from medtui.workspace import Workspace
from tests.training import tiny

MOST = 1.02


def timed(module: str, *arguments: str) -> tuple[float, float]:
    """Run a module as a process of its own.

    Returns:
        Wall and CPU seconds.
    """
    begun = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, **offline_environment()},
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{module} ended with {process.returncode}")
    return time.perf_counter() - begun, usage.ru_utime + usage.ru_stime


def measure(pairs: int, steps: int) -> dict[str, object]:
    """Time both, in turns, and give the medians of the ratios."""
    wall, processor = [], []
    with tempfile.TemporaryDirectory() as name:
        workspace = Workspace.create(Path(name) / "workspace", "Overhead")
        tiny.write_examples(workspace.dataset, train=200, validation=24)
        workspace.save_answer("model", "model", "demo")
        workspace.save_answer("training", "max_length", 384)
        workspace.save_answer("training", "steps", steps)
        workspace.save_answer("training", "evaluate_every", max(1, steps // 5))
        recipe = defaults.resolve_recipe(workspace)
        for number in range(pairs):
            folder = workspace.runs / f"pair-{number}"
            folder.mkdir()
            recipes.save(recipe, folder / "recipe.toml")
            order = [
                ("medtui.training.worker", str(folder)),
                ("tests.benchmarks.bare_trl", str(folder), name + "/bare"),
            ]
            seconds = {call[0]: timed(*call) for call in (order if number % 2 else order[::-1])}
            ours, bare = (seconds[call[0]] for call in order)
            wall.append(ours[0] / bare[0])
            processor.append(ours[1] / bare[1])
    return {
        "pairs": pairs,
        "steps": steps,
        "wall_ratio": round(statistics.median(wall), 4),
        "cpu_ratio": round(statistics.median(processor), 4),
        "wall_ratios": [round(ratio, 3) for ratio in wall],
        "cpu_ratios": [round(ratio, 3) for ratio in processor],
        "worker": runs.WORKER,
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the ratios; 1 when the median wall ratio is over the limit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=7)
    parser.add_argument("--steps", type=int, default=60)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    found = measure(options.pairs, options.steps)
    print(json.dumps(found) if options.json else found)  # noqa: T201
    return int(float(str(found["wall_ratio"])) > MOST)


if __name__ == "__main__":
    sys.exit(main())
