"""Builds a model from its configuration alone, on whatever device tensors are made at the moment."""

from typing import Any

import torch
from torch import nn
from transformers import MODEL_FOR_CAUSAL_LM_MAPPING, AutoConfig, AutoModelForCausalLM

from medtui.errors import Refusal
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
    try:
        kind = MODEL_FOR_CAUSAL_LM_MAPPING[type(config)]
    except KeyError as error:
        raise Refusal(
            f"A model of the kind {sanitize_line(str(config.model_type))} cannot write text here; choose another model."
        ) from error
    # Gemma 2 and gpt-oss have no fused attention in transformers 5.23.
    attention = "sdpa" if kind._supports_sdpa else "eager"
    return AutoModelForCausalLM.from_config(config, dtype=torch.bfloat16, attn_implementation=attention)


def linear_layers(model: Any) -> dict[str, nn.Linear]:
    """List the layers that bitsandbytes quantises: all linear ones but the output head."""
    head = model.get_output_embeddings()
    return {name: layer for name, layer in model.named_modules() if isinstance(layer, nn.Linear) and layer is not head}
