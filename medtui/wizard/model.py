"""Which model learns from the reports: the list with what fits, and what a choice means."""

import re
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from medtui.model.fit import DEMO, DOES_NOT_FIT, FITS, TIGHT, UNKNOWN, WORDS
from medtui.model.offers import Offer
from medtui.wizard.question import Consequence, Option, Outcome, Question
from medtui.wizard.units import GIB, counted, gib, parameters, place

# What the keys of `medtui.model.search.ORDERS` are called on the screen.
ORDERS = {"fit": "best fit first", "size": "smallest first", "memory": "least memory first", "name": "by name"}


@dataclass(frozen=True)
class Card:
    """The graphics card that a list is made for.

    Attributes:
        name: as people call it, empty when only its memory is known.
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
        words = ", ".join(filter(None, (self.name, f"{self.free_gib:.1f} GiB")))
        return f"for {words}" if self.elsewhere else words


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
            example="such as ~/models/Qwen3-8B",
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
    figures = [("Fits?", _verdict(offer, card)), ("Licence", licence(offer))]
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


def shortened(consequence: Consequence, width: int, lines: int) -> Consequence:
    """Leave whole sentences away until the rest has room, warnings last; the key d shows everything.

    Args:
        consequence: of a model.
        width: columns of a line.
        lines: how many there are.
    """
    label = max((len(name) for name, _ in consequence.figures), default=0) + 2
    room = lines - sum(_lines(" " * label + value, width) for _, value in consequence.figures)
    kept: list[str] = []
    warnings = [f"! {sentence}" for sentence in _sentences(consequence.warning)]
    for sentence in [*warnings, *(part for note in consequence.notes for part in _sentences(note))]:
        if _lines(" ".join([*kept, sentence]), width) > room:
            break
        kept.append(sentence)
    marked = sum(sentence.startswith("! ") for sentence in kept)
    notes = (" ".join(kept[marked:]),) if kept[marked:] else ()
    warning = " ".join(sentence.removeprefix("! ") for sentence in kept[:marked])
    return Consequence(consequence.figures, notes, warning)


def _sentences(text: str) -> list[str]:
    return [sentence for sentence in re.split(r"(?<=[.!?]) (?=[A-Z])", text) if sentence]


def _lines(text: str, width: int) -> int:
    return len(textwrap.wrap(text, max(1, width), drop_whitespace=False))


def licence(offer: Offer) -> str:
    """Name the licence, or say that it is not known."""
    return offer.licence.removeprefix("licence ") or "unknown: check the card"


def _verdict(offer: Offer, card: Card) -> str:
    word = "recommended, fits" if offer.recommended else WORDS[offer.level]
    if offer.level == DOES_NOT_FIT and offer.trainable and not card.free_gib:
        word = "needs a graphics card"
    if offer.peak_gib is None:
        return word
    return f"{word}: {_memory(offer)}{f' of {card.free_gib:.1f}' if card.free_gib else ''}"


def _background(offer: Offer) -> str:
    if offer.level == DEMO:
        return ""
    gated = {None: "not known whether gated", True: "gated", False: "not gated"}[offer.gated]
    context = counted(offer.context_length, "token") if offer.context_length else "unknown"
    return f"Context: {context}; languages: {offer.languages or 'unknown'}; {gated}."


def _row(offer: Offer, card: Card) -> str:
    size = f"{offer.parameters / 1e9:.3g}B" if offer.parameters else "?"
    size = size if offer.level != DEMO else "tiny"
    aloud = "!" if offer.traps and offer.level != DEMO else " "
    return f"{size:>5} {_memory(offer):>9} {aloud} {_word(offer, card)}"


def _memory(offer: Offer) -> str:
    return "?" if offer.peak_gib is None else gib(offer.peak_gib * GIB)


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
        if int(result.get("shared_by", 1)) > 1:
            verdict = f"too large for one card, so {result['shared_by']} cards share the model"
        figures.insert(2, ("Training", f"{result['peak_gib']:.1f} GiB at its peak: {verdict}"))
    return Outcome(
        "The demo model is chosen." if demo else "The model is here and complete.",
        tuple(figures),
        ("It ships with medtui, trains on any computer, and is of no medical use.",) if demo else (),
        tuple(result.get("warnings", ())),
    )
