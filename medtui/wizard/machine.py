"""What is asked about the machine, and how the survey reads in words."""

from collections.abc import Mapping
from typing import Any

from medtui.machine.gpu import Gpu
from medtui.machine.survey import Machine
from medtui.wizard.question import Consequence, Option, Outcome, Question
from medtui.wizard.units import GIB, counted, gib

NO_GPU = "none"


def questions(machine: Machine) -> tuple[Question, ...]:
    """Ask which graphics card works, or say that there is none."""
    cards = [_card(machine, gpu) for gpu in machine.gpus]
    ready = any(not card.refusal for card in cards)
    without = Option(
        NO_GPU,
        "No graphics card: the processor",
        "Enough for the demo model and for planning" if ready else "The whole journey works with the small demo model",
        _consequence(machine, "Training runs on the processor: only small models are practical."),
    )
    best = machine.default_gpu()
    default = best.uuid if best is not None and best.uuid in machine.ready else NO_GPU
    ordered = sorted(cards, key=lambda card: (card.value != default, bool(card.refusal)))
    return (
        Question(
            "machine",
            "gpu",
            "What shall do the work?",
            "A graphics card (GPU) trains a model many times faster than the processor, and its memory decides which "
            "models fit. One card does the whole work; cards are never added up.",
            (*ordered, without),
            default,
        ),
    )


def _card(machine: Machine, gpu: Gpu) -> Option:
    refusal = ""
    if gpu not in machine.usable:
        refusal = "It is too old for 4-bit training, or its memory cannot be read."
    elif gpu.uuid not in machine.ready:
        refusal = " ".join(("PyTorch cannot use it yet.", *machine.problems))
    others = f"; {counted(gpu.processes, 'other program')} on it" if gpu.processes else ""
    return Option(
        gpu.uuid,
        f"{gpu.name} (GPU {gpu.index})",
        f"{gib(gpu.free_bytes)} free of {gib(gpu.total_bytes)}{others}",
        _consequence(machine, f"Training runs on this card with {gib(gpu.free_bytes)} of memory."),
        refusal,
    )


def _consequence(machine: Machine, note: str) -> Consequence:
    figures = (
        ("Main memory", f"{machine.ram_available / GIB:.1f} of {gib(machine.ram_total)} free"),
        ("Disk", f"{gib(machine.disk_free)} free"),
        ("Processor", counted(machine.cores, "core")),
    )
    notes = (note, "What was noticed about this machine comes next.") if machine.problems else (note,)
    return Consequence(figures, notes)


def outcome(result: Mapping[str, Any]) -> Outcome:
    """Put the survey into words."""
    chosen = next((gpu for gpu in result["gpus"] if gpu["uuid"] == result["gpu"]), None)
    worker = f"{chosen['name']}, {gib(chosen['free_bytes'])} free" if chosen else "the processor"
    return Outcome(
        "This machine is ready." if chosen else "This machine is ready for the demo and for planning.",
        (
            ("Works on", worker),
            ("Main memory", f"{gib(result['ram_available'])} free of {gib(result['ram_total'])}"),
            ("Disk", f"{gib(result['disk_free'])} free"),
            ("Processor", counted(result["cores"], "core")),
        ),
        (result["mode_note"], result["logout_note"]),
        tuple(result["problems"]),
    )
