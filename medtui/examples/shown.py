"""Examples as plain text for the terminal: what was dropped stands beside what is left."""

import itertools
import textwrap
from collections.abc import Mapping
from typing import Any

from medtui.examples.grounding import KINDS

_COLUMN = 56


def render(result: Mapping[str, Any]) -> str:
    """Write examples with their input, answer and the reasons of what is missing."""
    if not result["examples"]:
        return "There is no such example."
    return "\n".join(line for shown in result["examples"] for line in _example(shown))


def _example(shown: Mapping[str, Any]) -> list[str]:
    meta, details = shown["meta"], shown["details"]
    answer = shown["completion"][-1]["content"]
    told = [f"== {meta['task']}, report {meta['document_id']}, {shown['split'] or shown['reason']}"]
    told += [shown["prompt"][-1]["content"]]
    if "original" in details:
        original = details["original"]
        told += _side_by_side(original, answer)
        told += [
            f"  dropped: {_flat(original[start:end])}: {_reasons(kinds)}" for start, end, kinds in details["dropped"]
        ]
    else:
        told += ["-- answer:", answer]
    pieces = details.get("unsupported", [])
    told += [f"  unsupported: {_flat(answer[start:end])}: {KINDS[kind]}" for start, end, kind in pieces]
    return [*told, ""]


def _flat(text: str) -> str:
    return " ".join(text.split())


def _reasons(kinds: list[str]) -> str:
    return "; ".join(KINDS[kind] for kind in kinds)


def _side_by_side(left: str, right: str) -> list[str]:
    """Give two texts as two columns."""
    columns = [_wrapped("-- as it was written:", left), _wrapped("-- as it is learned:", right)]
    return [f"{one:{_COLUMN}} | {other}".rstrip() for one, other in itertools.zip_longest(*columns, fillvalue="")]


def _wrapped(heading: str, text: str) -> list[str]:
    lines = [part for line in text.splitlines() for part in textwrap.wrap(line, _COLUMN) or [""]]
    return [heading, *lines]


def render_lengths(result: Mapping[str, Any]) -> str:
    """Write a histogram of lengths, what other lengths would leave out, and the names of what is left out."""
    most = max(bar["examples"] for bar in result["histogram"]) or 1
    told = ["Tokens           Examples"]
    for bar in result["histogram"]:
        over = "  over the limit" if bar["from"] > result["limit"] else ""
        drawn = "#" * round(40 * bar["examples"] / most)
        told.append(f"{bar['from']:6,} - {bar['to']:6,}  {bar['examples']:6,}  {drawn}{over}")
    told += ["", "Allowed tokens   Left out"]
    told += ["{length:14,}   {left_out:,} examples of {reports:,} reports".format(**row) for row in result["lengths"]]
    told += [""] if result["left_out"] else []
    told += ["{document_id}  {format:8} {task}  {tokens:,} tokens".format(**one) for one in result["left_out"]]
    return "\n".join(told)
