"""How thoroughly to learn, the last look before it begins, and how it ended."""

from collections.abc import Callable, Mapping
from typing import Any

from medtui.process import LOST
from medtui.wizard.examples import FEW_EXAMPLES
from medtui.wizard.question import Consequence, Option, Outcome, Question
from medtui.wizard.units import counted, gib

_WORDS = {
    "demo": ("Demo", "Just enough to see that it works"),
    "short": ("Short", "A first impression"),
    "normal": ("Normal", "What most practices want"),
    "long": ("Long", "When normal was not enough"),
}


_STRENGTHS = {
    "gentle": ("Gently", "Keeps closest to the base model"),
    "normal": ("Normally", "What most practices want"),
    "strong": ("Strongly", "For a form far from the usual one"),
}
_LENGTHS = {
    "all": ("All of them", "Nothing is left out"),
    "most": ("All but the longest", "95 of 100 examples"),
    "half": ("The shorter half", "When memory or time is short"),
}
_METHODS = {
    "qlora": ("4-bit (QLoRA)", "Least memory"),
    "lora": ("16-bit (LoRA)", "Faster, needs more memory; it fits here"),
}


_PART = {2: "half", 3: "a third of", 4: "a quarter of", 8: "an eighth of"}
_TEXTS = {
    "thoroughness": (
        "How thoroughly shall it learn?",
        "The model goes through the examples again and again (epochs). Too little teaches nothing; too much makes it "
        "repeat single reports, which the validation curve shows.",
    ),
    "strength": (
        "How strongly shall it adapt?",
        "What is learned is a small addition to the model (an adapter). A larger one takes on more of the form of your "
        "reports, and with few reports also more of their accidents.",
    ),
    "length": (
        "How long may an example be?",
        "Memory grows with the longest example. Nothing is ever cut off: what is longer is learned whole or left out, "
        "counted and listed.",
    ),
    "method": (
        "In which form shall the model be held?",
        "Held in 4 bits a model takes the least memory, but it is unpacked again and again. This card has room for 16 "
        "bits, which is faster.",
    ),
}
_Figures = Callable[[Mapping[str, Any]], tuple[tuple[str, str], ...]]
_Asked = tuple[str, str, Mapping[str, tuple[str, str]], _Figures]


def questions(plans: Mapping[str, Mapping[str, Mapping[str, Any]]], default: str) -> tuple[Question, ...]:
    """Ask how thoroughly and how strongly to learn, how long an example may be, and in what form where that is open.

    Args:
        plans: for each key of an answer and each of its values a plan: `steps`, `passes`, `examples`, `rank`,
            `learning_rate`, `max_length`, `left_out`, `peak_bytes`, `seconds` (shortest and longest, None when unknown)
            and `source` of these. A key with a single value is not asked.
        default: the thoroughness that suits this model and these examples.
    """
    asked: tuple[_Asked, ...] = (
        ("thoroughness", default, _WORDS, _how_often),
        ("strength", "normal", _STRENGTHS, _how_strongly),
        ("length", "all", _LENGTHS, _how_long),
        ("method", "qlora", _METHODS, _how_held),
    )
    return tuple(
        Question("training", key, *_TEXTS[key], _options(words, plans[key], figures), usual)
        for key, usual, words, figures in asked
        if len(plans.get(key, {})) > 1
    )


def _options(
    words: Mapping[str, tuple[str, str]],
    plans: Mapping[str, Mapping[str, Any]],
    figures: _Figures,
) -> tuple[Option, ...]:
    return tuple(
        Option(name, *words[name], Consequence((*figures(plan), *cost(plan)), _notes(plan)))
        for name, plan in plans.items()
    )


def _how_often(plan: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    passes = f"{plan['passes']:.1f} times through {counted(plan['examples'], 'example')}"
    return ("Steps", f"{plan['steps']:,}"), ("Passes", passes)


def _how_strongly(plan: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    return ("Adapter", f"rank {plan['rank']}"), ("Learning rate", f"{plan['learning_rate']:.0e}")


def _how_long(plan: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    left_out = f"about {counted(plan['left_out'], 'example')}" if plan["left_out"] else "none"
    return ("Longest", f"{plan['max_length']:,} tokens"), ("Left out", left_out)


def _how_held(plan: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    return (("Steps", f"{plan['steps']:,}"),)


def cost(plan: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Say what a run takes: memory at the peak and time, as far as they are known."""
    figures = []
    if plan.get("peak_bytes"):
        figures.append(("Memory", f"about {gib(plan['peak_bytes'])}"))
    if plan.get("seconds"):
        figures.append(("Time", span(*plan["seconds"])))
    return tuple(figures)


def _notes(plan: Mapping[str, Any]) -> tuple[str, ...]:
    return (
        {
            "measured": "Memory and time as an earlier run on this machine showed them.",
            "calculated": "Memory and time are calculated; two steps are tried out and measured before the long run.",
        }.get(str(plan.get("source")), "How long a step takes is measured in the first minute and shown as time left."),
    )


def span(low: float, high: float) -> str:
    """Give a range of seconds in minutes or hours."""
    unit, name = (3600, "h") if high >= 5400 else (60, "min")
    first, last = (max(1.0, low / unit), max(1.0, high / unit)) if unit == 60 else (low / unit, high / unit)
    digits = 1 if unit == 3600 and high < 36000 else 0
    least, most = f"{first:.{digits}f}", f"{last:.{digits}f}"
    return f"about {most} {name}" if least == most else f"{least} to {most} {name}"


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
        recipe: the settings of the run, with `total_steps`, `peak_bytes` and `seconds`.

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
        ("Works on", "the processor" if machine.get("gpu") == "none" else _gpu_name(machine, recipe)),
        ("Model", "the demo model" if model.get("model") == "demo" else str(model.get("model", ""))),
        ("Reports", f"{number('reports', 'documents')} of {number('reports', 'patients')} patients"),
        ("Identifiers", f"{number('deid', 'identifiers_found')} replaced, {left} known ones left"),
        ("Examples", "{} to learn, {} to watch, {} to test".format(*split)),
        ("Method", methods[str(recipe["method"])]),
        ("Steps", f"{int(recipe['total_steps']):,}, of {batch} examples each (effective batch)"),
        ("How strongly", f"learning rate {recipe['learning_rate']:.0e}, rank {recipe['rank']}"),
        ("Longest", f"{int(recipe['max_length']):,} tokens"),
        *cost(recipe),
    )
    few = int((results.get("examples") or {}).get("train") or 0) < FEW_EXAMPLES
    notes = [f"Fewer than {FEW_EXAMPLES} examples: expect the form of your reports, no new knowledge."] * few
    cards = 0 if machine.get("gpu") in {None, "none"} else len(machine.get("gpus", []))
    processes = int(recipe.get("processes", 1))
    if recipe.get("sharded"):
        notes.append(
            f"The model is too large for one card: each of {processes} cards holds a part of it, and all compute "
            "together. The parts travel between the cards at every layer, so it is slower than a model that fits one."
        )
    shared = int(recipe["accumulation"]) % cards == 0 if cards else False
    if cards > processes and shared and not recipe.get("sharded"):
        part = _PART.get(cards, "a part of")
        notes.append(
            f"This machine has {cards} cards. Working together they take about {part} the time: press e and set "
            f"`processes` to {cards}."
        )
    return figures, tuple(notes)


def _gpu_name(machine: Mapping[str, Any], recipe: Mapping[str, Any]) -> str:
    name = next((str(gpu["name"]) for gpu in machine.get("gpus", []) if gpu["uuid"] == machine.get("gpu")), "a GPU")
    together = int(recipe.get("processes", 1))
    return (
        name
        if together == 1
        else f"{together} cards that share the model"
        if recipe.get("sharded")
        else f"{together} cards"
    )
