"""From tokens of overlapping windows to words of a text."""

from collections.abc import Iterable

Vote = tuple[int, int, str]


def joined(text: str, tokens: Iterable[Vote]) -> list[Vote]:
    """Unite tokens of one kind to whole words and neighbouring words.

    Args:
        text: what the tokens point into.
        tokens: `(start, end, category)`, in any order; windows overlap, so some come twice.

    Returns:
        Disjoint ranges in order. Where two kinds claim a word, the one that began first names it.
    """
    united: list[Vote] = []
    for start, end, category in sorted({_whole(text, *token) for token in tokens}):
        if united and (start < united[-1][1] or _beside(text, united[-1], start, category)):
            first, last, kind = united[-1]
            united[-1] = (first, max(last, end), kind)
        else:
            united.append((start, end, category))
    return united


def _whole(text: str, start: int, end: int, category: str) -> Vote:
    """Extend a token to its whole word: a model may see a name's beginning alone."""
    while start < end and text[start].isspace():
        start += 1
    while start and text[start].isalnum() and text[start - 1].isalnum():
        start -= 1
    while end < len(text) and text[end - 1].isalnum() and text[end].isalnum():
        end += 1
    return start, end, category


def _beside(text: str, before: Vote, start: int, category: str) -> bool:
    gap = text[before[1] : start]
    return before[2] == category and len(gap) <= 2 and all(mark in " .-'" for mark in gap)
