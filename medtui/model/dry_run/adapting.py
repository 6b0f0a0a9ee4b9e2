"""Makes a model trainable as the training step does: 4-bit layers, LoRA on all of them, float32 where it learns."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from peft import LoraConfig, get_peft_model
from torch import nn

from medtui.model.dry_run import building, surrogate

# The training step's own default; any dropout costs the same memory.
DROPOUT = 0.05


_SURROGATES = {"qlora": surrogate.PackedLinear, "lora8": surrogate.Int8Linear}


def quantise(model: Any, method: str) -> None:
    """Put 4-bit or 8-bit surrogates in place of the linear layers where the method quantises them."""
    if method not in _SURROGATES:
        return
    for name, layer in building.linear_layers(model).items():
        parent, _, attribute = name.rpartition(".")
        setattr(model.get_submodule(parent), attribute, _SURROGATES[method](layer))
    model.is_loaded_in_4bit, model.is_loaded_in_8bit = method == "qlora", method == "lora8"
    model.is_quantized = True


def adapt(model: Any, rank: int) -> Any:
    """Add LoRA to all linear layers, trained in float32 as the training step does."""
    head = model.get_output_embeddings()
    names = {name for name, layer in model.named_modules() if isinstance(layer, nn.Linear) and layer is not head}
    pattern = "|".join(re.escape(name) for name in sorted(names))
    settings = LoraConfig(r=rank, lora_alpha=2 * rank, lora_dropout=DROPOUT, bias="none", target_modules=pattern)
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
