"""Reads a model's shape from its own folder: the configuration and the shapes of its stored weights."""

import re
from typing import Any

from medtui.errors import Refusal
from medtui.model.architecture import Architecture
from medtui.model.folder import Folder
from medtui.model.weights import Tensor
from medtui.text import sanitize_line

_VISION = re.compile(r"(^|\.)(vision|visual|vision_tower|vision_model|multi_modal_projector|audio_tower|embed_vision)")
_NOT_QUANTISED = re.compile(r"(^|\.)(embed|wte|wpe|lm_head|output_embedding)|norm")
# bitsandbytes stores a 4-bit weight packed, with its scales beside it under these endings.
_SCALES = re.compile(r"\.(absmax|quant_map|nested_absmax|nested_quant_map|quant_state\.bitsandbytes__(nf4|fp4))$")


def architecture(folder: Folder) -> Architecture:
    """Give the shape of the language model in a folder.

    Raises:
        Refusal: its configuration lacks a figure that the memory follows from.
    """
    config = folder.text_config
    text = [tensor for tensor in folder.tensors if not _VISION.search(tensor.name)]
    stored = {tensor.name for tensor in folder.tensors}
    packed = {name.removesuffix(".absmax") for name in stored if name.endswith(".absmax")}
    counted = [tensor for tensor in text if not _SCALES.search(tensor.name)]
    linear = [tensor for tensor in counted if _is_linear(tensor, packed)]
    sizes = {tensor.name: _elements(tensor, packed) for tensor in counted}
    experts = sum(tensor.size for tensor in counted if ".experts." in tensor.name and tensor not in linear)
    hidden, layers = _whole(config, folder, "hidden_size"), _whole(config, folder, "num_hidden_layers")
    heads = _whole(config, folder, "num_attention_heads")
    cached_heads = int(config.get("num_key_value_heads") or heads)
    head = int(config.get("head_dim") or hidden // heads)
    return Architecture(
        family=_family(config),
        hidden_size=hidden,
        intermediate_size=int(config.get("intermediate_size") or 4 * hidden),
        layers=layers,
        vocabulary=_whole(config, folder, "vocab_size"),
        parameters=sum(sizes.values()),
        linear=sum(sizes[tensor.name] for tensor in linear),
        experts=experts,
        lora_per_rank=sum(_inputs_and_outputs(tensor, packed, hidden) for tensor in linear),
        largest_linear=max((sizes[tensor.name] for tensor in linear), default=0),
        cache_bytes_per_token=2 * layers * cached_heads * head * 2,
        heads=heads,
    )


def _family(config: dict[str, Any]) -> str:
    """Write transformers' model type as its class name is written: "qwen3_5_text" is "Qwen3_5Text"."""
    words = str(config.get("model_type", "")).split("_")
    return "".join(f"_{word}" if word.isdigit() else word[:1].upper() + word[1:] for word in words)


def _is_linear(tensor: Tensor, packed: set[str]) -> bool:
    if not tensor.name.endswith(".weight") or _NOT_QUANTISED.search(tensor.name):
        return False
    return tensor.name in packed or len(tensor.shape) == 2


def _elements(tensor: Tensor, packed: set[str]) -> int:
    """Parameters in a stored tensor: a packed byte holds two."""
    return 2 * tensor.size if tensor.name in packed else tensor.size


def _inputs_and_outputs(tensor: Tensor, packed: set[str], hidden: int) -> int:
    if tensor.name in packed:
        return hidden + _elements(tensor, packed) // hidden
    return sum(tensor.shape)


def _whole(config: dict[str, Any], folder: Folder, key: str) -> int:
    value = config.get(key)
    if not isinstance(value, int) or value <= 0:
        raise Refusal(
            f"The config.json in {sanitize_line(str(folder.path))} has no usable {key}; this kind of model cannot be "
            "planned, choose another."
        )
    return value
