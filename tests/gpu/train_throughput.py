"""Tokens a second, share of the peak and memory of training: `python -m tests.gpu.train_throughput [--json]`.

Needs a CUDA GPU and no network: weights are random, at the shape of an 8B Llama, and so are the tokens. Each case runs
through medtui's own assembly and through a bare TRL loop with equal settings, beside the calculated floor of the time.
`--shape tiny` walks the same way on a CPU in a minute, to see that the program works.
"""

import argparse
import json
import random
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from transformers import LlamaConfig, LlamaForCausalLM, PrinterCallback
from trl import SFTTrainer

from medtui import process
from medtui.training import assembly, rows
from medtui.training.recipe import Recipe
from medtui.training.recorder import Recorder, memory_bytes
from tests.training import tiny

# Dense bfloat16 peaks from the makers' data sheets, in TFLOP/s.
PEAKS = {"H100": 989.0, "H200": 989.0, "A100": 312.0, "L40S": 362.0, "RTX 4090": 165.2, "L4": 121.0}
SHAPES: dict[str, dict[str, int]] = {
    "8b": {
        "vocab_size": 128_256,
        "hidden_size": 4096,
        "intermediate_size": 14_336,
        "num_hidden_layers": 32,
        "num_attention_heads": 32,
        "num_key_value_heads": 8,
        "max_position_embeddings": 8192,
    },
    "tiny": {
        "vocab_size": 400,
        "hidden_size": 64,
        "intermediate_size": 128,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "max_position_embeddings": 8192,
    },
}
WARM_STEPS, TIMED_STEPS = 3, 10


@dataclass(frozen=True)
class Case:
    """One setting to time."""

    method: str
    tokens: int
    checkpointing: bool


def flops_per_token(config: LlamaConfig, case: Case) -> float:
    """Count the arithmetic of one token: frozen weights need no gradient of their own.

    Linear layers: 2 operations a weight forward, 2 for the gradient of the input, 2 more to compute them again when
    checkpointing. Attention (causal, half of the square): forward once, backward twice, and again when checkpointing.
    """
    head = config.hidden_size // config.num_attention_heads
    attention = config.hidden_size * head * (2 * config.num_attention_heads + 2 * config.num_key_value_heads)
    layer = attention + 3 * config.hidden_size * config.intermediate_size
    weights = config.num_hidden_layers * layer + config.vocab_size * config.hidden_size
    again = int(case.checkpointing)
    return 2.0 * weights * (2 + again) + 2.0 * config.num_hidden_layers * config.hidden_size * case.tokens * (3 + again)


def write_base(folder: Path, shape: str) -> LlamaConfig:
    """Write random weights and a tokenizer."""
    tiny.write_model(folder)
    config = LlamaConfig(**SHAPES[shape], tie_word_embeddings=False, eos_token_id=1, pad_token_id=0)
    with torch.device("cuda" if torch.cuda.is_available() else "cpu"):
        network = LlamaForCausalLM._from_config(config, dtype=torch.bfloat16)
    network.save_pretrained(folder)
    del network
    return config


def random_rows(case: Case, count: int) -> rows.Rows:
    """Give rows of exactly the case's length, made of the tokenizer's ordinary tokens."""
    chance = random.Random(0)
    made = [{"input_ids": [chance.randrange(5, 300) for _ in range(case.tokens)]} for _ in range(count)]
    return rows.Rows(made, count * case.tokens, [case.tokens] * count)


def run_case(folder: Path, model: Path, case: Case, *, bare: bool) -> dict[str, float]:
    """Time one case.

    Returns:
        `tokens_per_second` and `peak_bytes`.
    """
    recipe = Recipe(
        model=str(model),
        dataset="",
        method=case.method,
        objective="text",
        max_length=case.tokens,
        batch=1,
        accumulation=1,
        checkpointing=case.checkpointing,
        steps=WARM_STEPS + TIMED_STEPS,
        evaluate_every=1000,
    )
    loaded = assembly.load_model(recipe)
    splits = assembly.Splits(random_rows(case, 16), random_rows(case, 1))
    recorder = _Clock()
    if torch.cuda.is_available():
        torch.cuda.reset_peak_memory_stats()
    if bare:
        trainer = SFTTrainer(
            model=loaded[0],
            args=assembly.arguments(folder, recipe, recipe.steps),
            train_dataset=splits.train.dataset(),
            eval_dataset=splits.validation.dataset(),
            processing_class=loaded[1],
            peft_config=assembly.adapter(recipe),
            callbacks=[recorder],
        )
        trainer.remove_callback(PrinterCallback)
    else:
        trainer = assembly.make_trainer(folder, recipe, loaded, splits, recorder)
    trainer.args.save_strategy = "no"
    trainer.train()
    return {"tokens_per_second": case.tokens * TIMED_STEPS / recorder.seconds(), "peak_bytes": memory_bytes()}


class _Clock(Recorder):
    """Notes when each step ended; waits for the GPU first."""

    def __init__(self) -> None:
        super().__init__(process.silent_emit, lambda: False, 0)
        self._ends: list[float] = []

    def on_step_end(self, args: Any, state: Any, control: Any, **keywords: Any) -> None:
        """Note the time and stop after the timed steps."""
        if torch.cuda.is_available():
            torch.cuda.synchronize()
        self._ends.append(time.perf_counter())
        self.step_seconds = [1.0]
        control.should_training_stop = len(self._ends) >= WARM_STEPS + TIMED_STEPS

    def seconds(self) -> float:
        """Give the wall time of the timed steps."""
        return self._ends[-1] - self._ends[WARM_STEPS - 1]


def peak_flops() -> float | None:
    """Give the device's peak in FLOP/s, when it is known."""
    name = torch.cuda.get_device_name() if torch.cuda.is_available() else ""
    return next((1e12 * peak for part, peak in PEAKS.items() if part in name), None)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print one line a case; 1 where medtui is more than 2 % slower than bare TRL."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shape", choices=SHAPES, default="8b")
    parser.add_argument("--tokens", type=int, nargs="+", default=[2048, 8192])
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    if options.shape == "8b" and not torch.cuda.is_available():
        parser.error("an 8B model needs a CUDA GPU; --shape tiny works without one")
    slow = False
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        config = write_base(root / "base", options.shape)
        for case in (Case(method, tokens, True) for tokens in options.tokens for method in ("qlora", "lora")):
            ours = run_case(root / "ours", root / "base", case, bare=False)
            bare = run_case(root / "bare", root / "base", case, bare=True)
            needed, peak = flops_per_token(config, case), peak_flops()
            found = {
                "method": case.method,
                "tokens": case.tokens,
                "device": torch.cuda.get_device_name() if torch.cuda.is_available() else "cpu",
                "tokens_per_second": round(ours["tokens_per_second"], 1),
                "bare_tokens_per_second": round(bare["tokens_per_second"], 1),
                "ceiling_tokens_per_second": round(peak / needed, 1) if peak else None,
                "mfu": round(ours["tokens_per_second"] * needed / peak, 4) if peak else None,
                "peak_gib": round(ours["peak_bytes"] / 2**30, 2),
            }
            slow |= ours["tokens_per_second"] < bare["tokens_per_second"] / 1.02
            print(json.dumps(found) if options.json else found, flush=True)  # noqa: T201
    return int(slow)


if __name__ == "__main__":
    sys.exit(main())
