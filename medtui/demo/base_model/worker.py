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
SECONDS_BETWEEN_SAVES = 180
PROMPT_SHARE = 0.2
# Random rows of up to so many tokens are to be repeated before text comes; learned below so many nats a token.
LONGEST_MEANINGLESS, LEARNED = 48, 0.7
# How many rows of text are copying tasks until such a part of the time is over.
COPYING_SHARES = ((0.35, 0.45), (1.0, 0.22))
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


def batch_loss(model: Any, rows: list[batches.Encoded], prompt_share: float = 0.0) -> tuple[Any, int]:
    """Computes the loss of one batch.

    Rows are padded on the right, where causal attention keeps padding from touching anything that counts.

    Args:
        model: The model.
        rows: Tokens and marks of answers.
        prompt_share: How many of the prompts' tokens count as well, drawn at random; all answer tokens count.

    Returns:
        The mean loss of the tokens that count, in nats, and their number.
    """
    width = max(len(ids) for ids, _ in rows)
    ids = torch.tensor([row + [0] * (width - len(row)) for row, _ in rows])
    counts = torch.tensor([row + [False] * (width - len(row)) for _, row in rows])
    if prompt_share:
        inside = torch.tensor([[True] * len(row) + [False] * (width - len(row)) for row, _ in rows])
        counts |= inside & (torch.rand(ids.shape) < prompt_share)
    chosen = counts[:, 1:]
    # Only what counts passes the vocabulary: that saves a tenth of a step.
    hidden = model.model(input_ids=ids, use_cache=False).last_hidden_state[:, :-1][chosen]
    return functional.cross_entropy(model.lm_head(hidden), ids[:, 1:][chosen]), int(chosen.sum())


def answer_loss(model: Any, rows: list[batches.Encoded]) -> float:
    """Measures the loss on answers alone.

    Args:
        model: The model.
        rows: Tokens and marks of rows that were not trained on.

    Returns:
        Mean loss per answer token in nats.
    """
    model.eval()
    total, tokens = 0.0, 0
    with torch.no_grad():
        for start in range(0, len(rows), 12):
            loss, counted = batch_loss(model, rows[start : start + 12])
            total, tokens = total + loss.item() * counted, tokens + counted
    model.train()
    return total / tokens


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


def training_batches(vocabulary: Tokenizer, seed: int, copying_share: float) -> Iterator[list[batches.Encoded]]:
    """Gives batches of fresh rows of text without end.

    Args:
        vocabulary: The tokenizer.
        seed: Of the rows and their order.
        copying_share: How many rows are copying tasks.
    """
    encoded = (batches.encode(vocabulary, row) for row in corpus.rows(seed, copying_share))
    return batches.batches(encoded, Random(seed), TOKENS_PER_BATCH, LONGEST_ROW)


class Run:
    """One training run, which can be broken off at any moment and carried on by the same command.

    Attributes:
        facts: What has been measured so far.
    """

    def __init__(self, seed: int, minutes: float, folder: Path) -> None:
        """Makes tokenizer, model and optimizers, and reads the state of an earlier run if there is one.

        Args:
            seed: Of the generated text and of the first weights.
            minutes: Processor time to train for in all; counted so, a busy machine takes longer but not fewer steps.
            folder: Where to write.
        """
        self.folder, self.state = folder, folder / "training_state.pt"
        self.begun = time.process_time()
        texts = ("\n".join(message["content"] for message in row) for row in islice(corpus.rows(seed), TOKENIZER_ROWS))
        self.vocabulary = tokenizer.train(texts)
        held_out = islice(corpus.rows(seed + 1_000_003), VALIDATION_ROWS)
        self.held_out = [batches.encode(self.vocabulary, row) for row in held_out]
        torch.manual_seed(seed)
        self.model = LlamaForCausalLM(configuration(self.vocabulary)).float()
        self.model.train()
        self.optimizers = optimizers(self.model)
        self.peaks = [optimizer.param_groups[0]["lr"] for optimizer in self.optimizers]
        self.facts: dict[str, Any] = {"seed": seed, "minutes": minutes, "steps": 0, "tokens": 0, "seconds": 0}
        self.facts["parameters"] = self.model.num_parameters()
        if self.state.exists():
            self._carry_on(minutes)

    def _carry_on(self, minutes: float) -> None:
        """Reads the state that an earlier run left."""
        stored = torch.load(self.state, weights_only=True)
        self.model.load_state_dict(stored["model"])
        for optimizer, values in zip(self.optimizers, stored["optimizers"], strict=True):
            optimizer.load_state_dict(values)
        self.facts |= stored["facts"] | {"minutes": minutes}

    def keep(self) -> None:
        """Writes the model as it is now, and what is needed to carry on."""
        self.facts["validation_loss"] = round(answer_loss(self.model, self.held_out), 4)
        click.echo(json.dumps(self.facts))
        save(self.model, self.vocabulary, self.folder, self.facts)
        stored = {
            "model": self.model.state_dict(),
            "optimizers": [optimizer.state_dict() for optimizer in self.optimizers],
            "facts": self.facts,
        }
        partial = self.state.with_suffix(".partial")
        torch.save(stored, partial)
        os.replace(partial, self.state)

    def step(self, rows: list[batches.Encoded], part: float, prompt_share: float = PROMPT_SHARE) -> float:
        """Learns from one batch.

        Args:
            rows: The batch.
            part: How much of the training time is over, from 0 to 1.
            prompt_share: How many of the prompts' tokens count.

        Returns:
            The loss before the step, in nats a token.
        """
        for optimizer, peak in zip(self.optimizers, self.peaks, strict=True):
            optimizer.param_groups[0]["lr"] = peak * rate_at(part)
        loss, _ = batch_loss(self.model, rows, prompt_share)
        loss.backward()
        for optimizer in self.optimizers:
            optimizer.step()
            optimizer.zero_grad()
        self.facts["steps"] += 1
        self.facts["tokens"] += sum(len(ids) for ids, _ in rows)
        if self.facts["steps"] % 20 == 0:
            click.echo(f"{part:6.1%} step {self.facts['steps']} tokens {self.facts['tokens']} loss {loss.item():.3f}")
        return float(loss.item())

    def part(self) -> float:
        """Gives how much of the training time is over, and keeps count of it."""
        self.facts["seconds"] = round(time.process_time() - self.begun)
        return float(self.facts["seconds"] / (60 * self.facts["minutes"]))

    def learn_to_copy(self) -> None:
        """Repeats random tokens, short rows first and longer ones as soon as those are learned.

        This takes a few hundred steps. From clinical text alone, or from long rows at once, phrases are learned first
        and copying only after some millions of tokens.
        """
        random, longest, recent = Random(self.facts["seed"]), 10, 7.0
        while longest <= LONGEST_MEANINGLESS and (part := self.part()) < 1:
            rows = batches.meaningless(self.vocabulary, random, longest, TOKENS_PER_BATCH // 2)
            recent += (self.step(rows, part, prompt_share=0.0) - recent) / 5
            if recent < LEARNED:
                longest, recent = longest * 3 // 2, 2.0
        self.facts["copies"] = True

    def train(self) -> None:
        """Trains until the time is over, then writes the model and removes the state."""
        self.begun, saved = time.process_time() - self.facts["seconds"], time.monotonic()
        if "copies" not in self.facts:
            self.learn_to_copy()
        first = self.facts["seed"] + 1 + self.facts["steps"]
        sources = [(until, training_batches(self.vocabulary, first, share)) for until, share in COPYING_SHARES]
        while (part := self.part()) < 1:
            self.step(next(next(source for until, source in sources if part < until)), part)
            if time.monotonic() - saved > SECONDS_BETWEEN_SAVES:
                self.keep()
                saved = time.monotonic()
        self.keep()
        self.state.unlink()


@click.command()
@click.option("--seed", default=7, show_default=True, help="Seed of the generated text and of the first weights.")
@click.option("--minutes", default=25.0, show_default=True, help="Processor time to train for.")
@click.option("--threads", default=1, show_default=True, help="More is faster by the clock but wastes processor time.")
@click.option(
    "--out", "folder", type=click.Path(path_type=Path, file_okay=False), required=True, help="Where to write the model."
)
def main(seed: int, minutes: float, threads: int, folder: Path) -> None:
    """Train the demo base model from nothing on generated text."""
    torch.set_num_threads(threads)
    Run(seed, minutes, folder).train()


if __name__ == "__main__":
    main()
