"""Builds a model from its configuration alone: on the meta device to count it, on fake tensors to train it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from peft import LoraConfig, get_peft_model
from torch import nn
from transformers import AutoConfig, AutoModelForCausalLM

from medtui.errors import Refusal
from medtui.model.dry_run import surrogate
from medtui.text import sanitize_line


def configuration(config: dict[str, Any]) -> Any:
    """Make transformers' configuration object of a text model.

    Args:
        config: content of a config.json; of a model with vision part its `text_config` is taken.

    Raises:
        Refusal: the kind of model is unknown here or its figures contradict each other.
    """
    text = config.get("text_config")
    settings = {**text} if isinstance(text, dict) else {**config}
    settings.pop("quantization_config", None)
    settings.pop("auto_map", None)
    kind = str(settings.pop("model_type", ""))
    try:
        return AutoConfig.for_model(kind, **settings)
    except Exception as error:  # transformers raises many types for a bad configuration
        raise Refusal(
            f"The kind of model {sanitize_line(kind) or '(not named)'} is not known to this medtui or its config.json "
            f"is damaged ({type(error).__name__}); choose another model."
        ) from error


def shortened(config: dict[str, Any], layers: int) -> Any:
    """Make the configuration of the same model with fewer layers."""
    text = config.get("text_config")
    settings = {**text} if isinstance(text, dict) else {**config}
    if isinstance(settings.get("layer_types"), list):
        settings["layer_types"] = settings["layer_types"][:layers]
    return configuration({**settings, "num_hidden_layers": layers})


def network(config: Any) -> nn.Module:
    """Build the network in bfloat16 on the current default device.

    Raises:
        Refusal: there is no text-writing form of this kind of model.
    """
    # Gemma 2 refuses the fused attention (transformers 5.23).
    attention = "eager" if config.model_type == "gemma2" else "sdpa"
    try:
        return AutoModelForCausalLM.from_config(config, dtype=torch.bfloat16, attn_implementation=attention)
    except ValueError as error:
        raise Refusal(
            f"A model of the kind {sanitize_line(str(config.model_type))} cannot write text here; choose another model."
        ) from error


def linear_layers(model: Any) -> dict[str, nn.Linear]:
    """List the layers that bitsandbytes quantises: all linear ones but the output head."""
    head = model.get_output_embeddings()
    return {name: layer for name, layer in model.named_modules() if isinstance(layer, nn.Linear) and layer is not head}


def quantise(model: Any) -> None:
    """Put 4-bit surrogates in place of the linear layers."""
    for name, layer in linear_layers(model).items():
        parent, _, attribute = name.rpartition(".")
        setattr(model.get_submodule(parent), attribute, surrogate.PackedLinear(layer))
    model.is_loaded_in_4bit = True
    model.is_quantized = True


def adapt(model: Any, rank: int) -> Any:
    """Add LoRA to all linear layers, trained in float32 as the training step does."""
    head = model.get_output_embeddings()
    names = {
        name
        for name, layer in model.named_modules()
        if isinstance(layer, nn.Linear | surrogate.PackedLinear) and layer is not head
    }
    pattern = "|".join(re.escape(name) for name in sorted(names))
    settings = LoraConfig(r=rank, lora_alpha=2 * rank, lora_dropout=0.0, bias="none", target_modules=pattern)
    with _staying():
        adapted = get_peft_model(model, settings, autocast_adapter_dtype=False)
    to_float32(adapted)
    return adapted


def to_float32(model: nn.Module) -> None:
    """Put what is trained into float32, as the training step does."""
    for parameter in model.parameters():
        if parameter.requires_grad:
            parameter.data = parameter.data.float()


@contextmanager
def _staying() -> Iterator[None]:
    """Let modules stay where they are: torch cannot move a module of fake tensors, and all are in one place anyway."""
    original = nn.Module.to
    nn.Module.to = lambda module, *_places, **_settings: module
    try:
        yield
    finally:
        nn.Module.to = original
