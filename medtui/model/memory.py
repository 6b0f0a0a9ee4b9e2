"""The closed memory formula: how much GPU memory one training step needs at its peak.

It follows the stack that trains here: weights quantised by bitsandbytes, LoRA on all linear layers, activation
checkpointing per layer, and a loss that is computed in tiles, so that the whole table of logits never exists. What
is trained is held in float32 under autocast to 16 bits, as the training step does. Tokens are those of one forward
pass: batch x sequence length.
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
# Part of the vocabulary whose logits exist at once (trl 1.16).
_TILE = 32768


@dataclass(frozen=True)
class _PerToken:
    """Bytes per token for each unit of hidden size, intermediate size, width of queries, width of keys."""

    hidden: float
    inner: float
    queries: float
    keys: float


@dataclass(frozen=True)
class _Family:
    """What a family's layers need beyond a Llama layer: bytes per token and unit of hidden or intermediate size.

    `scores` and `stored_scores` are bytes per attention score where no fused attention exists; `norms` says that
    queries and keys are normalised; `spread`, that shared keys and values are always copied to every head.
    """

    layer: float = 0.0
    inner: float = 0.0
    scores: float = 0.0
    stored: float = 0.0
    stored_scores: float = 0.0
    norms: bool = False
    spread: bool = False


# Least-squares fits to the dry run (23 shapes of 13 families, 512 to 4096 tokens, batch 1 and 4, dropout on); the
# benchmark tests/benchmarks/memory_formula.py shows how far they are off.
_AGAIN = _PerToken(19.4, 18.6, 19.2, 4.8)
_UNPACKING = _PerToken(16.7, 9.1, 15.8, 7.5)
_STORED = _PerToken(23.0, 9.0, 7.2, 3.9)
_FAMILIES = {
    "qwen3": _Family(norms=True),
    "qwen3_moe": _Family(norms=True),
    "olmo2": _Family(norms=True),
    "olmo3": _Family(norms=True),
    "gemma2": _Family(layer=11.4, scores=6.8, stored=9.8, stored_scores=7.6, spread=True),
    "gemma3_text": _Family(layer=11.4, stored=8.0, norms=True, spread=True),
    "gemma4_text": _Family(layer=23.0, stored=14.0, norms=True, spread=True),
    "phi3": _Family(inner=-3.5, stored=-9.1, spread=True),
    "apertus": _Family(layer=2.0, stored=2.2, norms=True),
    # Without the kernels of flash-linear-attention and causal-conv1d.
    "qwen3_5_text": _Family(layer=92.0, stored=67.0, norms=True),
    "qwen3_5_moe_text": _Family(layer=92.0, stored=67.0, norms=True),
}

METHODS = {
    "qlora": "4-bit (QLoRA, NF4 with double quantisation)",
    "lora8": "8-bit LoRA",
    "lora": "16-bit LoRA",
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


def _activations(shape: "_PerToken", model: Architecture) -> float:
    """Bytes per token of a layer's activations."""
    return (
        shape.hidden * model.hidden_size
        + shape.inner * model.intermediate_size
        + shape.queries * model.heads * model.head_size
        + shape.keys * model.key_value_heads * model.head_size
    )


def _checkpoints(model: Architecture, settings: Settings) -> float:
    """Activations kept for the backward pass: each layer's input, or without checkpointing what a layer computes."""
    return _layer_inputs(model, settings) + (_int8_inputs(model, settings) if settings.method == "lora8" else 0.0)


def _int8_inputs(model: Architecture, settings: Settings) -> float:
    """Inputs of the 8-bit products: bitsandbytes 0.50 holds them outside autograd's store, so checkpointing keeps them.

    Each layer has four in 16 bits: before attention, its output, before the feed-forward part, its inner values.
    """
    widths = 2 * model.hidden_size + model.heads * model.head_size + model.intermediate_size
    return 2.0 * widths * model.layers * settings.tokens


def _layer_inputs(model: Architecture, settings: Settings) -> float:
    # Full fine-tuning in float32 keeps the residual stream in float32 too.
    full = settings.method == "full"
    if settings.checkpointing:
        return (model.layers + 3.1) * (4.0 if full else 2.0) * model.hidden_size * settings.tokens
    stored = model.layers * settings.tokens * _stored(model, settings)
    # Autocast's 16-bit copies of the weights are needed again on the way back.
    return stored + (BYTES_16BIT * model.linear if full else 0.0)


def _stored(model: Architecture, settings: Settings) -> float:
    """Bytes per token that a layer keeps for its backward pass without checkpointing."""
    family, full = _FAMILIES.get(model.family, _Family()), settings.method == "full"
    queries, keys = model.heads * model.head_size, model.key_value_heads * model.head_size
    found = _activations(_STORED, model) + (family.stored + (3.2 if full else 0.0)) * model.hidden_size
    found += family.stored_scores * model.heads * settings.sequence_length
    if family.norms:
        found += (7.0 if full else 4.0) * (queries + keys)
    # Padded examples need a mask, and attention with a mask takes keys and values for every head.
    if family.spread or settings.batch > 1:
        found += 3.8 * (queries - keys)
    return found


def _layer_backward(model: Architecture, settings: Settings) -> float:
    """The higher of two moments: all activations of a layer computed again; its largest weight unpacked as well."""
    tokens, family = settings.tokens, _FAMILIES.get(model.family, _Family())
    if not settings.checkpointing:
        hidden, inner = (2.0, 8.0) if settings.method == "lora8" else (4.0, 10.0)
        return tokens * (hidden * model.hidden_size + inner * model.intermediate_size)
    extra = family.layer * model.hidden_size + family.inner * model.intermediate_size
    extra += family.scores * model.heads * settings.sequence_length
    again = tokens * (_activations(_AGAIN, model) + extra)
    if settings.method == "full":
        return 1.5 * again + 6.0 * model.linear / model.layers
    unpacked = BYTES_16BIT * model.largest_linear if settings.method in {"qlora", "lora8"} else 0.0
    return max(again, tokens * (_activations(_UNPACKING, model) + extra) + unpacked)


def _loss(model: Architecture, settings: Settings) -> float:
    """Tiles of logits (4096 tokens x 32768 of the vocabulary, trl 1.16) and gradients of the hidden states."""
    tokens, hidden = settings.tokens, model.hidden_size
    tile = 2.0 * min(tokens, 4096) * _TILE
    return _full_loss(model, settings, tile) if settings.method == "full" else tile + 12.0 * hidden * tokens


def _full_loss(model: Architecture, settings: Settings, tile: float) -> float:
    """The highest of three moments when everything learns."""
    head = model.vocabulary * model.hidden_size
    # Autocast holds a 16-bit copy of each weight until the forward pass ends.
    forward = tile + 2.0 * model.hidden_size * (_TILE + settings.tokens)
    forward += BYTES_16BIT * model.linear if settings.checkpointing else 0.0
    # The output head's gradient in float32 and 16-bit copies; once more at the end where it is the embedding, too.
    tied = model.kept < 1.5 * head
    return max(forward, tile + 5.2 * head, 11.9 * head - _layer_inputs(model, settings) if tied else 0.0)
