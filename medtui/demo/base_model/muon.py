"""The Muon optimizer in float32, for training on a processor.

Muon needs about a fifth of AdamW's steps here. Torch's own works in bfloat16, which takes twice as long on processors
without bfloat16 matrix units; the optimizer's share of a step matters when a batch is only a few thousand tokens.
"""

from collections.abc import Iterable
from typing import Any

import torch

# The quintic Newton-Schulz iteration's coefficients, as published with Muon (Jordan et al. 2024).
_A, _B, _C = 3.4445, -4.7750, 2.0315
_ITERATIONS = 4


def orthogonalised(matrix: Any) -> Any:
    """Moves all singular values of a matrix towards one.

    Args:
        matrix: Float32, two dimensions.

    Returns:
        A matrix of the same shape with singular values between about 0.5 and 1.5.
    """
    tall = matrix.shape[0] > matrix.shape[1]
    result = matrix.T if tall else matrix
    result = result / (result.norm() + 1e-7)
    for _ in range(_ITERATIONS):
        gram = result @ result.T
        update = torch.addmm(gram, gram, gram, beta=_B, alpha=_C)
        result = torch.addmm(result, update, result, beta=_A)
    return result.T if tall else result


class Muon(torch.optim.Optimizer):
    """Steps along the orthogonalised momentum of each matrix."""

    def __init__(
        self, matrices: Iterable[Any], rate: float, momentum: float = 0.95, weight_decay: float = 0.02
    ) -> None:
        """Remembers the matrices.

        Args:
            matrices: Parameters with two dimensions, without embeddings.
            rate: Learning rate; a step changes a matrix by about this much in spectral norm.
            momentum: Share of the running gradient that is kept.
            weight_decay: Pull towards zero, as a share of the learning rate.
        """
        super().__init__(matrices, {"lr": rate, "momentum": momentum, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self, closure: Any = None) -> None:
        """Changes every matrix that has a gradient.

        Args:
            closure: Not used; torch's interface has it.
        """
        for group in self.param_groups:
            for matrix in group["params"]:
                if matrix.grad is None:
                    continue
                if "momentum" not in self.state[matrix]:
                    self.state[matrix]["momentum"] = torch.zeros_like(matrix)
                running = self.state[matrix]["momentum"]
                running.lerp_(matrix.grad, 1 - group["momentum"])
                direction = orthogonalised(matrix.grad.lerp(running, group["momentum"]))
                matrix.mul_(1 - group["lr"] * group["weight_decay"])
                matrix.add_(direction, alpha=-group["lr"] * max(1.0, matrix.shape[0] / matrix.shape[1]) ** 0.5)
