"""Reads the headers of safetensors files: names, types and shapes of all tensors, without loading one.

Format: 8 bytes little-endian length, that many bytes of JSON, then the data (safetensors README, "Format").
"""

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from medtui.errors import Refusal
from medtui.text import sanitize_line

# The reference implementation refuses longer headers too.
LONGEST_HEADER = 100_000_000


@dataclass(frozen=True)
class Tensor:
    """One stored tensor."""

    name: str
    dtype: str
    shape: tuple[int, ...]

    @property
    def size(self) -> int:
        """Number of elements."""
        return math.prod(self.shape)


def read(path: Path) -> list[Tensor]:
    """List the tensors of one file.

    Raises:
        Refusal: the file is damaged, cut short, or no safetensors file.
    """
    try:
        size = path.stat().st_size
        with path.open("rb") as stream:
            length = int.from_bytes(stream.read(8), "little")
            if not 2 <= length <= min(LONGEST_HEADER, size - 8):
                raise ValueError("its header has an impossible length")
            header = json.loads(stream.read(length))
        tensors = [_tensor(name, entry) for name, entry in header.items() if name != "__metadata__"]
        end = max(
            (int(entry["data_offsets"][1]) for name, entry in header.items() if name != "__metadata__"), default=0
        )
        if size != 8 + length + end:
            raise ValueError(f"it has {size} bytes where its header promises {8 + length + end}")
    except OSError as error:
        raise Refusal(f"Cannot read {sanitize_line(str(path))}: {error.strerror}; check its permissions.") from error
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError) as error:
        reason = sanitize_line(str(error)) if type(error) is ValueError else "its header cannot be understood"
        raise Refusal(
            f"{sanitize_line(path.name)} is not a whole safetensors file ({reason}); copy or download it again."
        ) from error
    return tensors


def _tensor(name: str, entry: dict[str, Any]) -> Tensor:
    shape = tuple(int(extent) for extent in entry["shape"])
    if any(extent < 0 for extent in shape):
        raise ValueError("a tensor has a negative extent")
    return Tensor(str(name), str(entry["dtype"]), shape)
