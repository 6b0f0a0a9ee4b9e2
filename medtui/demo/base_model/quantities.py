"""Numbers, tags and other small parts that every kind of case uses."""

from random import Random

TAGS = (
    *("[NAME]",) * 6,
    *("[LOCATION]",) * 5,
    *("[DATE]",) * 5,
    "[MRN]",
    "[PHONE]",
    "[AGE]",
    "[FAX]",
    "[EMAIL]",
    "[SSN]",
    "[HEALTH_PLAN]",
    "[ACCOUNT]",
    "[LICENSE]",
    "[DEVICE]",
    "[URL]",
    "[OTHER_ID]",
    "[AADHAAR]",
    "[ABHA]",
    "[PAN]",
    "[PASSPORT]",
    "[VEHICLE]",
)


def tag(random: Random) -> str:
    """Returns a de-identification tag such as `[NAME]`."""
    return random.choice(TAGS)


def year(random: Random) -> str:
    """Returns a year as text."""
    return str(random.randint(2008, 2026))


def number(random: Random, low: float, high: float, decimals: int = 0) -> str:
    """Returns a number between two bounds with so many decimals, as text."""
    return f"{random.uniform(low, high):.{decimals}f}"


def size(random: Random) -> str:
    """Returns a size in one, two or three dimensions, in mm or cm."""
    centimetres = random.random() < 0.4
    unit = "cm" if centimetres else "mm"
    dimensions = random.choice((1, 1, 1, 2, 2, 3))
    parts = [number(random, 0.6, 9, 1) if centimetres else str(random.randint(2, 68)) for _ in range(dimensions)]
    return f"{random.choice((' x ', ' x ', 'x')).join(parts)}{random.choice((' ', ' ', ''))}{unit}"


def interval(random: Random) -> str:
    """Returns a time to wait, such as `6 weeks` or `3-6 months`."""
    unit = random.choice(("days", "weeks", "weeks", "months", "months"))
    first = random.randint(2, 12)
    if random.random() < 0.12:
        return f"{first}-{first + random.choice((2, 3, 6))} {unit}"
    return random.choice((f"{first} {unit}", f"{first} {unit}", "1 year", "1 week", "1 month"))


def age(random: Random) -> str:
    """Returns an age in years as text; above 89 it is written 90+."""
    years = random.randint(18, 94)
    return str(years) if years < 90 else "90+"


def person(random: Random) -> str:
    """Returns how a note names the patient."""
    return random.choice(
        ("[NAME]", "The patient", "Mr [NAME]", "Mrs [NAME]", "Patient [MRN]", "A resident of [LOCATION]")
    )
