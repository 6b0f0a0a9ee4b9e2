"""Compare models by what they predict for the answers of some test reports. Imported by workers only."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from medtui.training import rows


@dataclass(frozen=True)
class Predictions:
    """Log-probabilities of the next token at each place of the answers.

    Attributes:
        logits: float32, one row of vocabulary size a place.
        targets: the token that stands there.
    """

    logits: torch.Tensor
    targets: torch.Tensor

    @property
    def loss(self) -> float:
        """Mean cross-entropy in nats."""
        return float(torch.nn.functional.cross_entropy(self.logits, self.targets))

    def agreement(self, other: "Predictions") -> float:
        """Share of places where both hold the same token most likely."""
        return float((self.logits.argmax(-1) == other.logits.argmax(-1)).float().mean())

    def difference(self, other: "Predictions") -> float:
        """Largest absolute difference of two log-probabilities of a standing token, in nats."""
        mine, theirs = (torch.log_softmax(one.logits, -1).gather(-1, one.targets[:, None]) for one in (self, other))
        return float((mine - theirs).abs().max())


def texts(path: Path, tokenizer: Any, items: int, longest: int) -> list[tuple[list[int], int]]:
    """Give token ids of some test examples and where the answer starts in each.

    Args:
        path: the test split.
        tokenizer: with its chat template.
        items: how many at most.
        longest: tokens that an example may have; longer ones are not used.
    """
    split = rows.Reader(tokenizer, longest).read(path)
    return [(list(row["input_ids"]), row["completion_mask"].index(1)) for row in split.rows[:items]]


@torch.no_grad()
def predict(network: Any, chosen: list[tuple[list[int], int]]) -> Predictions:
    """Run a model over the texts and keep what it predicts for the answers."""
    logits, targets = [], []
    for ids, start in chosen:
        tensor = torch.tensor([ids], device=network.device)
        found = network(input_ids=tensor, use_cache=False).logits[0, start - 1 : -1]
        logits.append(found.float().cpu())
        targets.append(tensor[0, start:].cpu())
    return Predictions(torch.cat(logits), torch.cat(targets))
