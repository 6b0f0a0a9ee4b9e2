"""Whether several GPUs of one machine together hold a model that is too large for one of them. Light: arithmetic."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from medtui.model import fit, memory
from medtui.model.architecture import Architecture
from medtui.model.memory import GIB, Settings

METHODS = {"qlora", "lora"}
# The layer that computes and the one that is fetched meanwhile are whole on every card (torch's fully_shard).
_WHOLE_LAYERS = 2


@dataclass(frozen=True)
class Division:
    """A model divided among GPUs; sizes in GiB and of each GPU.

    Attributes:
        cards: how many share it.
        peak_gib: estimated peak on each.
        free_gib: free memory of the smallest of them.
    """

    cards: int
    peak_gib: float
    free_gib: float

    @property
    def sentence(self) -> str:
        """Say in plain words what is done and what it costs."""
        return (
            f"Too large for one card, so {self.cards} cards share it: about {self.peak_gib:.1f} GiB on each, where "
            f"{self.free_gib:.1f} GiB are free. It is tried out first, and is slower than a model that fits one card."
        )


def divided(
    model: Architecture, survey: Mapping[str, Any] | None, settings: Settings, micro_batches: int = 0
) -> Division | None:
    """Find the fewest GPUs that can share a model, the chosen one among them.

    Args:
        model: its shape.
        survey: result of the machine step: `gpu`, `gpus`, `ram_available`.
        settings: how it is trained.
        micro_batches: of a step, which the GPUs share evenly; 0 for any number.

    Returns:
        None where one GPU suffices, where even all are too few, or where they cannot share: slices of a card, cards
        without bfloat16, methods other than `METHODS`, or too little main memory, in which each process loads the
        model. None also where the first GPU could not hold the weights at least: evaluation and chat use that one.
    """
    found = survey or {}
    cards = list(found.get("gpus", ()))
    chosen = [gpu for gpu in cards if gpu["uuid"] == found.get("gpu")]
    if not chosen or settings.method not in METHODS or _judged(model, settings, 1, chosen) is not None:
        return None
    if not _holds_weights(model, settings, chosen[0]):
        return None
    # In the order in which a run takes them.
    ordered = [*chosen, *(gpu for gpu in cards if gpu["uuid"] != found.get("gpu"))]
    for count in range(2, len(ordered) + 1):
        able = all(gpu.get("native_bf16") and not gpu.get("is_mig") for gpu in ordered[:count])
        if able and micro_batches % count == 0 and _loads(model, settings, count, found):
            division = _judged(model, settings, count, ordered)
            if division is not None:
                return division
    return None


def _judged(model: Architecture, settings: Settings, count: int, cards: list[Mapping[str, Any]]) -> Division | None:
    free = min(gpu.get("free_bytes") or 0 for gpu in cards[:count]) / GIB
    peak = (peak_bytes(model, settings, count) if count > 1 else memory.breakdown(model, settings).peak) / GIB
    return Division(count, peak, free) if fit.judge(peak, free).level != fit.DOES_NOT_FIT else None


def _holds_weights(model: Architecture, settings: Settings, card: Mapping[str, Any]) -> bool:
    parts = memory.breakdown(model, settings)
    conversation = model.cache_bytes_per_token * settings.sequence_length
    need = fit.PROBE_FACTOR * (parts.quantised_weights + parts.other_weights + conversation) / GIB + fit.CONTEXT_GIB
    return need <= (card.get("free_bytes") or 0) / GIB


def _loads(model: Architecture, settings: Settings, count: int, survey: Mapping[str, Any]) -> bool:
    parts = memory.breakdown(model, settings)
    return count * (parts.quantised_weights + parts.other_weights) <= float(survey.get("ram_available") or 0)


def peak_bytes(model: Architecture, settings: Settings, cards: int) -> float:
    """Estimate the peak on each GPU that shares a model, without CUDA context and reserve; calculated, not measured.

    Args:
        model: its shape.
        settings: how it is trained.
        cards: GPUs that share it.
    """
    parts = memory.breakdown(model, settings)
    scales = parts.quantised_weights * (1 - 0.5 / memory.NF4_BYTES)
    held = parts.quantised_weights - scales + parts.other_weights + parts.lora + parts.gradients + parts.optimizer
    # Embedding and output head belong to no layer: they are whole on every card while a step lasts.
    ends = min(memory.BYTES_16BIT * 2 * model.vocabulary * model.hidden_size, parts.other_weights)
    layers = parts.quantised_weights - scales + parts.other_weights - ends + parts.lora + parts.gradients
    whole = ends + _WHOLE_LAYERS * layers / model.layers
    return held / cards + scales + whole + parts.checkpoints + parts.layer_backward + parts.loss


def frugal(settings: Settings) -> Settings:
    """Give the settings of a run that divides a model: one example at a time, activations computed twice."""
    return replace(settings, batch=1, checkpointing=True)
