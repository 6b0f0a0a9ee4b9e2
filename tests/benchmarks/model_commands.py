"""What the model commands cost: `python -m tests.benchmarks.model_commands [--repeats 7] [--without-dry-run]`.

Prints one JSON object: list and plan as processes minus the bare interpreter, and the dry run of an 8B and a 70B model.
Times are in seconds; of several repeats the quickest counts, because others may use the machine meanwhile. Ends with 1
when a limit is passed.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from medtui.model import catalogue, rehearsal
from medtui.model.memory import Settings
from medtui.process import offline_environment

COMMANDS = {
    "model list": ("-m", "medtui", "model", "list", "--vram", "24", "--json"),
    "model plan": ("-m", "medtui", "model", "plan", "Qwen/Qwen3-8B", "--vram", "24", "--json"),
}
COMMAND_SECONDS = 0.5
# Catalogue shape, longest time in seconds.
DRY_RUNS = {"llama3.1-8b": 40.0, "llama3.1-70b": 60.0}
DRY_RUN_GIB = 3.0


def timed(arguments: tuple[str, ...]) -> dict[str, float]:
    """Run Python as a process of its own; gives wall and CPU seconds, and the most main memory it held in GiB."""
    environment = {**os.environ, **offline_environment(), "OMP_NUM_THREADS": "1"}
    begun = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(arguments)} ended with {process.returncode}")
    return {
        "wall": round(time.perf_counter() - begun, 3),
        "cpu": round(usage.ru_utime + usage.ru_stime, 3),
        "peak_gib": round(usage.ru_maxrss / 2**20, 3),
    }


def quickest(arguments: tuple[str, ...], repeats: int) -> dict[str, float]:
    """Take the quickest of some runs, wall and CPU each."""
    found = [timed(arguments) for _ in range(repeats)]
    return {name: min(run[name] for run in found) for name in ("wall", "cpu")}


def commands(repeats: int) -> dict[str, Any]:
    """Time the commands that take no worker."""
    bare = quickest(("-c", "pass"), repeats)
    rows = {}
    for name, arguments in COMMANDS.items():
        whole = quickest(arguments, repeats)
        rows[name] = {**{f"beyond_{kind}": round(whole[kind] - bare[kind], 3) for kind in whole}, "whole": whole}
    return {"interpreter": bare, "limit": COMMAND_SECONDS, "commands": rows}


def dry_run(key: str) -> dict[str, Any]:
    """Time the worker of a dry run at the default settings, its imports included."""
    with tempfile.TemporaryDirectory() as name:
        request = {"config": catalogue.architectures()[key]["config"], "settings": asdict(Settings())}
        (Path(name) / "request.json").write_text(json.dumps(request))
        cost = timed(("-m", rehearsal.MODULE, name))
    return {"model": key, **cost, "limit": DRY_RUNS[key]}


def main() -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(description="What the model commands cost.")
    parser.add_argument("--repeats", type=int, default=7)
    parser.add_argument("--without-dry-run", action="store_true")
    options = parser.parse_args()
    found = commands(options.repeats)
    passed = all(row["beyond_wall"] < COMMAND_SECONDS for row in found["commands"].values())
    if not options.without_dry_run:
        found["dry_runs"] = [dry_run(key) for key in DRY_RUNS]
        found["dry_run_limit_gib"] = DRY_RUN_GIB
        passed &= all(row["wall"] < row["limit"] and row["peak_gib"] < DRY_RUN_GIB for row in found["dry_runs"])
    print(json.dumps({**found, "passed": passed}, indent=1))  # noqa: T201
    return int(not passed)


if __name__ == "__main__":
    sys.exit(main())
