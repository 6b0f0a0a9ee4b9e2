"""The formula stays with the dry run; the whole table is printed by the benchmark itself."""

import json
import subprocess
import sys

from medtui.model import memory


def test_formula_and_dry_run_agree_within_four_percent() -> None:
    chosen = ["--models", "qwen3-14b,phi-4-mini", "--beyond", "llama3.1-8b", "--no-counts"]
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.memory_formula", *chosen],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    table = json.loads(done.stdout)
    assert len(table["rows"]) == 10
    assert {row["method"] for row in table["rows"]} == set(memory.METHODS)
    assert table["largest_error"] <= 0.04
