"""Random numbers for one report: drawn once by the system, the same again each time the report is written anew."""

import hashlib
import secrets
from collections.abc import Sequence
from typing import TypeVar

SEED_BYTES = 32
_BLOCK = 8
_Item = TypeVar("_Item")


def new_seed() -> bytes:
    """Draw a seed from the system's cryptographic random source."""
    return secrets.token_bytes(SEED_BYTES)


class RandomStream:
    """An endless stream of uniform numbers: SHA-256 over a random seed and a counter.

    What is drawn depends on the seed and on how much was drawn before, never on a value of the report.
    """

    def __init__(self, seed: bytes) -> None:
        self._seed = seed
        self._counter = 0

    def below(self, bound: int) -> int:
        """Draw a number from 0 to `bound` - 1; numbers that would favour some are drawn again."""
        limit = (1 << 8 * _BLOCK) - (1 << 8 * _BLOCK) % bound
        while True:
            block = hashlib.sha256(self._seed + self._counter.to_bytes(8, "big")).digest()[:_BLOCK]
            self._counter += 1
            number = int.from_bytes(block, "big")
            if number < limit:
                return number % bound

    def choice(self, items: Sequence[_Item]) -> _Item:
        """Draw one of several."""
        return items[self.below(len(items))]

    def digits(self, count: int) -> str:
        """Draw decimal digits."""
        return "".join(str(self.below(10)) for _ in range(count))
