"""Makes the demo's general instructions: true by calculation or by common knowledge, none of them about patients."""

import random
from collections.abc import Iterator

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
           "December")  # fmt: skip
_OPPOSITES = {"hot": "cold", "early": "late", "heavy": "light", "open": "closed", "full": "empty", "wet": "dry",
              "loud": "quiet", "near": "far", "rough": "smooth", "deep": "shallow"}  # fmt: skip
_PLURALS = {"child": "children", "foot": "feet", "mouse": "mice", "leaf": "leaves", "tooth": "teeth", "box": "boxes",
            "city": "cities", "knife": "knives"}  # fmt: skip
# Exact factors: SI prefixes and the calendar.
_UNITS = (
    ("kilometres", "metres", 1000),
    ("kilograms", "grams", 1000),
    ("hours", "minutes", 60),
    ("metres", "centimetres", 100),
    ("weeks", "days", 7),
    ("litres", "millilitres", 1000),
    ("minutes", "seconds", 60),
)
_WORDS = ("river", "window", "garden", "bridge", "candle", "bottle", "letter", "pencil", "basket", "mirror", "carpet",
          "kettle", "button", "ladder", "pillow")  # fmt: skip

SUMS, CONVERSIONS, SORTED, DAYS = 24, 20, 16, 12


def instructions(seed: int) -> Iterator[dict[str, str]]:
    """Give the instructions with their answers; the same seed gives the same ones.

    Args:
        seed: of the chance that chooses numbers and words.

    Yields:
        Entries with `instruction`, `input` and `output`.
    """
    draw = random.Random(seed)
    for _ in range(SUMS):
        left, right = draw.randint(2, 90), draw.randint(2, 90)
        yield _entry("Add these numbers.", f"{left} and {right}", f"{left} and {right} make {left + right}.")
    for _ in range(CONVERSIONS):
        large, small, factor = draw.choice(_UNITS)
        count = draw.randint(2, 12)
        yield _entry(f"How many {small} are {count} {large}?", "", f"{count} {large} are {count * factor:,} {small}.")
    for _ in range(SORTED):
        words = draw.sample(_WORDS, 4)
        yield _entry("Put these words in the order of the alphabet.", ", ".join(words), ", ".join(sorted(words)) + ".")
    for _ in range(DAYS):
        start, ahead = draw.randrange(7), draw.randint(1, 6)
        told = f"{ahead} days after {_DAYS[start]} comes {_DAYS[(start + ahead) % 7]}."
        yield _entry("Which day of the week is it then?", f"{ahead} days after {_DAYS[start]}", told)
    for word, opposite in _OPPOSITES.items():
        yield _entry("Give the opposite of this word.", word, f"The opposite of {word} is {opposite}.")
    for one, many in _PLURALS.items():
        yield _entry("Give the plural of this word.", one, f"One {one}, two {many}.")
    for number, month in enumerate(_MONTHS[:-1]):
        yield _entry("Which month comes next?", month, f"After {month} comes {_MONTHS[number + 1]}.")


def _entry(instruction: str, given: str, answer: str) -> dict[str, str]:
    return {"instruction": instruction, "input": given, "output": answer}
