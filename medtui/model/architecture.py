"""The figures of a model that its memory follows from."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from medtui.errors import Refusal


@dataclass(frozen=True)
class Architecture:
    """Shape and parameter counts of a text model, without any vision part.

    Attributes:
        family: transformers' model type, such as "llama".
        hidden_size: width of the residual stream.
        intermediate_size: width of the feed-forward layers, the active experts' together in a mixture of experts.
        layers: number of transformer layers.
        heads: attention heads.
        key_value_heads: heads of keys and values, fewer than `heads` where they are shared.
        head_size: width of one head.
        vocabulary: number of tokens.
        parameters: all parameters, tied weights once.
        linear: parameters in the linear layers that bitsandbytes quantises.
        experts: parameters of experts, which stay in 16 bits.
        lora_per_rank: LoRA parameters per unit of rank: inputs plus outputs of all adapted linear layers.
        largest_linear: parameters of the largest linear layer.
        cache_bytes_per_token: bytes of key-value cache that one more token of a long conversation takes in 16 bits.
    """

    family: str
    hidden_size: int
    intermediate_size: int
    layers: int
    heads: int
    key_value_heads: int
    head_size: int
    vocabulary: int
    parameters: int
    linear: int
    experts: int
    lora_per_rank: int
    largest_linear: int
    cache_bytes_per_token: int

    @property
    def kept(self) -> int:
        """Parameters that stay in 16 bits: embeddings, output head, norms, experts."""
        return self.parameters - self.linear


def text_config(config: Mapping[str, Any]) -> dict[str, Any]:
    """Give the language model's part of a config.json."""
    inner = config.get("text_config")
    return {**inner} if isinstance(inner, dict) else {**config}


def architecture(config: Mapping[str, Any], counts: Mapping[str, int]) -> Architecture:
    """Put a configuration and counted parameters together.

    Args:
        config: content of a config.json, or the part of it that the catalogue holds.
        counts: `parameters`, `linear`, `experts`, `lora_per_rank`, `largest_linear`.

    Raises:
        Refusal: a figure is missing or no whole number.
    """
    text = text_config(config)
    hidden, heads = _whole(text, "hidden_size"), _whole(text, "num_attention_heads")
    layers = _whole(text, "num_hidden_layers")
    shared = _whole(text, "num_key_value_heads", heads)
    head_size = _whole(text, "head_dim", max(1, hidden // heads))
    return Architecture(
        family=str(text.get("model_type", "")),
        hidden_size=hidden,
        intermediate_size=_intermediate(text, hidden),
        layers=layers,
        heads=heads,
        key_value_heads=shared,
        head_size=head_size,
        vocabulary=_whole(text, "vocab_size"),
        parameters=int(counts["parameters"]),
        linear=int(counts["linear"]),
        experts=int(counts["experts"]),
        lora_per_rank=int(counts["lora_per_rank"]),
        largest_linear=int(counts["largest_linear"]),
        cache_bytes_per_token=2 * 2 * _growing_layers(text, layers) * shared * head_size,
    )


def _intermediate(text: Mapping[str, Any], hidden: int) -> int:
    chosen = text.get("num_experts_per_tok") or text.get("top_k_experts")
    width = _whole(text, "intermediate_size", 4 * hidden)
    if not chosen:
        return width
    return int(chosen) * _whole(text, "moe_intermediate_size", width) + _whole(
        text, "shared_expert_intermediate_size", 0
    )


def _growing_layers(text: Mapping[str, Any], layers: int) -> int:
    """Count the layers whose cache grows with every token: sliding windows and linear attention have a bound."""
    kinds = text.get("layer_types")
    if not isinstance(kinds, list):
        return layers
    return sum(kind not in {"sliding_attention", "linear_attention", "chunked_attention"} for kind in kinds)


def _whole(text: Mapping[str, Any], key: str, otherwise: int | None = None) -> int:
    value = text.get(key)
    if value is None and otherwise is not None:
        return otherwise
    if not isinstance(value, int) or isinstance(value, bool) or value <= 0:
        raise Refusal(f"The model's config.json has no usable {key}, so it cannot be planned; choose another model.")
    return value
