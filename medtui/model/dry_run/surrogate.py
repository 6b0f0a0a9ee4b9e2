"""Stand-ins for what runs on a GPU only: they allocate what the real kernels allocate and compute nothing.

Each follows the CUDA code of the pinned versions: bitsandbytes 0.50.2 (4-bit and 8-bit products), torch 2.13
(memory-efficient attention), trl 1.16 (loss in tiles).
"""

from typing import Any

import torch
from bitsandbytes import MatmulLtState
from bitsandbytes.nn import Linear4bit, Linear8bitLt
from torch import nn
from transformers import masking_utils
from trl.kernels import chunked_logprob

BLOCK_SIZE = 64  # weights that share a scale
NESTED_BLOCK_SIZE = 256  # scales that share a second-level scale
OUTLIER_THRESHOLD = 6.0  # larger activations are multiplied in 16 bits (transformers' llm_int8_threshold)


class PackedLinear(Linear4bit):
    """A 4-bit linear layer without values; PEFT takes it for bitsandbytes' own."""

    def __init__(self, layer: nn.Linear) -> None:
        nn.Module.__init__(self)
        self.in_features, self.out_features = layer.in_features, layer.out_features
        count = layer.weight.numel()
        packed = nn.Parameter(torch.empty((count + 1) // 2, 1, dtype=torch.uint8), requires_grad=False)
        packed.compress_statistics, packed.quant_type = True, "nf4"
        self.weight = packed
        self.compute_dtype = torch.bfloat16
        scales = -(-count // BLOCK_SIZE)
        self.register_buffer("scales", torch.empty(scales, dtype=torch.uint8))
        self.register_buffer("nested_scales", torch.empty(-(-scales // NESTED_BLOCK_SIZE), dtype=torch.float32))
        self.register_buffer("code", torch.empty(256 + 16, dtype=torch.float32))
        self.bias = layer.bias

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Multiply as `matmul_4bit` does when gradients are needed."""
        dtype = x.dtype
        bias = None if self.bias is None else self.bias.to(torch.bfloat16)
        shape = (self.out_features, self.in_features)
        return _PackedProduct.apply(x.to(torch.bfloat16), self.weight, shape, bias).to(dtype)


def _unpacked(shape: tuple[int, int]) -> torch.Tensor:
    """Dequantise: the scales become float32 first, then the whole weight becomes 16-bit."""
    scales = torch.empty(-(-shape[0] * shape[1] // BLOCK_SIZE), dtype=torch.float32)
    weight = torch.empty(shape, dtype=torch.bfloat16)
    del scales
    return weight


class _PackedProduct(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: Any, x: torch.Tensor, packed: torch.Tensor, shape: tuple[int, int], bias: torch.Tensor | None
    ) -> torch.Tensor:
        ctx.shape, ctx.packed = shape, packed
        return nn.functional.linear(x, _unpacked(shape), bias)

    @staticmethod
    def backward(ctx: Any, gradient: torch.Tensor) -> tuple[torch.Tensor, None, None, None]:
        return torch.matmul(gradient, _unpacked(ctx.shape)), None, None, None


class Int8Linear(Linear8bitLt):
    """An 8-bit linear layer without values; PEFT takes it for bitsandbytes' own."""

    def __init__(self, layer: nn.Linear) -> None:
        nn.Module.__init__(self)
        self.in_features, self.out_features = layer.in_features, layer.out_features
        weight = torch.empty((layer.out_features, layer.in_features), dtype=torch.int8)
        self.weight = nn.Parameter(weight, requires_grad=False)
        self.register_buffer("scales", torch.empty(layer.out_features, dtype=torch.float32))
        self.state = MatmulLtState()
        self.state.threshold, self.state.has_fp16_weights = OUTLIER_THRESHOLD, False
        self.index = None
        self.bias = layer.bias

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Multiply as `MatMul8bitLt` does."""
        return _Int8Product.apply(x, self.weight)


class _Int8Product(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
        # Kept beside autograd's own store, as bitsandbytes does, so that checkpointing does not let go of it.
        ctx.kept, ctx.weight = x, weight
        rounded = _to_int8(x)
        product = torch.empty((*x.shape[:-1], weight.shape[0]), dtype=torch.int32)
        half = torch.empty_like(product, dtype=torch.float16)
        output = half.to(x.dtype)
        del product, half, rounded
        # The few columns with outliers are multiplied in 16 bits and added, into a new tensor.
        return torch.empty_like(output)

    @staticmethod
    def backward(ctx: Any, gradient: torch.Tensor) -> tuple[torch.Tensor, None]:
        weight = ctx.weight.to(gradient.dtype, copy=True)
        return torch.matmul(gradient, weight), None


def _to_int8(x: torch.Tensor) -> torch.Tensor:
    """Look for outliers in 16 bits, then round each row."""
    half = x.to(torch.float16)
    outliers = half.abs() >= OUTLIER_THRESHOLD
    rows = torch.empty(x.shape[:-1], dtype=torch.float32)
    rounded = torch.empty(x.shape, dtype=torch.int8)
    del half, outliers, rows
    return rounded


class _Attention(torch.autograd.Function):
    """Attention as CUDA's fused kernels do it: the scores never exist, one statistic per query is kept."""

    @staticmethod
    def forward(ctx: Any, query: torch.Tensor, key: torch.Tensor, value: torch.Tensor) -> torch.Tensor:
        output = torch.empty((*query.shape[:-1], value.shape[-1]), dtype=query.dtype)
        statistics = torch.empty(query.shape[:-1], dtype=torch.float32)
        ctx.save_for_backward(query, key, value, output, statistics)
        return output

    @staticmethod
    def backward(ctx: Any, gradient: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        query, key, value, _, statistics = ctx.saved_tensors
        delta = torch.empty_like(statistics)
        gradients = torch.empty_like(query), _wide_like(key, query), _wide_like(value, query)
        del delta, gradient
        return gradients[0], _narrow(gradients[1], key), _narrow(gradients[2], value)


def _wide_like(tensor: torch.Tensor, query: torch.Tensor) -> torch.Tensor:
    """With shared key-value heads the kernel writes a gradient per query head before they are summed."""
    batch, heads = query.shape[:2]
    return torch.empty((batch, heads, *tensor.shape[2:]), dtype=tensor.dtype)


def _narrow(gradient: torch.Tensor, tensor: torch.Tensor) -> torch.Tensor:
    if gradient.shape == tensor.shape:
        return gradient
    batch, heads = tensor.shape[:2]
    return gradient.reshape(batch, heads, -1, *tensor.shape[2:]).sum(2)


def attention(
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    *_arguments: Any,
    **_settings: Any,
) -> torch.Tensor:
    """Stand in for `torch.nn.functional.scaled_dot_product_attention`."""
    return _Attention.apply(query, key, value)


def dropout(x: torch.Tensor, p: float = 0.5, training: bool = True, inplace: bool = False) -> torch.Tensor:
    """Stand in for `torch.nn.functional.dropout`: CUDA keeps one byte per value, a CPU would keep two."""
    return torch.native_dropout(x, p, True)[0] if training and p > 0 else x


def _in_place(*_arguments: Any, **_settings: Any) -> None:
    """The Triton kernels of the loss fold a tile in place and allocate nothing."""


def _accumulate(accumulator: torch.Tensor, _left: torch.Tensor, _right: torch.Tensor) -> None:
    """On CUDA the product is added in float32 by the matrix multiplication itself, without a copy."""


def _one_sequence(_positions: torch.Tensor) -> None:
    """Say that an example is one sequence, which cannot be read off positions without values."""


def install() -> None:
    """Put the stand-ins in place of the GPU kernels, in this process."""
    masking_utils.find_packed_sequence_indices = _one_sequence
    torch.nn.functional.scaled_dot_product_attention = attention
    torch.nn.functional.dropout = dropout
    chunked_logprob._forward_tile = _in_place
    chunked_logprob._backward_tile = _in_place
    chunked_logprob._addmm_fp32 = _accumulate
