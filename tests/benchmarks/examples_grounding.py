"""Injects errors into the demo practice's answers: `python -m tests.benchmarks.examples_grounding [--json]`.

Single-digit edits, unit swaps, laterality flips and dropped negations are put into the gold answers, one at a time; the
gate must see them. It must not see anything in the untouched answers.
"""

import argparse
import json
import random
import re
import sys
from collections import Counter
from collections.abc import Iterator

from medtui import assets
from medtui.examples.grounding import unsupported
from medtui.examples.parts import parts
from medtui.examples.tasks import Pair, pairs
from tests.examples.conftest import Deidentified

UNITS = {
    "mg/dL": "g/dL", "g/dL": "mg/dL", "mmol/L": "mg/dL", "mg": "mcg", "mcg": "mg", "mm": "cm", "cm": "mm", "mL": "L",
    "weeks": "days", "days": "weeks", "months": "weeks", "years": "months", "%": "mg", "mmHg": "cm", "U/L": "g/L",
    "ng/mL": "mg/mL", "ng/dL": "ng/mL", "L/min": "mL/min",
}  # fmt: skip
_UNIT = re.compile(rf"(?<=\d)(\s?)({'|'.join(sorted(map(re.escape, UNITS), key=len, reverse=True))})(?![\w/])")


def gold() -> list[Pair]:
    """Give the demo practice's pairs with an answer in its house form."""
    lines = assets.path("demo_practice", "gold.jsonl").read_text().splitlines()
    records = [record for record in map(json.loads, lines) if record["status"] == "readable" and record["task"]]
    reports = (Deidentified(record["id"], record["patient"], record["text"]) for record in records)
    return [pair for report in reports for pair in pairs(parts(report)) if pair.output.startswith("(1)")]


def injected(output: str, draw: random.Random) -> Iterator[tuple[str, str]]:
    """Give one changed copy of an answer for every kind of error that it allows."""
    counted = [match.span() for match in re.finditer(r"^\(\d+\)", output, re.M)]
    digits = [m.start() for m in re.finditer(r"\d", output) if not any(a <= m.start() < b for a, b in counted)]
    if digits:
        place = draw.choice(digits)
        other = draw.choice([digit for digit in "123456789" if digit != output[place]])
        yield "digit", output[:place] + other + output[place + 1 :]
    if units := list(_UNIT.finditer(output)):
        match = draw.choice(units)
        yield "unit", output[: match.start(2)] + UNITS[match[2]] + output[match.end() :]
    if sides := list(re.finditer(r"\b(left|right)\b", output, re.I)):
        match = draw.choice(sides)
        flipped = {"left": "right", "right": "left"}[match[0].lower()]
        yield "laterality", output[: match.start()] + flipped + output[match.end() :]
    if denials := list(re.finditer(r"\b(?:no|not|without|denies) ", output, re.I)):
        match = draw.choice(denials)
        yield "negation", output[: match.start()] + output[match.end() :]


def measure(rounds: int = 5, seed: int = 0) -> dict[str, object]:
    """Count what the gate catches and what it flags wrongly."""
    draw = random.Random(seed)
    found = gold()
    alarms = sum(bool(unsupported(pair.source, pair.output)) for pair in found)
    injected_count: Counter[str] = Counter()
    caught: Counter[str] = Counter()
    for _ in range(rounds):
        for pair in found:
            for kind, output in injected(pair.output, draw):
                injected_count[kind] += 1
                caught[kind] += bool(unsupported(pair.source, output))
    return {
        "answers": len(found),
        "flagged_untouched": round(alarms / len(found), 4),
        "injected": dict(injected_count),
        "caught": {kind: round(caught[kind] / count, 4) for kind, count in injected_count.items()},
        "caught_in_all": round(caught.total() / injected_count.total(), 4),
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    result = measure(chosen.rounds, chosen.seed)
    sys.stdout.write((json.dumps(result) if chosen.json else json.dumps(result, indent=1)) + "\n")
