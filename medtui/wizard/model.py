"""Which model learns from the reports: the list with what fits, and what a choice means."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from medtui.model.fit import DEMO, DOES_NOT_FIT, FITS, TIGHT, UNKNOWN, WORDS
from medtui.model.offers import Offer
from medtui.wizard.question import Consequence, Option, Outcome, Question
from medtui.wizard.units import counted, parameters, place

# What the keys of `medtui.model.search.ORDERS` are called on the screen.
ORDERS = {"fit": "best fit first", "size": "smallest first", "memory": "least memory first", "name": "by name"}


@dataclass(frozen=True)
class Card:
    """The graphics card that a list is made for.

    Attributes:
        name: as people call it.
        free_gib: its free memory in GiB, 0 without a card.
        elsewhere: it is not in this machine, so its models can be looked at, not chosen because of it.
    """

    name: str
    free_gib: float
    elsewhere: bool = False

    @property
    def words(self) -> str:
        """Say what is planned for."""
        if not self.free_gib:
            return "no card here"
        return f"{'planned for ' if self.elsewhere else ''}{self.name}, {self.free_gib:.1f} GiB"


def questions(options: tuple[Option, ...], default: str) -> tuple[Question, ...]:
    """Ask for the base model.

    Args:
        options: as `options` gives them.
        default: as `default` gives it.
    """
    return (
        Question(
            "model",
            "model",
            "Which model shall learn from your reports?",
            "A base model already writes English; training teaches it how your practice writes. Larger models write "
            "better and need more memory, so each is listed with whether it fits.",
            options,
            default,
            typed="or the folder of a model on this machine:",
        ),
    )


def options(listed: Sequence[Offer], card: Card, here: Mapping[str, Offer]) -> tuple[Option, ...]:
    """Put offers into words.

    Args:
        listed: planned for `card`, in the order in which they are shown.
        card: what is planned for.
        here: the same models by id, judged for this machine; they decide what can be chosen.
    """
    return tuple(_option(offer, card, here.get(offer.id, offer)) for offer in listed)


def default(here: Sequence[Offer]) -> str:
    """Choose what Enter accepts: the largest model on this disk that fits, else the demo model."""
    ready = [offer for offer in here if offer.level == FITS and not refusal(offer)]
    return max(ready, key=lambda offer: offer.parameters or 0).id if ready else "demo"


def _option(offer: Offer, card: Card, here: Offer) -> Option:
    needs = f"{offer.peak_gib:.1f} GiB" if offer.peak_gib is not None else "unknown"
    figures = [
        ("Fits?", _verdict(offer, card)),
        ("Memory", needs + (f" of {card.free_gib:.1f} on {card.name}" if card.free_gib else "")),
        ("Licence", licence(offer)),
    ]
    refused = refusal(here)
    if card.elsewhere and not refused and here.level == DOES_NOT_FIT:
        refused = here.why
    notes = (
        f"{offer.title}: {offer.description}",
        offer.why,
        _background(offer),
        "Press d for all that is known about it.",
    )
    consequence = Consequence(tuple(figures), tuple(filter(None, notes)), " ".join(offer.traps))
    return Option(offer.id, offer.title, _row(offer, card), consequence, refused)


def licence(offer: Offer) -> str:
    """Name the licence, or say that it is not known."""
    return offer.licence.removeprefix("licence ") or "unknown: check the card"


def _verdict(offer: Offer, card: Card) -> str:
    if offer.level == DOES_NOT_FIT and offer.trainable and not card.free_gib:
        return "needs a graphics card"
    return "recommended, fits" if offer.recommended else WORDS[offer.level]


def _background(offer: Offer) -> str:
    if offer.level == DEMO:
        return ""
    gated = {None: "not known whether gated", True: "gated", False: "not gated"}[offer.gated]
    context = counted(offer.context_length, "token") if offer.context_length else "unknown"
    return f"Context: {context}; languages: {offer.languages or 'unknown'}; {gated}."


def _row(offer: Offer, card: Card) -> str:
    size = f"{offer.parameters / 1e9:.3g}B" if offer.parameters else "?"
    size = size if offer.level != DEMO else "tiny"
    memory = f"{offer.peak_gib:.1f} GiB" if offer.peak_gib is not None else "?"
    return f"{size:>5} {memory:>9}  {_word(offer, card)}"


def _word(offer: Offer, card: Card) -> str:
    if offer.level == DEMO:
        return "anywhere"
    if not offer.trainable:
        return "no tuning"
    if offer.level == UNKNOWN:
        return "unknown"
    if offer.level == DOES_NOT_FIT:
        return "too large" if card.free_gib else "needs GPU"
    word = {FITS: "fits", TIGHT: "tight"}[offer.level]
    return f"{word}, here" if offer.available else f"★ {word}" if offer.recommended else word


def refusal(offer: Offer) -> str:
    """Say why a model cannot be chosen on this machine; empty when it can."""
    if offer.level == DOES_NOT_FIT or not offer.trainable:
        return offer.why
    if not offer.available and offer.level != DEMO:
        return f"{offer.title} is not on this disk: download it with `medtui model fetch {offer.id}` first."
    return ""


def outcome(result: Mapping[str, Any]) -> Outcome:
    """Put the choice into words."""
    demo = result["model"] == "demo"
    figures = [
        ("Model", "the demo model" if demo else str(result["model"])),
        ("Size", f"{parameters(result.get('parameters'))} parameters"),
        ("Folder", place(str(result["path"]))),
    ]
    if not demo and result.get("peak_gib"):
        verdict = WORDS.get(str(result.get("fits")), "cannot be told")
        figures.insert(2, ("Training", f"{result['peak_gib']:.1f} GiB at its peak: {verdict}"))
    return Outcome(
        "The demo model is chosen." if demo else "The model is here and complete.",
        tuple(figures),
        ("It ships with medtui, trains on any computer, and is of no medical use.",) if demo else (),
        tuple(result.get("warnings", ())),
    )
