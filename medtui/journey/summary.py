"""Puts the nine results into one object, and into words."""

from collections.abc import Mapping
from typing import Any

_TRAINING = (
    "quantization",
    "steps",
    "train_loss_first",
    "train_loss_last",
    "validation_loss_first",
    "validation_loss_best",
)


def summary(results: Mapping[str, Mapping[str, Any]], seconds: Mapping[str, float]) -> dict[str, Any]:
    """Build the object that `medtui run` and `medtui demo --headless` print as their last line.

    Args:
        results: each step's result.
        seconds: each step's wall time.
    """
    reports, deid, examples = results["reports"], results["deid"], results["examples"]
    return {
        "documents": reports["documents"],
        "unreadable": reports["unreadable"],
        "identifiers_found": deid["identifiers_found"],
        "known_identifiers_left": deid["known_identifiers_left"],
        "examples": {split: examples[split] for split in ("train", "validation", "test")},
        "training": {key: results["training"][key] for key in _TRAINING},
        "evaluation": results["evaluation"],
        "chat": results["chat"].get("chat", []),
        "export": {key: results["export"].get(key) for key in ("adapter", "merged")},
        "seconds": dict(seconds),
    }


def in_words(result: Mapping[str, Any]) -> str:
    """Tell the outcome of a whole journey in a few plain lines."""
    training, examples = result["training"], result["examples"]
    lines = [
        f"{result['documents']} reports read; {_count(result['unreadable'])} could not (named in the reports step).",
        f"{result['identifiers_found']} identifiers replaced; {result['known_identifiers_left']} known ones left.",
        f"{examples['train']} training, {examples['validation']} validation and {examples['test']} test examples.",
        f"Trained {training['steps']} steps ({training['quantization'].upper()}); validation loss "
        f"{training['validation_loss_first']:.2f} -> {training['validation_loss_best']:.2f}.",
        str(result["evaluation"].get("verdict", "")),
    ]
    for item in result["chat"][:1]:
        lines += [
            "",
            "The same question, before and after:",
            f"  base:  {_flat(item['base'])}",
            f"  tuned: {_flat(item['tuned'])}",
        ]
    lines += [
        "",
        f"The tuned model lies in {result['export']['adapter'] or result['export']['merged']}",
        f"It took {sum(result['seconds'].values()):.0f} s.",
    ]
    return "\n".join(lines)


def _count(value: Any) -> int:
    return len(value) if isinstance(value, list) else int(value)


def _flat(text: str) -> str:
    return " / ".join(line.strip() for line in text.splitlines() if line.strip())
