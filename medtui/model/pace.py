"""How long training takes, as a range from the GPU's figures, until a run has been measured."""

from medtui.machine.cards import Card
from medtui.model.architecture import Architecture

# Share of a card's dense 16-bit arithmetic that published QLoRA runs reach on full sequences: the Qwen team's A100
# tables give 32 to 38 %, LLaMA-Factory's 35 %; consumer cards and short notes reach less.
EFFICIENCY = (0.20, 0.40)
# Forward pass, its repetition for the checkpoints, and the gradient towards the inputs: 2 operations a weight each.
OPERATIONS_PER_WEIGHT = 6


def tokens_per_second(model: Architecture, card: Card | None) -> tuple[float, float] | None:
    """Estimate the pace of 4-bit training with checkpointing.

    Args:
        model: its shape.
        card: the GPU, None when it is not listed.

    Returns:
        The lowest and highest tokens a second to expect; None when the card's arithmetic is not known.
    """
    if card is None or card.tflops is None:
        return None
    per_token = OPERATIONS_PER_WEIGHT * (model.linear + model.vocabulary * model.hidden_size)
    low, high = (share * card.tflops * 1e12 / per_token for share in EFFICIENCY)
    return low, high


def minutes(model: Architecture, card: Card | None, tokens: int) -> tuple[float, float] | None:
    """Estimate how many minutes a pass over so many tokens takes, shortest first; None when it is not known."""
    pace = tokens_per_second(model, card)
    return None if pace is None else (tokens / pace[1] / 60, tokens / pace[0] / 60)
