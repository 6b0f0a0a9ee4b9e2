"""The stand-ins hold on to memory as bitsandbytes' own layers do."""

import gc
import weakref
from collections.abc import Callable
from typing import Any

import bitsandbytes.autograd._functions as products
import pytest
import torch
from bitsandbytes.nn import Linear4bit, Linear8bitLt
from torch.utils.checkpoint import checkpoint

from medtui.model.dry_run.surrogate import Int8Linear, PackedLinear

SIZE = 64


def inputs_survive_checkpointing(product: Callable[[torch.Tensor], torch.Tensor]) -> bool:
    """Tell whether a product's input is still held after a checkpointed forward pass."""
    seen: list[Any] = []

    def layer(x: torch.Tensor) -> torch.Tensor:
        hidden = x * 2
        seen.append(weakref.ref(hidden.untyped_storage()))
        return product(hidden) * 3

    output = checkpoint(layer, torch.randn(8, SIZE, requires_grad=True), use_reentrant=False)
    gc.collect()
    held = seen[0]() is not None
    assert output.requires_grad
    return held


def real_int8() -> Callable[[torch.Tensor], torch.Tensor]:
    layer = Linear8bitLt(SIZE, SIZE, bias=False, has_fp16_weights=False, threshold=6.0).to("cpu")
    layer.init_8bit_state()
    # The class behind the layer on a GPU; on a processor the layer itself takes another one.
    return lambda x: products.MatMul8bitLt.apply(x, layer.weight, None, None, layer.state)


@pytest.mark.parametrize("product", [real_int8(), Int8Linear(torch.nn.Linear(SIZE, SIZE, bias=False))])
def test_checkpointing_does_not_free_the_inputs_of_8_bit_products(
    product: Callable[[torch.Tensor], torch.Tensor],
) -> None:
    assert inputs_survive_checkpointing(product)


@pytest.mark.parametrize(
    "product",
    [Linear4bit(SIZE, SIZE, bias=False, quant_type="nf4").to("cpu"), PackedLinear(torch.nn.Linear(SIZE, SIZE))],
)
def test_checkpointing_frees_the_inputs_of_4_bit_products(product: Callable[[torch.Tensor], torch.Tensor]) -> None:
    assert not inputs_survive_checkpointing(product)
