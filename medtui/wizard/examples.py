"""The examples step in words."""

from collections.abc import Mapping
from typing import Any

from medtui.examples.checks import REASONS
from medtui.wizard.question import Consequence, Option, Outcome, Question
from medtui.wizard.units import counted

TASK_NAMES = {
    "findings_to_impression": "findings to impression",
    "clinical_to_assessment": "history and examination to assessment",
    "results_to_interpretation": "laboratory results to interpretation",
    "course_to_summary": "hospital stay to summary",
}

# Below a few hundred examples a model learns the form of the answers but little else; see the README.
FEW_EXAMPLES = 300


def questions(documents: int, suggested: int, longest: int) -> tuple[Question, ...]:
    """Ask how long an example may be.

    Args:
        documents: de-identified reports.
        suggested: tokens of input and answer together that suit the model.
        longest: tokens that the model can hold.
    """
    lengths = sorted({length for length in (suggested // 2, suggested, suggested * 2) if 16 <= length <= longest})
    return (
        Question(
            "examples",
            "max_length",
            "How long may an example be?",
            "The model learns from pairs: a part of a report, and what your practice wrote next. Longer pairs need "
            "more memory; what is too long is left out whole, counted and named, never cut.",
            tuple(_length(length, suggested, documents) for length in lengths),
            suggested,
        ),
    )


def _length(length: int, suggested: int, documents: int) -> Option:
    if length == suggested:
        label, detail = f"Up to {length:,} tokens, about {length * 2 // 3:,} words", "Suits the chosen model"
    elif length < suggested:
        label, detail = f"Up to {length:,} tokens", "Less memory; more reports may be too long"
    else:
        label, detail = f"Up to {length:,} tokens", "For long letters; more memory"
    note = (
        "All examples of one patient stay on one side: 80 % to learn, 10 % to watch learning, 10 % for the final test."
    )
    memory = "as usual" if length == suggested else "about half as much" if length < suggested else "about double"
    return Option(length, label, detail, Consequence((("Reports", f"{documents:,}"), ("Memory", memory)), (note,)))


def outcome(result: Mapping[str, Any]) -> Outcome:
    """Put the dataset into words."""
    train, validation, test = (int(result[split]) for split in ("train", "validation", "test"))
    tokens = result.get("tokens") or {}
    reports = {name: int(count) for name, count in (result.get("excluded") or {}).items() if count}
    pairs = {name: int(count) for name, count in (result.get("pairs_excluded") or {}).items() if count}
    figures = [
        ("To learn from", f"{train:,}"),
        ("To watch learning", f"{validation:,}"),
        ("For the final test", f"{test:,}"),
    ]
    if tokens:
        figures += [
            ("Length (tokens)", f"median {tokens.get('median', 0):,}, longest {tokens.get('longest', 0):,}"),
            ("Too long", f"{tokens.get('over_limit', 0):,}"),
        ]
    tasks = ", ".join(f"{count:,} {TASK_NAMES.get(name, name)}" for name, count in (result.get("tasks") or {}).items())
    warnings: tuple[str, ...] = ()
    if train < FEW_EXAMPLES:
        warnings = (f"{counted(train, 'example')} are few: expect the form of your reports, not new knowledge.",)
    return Outcome(
        f"{counted(train + validation + test, 'example')} made.",
        tuple(figures),
        (f"Tasks: {tasks}.",) if tasks else (),
        warnings,
        (*_reasons(reports, "report"), *_reasons(pairs, "pair")),
        "Left out, and why" if reports or pairs else "",
    )


def _reasons(excluded: Mapping[str, int], noun: str) -> list[str]:
    ordered = sorted(excluded.items(), key=lambda item: -item[1])
    return [f"{counted(count, noun)}: {REASONS.get(reason, reason)}" for reason, count in ordered]
