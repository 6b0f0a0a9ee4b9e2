"""What is asked about the machine, and how the survey reads in words."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from medtui.machine.gpu import Gpu
from medtui.machine.live import Sample
from medtui.machine.survey import Machine
from medtui.wizard.question import Consequence, Option, Outcome, Question
from medtui.wizard.units import GIB, counted, gib

NO_GPU = "none"


def questions(machine: Machine) -> tuple[Question, ...]:
    """Ask which graphics card works, or say that there is none."""
    cards = [_card(machine, gpu, label) for gpu, label in zip(machine.gpus, labels(machine.gpus), strict=True)]
    without = Option(
        NO_GPU,
        "No card: the processor",
        "demo model, planning" if cards else "The whole journey works with the small demo model",
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
            "models fit. One card does the whole work; several share it only where a model is too large for one.",
            (*ordered, without),
            default,
        ),
    )


def short(name: str) -> str:
    """Leave out what every card's name begins with."""
    return name.removeprefix("NVIDIA ").removeprefix("GeForce ")


def labels(gpus: Sequence[Gpu]) -> list[str]:
    """Name each card by its number first, so that cards of one kind are told apart in a narrow list.

    Slices of one card are counted from 1.
    """
    slices: Counter[int] = Counter()
    names = []
    for gpu in gpus:
        name = short(gpu.name)
        if gpu.is_mig:
            slices[gpu.index] += 1
            profile = name.rpartition("MIG ")[2]
            names.append(f"GPU {gpu.index}, slice {slices[gpu.index]}: {profile}")
        else:
            names.append(f"GPU {gpu.index}: {name}")
    return names


def _card(machine: Machine, gpu: Gpu, label: str) -> Option:
    refusal = ""
    if gpu not in machine.usable:
        refusal = "It is too old for 4-bit training, or its memory cannot be read."
    elif gpu.uuid not in machine.ready:
        refusal = " ".join(("PyTorch cannot use it yet.", *machine.problems))
    others = f" {counted(gpu.processes, 'other program')} on it now." if gpu.processes else ""
    memory = f"{(gpu.free_bytes or 0) / GIB:.1f} of {gib(gpu.total_bytes)}"
    return Option(
        gpu.uuid,
        label,
        f"{gib(gpu.free_bytes)} free{', in use' if gpu.processes else ''}",
        _consequence(machine, f"Training runs on this {_kind(gpu)} with {memory} of its memory.{others}"),
        refusal,
    )


def _kind(gpu: Gpu) -> str:
    if gpu.is_mig:
        return "slice of a card (MIG), which is separate from its other slices,"
    return "card, which shares the machine's main memory," if gpu.unified_memory else "card"


def live_figures(sample: Sample) -> tuple[tuple[str, str, float | None], ...]:
    """Name what a card does right now: name, value, and the share from 0 to 1 where there is one.

    What the card does not say is left out.
    """
    found: list[tuple[str, str, float | None]] = []
    if sample.utilisation is not None:
        found.append(("Busy", f"{sample.utilisation} %", sample.utilisation / 100))
    if sample.memory_used is not None and sample.memory_total:
        share = sample.memory_used / sample.memory_total
        found.append(("Memory", f"{sample.memory_used / GIB:.1f} of {gib(sample.memory_total)}", share))
    if sample.temperature is not None:
        found.append(("Temperature", f"{sample.temperature} °C", None))
    if sample.power is not None:
        limit = sample.power_limit
        found.append(("Power", f"{sample.power:.0f} W" + (f" of {limit:.0f}" if limit else ""),
                      sample.power / limit if limit else None))  # fmt: skip
    return tuple(found)


def live_warning(sample: Sample) -> str:
    """Say what is wrong with a card right now; empty when nothing is."""
    if sample.problem:
        return sample.problem
    return f"Slowed down by {' and '.join(sample.throttled)}." if sample.throttled else ""


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
