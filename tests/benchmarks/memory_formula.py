"""Compares the memory formula with the dry run: `python -m tests.benchmarks.memory_formula [--models KEY,...]`.

Prints one JSON object: a row per model and shape with both peaks in GiB and the formula's error, and the largest error;
then the parameter counts of all shapes of the catalogue beside those of the model built on the meta device. Ends with 1
when an error exceeds its bound.
"""

import argparse
import json
import sys
import time
import warnings
from dataclasses import asdict
from typing import Any

from medtui.model import catalogue, memory
from medtui.model.architecture import architecture
from medtui.model.memory import GIB, Settings
from medtui.progress import silent

MODELS = (
    "llama3.2-1b,llama3.2-3b,llama3.1-8b,llama3.1-70b,mistral-7b-v0.3,mistral-nemo-12b,mistral-small-24b,ministral3-8b,"
    "qwen2.5-1.5b,qwen2.5-7b,qwen2.5-14b,qwen2.5-32b,qwen2.5-72b,qwen3-1.7b,qwen3-4b,qwen3-8b,qwen3-14b,qwen3-32b,"
    "gemma2-9b,gemma3-1b,gemma3-4b,gemma3-12b,gemma3-27b,gemma4-31b,phi-4,phi-4-mini,olmo2-7b,olmo3-32b,granite3.3-8b,"
    "granite4.1-3b,smollm3-3b,apertus-8b"
)
SHAPES = (Settings(sequence_length=512), Settings(sequence_length=2048), Settings(sequence_length=1024, batch=4))
# Where the formula's promise is kept too, on fewer models: other methods, no checkpointing, experts, linear attention.
BEYOND = (
    *(
        (key, Settings(method, 16, 2048))
        for key in ("llama3.1-8b", "gemma3-4b")
        for method in ("lora8", "lora", "full")
    ),
    *((key, Settings(sequence_length=2048, checkpointing=False)) for key in ("llama3.1-8b", "qwen3-8b", "gemma3-12b")),
    *((key, Settings(sequence_length=2048)) for key in ("qwen3-30b-a3b", "mixtral-8x7b", "gpt-oss-20b", "qwen3.5-9b")),
)
BOUND = 0.04
COUNT_BOUND = 0.005


def row(key: str, settings: Settings) -> dict[str, Any]:
    """Measure one model at one shape."""
    from medtui.model.dry_run import simulation

    entry = catalogue.architectures()[key]
    started = time.perf_counter()
    measured = sum(vars(simulation.simulate(entry["config"], settings, silent)).values())
    formula = memory.breakdown(architecture(entry["config"], entry["counts"]), settings).peak
    return {
        "model": key,
        **asdict(settings),
        "formula_gib": round(formula / GIB, 3),
        "dry_run_gib": round(measured / GIB, 3),
        "error": round(formula / measured - 1, 4),
        "seconds": round(time.perf_counter() - started, 1),
    }


def counts() -> list[dict[str, Any]]:
    """Count all shapes of the catalogue on the meta device."""
    from medtui.model.dry_run import counting

    rows = []
    for key, entry in catalogue.architectures().items():
        counted, stated = counting.count(entry["config"])["parameters"], entry["counts"]["parameters"]
        rows.append({"shape": key, "stated": stated, "built": counted, "error": round(stated / counted - 1, 5)})
    return rows


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description="The memory formula against the dry run.")
    parser.add_argument("--models", default=MODELS)
    beyond = ",".join(dict.fromkeys(key for key, _ in BEYOND))
    parser.add_argument("--beyond", default=beyond, help="Models of the rows beyond the promise.")
    parser.add_argument("--no-counts", action="store_true", help="Leave the parameter counts away.")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    rows = []
    cases = [(key, settings) for key in options.models.split(",") for settings in SHAPES]
    cases += [(key, settings) for key, settings in BEYOND if key in options.beyond.split(",")]
    for key, settings in cases:
        rows.append(row(key, settings))
        print(json.dumps(rows[-1]), file=sys.stderr, flush=True)  # noqa: T201
    counted = [] if options.no_counts else counts()
    worst = max(abs(entry["error"]) for entry in rows)
    miscounted = max((abs(entry["error"]) for entry in counted), default=0.0)
    table = {"bound": BOUND, "largest_error": worst, "rows": rows}
    print(json.dumps({**table, "count_bound": COUNT_BOUND, "largest_count_error": miscounted, "counts": counted}))  # noqa: T201
    return int(worst > BOUND or miscounted > COUNT_BOUND)


if __name__ == "__main__":
    sys.exit(main())
