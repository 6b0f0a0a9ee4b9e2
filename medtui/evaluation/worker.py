"""Measures base and tuned model on the held-out examples: `python -m medtui.evaluation.worker FOLDER`."""

import json
import math
import sys
from pathlib import Path
from typing import Any

from medtui.errors import Refusal
from medtui.evaluation import heldout
from medtui.evaluation.losses import losses
from medtui.evaluation.request import Request
from medtui.evaluation.verdict import Item, figures
from medtui.process import Emit, progress_of, worker
from medtui.training.loading import load_tuned
from medtui.workspace import write_atomic


def evaluate(folder: Path, emit: Emit) -> dict[str, Any]:
    """Do the evaluation that `request.json` of this folder describes; leave `report.json` there.

    Returns:
        The figures.

    Raises:
        Refusal: model, adapter or examples cannot be used, or a loss is no number.
    """
    request = Request.load(folder)
    progress = progress_of(emit)
    emit("phase", phase="load", message="Loading the base model with the adapter")
    progress(0, 0, "Loading the base model with the adapter")
    examples = heldout.read(request)
    encoded = [tokens for tokens, _ in examples]
    model, _ = load_tuned(request.model, request.adapter, request.quantization)
    total = 2 * len(encoded)
    emit("phase", phase="measure", message="Measuring on the held-out examples")
    tuned = losses(model, encoded, lambda done: progress(done, total, "Measuring the tuned model"))
    with model.disable_adapter():
        base = losses(model, encoded, lambda done: progress(len(encoded) + done, total, "Measuring the base model"))
    items = [
        Item(meta["document_id"], meta["task"], len(tokens.trained), before, after)
        for (tokens, meta), before, after in zip(examples, base, tuned, strict=True)
    ]
    if not all(math.isfinite(item.base) and math.isfinite(item.tuned) for item in items):
        raise Refusal("A loss is not a number; the model's weights or the adapter are damaged. Train again.")
    result = figures(items)
    report = {"version": 1, "request": request.to_dict(), **result, "per_item": [item.to_dict() for item in items]}
    write_atomic(folder / "report.json", json.dumps(report, indent=1))
    return result


def main() -> None:
    """Run as the worker of the job in the folder given as the first argument."""
    folder = Path(sys.argv[1])
    with worker(folder) as emit:
        emit("end", status="finished", result=evaluate(folder, emit))


if __name__ == "__main__":
    main()
