"""Which model learns from the reports: the list with what fits, and what a choice means."""

from collections.abc import Mapping, Sequence
from typing import Any

from medtui.model.fit import DEMO, DOES_NOT_FIT, FITS, TIGHT, UNKNOWN, WORDS
from medtui.model.offers import Offer
from medtui.wizard.question import Consequence, Option, Outcome, Question
from medtui.wizard.units import parameters, place


def questions(offers: Sequence[Offer], free_gib: float, gpu_name: str) -> tuple[Question, ...]:
    """Ask for the base model.

    Args:
        offers: as listed for this machine.
        free_gib: free GPU memory in GiB, 0 without a GPU.
        gpu_name: the GPU that was planned for.
    """
    options = tuple(_option(offer, free_gib, gpu_name) for offer in offers)
    choosable = [option.value for option in options if not option.refusal]
    ready = [offer for offer in offers if offer.available and offer.level == FITS and offer.id in choosable]
    default = ready[0].id if ready else "demo"
    return (
        Question(
            "model",
            "model",
            "Which model shall learn from your reports?",
            "A base model already writes English; training teaches it how your practice writes. Larger models write "
            "better and need more memory, so each is listed with whether it fits here.",
            options,
            default,
            typed="or the folder of a model on this machine:",
        ),
    )


def _option(offer: Offer, free_gib: float, gpu_name: str) -> Option:
    needs = f"{offer.peak_gib:.1f} GiB" if offer.peak_gib is not None else "unknown"
    figures = [
        ("Fits?", WORDS[offer.level]),
        ("Memory", needs + (f" of {free_gib:.1f} on {gpu_name}" if free_gib else "")),
    ]
    figures += [("Licence", offer.licence)] if offer.licence else []
    return Option(
        offer.id,
        offer.title,
        f"{_size(offer)}{_short(offer)}",
        Consequence(tuple(figures), (offer.description, offer.why), " ".join(offer.traps)),
        _refusal(offer),
    )


def _size(offer: Offer) -> str:
    return f"{offer.parameters / 1e9:.3g}B, " if offer.parameters and offer.level != DEMO else ""


def _short(offer: Offer) -> str:
    if offer.level == DEMO:
        return "for trying out"
    if offer.level == UNKNOWN:
        return "size unknown"
    words = {FITS: "fits", TIGHT: "tight", DOES_NOT_FIT: "too large"}[offer.level]
    return words + ("" if offer.available or offer.level == DOES_NOT_FIT else ", not here")


def _refusal(offer: Offer) -> str:
    if offer.level == DOES_NOT_FIT or not offer.trainable:
        return offer.why
    if not offer.available and offer.level != DEMO:
        return f"{offer.title} is not on this disk: download it with `medtui model fetch {offer.id}` first."
    return ""


def outcome(result: Mapping[str, Any]) -> Outcome:
    """Put the choice into words."""
    demo = result["model"] == "demo"
    return Outcome(
        "The demo model is chosen." if demo else "The model is here and complete.",
        (
            ("Model", "the demo model" if demo else str(result["model"])),
            ("Size", f"{parameters(result.get('parameters'))} parameters"),
            ("Folder", place(str(result["path"]))),
        ),
        ("It ships with medtui, trains on any computer, and is of no medical use.",) if demo else (),
    )
