"""The evaluation step in words."""

from collections.abc import Mapping
from typing import Any

from medtui.wizard.question import Consequence, Option, Outcome, Question


def questions(test_examples: int) -> tuple[Question, ...]:
    """Offer to compare base and tuned model.

    Args:
        test_examples: held-out examples.
    """
    compare = Option(
        "test",
        "Compare both on the reports kept aside",
        "Neither model has seen them",
        Consequence(
            (("Test examples", f"{test_examples:,}"),),
            ("For each, both models are asked how likely they find what your practice wrote.",),
            "Few test examples give a rough picture only." if test_examples < 50 else "",
        ),
    )
    return (
        Question(
            "evaluation",
            "",
            "Has the model learned something?",
            "The curve during training can flatter. The base and the tuned model are therefore compared on reports of "
            "patients that training has never seen.",
            (compare,),
            "test",
        ),
    )


_HEADLINES = {
    "better": "The tuned model is better than its base.",
    "no better": "The tuned model is no better than its base.",
    "worse": "The tuned model is worse than its base: do not use it.",
}


def outcome(result: Mapping[str, Any]) -> Outcome:
    """Put the comparison into words."""
    base, tuned = result["base"], result["tuned"]
    worse = result["outcome"] == "worse"
    return Outcome(
        _HEADLINES[result["outcome"]],
        (
            ("", "base        tuned"),
            ("Loss", f"{base['loss']:<10.3f}  {tuned['loss']:.3f}"),
            ("Perplexity", f"{base['perplexity']:<10.2f}  {tuned['perplexity']:.2f}"),
            ("Examples", f"{int(result['items']):,}"),
        ),
        (
            str(result["verdict"]),
            "Loss is how surprised a model is by what your practice wrote; perplexity is the same on another scale "
            "(among how many words it hesitates). Lower is better for both.",
        ),
        ("Something went wrong in training; look at its curves before you export anything.",) if worse else (),
    )
