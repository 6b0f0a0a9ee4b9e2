"""From losses of single examples to figures, an interval and a verdict in plain words."""

import math
import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

# Resamples of the bootstrap; 1,000 are usual for a 95 % percentile interval (Efron & Tibshirani 1993).
RESAMPLES = 1000
# With fewer held-out examples a percentile interval says little.
FEW = 20

BETTER, NO_BETTER, WORSE = "better", "no better", "worse"


@dataclass(frozen=True, slots=True)
class Item:
    """One held-out example as both models see it.

    Attributes:
        document_id: the report it comes from.
        task: name of its task.
        tokens: tokens of the answer, on which the loss is computed.
        base: summed negative log-likelihood of those tokens under the base model, in nats.
        tuned: the same under the tuned model.
    """

    document_id: str
    task: str
    tokens: int
    base: float
    tuned: float

    def to_dict(self) -> dict[str, Any]:
        """Give the item as JSON-able figures."""
        return {name: getattr(self, name) for name in ("document_id", "task", "tokens", "base", "tuned")}


def figures(items: Sequence[Item]) -> dict[str, Any]:
    """Compute the report of an evaluation.

    Args:
        items: at least one.

    Returns:
        `base` and `tuned` with `loss` (nats a token) and `perplexity`, `items`, `tokens`, `difference` with `loss` and
        its 95 % `interval`, `outcome`, `verdict`, and the same figures for each task under `tasks`.
    """
    by_task: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        by_task[item.task].append(item)
    whole = _compared(items)
    tasks = {task: _compared(members) for task, members in sorted(by_task.items())}
    return {**whole, "verdict": verdict(whole), "tasks": tasks}


def _compared(items: Sequence[Item]) -> dict[str, Any]:
    base, tuned = (_mean_loss(items, which) for which in ("base", "tuned"))
    low, high = interval(items)
    outcome = BETTER if high < 0 else WORSE if low > 0 else NO_BETTER
    return {
        "base": {"loss": base, "perplexity": _perplexity(base)},
        "tuned": {"loss": tuned, "perplexity": _perplexity(tuned)},
        "items": len(items),
        "tokens": sum(item.tokens for item in items),
        "difference": {"loss": tuned - base, "interval": [low, high]},
        "outcome": outcome,
    }


def _mean_loss(items: Sequence[Item], which: str) -> float:
    return math.fsum(getattr(item, which) for item in items) / sum(item.tokens for item in items)


def _perplexity(loss: float) -> float:
    return math.exp(min(loss, 700.0))


def interval(items: Sequence[Item], resamples: int = RESAMPLES) -> tuple[float, float]:
    """Give the 95 % bootstrap percentile interval of the difference in loss, tuned minus base.

    Reports are drawn with replacement, not single examples: examples of one report resemble each other.
    """
    clusters: dict[str, tuple[float, int]] = {}
    for item in items:
        total, tokens = clusters.get(item.document_id, (0.0, 0))
        clusters[item.document_id] = (total + item.tuned - item.base, tokens + item.tokens)
    values = [clusters[key] for key in sorted(clusters)]
    draw = random.Random(0)  # noqa: S311 - statistics, not secrets; the same data gives the same interval
    differences = []
    for _ in range(resamples):
        sample = draw.choices(values, k=len(values))
        differences.append(sum(value[0] for value in sample) / sum(value[1] for value in sample))
    differences.sort()
    return differences[int(0.025 * resamples)], differences[min(resamples - 1, int(0.975 * resamples))]


def verdict(compared: Mapping[str, Any]) -> str:
    """Say in plain words what was found, and what was not measured."""
    base, tuned, count = compared["base"], compared["tuned"], compared["items"]
    low, high = compared["difference"]["interval"]
    words = {
        BETTER: "The tuned model is better than its base at writing in this practice's words",
        NO_BETTER: "The tuned model is no better than its base at writing in this practice's words",
        WORSE: "The tuned model is worse than its base at writing in this practice's words: do not use it",
    }[compared["outcome"]]
    sentences = [
        f"{words}: on {count} held-out examples of other patients its loss is {tuned['loss']:.2f} against "
        f"{base['loss']:.2f} (perplexity {_number(tuned['perplexity'])} against {_number(base['perplexity'])}; 95 % "
        f"interval of the difference {low:+.2f} to {high:+.2f}).",
        "This measures how well it foresees what the practice's clinicians wrote; whether what it writes is true was "
        "not measured here, so a clinician must check every answer.",
    ]
    if count < FEW:
        sentences.insert(1, f"{count} examples are few: take this as a first sign only.")
    return " ".join(sentences)


def _number(value: float) -> str:
    return f"{value:.1f}" if value < 1e4 else f"{value:.1e}"
