"""The closed memory formula: how much GPU memory one training step needs at its peak.

It follows the stack that trains here: weights quantised by bitsandbytes, LoRA on all linear layers, activation
checkpointing per layer, and a loss that is computed in tiles, so that the whole table of logits never exists. T is the
number of tokens in a step (batch x sequence length), H the hidden size, I the intermediate size, L the layers.
"""

from dataclasses import dataclass, field

from medtui.errors import Refusal
from medtui.model.architecture import Architecture

GIB = 1024**3

# Bytes per weight in NF4 with double quantisation, block 64: measured with bitsandbytes 0.50.2 (0.5 for the weight
# itself, the rest are scales).
NF4_BYTES = 0.51587
# bitsandbytes' LLM.int8: one byte a weight plus a float32 scale per output row, below 0.2 % of the layer.
INT8_BYTES = 1.002
BYTES_16BIT = 2.0
# What is trained is held in float32 with its gradient, and torch's AdamW keeps two moments of the same kind.
TRAINED_BYTES = GRADIENT_BYTES = 4.0
ADAMW_BYTES = 8.0

METHODS = {
    "qlora": "4-bit (QLoRA, NF4 with double quantisation)",
    "lora8": "8-bit LoRA",
    "lora16": "16-bit LoRA",
    "full": "full fine-tuning",
}


@dataclass(frozen=True)
class Settings:
    """What the memory depends on besides the model.

    Raises:
        Refusal: a value is out of range.
    """

    method: str = "qlora"
    rank: int = 16
    sequence_length: int = 2048
    batch: int = 1
    checkpointing: bool = True

    def __post_init__(self) -> None:
        if self.method not in METHODS:
            raise Refusal(f"{self.method} is not a training method; choose one of {', '.join(METHODS)}.")
        ranges = {"rank": (self.rank, 1024), "seq-len": (self.sequence_length, 2**20), "batch": (self.batch, 4096)}
        for name, (value, highest) in ranges.items():
            if not 1 <= value <= highest:
                raise Refusal(f"--{name} {value} is out of range; give a number from 1 to {highest}.")

    @property
    def tokens(self) -> int:
        """Tokens in one forward pass."""
        return self.batch * self.sequence_length


@dataclass(frozen=True)
class Breakdown:
    """Bytes at the peak, by purpose; they add up to `peak`."""

    quantised_weights: float
    other_weights: float
    lora: float
    gradients: float
    optimizer: float
    checkpoints: float
    layer_backward: float
    loss: float
    peak: float = field(init=False)

    def __post_init__(self) -> None:
        parts = (self.quantised_weights, self.other_weights, self.lora, self.gradients, self.optimizer)
        object.__setattr__(self, "peak", sum(parts) + self.checkpoints + self.layer_backward + self.loss)

    def gib(self) -> dict[str, float]:
        """Give the parts in GiB, by name."""
        return {name: value / GIB for name, value in vars(self).items() if name != "peak"}


def breakdown(model: Architecture, settings: Settings) -> Breakdown:
    """Estimate the memory at the peak of a training step, without CUDA context and reserve.

    Args:
        model: its shape.
        settings: how it is trained.

    Returns:
        Bytes by purpose. Of the two moments that compete for the peak, a layer's backward pass and the loss, the
        larger is counted and the other is 0.
    """
    quantised, rest = _weights(model, settings)
    trained = model.parameters if settings.method == "full" else settings.rank * model.lora_per_rank
    layer, loss = _layer_backward(model, settings), _loss(model, settings)
    return Breakdown(
        quantised_weights=quantised,
        other_weights=rest,
        lora=0.0 if settings.method == "full" else TRAINED_BYTES * trained,
        gradients=GRADIENT_BYTES * trained,
        optimizer=ADAMW_BYTES * trained,
        checkpoints=_checkpoints(model, settings),
        layer_backward=layer if layer >= loss else 0.0,
        loss=loss if loss > layer else 0.0,
    )


def _weights(model: Architecture, settings: Settings) -> tuple[float, float]:
    per_weight = {"qlora": NF4_BYTES, "lora8": INT8_BYTES}.get(settings.method)
    if per_weight is None:
        return 0.0, (TRAINED_BYTES if settings.method == "full" else BYTES_16BIT) * model.parameters
    return per_weight * model.linear, BYTES_16BIT * model.kept


def _checkpoints(model: Architecture, settings: Settings) -> float:
    """Activations kept for the backward pass: each layer's input, or without checkpointing what a layer computes."""
    hidden, inner, tokens = model.hidden_size, model.intermediate_size, settings.tokens
    if settings.checkpointing:
        return (model.layers + 3.5) * 2 * hidden * tokens
    return 14.0 * inner * tokens * model.layers


def _layer_backward(model: Architecture, settings: Settings) -> float:
    """One layer computed again and sent backwards, with its largest weight unpacked where weights are quantised."""
    hidden, inner, tokens = model.hidden_size, model.intermediate_size, settings.tokens
    unpacked = 1.3 * hidden * inner if settings.method in {"qlora", "lora8"} else 0.0
    return tokens * (15.5 * hidden + 12.9 * inner) + unpacked


def _loss(model: Architecture, settings: Settings) -> float:
    """Tiles of logits (4096 tokens x 32768 of the vocabulary, trl 1.16) and the hidden states' gradients."""
    return 0.27e9 + 6 * model.hidden_size * settings.tokens
