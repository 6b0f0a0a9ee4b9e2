"""A small grammar for varied sentences: `{one|other}` is a choice, `<slot>` a value drawn beforehand."""

import re
from collections.abc import Mapping
from random import Random

_CHOICE = re.compile(r"\{([^{}]*)\}")
_SLOT = re.compile(r"<(\w+)>")
_NUMBER = re.compile(r"#(\d+)(?:\.(\d+))?-(\d+)(?:\.(\d+))?")


def draw(specification: str, random: Random) -> str:
    """Return one value: `#8-30` is a whole number, `#1.2-4.8` a decimal one, otherwise one of `a|b|c`."""
    if not (match := _NUMBER.fullmatch(specification)):
        return random.choice(specification.split("|"))
    decimals = len(match[2] or "")
    scale = 10**decimals
    low = int(match[1]) * scale + int(match[2] or 0)
    high = int(match[3]) * scale + int(match[4] or 0)
    value = random.randint(low, high)
    return f"{value / scale:.{decimals}f}" if decimals else str(value)


def draw_all(slots: Mapping[str, str], random: Random) -> dict[str, str]:
    """Draw a value for each slot, in the order in which the slots are given."""
    return {name: draw(specification, random) for name, specification in slots.items()}


def expand(template: str, random: Random, slots: Mapping[str, str] | None = None) -> str:
    """Return one sentence of `template`: choices made, slots filled, first letter upper case.

    Raises:
        KeyError: the template names a slot that has no value.
    """
    while match := _CHOICE.search(template):
        chosen = random.choice(match[1].split("|"))
        template = template[: match.start()] + chosen + template[match.end() :]
    values = slots or {}
    text = _SLOT.sub(lambda match: values[match[1]], template)
    text = re.sub(r" {2,}", " ", text).replace(" .", ".").replace(" ,", ",").strip()
    return text[:1].upper() + text[1:]
