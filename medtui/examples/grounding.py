"""The grounding gate: what an output states must be supported by its input.

A pair whose output holds a dose that its input does not teaches a model to invent doses.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from medtui.examples.quantities import Quantity, quantities


@dataclass(frozen=True, slots=True)
class Unsupported:
    """A piece of the output that the input does not support.

    Attributes:
        start: offset in the output.
        end: offset behind it.
        kind: "quantity" (number with a unit), "number" (number alone), ...
    """

    start: int
    end: int
    kind: str


_ENUMERATION = re.compile(r"^[ \t]*(?:\(\d{1,2}\)|\d{1,2}[.)](?=\s))", re.M)


def _without_enumeration(text: str, found: Iterable[Quantity]) -> list[Quantity]:
    marks = [match.span() for match in _ENUMERATION.finditer(text)]
    return [quantity for quantity in found if not any(start <= quantity.start < end for start, end in marks)]


def _type_two(quantity: Quantity, output: str, source: str) -> bool:
    """Accept "type 2 diabetes" for a diabetic whose type the source leaves out: by far the commoner one."""
    named = quantity.value == 2 and re.match(r"\s*(?:diab|dm)", output[quantity.end :], re.I)
    return (
        bool(named) and re.search(r"type [1i]\b|t1dm", source) is None and re.search(r"diab|dm\b", source) is not None
    )


def unsupported(source: str, output: str) -> list[Unsupported]:
    """Find what the output states without support in the source.

    Args:
        source: the example's input.
        output: the example's output.

    Returns:
        The unsupported pieces in the order of the output.
    """
    stated = _without_enumeration(source, quantities(source))
    amounts = {(quantity.dimension, quantity.amount) for quantity in stated}
    bare: set[Decimal] = {quantity.value for quantity in stated if not quantity.unit}
    values = {quantity.value for quantity in stated}
    lower = source.lower()
    missing: list[Unsupported] = []
    for quantity in _without_enumeration(output, quantities(output)):
        if quantity.unit:
            # A table states the unit in another column: the bare number supports it when the unit stands somewhere.
            column = quantity.value in bare and quantity.unit in lower
            if (quantity.dimension, quantity.amount) not in amounts and not column:
                missing.append(Unsupported(quantity.start, quantity.end, "quantity"))
        elif quantity.value not in values and not _type_two(quantity, output, lower):
            missing.append(Unsupported(quantity.start, quantity.end, "number"))
    return missing
