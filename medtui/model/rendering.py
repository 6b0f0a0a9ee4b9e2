"""Writes what `medtui model` found as plain text."""

from collections.abc import Mapping
from typing import Any

from medtui.model import fit


def choice(result: Mapping[str, Any]) -> str:
    """Write the chosen model."""
    lines = [
        f"Model: {result['model']} ({billions(result['parameters'])} parameters)",
        f"  in {result['path']}",
        f"  Training peak: about {result['peak_gib']:.2f} GiB",
    ]
    return "\n".join([*lines, *(f"  - {warning}" for warning in result["warnings"])])


def listing(result: Mapping[str, Any]) -> str:
    """Write the list of models."""
    heading = f"For {result['gpu']}" + (f" ({result['free_gib']:.1f} GiB free)" if result["free_gib"] else "")
    lines = [heading, "4-bit training (QLoRA), one report of up to 2048 tokens at a time", ""]
    for offer in result["models"]:
        peak = "      ?" if offer["peak_gib"] is None else f"{offer['peak_gib']:7.1f}"
        mark = "*" if offer["recommended"] else " "
        here = "on this disk" if offer["available"] else ""
        size = billions(offer["parameters"])
        lines.append(f"{mark} {fit.WORDS[offer['level']]:<22}{peak} GiB {size:>8}  {offer['id']}  {here}".rstrip())
    lines += [
        "",
        "* recommended: the largest general model without a known trap that fits",
        "",
        "For de-identification:",
    ]
    lines += [f"  {model['id']}: {model['description']}" for model in result["for_deidentification"]]
    return "\n".join(lines)


def plan(result: Mapping[str, Any]) -> str:
    """Write a memory plan."""
    lines = [
        f"{result['model']}: {billions(result['params'])} parameters",
        f"On {result['gpu']}: {fit.WORDS[result['fits']]}" if result["free_gib"] else "No GPU to plan for",
        f"Peak {result['peak_gib']:.2f} GiB (by {result['estimated_by']}), with context and reserve "
        f"{result['needed_gib']:.2f} GiB" + (f", free {result['free_gib']:.2f} GiB" if result["free_gib"] else ""),
        "",
    ]
    for name, value in result["breakdown_gib"].items():
        lines.append(f"  {name.replace('_', ' '):<20}{value:9.3f} GiB")
    lines += ["", *_beside(result), *(f"- {sentence}" for sentence in result["advice"])]
    lines += [f"! {sentence}" for sentence in result["warnings"]]
    return "\n".join(lines)


def _beside(result: Mapping[str, Any]) -> list[str]:
    beside, pace = result["beside_gib"], result["tokens_per_second"]
    lines = [
        f"Longest example that fits: {result['longest_sequence']} tokens" if result["free_gib"] else "",
        f"Suggested: {result['suggested']['sentence'].rstrip('.')}" if result["free_gib"] else "",
        f"Download {beside['download_disk']:.1f} GiB; merging takes as much disk again and as much main memory",
        f"Checkpoints while training: {beside['checkpoints_disk']:.1f} GiB of disk",
        f"Chat: {beside['chat_weights_gpu']:.1f} GiB and {beside['chat_gpu_per_1000_tokens']:.2f} per 1000 tokens",
        f"Pace: {pace[0]:.0f} to {pace[1]:.0f} tokens a second, by this GPU's figures" if pace else "",
    ]
    return [f"- {line}." for line in (*lines, *_time(result)) if line]


def _time(result: Mapping[str, Any]) -> list[str]:
    minutes, measured = result["minutes_per_epoch"], result["measured"]
    lines = []
    if measured:
        lines.append(f"One pass over the examples: {minutes[0]:.1f} min, measured in run {measured['run']}")
        if measured["peak_gib"]:
            times = f"{measured['peak_ratio']:.2f} times its estimate"
            lines.append(f"That run held {measured['peak_gib']:.2f} GiB at its peak, {times}")
    elif minutes:
        lines.append(f"One pass over the examples: {minutes[0]:.0f} to {minutes[1]:.0f} min, by this GPU's figures")
    return lines


def details(result: Mapping[str, Any]) -> str:
    """Write what is known about one model."""
    licence, gated, use = result["licence"], result["gated"], result["intended_use"]
    checked = "" if licence["verified"] else " (not verified: check the card)"
    lines = [
        f"{result['model']} by {result['maker']}",
        f"  {result['description']}",
        f"  Parameters: {billions(result['parameters'])}; weights: {_sizes(result['weights_gib'])}",
        f"  Licence: {licence['name'] or 'unknown'}{checked}",
        f"  Gated: {_known(gated['value'])}; context: {result['context_length'] or 'unknown'} tokens",
        f"  Languages: {result['languages'] or 'unknown'}; built on: {result['built_on'] or 'unknown'}",
        f"  Intended use, by its authors: {use['text'] or 'not seen: read the card'}",
    ]
    seen = [f"{name.replace('_', ' ')}: {source}" for name, source in result["sources"].items() if source]
    lines.append(f"  Seen in: {'; '.join(seen) or 'not recorded'}")
    if result["notes"]:
        lines.append(f"  Note: {result['notes']}")
    lines += [f"  ! {trap}" for trap in result["traps"]]
    if result["scores"]:
        lines += ["", "  Published scores (never compare across different ways of testing):"]
        lines += [f"    {_score(score)}" for score in result["scores"]]
    if result["name_explained"]:
        lines += ["", "  Its name:"]
        lines += [f"    {term}: {text}" for term, text in result["name_explained"].items()]
    return "\n".join(lines)


def explanation(result: Mapping[str, Any]) -> str:
    """Write what syllables, or a size, mean."""
    lines = [f"{term}\n  {text}" for term, text in result.get("terms", {}).items()]
    lines += [f"{precision}: {count:.1f} billion parameters" for precision, count in result.get("billions", {}).items()]
    return "\n".join(lines)


def _score(score: Mapping[str, Any]) -> str:
    of = "" if score["scale"] == 100 else " of 1"
    return (
        f"{score['exam']}: {score['score']:g}{of}, {score['harness'] or 'way of testing unknown'} ({score['source']})"
    )


def _sizes(weights: Mapping[str, float] | None) -> str:
    return ", ".join(f"{size:g} GiB in {name}" for name, size in weights.items()) if weights else "unknown"


def _known(value: bool | None) -> str:
    return "unknown" if value is None else "yes" if value else "no"


def billions(parameters: int | None) -> str:
    """Write a parameter count as people say it."""
    if parameters is None:
        return "?"
    return f"{parameters / 1e9:.1f}B" if parameters >= 5e8 else f"{parameters / 1e6:.1f}M"
