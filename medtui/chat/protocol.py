"""What the chat screen and its worker say to each other: JSON lines over pipes."""

from dataclasses import asdict, dataclass
from typing import Any, Literal

Which = Literal["base", "tuned"]
BASE: Which = "base"
TUNED: Which = "tuned"


@dataclass(frozen=True)
class Sampling:
    """How freely the model chooses its words.

    Attributes:
        temperature: 0 always takes the likeliest token (repeatable); higher varies more.
        top_p: only the likeliest tokens that together reach this probability are considered.
        max_new_tokens: longest answer, in tokens.
        seed: start of the random numbers; the same seed gives the same answer.
    """

    temperature: float = 0.0
    top_p: float = 1.0
    max_new_tokens: int = 256
    seed: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.temperature <= 2:
            raise ValueError("temperature must lie between 0 and 2")
        if not 0 < self.top_p <= 1:
            raise ValueError("top_p must lie above 0 and up to 1")
        if not 1 <= self.max_new_tokens <= 8192:
            raise ValueError("max_new_tokens must lie between 1 and 8192")


def request(identifier: int, messages: list[dict[str, str]], which: Which, sampling: Sampling) -> dict[str, Any]:
    """Build one question for the worker."""
    return {"id": identifier, "messages": messages, "which": which, "sampling": asdict(sampling)}
