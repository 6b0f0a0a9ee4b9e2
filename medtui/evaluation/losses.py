"""Losses of single examples under a loaded model, on the answer's tokens only. Imported by the worker only."""

from collections.abc import Callable, Sequence
from typing import Any

import torch

from medtui.examples.tokens import Encoded

# Logits are kept for the answers alone; this many at a time take half a gigabyte with a vocabulary of 128,000.
MOST_POSITIONS = 1024
MOST_TOKENS = 4096


def batches(rows: Sequence[Encoded]) -> list[list[int]]:
    """Group rows of similar length so that little is padded.

    Returns:
        Row numbers of each batch, the longest rows first, so that memory runs out at once or never.
    """
    order = sorted(range(len(rows)), key=lambda number: (-len(rows[number].ids), number))
    grouped: list[list[int]] = []
    for number in order:
        current = [*(grouped[-1] if grouped else []), number]
        length = len(rows[current[0]].ids)
        kept = length - min(rows[member].prompt_length for member in current)
        if grouped and len(current) * length <= MOST_TOKENS and len(current) * kept <= MOST_POSITIONS:
            grouped[-1] = current
        else:
            grouped.append([number])
    return grouped


def losses(model: Any, rows: Sequence[Encoded], told: Callable[[int], None]) -> list[float]:
    """Sum the negative log-likelihood of each row's answer tokens.

    Args:
        model: a causal language model in evaluation mode.
        rows: tokenised rows.
        told: called with the number of rows done after each batch.

    Returns:
        Nats, one number a row, in the order of the rows.
    """
    results = [0.0] * len(rows)
    done = 0
    for members in batches(rows):
        for member, value in zip(members, _batch(model, [rows[member] for member in members]), strict=True):
            results[member] = value
        done += len(members)
        told(done)
    return results


@torch.inference_mode()
def _batch(model: Any, rows: Sequence[Encoded]) -> list[float]:
    length = max(len(row.ids) for row in rows)
    first = min(row.prompt_length for row in rows)
    ids = torch.zeros((len(rows), length), dtype=torch.long)
    labels = torch.full((len(rows), length), -100, dtype=torch.long)
    mask = torch.zeros((len(rows), length), dtype=torch.long)
    for index, row in enumerate(rows):
        ids[index, : len(row.ids)] = torch.tensor(row.ids)
        mask[index, : len(row.ids)] = 1
        labels[index, row.prompt_length : len(row.ids)] = torch.tensor(row.trained)
    device = model.device
    # The position before the first answer token predicts it.
    output = model(
        input_ids=ids.to(device), attention_mask=mask.to(device), use_cache=False, logits_to_keep=length - first + 1
    )
    logits = output.logits[:, :-1].float()
    targets = labels[:, first:].to(device)
    values = torch.nn.functional.cross_entropy(
        logits.flatten(0, 1), targets.flatten(), ignore_index=-100, reduction="none"
    ).view(targets.shape)
    return [float(value) for value in values.sum(dim=1).tolist()]
