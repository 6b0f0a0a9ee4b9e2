"""Takes unsupported sentences out of an answer, so that the rest of it can still be learned."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from medtui.examples.form import HEADING, PROSE, classify
from medtui.examples.grounding import Unsupported

LEAVE_OUT, DROP = "leave_out", "drop_sentence"
# What keeps less than this share of its words is another answer than the one the practice wrote.
LEAST_KEPT = 0.5

_MARKER = re.compile(
    r"\s*(?:\((?:\d{1,2}|[a-h])\)|\d{1,2}[.)](?=\s)|[a-h]\)(?=\s)|[-*\u2013\u2014\u2022\u00b7\u25cf])\s*"
)
_SENTENCE = re.compile(r"\S(?:[^.!?]|[.!?](?!\s|$))*[.!?]*")
_ORDINAL = re.compile(r"\d{1,2}|[a-h](?=\))")


@dataclass(frozen=True, slots=True)
class Repaired:
    """An answer without its unsupported sentences.

    Attributes:
        text: what is left, its items numbered anew.
        dropped: start and end of each dropped sentence in the original, and the kinds of what it stated unsupported.
    """

    text: str
    dropped: tuple[tuple[int, int, tuple[str, ...]], ...]


def without(output: str, pieces: Iterable[Unsupported]) -> Repaired | None:
    """Drop the sentences that hold unsupported pieces.

    Args:
        output: the answer.
        pieces: what in it is unsupported, see `grounding.unsupported`.

    Returns:
        The rest, or None when a labelled line (such as the advice) would vanish or less than half of the words be left.
    """
    found = list(pieces)
    kept: list[tuple[str, str]] = []
    dropped: list[tuple[int, int, tuple[str, ...]]] = []
    for start, end in _blocks(output):
        block = output[start:end]
        marker = _MARKER.match(block)
        begin = start + (marker.end() if marker else 0)
        sentences = [(begin + one.start(), begin + one.end()) for one in _SENTENCE.finditer(output[begin:end])]
        wrong = {span: _kinds(span, found) for span in sentences}
        dropped += [(*span, kinds) for span, kinds in wrong.items() if kinds]
        rest = [output[slice(*span)] for span, kinds in wrong.items() if not kinds]
        labelled = classify(block).kind in {"label", HEADING}
        if labelled and sentences and wrong[sentences[0]]:
            return None
        if not any(wrong.values()):
            kept.append((marker[0] if marker else "", output[begin:end]))
        elif rest:
            kept.append((marker[0] if marker else "", " ".join(rest)))
    text = "\n".join(marker + body for marker, body in _renumbered(kept))
    if len(text.split()) < LEAST_KEPT * len(output.split()) or not text.strip():
        return None
    return Repaired(text, tuple(dropped))


def _blocks(output: str) -> list[tuple[int, int]]:
    """Give the spans of an answer's lines; a line that goes on with an item belongs to it."""
    blocks: list[tuple[int, int]] = []
    in_item = False
    for line in re.finditer(r"[^\n]+", output):
        if not line[0].strip():
            continue
        if in_item and classify(line[0]).kind == PROSE:
            blocks[-1] = (blocks[-1][0], line.end())
            continue
        in_item = _MARKER.match(line[0]) is not None
        blocks.append(line.span())
    return blocks


def _kinds(span: tuple[int, int], pieces: list[Unsupported]) -> tuple[str, ...]:
    return tuple(sorted({piece.kind for piece in pieces if piece.start < span[1] and span[0] < piece.end}))


def _renumbered(lines: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Let the numbers of items count up again."""
    counts: dict[str, int] = defaultdict(int)
    numbered = []
    for marker, body in lines:
        if ordinal := _ORDINAL.search(marker):
            style = _ORDINAL.sub("d" if ordinal[0].isdigit() else "l", marker.strip())
            counts[style] += 1
            number = str(counts[style]) if ordinal[0].isdigit() else "abcdefgh"[counts[style] - 1]
            marker = marker[: ordinal.start()] + number + marker[ordinal.end() :]
        numbered.append((marker, body))
    return numbered
