"""Reads a model's shape from its own folder: the configuration and the shapes of its stored weights."""

import re

from medtui.errors import Refusal
from medtui.model.architecture import Architecture, architecture, text_config
from medtui.model.folder import Folder
from medtui.model.weights import Tensor

_VISION = re.compile(r"(^|\.)(vision|visual|vision_tower|vision_model|multi_modal_projector|audio_tower|embed_vision)")
_NOT_QUANTISED = re.compile(r"(^|\.)(embed|wte|wpe|lm_head|output_embedding)|norm")
# bitsandbytes stores a 4-bit weight packed, with its scales beside it under these endings.
_SCALES = re.compile(r"\.(absmax|quant_map|nested_absmax|nested_quant_map|quant_state\.bitsandbytes__(nf4|fp4))$")


def read(folder: Folder) -> Architecture:
    """Give the shape of the language model in a folder.

    Raises:
        Refusal: its configuration lacks a figure that the memory follows from, or the weights do not belong to it.
    """
    packed = {tensor.name.removesuffix(".absmax") for tensor in folder.tensors if tensor.name.endswith(".absmax")}
    text = [
        tensor
        for tensor in folder.tensors
        if not _VISION.search(tensor.name) and not _SCALES.search(tensor.name) and not _is_copy(tensor, folder)
    ]
    linear = [tensor for tensor in text if _is_linear(tensor, packed)]
    linear_names = {tensor.name for tensor in linear}
    hidden = text_config(folder.config).get("hidden_size")
    width = hidden if isinstance(hidden, int) and hidden > 0 else 1
    counts = {
        "parameters": sum(_elements(tensor, packed) for tensor in text),
        "linear": sum(_elements(tensor, packed) for tensor in linear),
        "experts": sum(
            tensor.size for tensor in text if ".experts." in tensor.name and tensor.name not in linear_names
        ),
        "lora_per_rank": sum(_inputs_and_outputs(tensor, packed, width) for tensor in linear),
        "largest_linear": max((_elements(tensor, packed) for tensor in linear), default=0),
    }
    if not counts["linear"]:
        raise Refusal(
            f"The weights in {folder.path.name} have no layers that can be tuned; copy or download the model again."
        )
    return architecture(folder.config, counts)


def _is_copy(tensor: Tensor, folder: Folder) -> bool:
    """Some folders store the output head although it is tied to the embeddings."""
    return tensor.name == "lm_head.weight" and bool(text_config(folder.config).get("tie_word_embeddings"))


def _is_linear(tensor: Tensor, packed: set[str]) -> bool:
    if not tensor.name.endswith(".weight") or _NOT_QUANTISED.search(tensor.name):
        return False
    return tensor.name in packed or len(tensor.shape) == 2


def _elements(tensor: Tensor, packed: set[str]) -> int:
    """Parameters in a stored tensor: a packed byte holds two."""
    return 2 * tensor.size if tensor.name in packed else tensor.size


def _inputs_and_outputs(tensor: Tensor, packed: set[str], hidden: int) -> int:
    """Inputs plus outputs; a packed weight has lost its shape, but one side is the hidden size in nearly all layers."""
    if tensor.name in packed:
        return hidden + _elements(tensor, packed) // hidden
    return sum(tensor.shape)
