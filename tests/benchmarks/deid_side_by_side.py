"""Our detector and stock Presidio in one run: `python -m tests.benchmarks.deid_side_by_side [GOLD.jsonl ...]`.

Both run on the engine without a model; stock Presidio has its recognizers for India switched on. Processor time of one
process, second pass over the texts. Without arguments the demo practice's gold is used.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil

from medtui import assets
from medtui.deid.recognizers import Analyzer
from medtui.deid.score import Score
from medtui.deid.spans import THRESHOLD

_INDIA = ("Aadhaar", "Pan", "Passport", "VehicleRegistration", "Voter", "Gstin")
Ranges = list[tuple[int, int]]


def stock() -> Callable[[str], Ranges]:
    """Give stock Presidio as a function; imported late, because by itself it loads PyTorch."""
    from presidio_analyzer import AnalyzerEngine, RecognizerRegistry, predefined_recognizers
    from presidio_analyzer.nlp_engine import NoOpNlpEngine

    nlp = NoOpNlpEngine(models=[{"lang_code": "en", "model_name": "no_op"}])
    registry = RecognizerRegistry(supported_languages=["en"])
    registry.load_predefined_recognizers(languages=["en"], nlp_engine=nlp)
    for name in _INDIA:
        registry.add_recognizer(getattr(predefined_recognizers, f"In{name}Recognizer")())
    engine = AnalyzerEngine(registry=registry, nlp_engine=nlp)
    return lambda text: [(found.start, found.end) for found in engine.analyze(text, "en")]


def ours() -> Callable[[str], Ranges]:
    """Give our detector, through Presidio's engine, as a function."""
    find = Analyzer().find
    return lambda text: [(span.start, span.end) for span in find(text) if span.score >= THRESHOLD]


def measure(name: str, find: Callable[[str], Ranges], entries: list[dict[str, object]]) -> None:
    """Print one line of figures."""
    score = Score()
    for entry in entries:
        find(str(entry["text"]))
    seconds = 0.0
    for entry in entries:
        text = str(entry["text"])
        begun = time.process_time()
        found = find(text)
        seconds += time.process_time() - begun
        score.add(text, entry["spans"], found)  # type: ignore[arg-type]
    figures = score.to_dict(seconds)
    memory = psutil.Process().memory_full_info().uss / 2**20
    print(  # noqa: T201 - a benchmark prints
        f"{name:8} {figures['megabytes_per_minute']:7} MB/min  recall {figures['character_recall']:.4f}  precision "
        f"{figures['character_precision']:.4f}  negatives {figures['negatives_hit']}/{figures['negatives']}  "
        f"{memory:.0f} MiB unique so far"
    )


def main() -> None:
    """Measure ours first, so that its memory is not the sum of both."""
    files = [Path(name) for name in sys.argv[1:]] or [assets.path("demo_practice", "gold.jsonl")]
    entries = [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]
    measure("ours", ours(), entries)
    measure("stock", stock(), entries)


if __name__ == "__main__":
    main()
