"""What an owner asks of a memory plan: how long, how many at once, which method, what to change."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from medtui.model import fit, memory
from medtui.model.architecture import Architecture
from medtui.model.memory import Settings

# Sequence lengths are tried in steps that the attention kernels like.
SEQUENCE_STEP = 64
LONGEST = 131072
LARGEST_BATCH = 256


def level(model: Architecture, settings: Settings, free_gib: float) -> str:
    """Judge one combination."""
    return fit.judge(memory.breakdown(model, settings).peak / memory.GIB, free_gib).level


def longest_sequence(model: Architecture, settings: Settings, free_gib: float) -> int:
    """Give the longest sequence that certainly fits, in tokens, 0 when none does."""

    def fits(steps: int) -> bool:
        return level(model, replace(settings, sequence_length=steps * SEQUENCE_STEP), free_gib) == fit.FITS

    return SEQUENCE_STEP * _largest(LONGEST // SEQUENCE_STEP, fits)


def largest_batch(model: Architecture, settings: Settings, free_gib: float) -> int:
    """Give the largest batch that certainly fits, 0 when none does."""
    return _largest(LARGEST_BATCH, lambda size: level(model, replace(settings, batch=size), free_gib) == fit.FITS)


def _largest(limit: int, fits: Callable[[int], bool]) -> int:
    """Bisect: memory only grows with what is asked."""
    low, high = 0, limit + 1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if fits(middle) else (low, middle)
    return low


def advice(model: Architecture, settings: Settings, free_gib: float) -> list[str]:
    """Say what to change so that the model fits, or what could be afforded when it does.

    Args:
        model: its shape.
        settings: the plan in question.
        free_gib: free memory of the GPU, 0 when there is none.
    """
    if not free_gib:
        need = fit.needed(memory.breakdown(model, settings).peak / memory.GIB)
        return [f"Plan for a GPU with --gpu or --vram; with reserve it takes {need:.1f} GiB of free GPU memory."]
    if level(model, settings, free_gib) == fit.FITS:
        return list(_room(model, settings, free_gib))
    changes = list(_changes(model, settings, free_gib))
    if changes:
        return changes
    least = memory.breakdown(model, Settings(sequence_length=512)).peak / memory.GIB
    floor = f"even in 4 bits with short reports it takes {fit.needed(least):.1f} GiB with reserve"
    if level(model, settings, free_gib) == fit.TIGHT:
        return [f"It may just work and is tried on the longest report first; {floor}, so nothing makes it quite safe."]
    return [f"No setting makes it fit: {floor}. Choose a smaller model or a larger GPU."]


def _room(model: Architecture, settings: Settings, free_gib: float) -> Iterator[str]:
    batch = largest_batch(model, settings, free_gib)
    if batch > settings.batch:
        yield f"There is room for up to {batch} examples at once (--batch {batch})."
    if settings.method == "qlora" and level(model, replace(settings, method="lora"), free_gib) == fit.FITS:
        yield "16-bit LoRA fits too (--method lora); it is faster and a little more exact."
    if settings.checkpointing and level(model, replace(settings, checkpointing=False), free_gib) == fit.FITS:
        yield "It fits without checkpointing too (--no-checkpointing), which is about a quarter faster."


def _changes(model: Architecture, settings: Settings, free_gib: float) -> Iterator[str]:
    """Name each change that alone is enough, then all together."""
    single = {
        "turn checkpointing on": replace(settings, checkpointing=True),
        "train in 4 bits (--method qlora)": replace(settings, method="qlora"),
        "one example at a time (--batch 1)": replace(settings, batch=1),
        f"a smaller adapter (--rank {settings.rank // 2})": replace(settings, rank=max(1, settings.rank // 2)),
    }
    for words, changed in single.items():
        if changed != settings and level(model, changed, free_gib) == fit.FITS:
            yield f"It fits if you {words}." if words.startswith(("turn", "train")) else f"It fits with {words}."
    shorter = longest_sequence(model, settings, free_gib)
    if SEQUENCE_STEP <= shorter < settings.sequence_length:
        yield f"It fits with reports of at most {shorter} tokens (--seq-len {shorter})."
    together = replace(settings, method="qlora", batch=1, checkpointing=True)
    length = min(settings.sequence_length, longest_sequence(model, together, free_gib))
    if not shorter and length >= SEQUENCE_STEP and together != settings:
        yield f"It fits with 4 bits, checkpointing, one example at a time and at most {length} tokens together."
