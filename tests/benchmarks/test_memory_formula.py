"""The formula stays with the dry run; the whole table is printed by the benchmark itself."""

import json
import subprocess
import sys


def test_formula_and_dry_run_agree_within_four_percent() -> None:
    models = "llama3.2-1b,gemma3-4b,qwen3-14b"
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.memory_formula", "--models", models, "--only-models"],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    table = json.loads(done.stdout)
    assert len(table["rows"]) == 9
    assert table["largest_error"] <= 0.04
