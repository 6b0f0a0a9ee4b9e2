"""Counts invented quantities that the gate let through: `python -m tests.benchmarks.examples_quantities [--json]`.

The count shares no code with the gate: a number with a unit in an answer is supported when the input holds the number
with that unit, or both in one line as tables do. Numbers are compared by value, units as written.
"""

import argparse
import json
import re
import sys
from decimal import Decimal

from medtui import assets
from medtui.examples import checks, repair
from medtui.examples.grounding import Unsupported
from medtui.examples.parts import parts
from medtui.examples.tasks import pairs
from tests.examples.conftest import Deidentified

_UNITS = (
    r"mg/dl|g/dl|mmol/l|miu/l|iu/l|u/l|g/l|mg/l|ng/ml|ng/dl|pg/ml|ml/min|l/min|meq/l|mmhg|mcg|mg|kg|g|mm|cm|ml|l|%|"
    r"weeks?|wks?|days?|months?|years?|yrs?|hours?|hrs?|minutes?|degrees?|bpm|units?|x10\^9/l"
)
_QUANTITY = re.compile(rf"(?<!\w)(?<!\d\.)(\d+(?:\.\d+)?)[ -]?({_UNITS})(?![\w/])", re.I)
_NUMBER = re.compile(r"(?<!\d)(?<!\d\.)\d+(?:\.\d+)?")


def _unit(text: str) -> str:
    lowered = text.lower().removesuffix("s")
    return {"wk": "week", "yr": "year", "hr": "hour"}.get(lowered, lowered)


def absent(source: str, output: str) -> list[str]:
    """Give the quantities of an output that its source does not hold."""
    missing = []
    for match in _QUANTITY.finditer(output):
        value, unit = Decimal(match[1]), _unit(match[2])
        stated = {(Decimal(one[1]), _unit(one[2])) for one in _QUANTITY.finditer(source)}
        rows = [
            line
            for line in source.lower().splitlines()
            if value in map(Decimal, _NUMBER.findall(line))
            and re.search(rf"(?<![a-z]){re.escape(unit)}(?![a-z/])", line)
        ]
        if (value, unit) not in stated and not rows:
            missing.append(match[0])
    return missing


def measure(ungrounded: str = repair.LEAVE_OUT) -> dict[str, float | int]:
    """Count before and after the gate on the demo practice."""
    lines = assets.path("demo_practice", "gold.jsonl").read_text().splitlines()
    records = [record for record in map(json.loads, lines) if record["status"] == "readable"]
    before = kept = let_through = quantities = total = 0
    for record in records:
        for pair in pairs(parts(Deidentified(record["id"], record["patient"], record["text"]))):
            total += 1
            before += bool(absent(pair.source, pair.output))
            reason, details = checks.check(pair)
            output = pair.output
            if reason == checks.UNGROUNDED and ungrounded == repair.DROP:
                rest = repair.without(output, [Unsupported(*piece) for piece in details["unsupported"]])
                reason, output = (reason, output) if rest is None else ("", rest.text)
            if not reason:
                kept += 1
                quantities += len(_QUANTITY.findall(output))
                let_through += bool(absent(pair.source, output))
    return {
        "pairs": total,
        "with_absent_quantity_before": before,
        "kept": kept,
        "quantities_kept": quantities,
        "with_absent_quantity_after": let_through,
        "share_after": round(let_through / kept, 4),
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ungrounded", choices=[repair.LEAVE_OUT, repair.DROP], default=repair.LEAVE_OUT)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    result = measure(chosen.ungrounded)
    sys.stdout.write((json.dumps(result) if chosen.json else json.dumps(result, indent=1)) + "\n")
