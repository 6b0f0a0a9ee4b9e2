"""What standardising did to a text, as pieces to mark on both sides."""

from collections.abc import Iterator

Piece = tuple[int, int]


def changes(original: str, text: str, offsets: tuple[tuple[int, int], ...]) -> tuple[list[Piece], list[Piece]]:
    """Find what is only on one side.

    Args:
        original: the text before.
        text: the text after.
        offsets: (position in `text`, position in `original`) where each run of unchanged characters begins.

    Returns:
        Pieces of `original` that are gone or were replaced, and pieces of `text` that replaced them.
    """
    kept = bytearray(len(original))
    same = bytearray(len(text))
    ends = (*(start for start, _ in offsets[1:]), len(text))
    for (start, before), end in zip(offsets, ends, strict=False):
        for step in range(end - start):
            place = before + step
            if place < len(original) and not kept[place] and original[place] == text[start + step]:
                kept[place] = same[start + step] = 1
    return list(_gaps(kept)), list(_gaps(same))


def _gaps(flags: bytearray) -> Iterator[Piece]:
    start = flags.find(0)
    while start >= 0:
        end = flags.find(1, start)
        yield start, len(flags) if end < 0 else end
        start = flags.find(0, end) if end >= 0 else -1
