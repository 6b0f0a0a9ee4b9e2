"""Measures the memory of tensors that have no data, as the CUDA allocator would hand it out."""

import weakref
from collections.abc import Iterable
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

# The CUDA caching allocator rounds each request up to this many bytes (c10 CUDACachingAllocator, kMinBlockSize).
BLOCK = 512


class Meter(TorchDispatchMode):
    """Sums the storages that are alive, after every operation inside the context.

    Attributes:
        live: bytes alive now.
        peak: the most bytes alive at once since the last `reset`.
    """

    def __init__(self) -> None:
        super().__init__()
        self.live = 0
        self.peak = 0
        self._known: set[int] = set()

    def reset(self) -> None:
        """Begin a new peak."""
        self.peak = self.live

    def watch(self, tensors: Iterable[torch.Tensor]) -> None:
        """Count storages that exist already, such as a model's weights."""
        for tensor in tensors:
            self._count(tensor)
        self.peak = max(self.peak, self.live)

    def _count(self, tensor: torch.Tensor) -> None:
        storage = tensor.untyped_storage()
        key = storage._cdata
        if key in self._known:
            return
        size = -(-storage.nbytes() // BLOCK) * BLOCK
        self._known.add(key)
        self.live += size
        weakref.finalize(storage, self._release, key, size)

    def _release(self, key: int, size: int) -> None:
        self._known.discard(key)
        self.live -= size

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        """Run the operation and count what it made."""
        result = func(*args, **(kwargs or {}))
        for leaf in tree_leaves(result):
            if isinstance(leaf, torch.Tensor):
                self._count(leaf)
        self.peak = max(self.peak, self.live)
        return result
