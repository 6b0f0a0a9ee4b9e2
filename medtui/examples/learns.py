"""What the model learns from a row: every token of it, and which ones are trained. Data for the screen."""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from medtui.examples.tokens import ChatTokenizer


@dataclass(frozen=True, slots=True)
class Stretch:
    """Neighbouring tokens that are all trained, or all not.

    Attributes:
        trained: whether the loss is computed on them.
        text: what they say, special tokens by their name.
        tokens: how many they are.
    """

    trained: bool
    text: str
    tokens: int


@dataclass(frozen=True, slots=True)
class Lesson:
    """One row as the trainer sees it.

    Attributes:
        stretches: the prompt, then what is trained.
        trained_ids: ids of the trained tokens, in order.
        last: the last trained tokens as text.
    """

    stretches: tuple[Stretch, ...]
    trained_ids: tuple[int, ...]
    last: tuple[str, ...]


# So many tokens show how an answer ends.
LAST_TOKENS = 5


def lesson(row: Mapping[str, Any], tokenizer: ChatTokenizer) -> Lesson:
    """Lay out one row.

    Args:
        row: a row of the dataset.
        tokenizer: of the model that is tuned.

    Raises:
        Refusal: nothing of the row would be trained, the prompt is no beginning of the whole, or its end is not
            learned.
    """
    encoded = tokenizer.encode(row["prompt"], row["completion"])
    marked = [(position >= encoded.prompt_length, number) for position, number in enumerate(encoded.ids)]
    stretches = tuple(
        Stretch(trained, tokenizer.text([number for _, number in members]), len(members))
        for trained, group in itertools.groupby(marked, key=lambda item: item[0])
        if (members := list(group))
    )
    trained = encoded.trained
    return Lesson(stretches, trained, tuple(tokenizer.pieces(trained[-LAST_TOKENS:])))


def histogram(lengths: list[int], limit: int, bars: int = 12) -> list[dict[str, int]]:
    """Count examples by length.

    Args:
        lengths: tokens of each example.
        limit: tokens that the training takes; the last bar but one ends there.
        bars: how many bars below the limit.

    Returns:
        Bars with `from` (first length), `to` (last length) and `examples`; the last holds what is over the limit.
    """
    width = max(1, -(-limit // bars))
    counted = [0] * (bars + 1)
    for length in lengths:
        counted[bars if length > limit else min(bars - 1, max(0, length - 1) // width)] += 1
    shown = [
        {"from": index * width + 1, "to": min(limit, (index + 1) * width), "examples": counted[index]}
        for index in range(bars)
    ]
    return [*shown, {"from": limit + 1, "to": max([limit + 1, *lengths]), "examples": counted[bars]}]
