"""How thoroughly to learn, the last look before it begins, and how it ended."""

from collections.abc import Mapping
from typing import Any

from medtui.process import LOST
from medtui.wizard.examples import FEW_EXAMPLES
from medtui.wizard.question import Consequence, Option, Outcome, Question
from medtui.wizard.units import counted

_WORDS = {
    "demo": ("Demo", "Just enough to see that it works"),
    "short": ("Short", "A first impression"),
    "normal": ("Normal", "What most practices want"),
    "long": ("Long", "When normal was not enough"),
}


def questions(plans: Mapping[str, Mapping[str, Any]], default: str) -> tuple[Question, ...]:
    """Ask how thoroughly to learn.

    Args:
        plans: for each thoroughness its `steps`, `passes` over the examples, `examples` and `refusal`.
        default: the one that suits this model and these examples.
    """
    options = tuple(_option(name, plan) for name, plan in plans.items())
    return (
        Question(
            "training",
            "thoroughness",
            "How thoroughly shall it learn?",
            "The model goes through the examples again and again (epochs). Too little teaches nothing; too much makes "
            "it repeat single reports, which the validation curve shows.",
            options,
            default,
        ),
    )


def _option(name: str, plan: Mapping[str, Any]) -> Option:
    label, detail = _WORDS[name]
    figures = (
        ("Steps", f"{plan['steps']:,}"),
        ("Passes", f"{plan['passes']:.1f} times through {counted(plan['examples'], 'example')}"),
    )
    note = "How long a step takes is measured in the first minute and shown as time left."
    return Option(name, label, detail, Consequence(figures, (note,)), str(plan.get("refusal", "")))


def outcome(result: Mapping[str, Any]) -> Outcome:
    """Put the finished run into words."""
    first, best = result.get("validation_loss_first"), result.get("validation_loss_best")
    figures = [("Steps", f"{int(result['steps']):,}")]
    headline = "Training has finished."
    warnings: list[str] = []
    if first and best is not None:
        fell = 100 * (first - best) / first
        figures.append(("Validation loss", f"from {first:.3f} to {best:.3f} at best ({-fell:+.0f} %)"))
        if fell < 5:
            warnings.append("The validation loss hardly fell: the model learned little that holds for other reports.")
    train = (result.get("train_loss_first"), result.get("train_loss_last"))
    if train[0] is not None and train[1] is not None:
        figures.append(("Training loss", f"from {train[0]:.3f} to {train[1]:.3f}"))
    notes = ("Validation loss is measured on reports that are not learned from; the best state was kept.",)
    return Outcome(headline, tuple(figures), notes, tuple(warnings))


def interruption(status: str, reason: str, checkpoint: int | None) -> str:
    """Say why a run does not go on by itself and where Continue goes on.

    Args:
        status: of the run.
        reason: its last words, empty when it had none.
        checkpoint: step of its newest checkpoint, None when there is none yet.
    """
    if status == LOST:
        reason = "Its process was ended from outside (killed, out of memory, or the machine restarted)."
    if checkpoint is None:
        return f"{reason} Nothing was saved yet, so Continue begins with the first step again.".strip()
    return f"{reason} Continue goes on from step {checkpoint:,}, which is saved.".strip()


def last_look(
    results: Mapping[str, Mapping[str, Any] | None], recipe: Mapping[str, Any]
) -> tuple[tuple[tuple[str, str], ...], tuple[str, ...]]:
    """Gather everything that is about to be used, once more.

    Args:
        results: of the earlier steps.
        recipe: the settings of the run.

    Returns:
        Name and value pairs, and warnings.
    """

    def number(step: str, key: str) -> str:
        return f"{int((results.get(step) or {}).get(key) or 0):,}"

    machine, model = results.get("machine") or {}, results.get("model") or {}
    methods = {"qlora": "QLoRA (4-bit NF4)", "lora8": "LoRA (8-bit)", "lora": "LoRA (16-bit)", "full": "all weights"}
    batch = int(recipe["batch"]) * int(recipe["accumulation"])
    split = (number("examples", name) for name in ("train", "validation", "test"))
    left = number("deid", "known_identifiers_left")
    figures = (
        ("Works on", "the processor" if machine.get("gpu") == "none" else _gpu_name(machine)),
        ("Model", "the demo model" if model.get("model") == "demo" else str(model.get("model", ""))),
        ("Reports", f"{number('reports', 'documents')} of {number('reports', 'patients')} patients"),
        ("Identifiers", f"{number('deid', 'identifiers_found')} replaced, {left} known ones left"),
        ("Examples", "{} to learn, {} to watch, {} to test".format(*split)),
        ("Method", methods[str(recipe["method"])]),
        ("Steps", f"{int(recipe['total_steps']):,}, of {batch} examples each (effective batch)"),
        ("How strongly", f"learning rate {recipe['learning_rate']:.0e}, rank {recipe['rank']}"),
        ("Longest", f"{int(recipe['max_length']):,} tokens"),
    )
    few = int((results.get("examples") or {}).get("train") or 0) < FEW_EXAMPLES
    return figures, (f"Fewer than {FEW_EXAMPLES} examples: expect the form of your reports, no new knowledge.",) * few


def _gpu_name(machine: Mapping[str, Any]) -> str:
    return next((str(gpu["name"]) for gpu in machine.get("gpus", []) if gpu["uuid"] == machine.get("gpu")), "a GPU")
