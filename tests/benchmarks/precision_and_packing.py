"""NF4 against float32, and packing against padding: `python -m tests.benchmarks.precision_and_packing [--json]`.

Each pair trains the same model on the same examples; the first must end within 10 % of each other's validation loss,
of the second the ratio of tokens a second is printed.
"""

import argparse
import json
import statistics
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from medtui.training import runs
from medtui.workspace import Workspace
from tests.training import tiny

MOST_APART = 0.10


def train(root: Path, name: str, model: str, dataset: Path | None, answers: dict[str, Any]) -> dict[str, float]:
    """Train once and give the best validation loss and the median of answer and prompt tokens a second."""
    workspace = Workspace.create(root / name, name)
    if dataset is None:
        tiny.write_examples(workspace.dataset, train=200, validation=24)
    else:
        for split in ("train", "validation"):
            (workspace.dataset / f"{split}.jsonl").write_bytes((dataset / f"{split}.jsonl").read_bytes())
    workspace.save_answer("model", "model", model)
    for key, value in answers.items():
        workspace.save_answer("training", key, value)
    run = runs.start(workspace)
    result = runs.follow(run)
    paces = [event["tokens_per_second"] for event in run.job.events()[0] if event["event"] == "step"]
    return {"loss": result["validation_loss_best"], "tokens_per_second": statistics.median(paces)}


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures; 1 when NF4 and float32 end too far apart."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", default="demo")
    parser.add_argument("--dataset", type=Path, help="folder with train.jsonl and validation.jsonl")
    parser.add_argument("--steps", type=int, default=120)
    parser.add_argument("--max-length", type=int, default=384)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    common = {"steps": options.steps, "max_length": options.max_length}
    with tempfile.TemporaryDirectory() as name:
        found = {
            kind: train(Path(name), kind, options.model, options.dataset, {**common, **changes})
            for kind, changes in (
                ("nf4", {"method": "qlora"}),
                ("float32", {"method": "lora", "precision": "float32"}),
                ("packed", {"packing": True, "batch": 1}),
            )
        }
    apart = abs(found["nf4"]["loss"] - found["float32"]["loss"]) / found["float32"]["loss"]
    ratio = found["packed"]["tokens_per_second"] / found["nf4"]["tokens_per_second"]
    figures = {**found, "nf4_float32_apart": round(apart, 4), "packing_speed_ratio": round(ratio, 3)}
    print(json.dumps(figures) if options.json else figures)  # noqa: T201
    return int(apart > MOST_APART)


if __name__ == "__main__":
    sys.exit(main())
