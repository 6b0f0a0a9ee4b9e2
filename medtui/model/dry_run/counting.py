"""Counts a model's parameters on the meta device, where tensors have shapes and no data."""

from typing import Any

import torch

from medtui.model.dry_run import building


def count(config: dict[str, Any]) -> dict[str, int]:
    """Count what the memory of a text model follows from.

    Args:
        config: content of a config.json.

    Returns:
        `parameters` (tied weights once), `linear`, `experts`, `lora_per_rank`, `largest_linear`; see `Architecture`.

    Raises:
        Refusal: the kind of model is not known.
    """
    with torch.device("meta"):
        model = building.network(building.configuration(config))
    layers = building.linear_layers(model).values()
    return {
        "parameters": sum(parameter.numel() for parameter in model.parameters()),
        "linear": sum(layer.weight.numel() for layer in layers),
        "experts": sum(parameter.numel() for name, parameter in model.named_parameters() if ".experts." in name),
        "lora_per_rank": sum(layer.in_features + layer.out_features for layer in layers),
        "largest_linear": max((layer.weight.numel() for layer in layers), default=0),
    }
