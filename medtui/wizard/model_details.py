"""Everything that is known about one model, and its memory plan, as sections of plain words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from medtui.model.fit import DEMO, WORDS
from medtui.model.offers import Offer
from medtui.wizard.machine import short
from medtui.wizard.model import licence
from medtui.wizard.units import GIB, counted, gib, parameters

_PARTS = {
    "quantised_weights": "Weights in 4 bits",
    "other_weights": "Weights kept in 16 bits",
    "lora": "Adapter that learns (LoRA)",
    "gradients": "Its gradients",
    "optimizer": "Optimizer (AdamW)",
    "checkpoints": "Kept between layers",
    "layer_backward": "One layer's way back",
    "loss": "Loss",
    "cuda_context": "Driver (CUDA context)",
    "reserve": "Reserve",
}
_BAR = 16


@dataclass(frozen=True)
class Section:
    """A part of the details: a heading, names with values, then sentences."""

    title: str
    figures: tuple[tuple[str, str], ...] = ()
    lines: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def sections(
    offer: Offer, known: Mapping[str, Any] | None, plan: Mapping[str, Any] | None, no_plan: str = ""
) -> tuple[Section, ...]:
    """Arrange the details.

    Args:
        offer: the model as it is listed.
        known: `medtui.model.details.details`, None for a model that is not in the catalogue.
        plan: `medtui.model.plan.plan`, None when it could not be made.
        no_plan: why not.
    """
    found = [_what(offer, known)]
    found.append(_plan(plan) if plan is not None else Section("What training takes", lines=(no_plan or offer.why,)))
    if plan is not None:
        found.append(_beside(plan))
    if known is not None:
        found += [*_scores(known), *_name(known), _sources(known)]
    return tuple(found)


def _what(offer: Offer, known: Mapping[str, Any] | None) -> Section:
    figures = [
        ("Size", "unknown" if offer.parameters is None else f"{parameters(offer.parameters)} parameters"),
        ("Licence", licence(offer)),
        ("Gated", {None: "unknown", True: "yes: its terms must be accepted first", False: "no"}[offer.gated]),
        ("Context", counted(offer.context_length, "token") if offer.context_length else "unknown"),
        ("Languages", offer.languages or "unknown"),
    ]
    lines = [offer.description]
    if known is not None:
        weights = known["weights_gib"]
        figures += [
            ("Maker", str(known["maker"])),
            ("Built on", known["built_on"] or "unknown"),
            ("Files", ", ".join(f"{size:g} GiB in {bits}" for bits, size in weights.items()) if weights else "unknown"),
        ]
        use = known["intended_use"]["text"]
        lines.append(f"Intended use, by its authors: {use or 'not seen; read the card.'}")
        lines += [known["notes"]] if known["notes"] else []
    # What the authors say is shown once, as the intended use.
    traps = tuple(trap for trap in offer.traps if not (known and trap.startswith("Its authors say:")))
    return Section("What it is", tuple(figures), tuple(lines), traps)


def _plan(plan: Mapping[str, Any]) -> Section:
    parts = {name: value for name, value in plan["breakdown_gib"].items() if value > 0}
    largest = max(parts.values(), default=1.0)
    bars = [(_PARTS[name], f"{_size(value)}  {'█' * round(_BAR * value / largest)}") for name, value in parts.items()]
    figures = [*bars, ("Together", _size(plan["needed_gib"]))]
    if plan["free_gib"]:
        figures.append((f"Free on {short(plan['gpu'])}", f"{_size(plan['free_gib'])}: {WORDS[plan['fits']]}"))
    settings = plan["settings"]
    title = f"What training takes (4 bits, rank {settings['rank']}, {settings['sequence_length']:,} tokens at a time)"
    suggested = (
        [f"Training takes: {plan['suggested']['sentence']}"] if plan["free_gib"] and plan["fits"] != DEMO else []
    )
    return Section(title, tuple(figures), (*suggested, *map(_without_flags, plan["advice"])))


def _size(gibibytes: float) -> str:
    return gib(gibibytes * GIB).rjust(9)


def _without_flags(sentence: str) -> str:
    """Take the hints for the command line away; the training step asks for the same things in words."""
    words, _, rest = sentence.partition(" (--")
    return words + rest.partition(")")[2] if rest else sentence.replace(" with --gpu or --vram", " with the key a")


def _beside(plan: Mapping[str, Any]) -> Section:
    beside, pace = plan["beside_gib"], plan["tokens_per_second"]
    figures = [
        ("Download", f"{beside['download_disk']:.1f} GiB of disk"),
        ("Checkpoints", f"{gib(beside['checkpoints_disk'] * GIB)} of disk while it trains"),
        ("Merging", f"{beside['merge_main_memory']:.1f} GiB of main memory and as much disk"),
        ("Chat", f"{beside['chat_weights_gpu']:.1f} GiB, {beside['chat_gpu_per_1000_tokens']:.2f} per 1,000 tokens"),
    ]
    if plan["fits"] != DEMO and plan["longest_sequence"]:
        figures.append(("Longest report", f"{plan['longest_sequence']:,} tokens"))
    if pace and not plan["measured"]:
        figures.append(("Pace", f"{pace[0]:,.0f} to {pace[1]:,.0f} tokens a second, by the card's figures"))
    return Section("Beside training", (*figures, *_time(plan)))


def _time(plan: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Say how long one pass over the examples takes: as a run showed, else as the card's figures promise."""
    minutes, measured = plan["minutes_per_epoch"], plan["measured"]
    if measured is None:
        return [("One pass", f"{_span(*minutes)} over your examples, by the card's figures")] if minutes else []
    found = [("One pass", f"{_span(*minutes)} over your examples, measured in your last run")]
    if measured["peak_gib"]:
        times = f"{measured['peak_ratio']:.2f} times the estimate"
        found.append(("Measured peak", f"{measured['peak_gib']:.1f} GiB in that run, {times}"))
    return found


def _span(low: float, high: float) -> str:
    unit, divisor = ("h", 60) if high >= 90 else ("min", 1)
    short, long = f"{low / divisor:.2g}", f"{high / divisor:.2g}"
    return f"about {short} {unit}" if short == long else f"{short} to {long} {unit}"


def _scores(known: Mapping[str, Any]) -> list[Section]:
    scores = tuple(
        f"{score['exam']}: {score['score']:g}{'' if score['scale'] == 100 else ' of 1'}; "
        f"tested by: {score['harness'] or 'unknown'}. Source: {score['source']}"
        for score in known["scores"]
    )
    if not scores:
        return [Section("Published exam scores", lines=("None were found.",))]
    return [Section("Published exam scores (only comparable when tested by the same)", lines=scores)]


def _name(known: Mapping[str, Any]) -> list[Section]:
    terms = tuple(f"{term}: {text}" for term, text in known["name_explained"].items())
    return [Section("What its name says", lines=terms)] if terms else []


def _sources(known: Mapping[str, Any]) -> Section:
    """Say where each figure was seen; what was not seen anywhere is said to be unverified where it is shown."""
    seen = {
        "Size": known["sources"]["parameters"],
        "Context": known["sources"]["context_length"],
        "Languages": known["sources"]["languages"],
        "Licence": known["licence"]["source"],
        "Gated": known["gated"]["source"],
        "Intended use": known["intended_use"]["source"],
    }
    return Section("Where this was seen", tuple((name, str(source or "not seen")) for name, source in seen.items()))
