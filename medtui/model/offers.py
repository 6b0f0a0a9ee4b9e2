"""The list of models with what each needs and whether it fits on a GPU."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from medtui.errors import Refusal
from medtui.machine import cards
from medtui.machine.survey import Machine, models_folder
from medtui.model import catalogue, division, fit, folder, measure, memory, resolve, traps
from medtui.model.architecture import Architecture
from medtui.text import sanitize_line

GIB = 1024**3


@dataclass(frozen=True)
class Offer:
    """One model as it is offered; memory in GiB at the default settings (QLoRA rank 16, 2048 tokens, batch 1).

    `level` is "fits", "tight", "does_not_fit", "demo", or "unknown" when its shape is not known before download.
    """

    id: str
    title: str
    description: str
    level: str
    peak_gib: float | None
    why: str
    available: bool
    group: str
    parameters: int | None
    margin_gib: float | None
    trainable: bool
    recommended: bool
    licence: str
    gated: bool | None
    context_length: int | None
    languages: str | None
    traps: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Give all fields, JSON-able."""
        return {**asdict(self), "traps": list(self.traps)}


def free_memory(
    machine: Machine, gpu_name: str | None = None, vram_gib: float | None = None, uuid: str | None = None
) -> tuple[float, str]:
    """Settle which memory is planned for.

    Args:
        machine: the survey.
        gpu_name: a GPU by name, in place of the detected one.
        vram_gib: free GPU memory in GiB, in place of both.
        uuid: which GPU of the machine; the freest one by default, none for "none".

    Returns:
        Free GiB (0 when there is no GPU) and the GPU's name.

    Raises:
        Refusal: the GPU is unknown or its memory is.
    """
    if vram_gib is not None:
        if not 0 < vram_gib <= 1024:
            raise Refusal(f"--vram {vram_gib:g} is out of range; give the GPU's free memory in GiB, such as 24.")
        return vram_gib, f"a GPU with {vram_gib:g} GiB free"
    if gpu_name is not None:
        card = cards.find(gpu_name)
        if card.free_gib is None:
            raise Refusal(f"The memory of {card.name} is not known here; give it with --vram.")
        return card.free_gib, card.name
    gpu = machine.default_gpu(uuid)
    return ((gpu.free_bytes or 0) / GIB, gpu.name) if gpu else (0.0, "no GPU")


def shared_by(
    machine: Machine, gpu_name: str | None = None, vram_gib: float | None = None, uuid: str | None = None
) -> dict[str, Any] | None:
    """Give the survey as the machine step keeps it, for models that several GPUs share; None where one is planned for.

    Args:
        machine: the survey.
        gpu_name: a GPU by name, in place of the detected one.
        vram_gib: free GPU memory in GiB, in place of both.
        uuid: which GPU of the machine is the first.
    """
    first = machine.default_gpu(uuid)
    if gpu_name is not None or vram_gib is not None or first is None:
        return None
    return {
        "gpu": first.uuid,
        "gpus": [gpu.to_dict() for gpu in machine.gpus],
        "ram_available": machine.ram_available,
    }


def offers(
    machine: Machine, gpu_name: str | None = None, vram_gib: float | None = None, uuid: str | None = None
) -> list[Offer]:
    """List all models that can write, in the order of `rank`.

    Args:
        machine: the survey, whose default GPU is planned for.
        gpu_name: plan for this GPU instead.
        vram_gib: plan for this much free memory instead.
        uuid: plan for this GPU of the machine.

    Raises:
        Refusal: the named GPU is not known.
    """
    free, _ = free_memory(machine, gpu_name, vram_gib, uuid)
    survey = shared_by(machine, gpu_name, vram_gib, uuid)
    listed = [_catalogue_offer(model, free, survey) for model in catalogue.models() if model.group != catalogue.ENCODER]
    best = _recommended(listed)
    listed = [Offer(**{**vars(offer), "recommended": offer is best}) for offer in listed]
    return sorted([_demo_offer(), *_own_offers(free, survey), *listed], key=rank)


def rank(offer: Offer) -> tuple[int, int, str]:
    """Give the place of an offer in the list.

    What is on this disk and may train comes first, then the demo model, then what fits, largest first, what is tight,
    what does not fit, smallest first, what cannot be tuned here, and last what cannot be judged.
    """
    size, fitting = offer.parameters or 0, offer.level in (fit.FITS, fit.TIGHT)
    if offer.level == fit.UNKNOWN:
        return 6, size, offer.id
    if not offer.trainable and offer.level != fit.DEMO:
        return 5, size, offer.id
    if offer.level == fit.DEMO:
        return 1, 0, offer.id
    if not fitting:
        return 4, size, offer.id
    return (0 if offer.available else 2 if offer.level == fit.FITS else 3), -size, offer.id


def encoders() -> list[catalogue.Model]:
    """List the models that mark text instead of writing it; they are for de-identification."""
    return [model for model in catalogue.models() if model.group == catalogue.ENCODER]


def _demo_offer() -> Offer:
    """Offer the demo model; an incomplete installation is said here and hides no other model."""
    shape: Architecture | None = None
    why = "Trains on any computer, without a GPU, in about two minutes."
    try:
        shape = measure.read(folder.check(resolve.resolve(resolve.DEMO)))
    except Refusal as refusal:
        why = str(refusal)
    return Offer(
        id=resolve.DEMO,
        title="Demo model",
        description="A tiny model that ships with medtui; it shows the whole journey, but is of no medical use.",
        level=fit.DEMO,
        peak_gib=memory.breakdown(shape, memory.Settings(sequence_length=512)).peak / GIB if shape else None,
        why=why,
        available=shape is not None,
        group="demo",
        parameters=shape.parameters if shape else None,
        margin_gib=None,
        trainable=shape is not None,
        recommended=False,
        licence="Apache-2.0",
        gated=False,
        context_length=None,
        languages="en",
        traps=("For trying things out only: its answers mean nothing.",),
    )


def _catalogue_offer(model: catalogue.Model, free: float, survey: Mapping[str, Any] | None) -> Offer:
    refused, located = traps.refusal(model), resolve.locate(model.id)
    shape = model.architecture or (_shape_on_disk(located) if located else None)
    level, peak, margin, why = _verdict(shape, free, survey)
    if refused:
        level, why = fit.DOES_NOT_FIT, f"Cannot be tuned here: {refused}"
    return Offer(
        id=model.id,
        title=model.title,
        description=model.description,
        level=level,
        peak_gib=peak,
        why=why,
        available=located is not None,
        group=model.group,
        parameters=model.parameters or (shape.parameters if shape else None),
        margin_gib=margin,
        trainable=refused is None,
        recommended=False,
        licence=model.licence_note,
        gated=model.gated,
        context_length=model.context_length,
        languages=model.languages_note,
        traps=tuple(traps.traps(model)),
    )


def _shape_on_disk(path: Path) -> Architecture | None:
    """Read the shape that the catalogue does not know from a downloaded model; None when it cannot be used."""
    try:
        return measure.read(folder.check(path))
    except Refusal:
        return None


def _verdict(
    shape: Architecture | None, free: float, survey: Mapping[str, Any] | None
) -> tuple[str, float | None, float | None, str]:
    if shape is None:
        return fit.UNKNOWN, None, None, "Its shape is not known here; it can be planned once its config.json is here."
    verdict = fit.judge(memory.breakdown(shape, memory.Settings()).peak / GIB, free)
    if verdict.level == fit.DOES_NOT_FIT and (shared := division.divided(shape, survey, memory.Settings())):
        each = fit.judge(shared.peak_gib, shared.free_gib)
        return fit.TIGHT, each.peak_gib, each.margin_gib, shared.sentence
    return verdict.level, verdict.peak_gib, verdict.margin_gib if free else None, _why(verdict)


def _why(verdict: fit.Fit) -> str:
    need = f"Needs about {verdict.peak_gib:.1f} GiB at its peak, {verdict.needed_gib:.1f} GiB with reserve"
    if not verdict.free_gib:
        return f"{need}; this machine has no GPU for it."
    if verdict.level == fit.TIGHT:
        return f"{need}, and {verdict.free_gib:.1f} GiB are free: it is tried on the longest report before training."
    return f"{need}; {verdict.free_gib:.1f} GiB are free."


def _recommended(listed: list[Offer]) -> Offer | None:
    """Choose the largest general model that fits, writes answers and has no trap.

    General, because in most comparisons on clinical tasks medical tunes are not ahead of strong general models
    (arXiv 2404.04067).
    """
    suitable = [
        offer
        for offer in listed
        if offer.level == fit.FITS and offer.group == "general" and offer.trainable and not offer.traps
    ]
    return max(suitable, key=lambda offer: (offer.parameters or 0, offer.id), default=None)


def _own_offers(free: float, survey: Mapping[str, Any] | None) -> list[Offer]:
    """Models that were put into the models folder and are not in the catalogue."""
    known = {resolve.download_folder(model.id).name for model in catalogue.models()}
    parent = models_folder()
    candidates = sorted(parent.iterdir()) if parent.is_dir() else []
    return [
        _own_offer(path.name, path, free, survey)
        for path in candidates
        if path.name not in known and not path.name.startswith(".") and (path / "config.json").is_file()
    ]


def _own_offer(name: str, path: object, free: float, survey: Mapping[str, Any] | None) -> Offer:
    found: Architecture | None = None
    warnings: tuple[str, ...] = ()
    try:
        checked = folder.check(resolve.resolve(str(path)))
        found, warnings = measure.read(checked), checked.warnings
        level, peak, margin, why = _verdict(found, free, survey)
    except Refusal as refusal:
        level, peak, margin, why = fit.DOES_NOT_FIT, None, None, str(refusal)
    return Offer(
        id=str(path),
        title=sanitize_line(name.replace("--", "/")),
        description="A model that you put on this disk.",
        level=level,
        peak_gib=peak,
        why=why,
        available=True,
        group="own",
        parameters=found.parameters if found else None,
        margin_gib=margin,
        trainable=found is not None,
        recommended=False,
        licence="unknown: check where it came from",
        gated=None,
        context_length=None,
        languages=None,
        traps=warnings,
    )
