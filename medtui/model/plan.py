"""The memory plan of one model: what it needs, whether that fits, and what could be changed."""

from dataclasses import asdict
from typing import Any

from medtui.machine import cards
from medtui.machine.survey import Machine
from medtui.model import (
    division,
    fit,
    measurement,
    memory,
    offers,
    pace,
    questions,
    rehearsal,
    resolve,
    subject,
    suggestion,
)
from medtui.model.memory import GIB, Settings
from medtui.progress import Progress, silent
from medtui.workspace import Workspace

# The newest two, the best one, and one being written.
CHECKPOINTS = 4
_ANYWHERE = "The demo model trains on any computer, without a GPU."


def plan(
    reference: str,
    machine: Machine,
    settings: Settings | None = None,
    gpu_name: str | None = None,
    vram_gib: float | None = None,
    *,
    dry_run: bool = False,
    practice: Workspace | None = None,
    progress: Progress = silent,
) -> dict[str, Any]:
    """Plan by formula, which takes milliseconds, or by a dry run of one training step, which takes seconds.

    Args:
        reference: model of the catalogue, "demo", or a folder.
        machine: the survey.
        settings: how it would be trained; QLoRA rank 16 at 2048 tokens by default.
        gpu_name: plan for this GPU instead.
        vram_gib: plan for this much free memory instead.
        dry_run: try one step on tensors without data in a worker; the answers to the questions stay the formula's.
        practice: whose chosen GPU is planned for (the freest one without), whose examples the time is told for, and
            whose own runs take the place of estimates.
        progress: told how far the worker is.

    Returns:
        JSON-able: `fits` is a level of `fit`, sizes are in GiB, `advice` and `warnings` are sentences. `measured` holds
        the figures of the practice's newest run of this model, None without one; `minutes_per_epoch` is the range of
        one pass over its examples, twice the same figure where it was measured. `suggested` holds the settings that
        training takes for this length unless others are asked for.

    Raises:
        Refusal: the model or the GPU is not known, or cannot be used.
    """
    model = subject.find(reference, progress)
    chosen = settings or Settings()
    uuid = practice.answers("machine").get("gpu") if practice else None
    free, gpu = offers.free_memory(machine, gpu_name, vram_gib, uuid)
    parts = memory.breakdown(model.architecture, chosen)
    formula_gib = parts.peak / GIB
    if dry_run:
        parts = rehearsal.dry_run(model.config, chosen, progress)
    # What was measured here says nothing about another GPU.
    here = practice is not None and gpu_name is None and vram_gib is None
    measured = measurement.newest(practice, model.path) if practice and here and model.path else None
    ratio = (measured.ratio(model.architecture) if measured else None) or 1.0
    verdict = fit.judge(parts.peak / GIB, free, ratio)
    demo = model.id == resolve.DEMO
    shared = None
    if verdict.level == fit.DOES_NOT_FIT and not demo:
        survey = offers.shared_by(machine, gpu_name, vram_gib, uuid)
        shared = division.divided(model.architecture, survey, division.frugal(chosen))
    return {
        "model": model.id,
        "params": model.architecture.parameters,
        "settings": asdict(chosen),
        "gpu": gpu,
        "free_gib": round(free, 2),
        "fits": fit.DEMO if demo else fit.TIGHT if shared else verdict.level,
        "shared_by": shared.cards if shared else 1,
        "peak_gib": round(verdict.peak_gib, 2),
        "needed_gib": round(verdict.needed_gib, 2),
        "margin_gib": round(verdict.margin_gib, 2),
        "breakdown_gib": {**rounded(parts.gib()), **_reserve(verdict)},
        "estimated_by": "dry run" if dry_run else "formula",
        "formula_peak_gib": round(formula_gib, 2),
        "longest_sequence": questions.longest_sequence(model.architecture, chosen, free),
        "largest_batch": questions.largest_batch(model.architecture, chosen, free),
        "suggested": suggestion.suggested(
            model.architecture, free, chosen.sequence_length, method=chosen.method, rank=chosen.rank
        ).to_dict(),
        "beside_gib": beside(model, chosen),
        "tokens_per_second": pace.tokens_per_second(model.architecture, cards.known(gpu)) if free else None,
        "minutes_per_epoch": _minutes(model, gpu if free else "", practice, measured),
        "measured": measured.to_dict(model.architecture) if measured else None,
        "advice": [_ANYWHERE]
        if demo
        else [shared.sentence]
        if shared
        else questions.advice(model.architecture, chosen, free),
        "warnings": [*model.warnings, *_of_method(chosen), *([] if gpu_name or vram_gib else room(model, machine))],
    }


def _of_method(chosen: Settings) -> list[str]:
    """Say what is surprising about a method."""
    if chosen.method != "lora8":
        return []
    return [
        "8-bit layers hold on to what goes into them, so with long examples they take more memory than 4 bits by far, "
        "and sometimes more than 16 bits."
    ]


def _minutes(
    model: subject.Subject, gpu: str, practice: Workspace | None, measured: measurement.Measurement | None
) -> tuple[float, float] | None:
    if measured is not None:
        return round(measured.minutes_per_epoch, 1), round(measured.minutes_per_epoch, 1)
    examples = (practice.result("examples") if practice else None) or {}
    tokens = int(examples.get("train") or 0) * int((examples.get("tokens") or {}).get("median") or 0)
    found = pace.minutes(model.architecture, cards.known(gpu), tokens) if tokens and gpu else None
    return (round(found[0], 1), round(found[1], 1)) if found else None


def rounded(parts: dict[str, float]) -> dict[str, float]:
    """Round to what is worth showing; a demo model's shares are megabytes."""
    return {name: round(value, 4) for name, value in parts.items()}


def _reserve(verdict: fit.Fit) -> dict[str, float]:
    reserve = verdict.needed_gib - verdict.peak_gib - fit.CONTEXT_GIB
    return {"cuda_context": fit.CONTEXT_GIB, "reserve": round(reserve, 4)}


def beside(model: subject.Subject, chosen: Settings) -> dict[str, float]:
    """What must fit beside the GPU's training memory, in GiB.

    Merging loads the 16-bit base into main memory; the disk holds the download and, after a merge, the same again. A
    checkpoint holds what is trained and its two moments in float32.
    """
    trained = (
        model.architecture.parameters if chosen.method == "full" else chosen.rank * model.architecture.lora_per_rank
    )
    checkpoint = (memory.TRAINED_BYTES + memory.ADAMW_BYTES) * trained / GIB
    weights = memory.BYTES_16BIT * model.architecture.parameters / GIB
    chat = (memory.NF4_BYTES * model.architecture.linear + memory.BYTES_16BIT * model.architecture.kept) / GIB
    return rounded(
        {
            "download_disk": weights,
            "merged_model_disk": weights,
            "checkpoints_disk": CHECKPOINTS * checkpoint,
            "merge_main_memory": weights,
            "chat_weights_gpu": chat,
            "chat_gpu_per_1000_tokens": 1000 * model.architecture.cache_bytes_per_token / GIB,
        }
    )


def room(model: subject.Subject, machine: Machine) -> list[str]:
    """Say where this machine's disk or main memory is too small for a model, whatever its GPU is."""
    weights = memory.BYTES_16BIT * model.architecture.parameters
    sentences = []
    disk = next(disk for disk in machine.disks if disk.purpose == "models")
    if model.path is None and disk.free_bytes < weights:
        sentences.append(
            f"The download takes {weights / GIB:.1f} GiB, but {disk.free_bytes / GIB:.1f} GiB are free on {disk.mount}."
        )
    if machine.ram_available < weights:
        sentences.append(
            f"Merging loads {weights / GIB:.1f} GiB into main memory, of which {machine.ram_available / GIB:.1f} GiB "
            "are free: export the adapter alone, or merge on another machine."
        )
    return sentences
