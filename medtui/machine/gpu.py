"""One GPU, or one MIG slice of a GPU, as the driver describes it."""

from dataclasses import asdict, dataclass
from typing import Any

GIB = 1024**3

# Tensor cores compute bfloat16 natively from Ampere on (CUDA C++ Programming Guide, arithmetic throughput table).
NATIVE_BF16 = (8, 0)
# bitsandbytes' 4-bit kernels need Pascal or newer (bitsandbytes installation guide, hardware table).
NF4 = (6, 0)


@dataclass(frozen=True)
class Gpu:
    """What is known about one GPU; sizes in bytes, None where the driver does not say."""

    index: int
    name: str
    uuid: str
    total_bytes: int | None
    free_bytes: int | None
    compute_capability: str | None = None
    pci_bus_id: str | None = None
    is_mig: bool = False
    unified_memory: bool = False
    bandwidth_gbs: float | None = None
    processes: int | None = None
    problems: tuple[str, ...] = ()

    @property
    def used_bytes(self) -> int | None:
        """Memory that others hold now, the driver's own share included."""
        if self.total_bytes is None or self.free_bytes is None:
            return None
        return max(0, self.total_bytes - self.free_bytes)

    @property
    def capability(self) -> tuple[int, int] | None:
        """Compute capability as numbers that compare."""
        if self.compute_capability is None:
            return None
        major, _, minor = self.compute_capability.partition(".")
        return int(major), int(minor)

    @property
    def native_bf16(self) -> bool | None:
        """Whether bfloat16 is native; on older cards it is emulated, so training uses float16 there."""
        return None if self.capability is None else self.capability >= NATIVE_BF16

    @property
    def nf4(self) -> bool | None:
        """Whether the 4-bit kernels run on it."""
        return None if self.capability is None else self.capability >= NF4

    def to_dict(self) -> dict[str, Any]:
        """Give all fields and what follows from them, JSON-able."""
        derived = {"used_bytes": self.used_bytes, "native_bf16": self.native_bf16, "nf4": self.nf4}
        return {**asdict(self), **derived, "problems": list(self.problems)}
