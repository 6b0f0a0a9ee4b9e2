"""The export step in words."""

from collections.abc import Mapping
from typing import Any

from medtui.wizard.question import Consequence, Option, Outcome, Question
from medtui.wizard.units import gib, place


def questions(model_bytes: int) -> tuple[Question, ...]:
    """Ask whether a merged model is wanted beside the adapter.

    Args:
        model_bytes: size of the base model in 16 bits.
    """
    return (
        Question(
            "export",
            "merged",
            "In what form shall the model be kept?",
            "What was learned is a small adapter that needs the base model beside it. Merged into the base it becomes "
            "one model that other programs load as it is.",
            (
                Option(
                    True,
                    "Adapter and merged model",
                    "Ready for other programs (16-bit, safetensors)",
                    Consequence(
                        (("Disk", f"about {gib(model_bytes)}"),), ("Both are written; nothing leaves the machine.",)
                    ),
                ),
                Option(
                    False,
                    "Adapter alone",
                    "Small; needs the base model beside it",
                    Consequence((("Disk", "a few MiB to a few hundred"),), ("The merged model can be made later.",)),
                ),
            ),
            True,
        ),
    )


def outcome(result: Mapping[str, Any]) -> Outcome:
    """Say where the model lies and what to do with it."""
    figures = [("Adapter", place(str(result["adapter"])))] if result["adapter"] else []
    notes = [
        "The adapter folder holds adapter, tokenizer, chat template and a card that says what it is.",
        "Keep the folders inside the practice: a tuned model may still repeat what it has read.",
    ]
    if result.get("merged"):
        figures.append(("Merged model", place(str(result["merged"]))))
        notes.insert(1, "The merged folder loads with plain transformers, or with any program that reads such folders.")
    return Outcome("The tuned model is saved.", tuple(figures), tuple(notes))
