"""The figures of a model that its memory follows from."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Architecture:
    """Shape and parameter counts of a text model, without any vision part.

    Attributes:
        family: class name in transformers without its ending, such as "Llama".
        hidden_size: width of the residual stream.
        intermediate_size: width of the feed-forward layers, the active experts' together in a mixture of experts.
        layers: number of transformer layers.
        vocabulary: number of tokens.
        parameters: all parameters, tied weights once.
        linear: parameters in the linear layers that bitsandbytes quantises.
        experts: parameters of experts, which stay in 16 bits.
        lora_per_rank: LoRA parameters per unit of rank: inputs plus outputs of all adapted linear layers.
        largest_linear: parameters of the largest linear layer.
        cache_bytes_per_token: bytes of key-value cache that one token of a conversation takes in 16 bits.
        heads: attention heads.
    """

    family: str
    hidden_size: int
    intermediate_size: int
    layers: int
    vocabulary: int
    parameters: int
    linear: int
    experts: int
    lora_per_rank: int
    largest_linear: int
    cache_bytes_per_token: int
    heads: int

    @property
    def kept(self) -> int:
        """Parameters that stay in 16 bits: embeddings, output head, norms, experts."""
        return self.parameters - self.linear


def from_catalogue(entry: Mapping[str, Any]) -> Architecture:
    """Read one entry of `architectures.json`."""
    counts, moe = entry["counts"], entry["moe"]
    intermediate = entry["intermediate_size"]
    if moe:
        chosen = int(moe.get("num_experts_per_tok") or moe["top_k_experts"])
        width = int(moe.get("moe_intermediate_size") or intermediate)
        intermediate = chosen * width + int(moe.get("shared_expert_intermediate_size") or 0)
    return Architecture(
        family=str(entry["architecture_class"]),
        hidden_size=int(entry["hidden_size"]),
        intermediate_size=int(intermediate),
        layers=int(entry["num_hidden_layers"]),
        vocabulary=int(entry["vocab_size"]),
        parameters=int(counts["parameters"]),
        linear=int(counts["linear"]),
        experts=int(counts["experts"]),
        lora_per_rank=int(counts["lora_per_rank"]),
        largest_linear=int(counts["largest_linear"]),
        cache_bytes_per_token=int(entry["kv_cache_bytes_per_token"]),
        heads=int(entry["num_attention_heads"]),
    )
