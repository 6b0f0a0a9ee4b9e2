"""Trains the demo base model: `python -m medtui.demo.base_model.worker --seed 7 --minutes 25 --out DIR`."""

import json
import math
import os
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

import click
import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer
from torch.nn import functional
from transformers import GenerationConfig, LlamaConfig, LlamaForCausalLM

from medtui.demo.base_model import batches, corpus, tokenizer
from medtui.demo.base_model.card import card
from medtui.demo.base_model.muon import Muon

CONTEXT = 1024
LONGEST_ROW = 448
TOKENS_PER_BATCH = 4096
VALIDATION_ROWS = 240
TOKENIZER_ROWS = 12_000
SECONDS_BETWEEN_SAVES = 120
# Found by one-minute runs on two CPU cores.
MATRIX_RATE, OTHER_RATE = 0.02, 0.008


def configuration(vocabulary: Tokenizer) -> LlamaConfig:
    """Describes the model: a Llama of about five million parameters.

    Args:
        vocabulary: The tokenizer, for its size and special tokens.
    """
    return LlamaConfig(
        vocab_size=vocabulary.get_vocab_size(),
        hidden_size=256,
        num_hidden_layers=6,
        intermediate_size=704,
        num_attention_heads=8,
        num_key_value_heads=4,
        max_position_embeddings=CONTEXT,
        tie_word_embeddings=True,
        pad_token_id=vocabulary.token_to_id(tokenizer.PAD),
        bos_token_id=vocabulary.token_to_id(tokenizer.BOS),
        eos_token_id=vocabulary.token_to_id(tokenizer.END),
        dtype="bfloat16",
    )


def batch_loss(model: Any, rows: list[batches.Encoded]) -> tuple[Any, float]:
    """Computes the weighted loss of one batch.

    Rows are padded on the right, where causal attention keeps padding from touching anything that counts.

    Args:
        model: The model.
        rows: Tokens and weights.

    Returns:
        The mean loss per unit of weight, and the weight in the batch.
    """
    width = max(len(ids) for ids, _ in rows)
    ids = torch.tensor([row + [0] * (width - len(row)) for row, _ in rows])
    weights = torch.tensor([row + [0.0] * (width - len(row)) for _, row in rows])[:, 1:]
    logits = model(input_ids=ids, use_cache=False).logits[:, :-1]
    losses = functional.cross_entropy(logits.flatten(0, 1), ids[:, 1:].flatten(), reduction="none")
    total = weights.sum()
    return (losses * weights.flatten()).sum() / total, float(total)


def answer_loss(model: Any, rows: list[batches.Encoded]) -> float:
    """Measures the loss on answers alone.

    Args:
        model: The model.
        rows: Tokens and weights of rows that were not trained on.

    Returns:
        Mean loss per answer token in nats.
    """
    model.eval()
    total = weight = 0.0
    with torch.no_grad():
        for start in range(0, len(rows), 12):
            chosen = [(ids, [float(w == batches.ANSWER_WEIGHT) for w in row]) for ids, row in rows[start : start + 12]]
            loss, counted = batch_loss(model, chosen)
            total, weight = total + loss.item() * counted, weight + counted
    model.train()
    return total / weight


def optimizers(model: Any) -> list[Any]:
    """Gives Muon for the layers' matrices and AdamW for embeddings and norms.

    Args:
        model: The model.
    """
    named = list(model.named_parameters())
    matrices = [value for name, value in named if value.ndim == 2 and "embed" not in name]
    others = [value for name, value in named if value.ndim != 2 or "embed" in name]
    return [
        Muon(matrices, rate=MATRIX_RATE),
        torch.optim.AdamW(others, lr=OTHER_RATE, betas=(0.9, 0.98), weight_decay=0.0),
    ]


def rate_at(part: float) -> float:
    """Gives the learning rate as a share of its peak: short warm-up, then half a cosine.

    Args:
        part: How much of the training time is over, from 0 to 1.
    """
    warm = 0.02
    return part / warm if part < warm else 0.5 * (1 + math.cos(math.pi * min(1.0, (part - warm) / (1 - warm))))


def save(model: Any, vocabulary: Tokenizer, folder: Path, facts: dict[str, Any]) -> None:
    """Writes everything that plain transformers needs to load the model, weights last and in one move.

    Args:
        model: The model; its weights are written as bfloat16.
        vocabulary: The tokenizer.
        folder: Where to write; made if missing.
        facts: What was measured; written to `training.json` and into the card.
    """
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer.save(vocabulary, folder, CONTEXT)
    model.config.save_pretrained(folder)
    ids = {"pad_token_id": model.config.pad_token_id, "bos_token_id": model.config.bos_token_id}
    GenerationConfig(
        **ids, eos_token_id=model.config.eos_token_id, max_new_tokens=160, do_sample=False
    ).save_pretrained(folder)
    (folder / "training.json").write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")
    (folder / "README.md").write_text(card(facts, VALIDATION_ROWS), encoding="utf-8")
    weights = {
        name: value.detach().to(torch.bfloat16).contiguous()
        for name, value in sorted(model.state_dict().items())
        if name != "lm_head.weight"  # the same as the embeddings
    }
    partial = folder / "model.safetensors.partial"
    save_file(weights, partial, metadata={"format": "pt"})
    partial.chmod(0o644)
    os.replace(partial, folder / "model.safetensors")


def _training_batches(vocabulary: Tokenizer, seed: int) -> Iterator[list[batches.Encoded]]:
    """Gives batches of fresh rows without end."""
    encoded = (batches.encode(vocabulary, row) for row in corpus.rows(seed))
    return batches.batches(encoded, Random(seed), TOKENS_PER_BATCH, LONGEST_ROW)


def train(seed: int, minutes: float, folder: Path) -> dict[str, Any]:
    """Trains tokenizer and model and writes them, also every few minutes on the way.

    Args:
        seed: Of the generated text and of the first weights.
        minutes: How long to train; the learning rate follows the clock, so that a busy machine only means fewer steps.
        folder: Where to write.

    Returns:
        What was measured.
    """
    texts = ("\n".join(message["content"] for message in row) for row in islice(corpus.rows(seed), TOKENIZER_ROWS))
    vocabulary = tokenizer.train(texts)
    held_out = [batches.encode(vocabulary, row) for row in islice(corpus.rows(seed + 1_000_003), VALIDATION_ROWS)]
    torch.manual_seed(seed)
    model = LlamaForCausalLM(configuration(vocabulary)).float()
    model.train()
    chosen = optimizers(model)
    peaks = [optimizer.param_groups[0]["lr"] for optimizer in chosen]
    facts: dict[str, Any] = {
        "seed": seed,
        "minutes": minutes,
        "steps": 0,
        "tokens": 0,
        "parameters": model.num_parameters(),
    }
    begun = saved = time.monotonic()
    for rows in _training_batches(vocabulary, seed + 1):
        part = (time.monotonic() - begun) / (60 * minutes)
        if part >= 1:
            break
        for optimizer, peak in zip(chosen, peaks, strict=True):
            optimizer.param_groups[0]["lr"] = peak * rate_at(part)
        loss, _ = batch_loss(model, rows)
        loss.backward()
        for optimizer in chosen:
            optimizer.step()
            optimizer.zero_grad()
        facts["steps"] += 1
        facts["tokens"] += sum(len(ids) for ids, _ in rows)
        if facts["steps"] % 20 == 0:
            click.echo(f"{part:6.1%} step {facts['steps']} tokens {facts['tokens']} loss {loss.item():.3f}")
        if time.monotonic() - saved > SECONDS_BETWEEN_SAVES:
            saved = time.monotonic()
            save(model, vocabulary, folder, facts | {"validation_loss": round(answer_loss(model, held_out), 4)})
    facts["validation_loss"] = round(answer_loss(model, held_out), 4)
    save(model, vocabulary, folder, facts)
    return facts


@click.command()
@click.option("--seed", default=7, show_default=True, help="Seed of the generated text and of the first weights.")
@click.option("--minutes", default=25.0, show_default=True, help="How long to train.")
@click.option("--threads", default=2, show_default=True, help="How many processor cores to use.")
@click.option(
    "--out", "folder", type=click.Path(path_type=Path, file_okay=False), required=True, help="Where to write the model."
)
def main(seed: int, minutes: float, threads: int, folder: Path) -> None:
    """Train the demo base model from nothing on generated text."""
    torch.set_num_threads(threads)
    click.echo(json.dumps(train(seed, minutes, folder)))


if __name__ == "__main__":
    main()
