"""Injects errors into answers and counts what the gate sees: `python -m tests.benchmarks.examples_grounding [--json]`.

Single-digit edits, unit swaps, laterality flips and dropped negations are put into the gold answers, one at a time; the
gate must see them. It must not see anything in the untouched answers. Measured are the demo practice's answers (a few
draws each) and pairs of our own making (every side, unit, digit and negation of each answer), see
tests/examples/labels/README.md: only `pairs_kept_aside` tells something about unseen pairs, the rules were improved on
all others.
`--pairs FILE` measures pairs of your own instead, lines {"input", "output"}; `--missed` shows what went unseen.
"""

import argparse
import json
import random
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from medtui import assets
from medtui.examples.grounding import unsupported
from medtui.examples.parts import parts
from medtui.examples.tasks import Pair, pairs
from tests.examples.conftest import Deidentified

LABELS = Path(__file__).parents[1] / "examples" / "labels"
SETS = {
    name: LABELS / f"{name}.jsonl"
    for name in ("pairs", "pairs_varied", "pairs_held_out", "pairs_blind", "pairs_kept_aside")
}
UNITS = {
    "mg/dL": "g/dL", "g/dL": "mg/dL", "mmol/L": "mg/dL", "mg": "mcg", "mcg": "mg", "mm": "cm", "cm": "mm", "mL": "L",
    "weeks": "days", "days": "weeks", "months": "weeks", "years": "months", "%": "mg", "mmHg": "cm", "U/L": "g/L",
    "ng/mL": "mg/mL", "ng/dL": "ng/mL", "L/min": "mL/min",
}  # fmt: skip
_UNIT = re.compile(rf"(?<=\d)(\s?)({'|'.join(sorted(map(re.escape, UNITS), key=len, reverse=True))})(?![\w/])")
_DENIAL = re.compile(r"\b(?:no|not|without|denies|negative for) ", re.I)
KINDS = ("digit", "unit", "laterality", "negation")


def gold() -> list[tuple[str, str]]:
    """Give the demo practice's pairs with an answer in its house form."""
    lines = assets.path("demo_practice", "gold.jsonl").read_text().splitlines()
    records = [record for record in map(json.loads, lines) if record["status"] == "readable" and record["task"]]
    reports = (Deidentified(record["id"], record["patient"], record["text"]) for record in records)
    found: Iterable[Pair] = (pair for report in reports for pair in pairs(parts(report)))
    return [(pair.source, pair.output) for pair in found if pair.output.startswith("(1)")]


def read(file: Path) -> list[tuple[str, str]]:
    """Give the pairs of a file of lines {"input", "output"}."""
    records = map(json.loads, file.read_text().splitlines())
    return [(record["input"], record["output"]) for record in records]


def changes(output: str, draw: random.Random) -> Iterator[tuple[str, str]]:
    """Give a changed copy of an answer for every digit, unit, side and negation in it."""
    counted = [match.span() for match in re.finditer(r"^(?:\(\d+\)|\d+\.(?= ))", output, re.M)]
    for match in re.finditer(r"\d", output):
        if not any(start <= match.start() < end for start, end in counted):
            other = draw.choice([digit for digit in "123456789" if digit != match[0]])
            yield "digit", output[: match.start()] + other + output[match.end() :]
    for match in _UNIT.finditer(output):
        yield "unit", output[: match.start(2)] + UNITS[match[2]] + output[match.end() :]
    for match in re.finditer(r"\b(left|right)\b", output, re.I):
        flipped = {"left": "right", "right": "left"}[match[0].lower()]
        flipped = flipped.capitalize() if match[0][0].isupper() else flipped
        yield "laterality", output[: match.start()] + flipped + output[match.end() :]
    for match in _DENIAL.finditer(output):
        rest = output[match.end() :]
        # A sentence that opened with the denial opens like any other without it.
        rest = rest[:1].upper() + rest[1:] if match[0][0].isupper() else rest
        yield "negation", output[: match.start()] + rest


def injected(output: str, draw: random.Random) -> Iterator[tuple[str, str]]:
    """Give one changed copy of an answer for every kind of error that it allows."""
    every: dict[str, list[str]] = {}
    for kind, changed in changes(output, draw):
        every.setdefault(kind, []).append(changed)
    for kind, copies in every.items():
        yield kind, draw.choice(copies)


def measure(found: list[tuple[str, str]], rounds: int = 0, seed: int = 0) -> dict[str, Any]:
    """Count what the gate catches and what it flags wrongly.

    Args:
        found: inputs and answers.
        rounds: draws of one error of each kind for each answer; 0 puts in every error instead.
        seed: of the draws.
    """
    draw = random.Random(seed)
    seen = [(output, sorted({piece.kind for piece in unsupported(source, output)})) for source, output in found]
    flagged = [{"output": output, "kinds": named} for output, named in seen if named]
    count: Counter[str] = Counter()
    missed: list[dict[str, str]] = []
    for turn in [injected] * rounds or [changes]:
        for source, output in found:
            for kind, changed in turn(output, draw):
                count[kind] += 1
                if not unsupported(source, changed):
                    missed.append({"kind": kind, "input": source, "output": changed, "was": output})
    lost = Counter(miss["kind"] for miss in missed)
    kinds: dict[str, dict[str, float]] = {
        kind: {"injected": count[kind], "missed": lost[kind], "caught": round(1 - lost[kind] / count[kind], 4)}
        for kind in KINDS
        if count[kind]
    }
    return {
        "answers": len(found),
        "flagged_untouched": round(len(flagged) / len(found), 4),
        "kinds": kinds,
        "caught_in_all": round(1 - len(missed) / count.total(), 4),
        "flagged": flagged,
        "missed": missed,
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="draws for each answer of the demo practice")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--pairs", type=Path, action="append", default=[])
    parser.add_argument("--missed", action="store_true")
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    files = {file.name: file for file in chosen.pairs} or SETS
    result = {} if chosen.pairs else {"demo_practice": measure(gold(), chosen.rounds, chosen.seed)}
    result |= {name: measure(read(file), 0, chosen.seed) for name, file in files.items()}
    for figures in result.values():
        if not chosen.missed:
            figures.pop("missed")
            figures.pop("flagged")
    sys.stdout.write((json.dumps(result) if chosen.json else json.dumps(result, indent=1)) + "\n")
