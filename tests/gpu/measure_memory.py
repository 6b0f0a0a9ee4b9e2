"""Measures on a CUDA GPU what the memory plan predicts: `python tests/gpu/measure_memory.py [--sizes 1b,8b]`.

Builds models of real shapes with random weights (no network), trains three steps through the product's own training
code in a fresh process per case, and prints predicted against measured peaks as JSON. This process itself never touches
the GPU. Without a GPU it says so and measures nothing, except with --check, which walks through the same code with a
tiny model on the processor.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from medtui import assets
from medtui.model import catalogue, fit, memory
from medtui.model.architecture import architecture
from medtui.model.memory import GIB, Settings

SHAPES = {"1b": "llama3.2-1b", "3b": "llama3.2-3b", "8b": "llama3.1-8b", "14b": "qwen3-14b"}
TINY = {
    "model_type": "llama",
    "hidden_size": 64,
    "intermediate_size": 128,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "vocab_size": 2048,
}
STEPS = 3
TEMPLATE_TOKENS = 24
# The plan shall be off by no more than this, and never promise too little by more than that.
WITHIN, UNDER = 0.10, 0.03


def cases(methods: list[str], lengths: list[int]) -> list[Settings]:
    """List what is measured for each shape."""
    return [
        Settings(method, 16, length, 1, checkpointing)
        for method in methods
        for length in lengths
        for checkpointing in (True, False)
    ]


def write_model(config: dict[str, Any], folder: Path) -> None:
    """Write a model folder with random weights; the tokenizer is the demo model's."""
    import torch
    from transformers import AutoConfig, AutoModelForCausalLM

    settings = dict(config)
    with torch.device("cuda" if torch.cuda.is_available() else "cpu"):
        model = AutoModelForCausalLM.from_config(
            AutoConfig.for_model(settings.pop("model_type"), **settings), dtype=torch.bfloat16
        )
    model.save_pretrained(folder)
    for path in assets.path("demo_model").iterdir():
        if "token" in path.name or path.suffix == ".jinja":
            (folder / path.name).write_bytes(path.read_bytes())


def write_examples(folder: Path, length: int) -> None:
    """Write examples whose tokens nearly all belong to the answer, as long as they may be."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(assets.path("demo_model", "tokenizer.json")))
    words = ["stable small effusion in the left base, heart normal."] * length
    text = " ".join(words)
    # The chat template's own words around the question and the answer take fewer tokens than this.
    while len(tokenizer.encode(text).ids) > length - TEMPLATE_TOKENS:
        text = text[: int(len(text) * 0.995) - 1]
    row = {
        "prompt": [{"role": "user", "content": "Write."}],
        "completion": [{"role": "assistant", "content": text}],
        "meta": {"document_id": "0" * 16},
    }
    folder.mkdir(exist_ok=True)
    for name in ("train", "validation"):
        (folder / f"{name}.jsonl").write_text((json.dumps(row) + "\n") * 4)


def train(model: Path, dataset: Path, settings: Settings) -> dict[str, Any]:
    """Train three steps as the product does; gives bytes."""
    import torch

    from medtui import process
    from medtui.training import assembly
    from medtui.training.recipe import Recipe
    from medtui.training.recorder import Recorder

    recipe = Recipe(
        model=str(model),
        dataset=str(dataset),
        method=settings.method,
        max_length=settings.sequence_length,
        rank=settings.rank,
        batch=settings.batch,
        accumulation=2,
        checkpointing=settings.checkpointing,
        steps=STEPS,
        evaluate_every=STEPS,
        save_every=STEPS,
    )
    run = Path(tempfile.mkdtemp(dir=dataset.parent))
    loaded = assembly.load_model(recipe)
    splits = assembly.read_splits(run, recipe, loaded[1], process.silent_emit)
    trainer = assembly.make_trainer(
        run / "checkpoints", recipe, loaded, splits, Recorder(process.silent_emit, lambda: False, 0)
    )
    if torch.cuda.is_available():
        torch.cuda.reset_peak_memory_stats()
    trainer.train()
    longest = max(splits.train.lengths)
    if not torch.cuda.is_available():
        return {"tokens": longest, "gpu": None, "allocated": None, "reserved": None, "device": None}
    free, total = torch.cuda.mem_get_info()
    return {
        "tokens": longest,
        "gpu": torch.cuda.get_device_name(),
        "allocated": torch.cuda.max_memory_allocated(),
        "reserved": torch.cuda.max_memory_reserved(),
        "device": total - free,
    }


def apart(*arguments: str) -> str:
    """Run a part of this program in a process of its own, so that nothing of it stays on the GPU; gives its output."""
    child = [sys.executable, __file__, "--part", *arguments]
    return subprocess.run(
        child, capture_output=True, text=True, check=True, env={**os.environ, "HF_HUB_OFFLINE": "1"}
    ).stdout


def measure(model: Path, settings: Settings, *, in_process: bool) -> dict[str, Any]:
    """Run one case."""
    dataset = model.parent / f"examples-{settings.sequence_length}"
    write_examples(dataset, settings.sequence_length)
    if in_process:
        return train(model, dataset, settings)
    try:
        written = apart("train", str(model), str(dataset), json.dumps(asdict(settings)))
    except subprocess.CalledProcessError as error:
        lines = error.stderr.strip().splitlines() or ["no output"]
        return {"failed": "out of memory" if "OutOfMemoryError" in error.stderr else lines[-1][:200]}
    return dict(json.loads(written.strip().splitlines()[-1]))


def compare(key: str, shape: dict[str, Any], folder: Path, chosen: list[Settings], *, in_process: bool) -> list[Any]:
    """Measure all cases of one shape; its `config` and `counts` are as the catalogue has them."""
    if in_process:
        write_model(shape["config"], folder)
    else:
        apart("write", json.dumps(shape["config"]), str(folder))
    rows = []
    for settings in chosen:
        found = measure(folder, settings, in_process=in_process)
        exact = replace(settings, sequence_length=found.get("tokens", settings.sequence_length))
        predicted = memory.breakdown(architecture(shape["config"], shape["counts"]), exact).peak
        row = {"shape": key, **asdict(exact), "predicted_gib": round(predicted / GIB, 3), "gpu": found.get("gpu")}
        for name in ("allocated", "reserved", "device"):
            row[f"{name}_gib"] = round(found[name] / GIB, 3) if found.get(name) else None
        if found.get("allocated"):
            row["error"] = round(predicted / found["allocated"] - 1, 4)
            row["covered"] = fit.needed(predicted / GIB) * GIB >= found["device"]
        rows.append({**row, **({"failed": found["failed"]} if "failed" in found else {})})
        print(json.dumps(rows[-1]), file=sys.stderr, flush=True)  # noqa: T201
    return rows


def summary(rows: list[Any]) -> dict[str, Any]:
    """Say how far off the plan was; None where nothing could be measured."""
    errors = [row["error"] for row in rows if "error" in row]
    return {
        "measured": len(errors),
        "failed": sum("failed" in row for row in rows),
        "largest_error": max(map(abs, errors), default=None),
        "most_under": min(errors, default=None),
        "within_target": all(-UNDER <= error <= WITHIN for error in errors) if errors else None,
        "all_covered": all(row["covered"] for row in rows if "covered" in row) if errors else None,
    }


def part(name: str, *arguments: str) -> None:
    """Do what was asked of a process of its own."""
    if name == "write":
        config, folder = arguments
        write_model(json.loads(config), Path(folder))
        return
    model, dataset, settings = arguments
    print(json.dumps(train(Path(model), Path(dataset), Settings(**json.loads(settings)))))  # noqa: T201


def arguments() -> argparse.ArgumentParser:
    """Describe the command line."""
    parser = argparse.ArgumentParser(description="Predicted against measured peak memory of training.")
    parser.add_argument("--sizes", default="1b,3b,8b,14b")
    parser.add_argument("--methods", default="qlora,lora")
    parser.add_argument("--lengths", default="1024,2048,4096")
    parser.add_argument("--json", type=Path, help="Write the table here too.")
    parser.add_argument("--folder", type=Path, help="Where models are written (up to 30 GB); a temporary folder.")
    parser.add_argument("--check", action="store_true", help="Walk through the code with a tiny model, GPU or not.")
    parser.add_argument("--in-process", action="store_true", help="Start no processes; figures then mean little.")
    parser.add_argument("--part", nargs="+", help=argparse.SUPPRESS)
    return parser


def main(given: Sequence[str] | None = None) -> int:
    """Measure, or say why not."""
    options = arguments().parse_args(given)
    if options.part:
        part(*options.part)
        return 0
    import torch

    if not torch.cuda.is_available() and not options.check:
        print("There is no CUDA GPU here: nothing was measured.", file=sys.stderr)  # noqa: T201
        return 1
    shapes = {size: catalogue.architectures()[SHAPES[size]] for size in options.sizes.split(",")}
    if options.check:
        from medtui.model.dry_run import counting

        shapes = {"tiny": {"config": TINY, "counts": counting.count(TINY)}}
    chosen = cases(options.methods.split(","), [int(length) for length in options.lengths.split(",")])
    rows: list[Any] = []
    for size, shape in shapes.items():
        with tempfile.TemporaryDirectory(prefix="medtui-measure-", dir=options.folder) as folder:
            rows += compare(size, shape, Path(folder) / "model", chosen, in_process=options.in_process)
    table = {"date": time.strftime("%Y-%m-%d"), "torch": torch.__version__, **summary(rows), "rows": rows}
    text = json.dumps(table, indent=1)
    if options.json:
        options.json.write_text(text)
    print(text)  # noqa: T201
    return 1 if table["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
