"""Builds examples from many notes: `python -m tests.benchmarks.examples_build [--notes N]... [--json]`.

The demo practice's reports are repeated with other numbers until there are enough notes, so that they are no copies of
one another; measured are sections, gate, copies, split and files together, and the memory's growth. Every size is
built by a process of its own; of several sizes the memory for each further note is told, too.
"""

import argparse
import json
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from medtui import assets, vault
from medtui.examples import dataset
from medtui.examples.build import build
from medtui.examples.figures import figures
from medtui.examples.settings import Settings
from medtui.examples.tokens import ChatTokenizer
from medtui.workspace import Workspace
from tests.examples.conftest import Deidentified


def notes(count: int) -> Iterator[Deidentified]:
    """Give notes of many patients; in each the numbers are exchanged, the same one everywhere in it."""
    lines = assets.path("demo_practice", "gold.jsonl").read_text().splitlines()
    texts = [record["text"] for record in map(json.loads, lines) if record["status"] == "readable"]
    draw = random.Random(0)
    for number in range(count):
        change: dict[str, str] = {}

        def exchange(match: re.Match[str], change: dict[str, str] = change) -> str:
            return change.setdefault(match[0], "".join(draw.choice("123456789") for _ in match[0]))

        text = re.sub(r"(?<![\w(])\d+(?![\w)])", exchange, texts[number % len(texts)])
        yield Deidentified(f"{number:016x}", f"patient-{number % (count // 3 + 1)}", text)


def measure(count: int) -> dict[str, Any]:
    """Build the dataset of `count` notes and measure it."""
    tokenizer = ChatTokenizer(assets.path("demo_model"))
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace.create(Path(folder) / "practice", "Benchmark")
        connection = vault.connect(workspace)
        chosen = Settings(max_length=4096)
        before = _memory("VmRSS")
        begun, worked = time.perf_counter(), time.process_time()
        build(connection, notes(count), count, tokenizer, chosen)
        result = figures(connection, chosen)
        dataset.write(connection, workspace.dataset, result)
        seconds, processor = time.perf_counter() - begun, time.process_time() - worked
        connection.close()
    grown = _memory("VmHWM") - before
    return {
        "notes": count,
        "seconds": round(seconds, 1),
        "processor_seconds": round(processor, 1),
        "grown_mib": round(grown / 1024, 1),
        **{key: result[key] for key in ("train", "validation", "test", "used", "excluded")},
    }


def _memory(name: str) -> int:
    """Give the memory that this process has, or the most it had, in KiB."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:"))


def measure_all(counts: list[int]) -> dict[str, Any]:
    """Measure several sizes, and what each note between the last two takes."""
    command = [sys.executable, "-m", "tests.benchmarks.examples_build", "--json", "--notes"]
    sizes = [json.loads(subprocess.run([*command, str(count)], check=True, stdout=subprocess.PIPE).stdout)
             for count in counts]  # fmt: skip
    smaller, larger = sizes[-2:]
    further = (larger["grown_mib"] - smaller["grown_mib"]) * 1024 * 1024 / (larger["notes"] - smaller["notes"])
    return {"sizes": sizes, "bytes_a_further_note": round(further)}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--notes", type=int, action="append", help="May be given several times, the smallest first.")
    parser.add_argument("--json", action="store_true")
    chosen_options = parser.parse_args()
    wanted = chosen_options.notes or [10_000]
    measured = measure(wanted[0]) if len(wanted) == 1 else measure_all(wanted)
    sys.stdout.write(json.dumps(measured, indent=None if chosen_options.json else 1) + "\n")
