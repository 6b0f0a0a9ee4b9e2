"""Identity numbers with the shape and check digits of real ones, from ranges given to nobody where such exist."""

import string
from random import Random

_MULTIPLY = (
    "0123456789", "1234067895", "2340178956", "3401289567", "4012395678",
    "5987604321", "6598710432", "7659821043", "8765932104", "9876543210",
)  # fmt: skip
_PERMUTE = (
    "0123456789", "1576283094", "5803796142", "8916043527",
    "9453126870", "4286573901", "2793806415", "7046913258",
)  # fmt: skip
_INVERSE = "0432156789"


def verhoeff_digit(digits: str) -> str:
    """Return the Verhoeff check digit (dihedral group D5; J. Verhoeff, 1969) that follows `digits`."""
    checksum = 0
    for position, digit in enumerate(reversed(digits), start=1):
        checksum = int(_MULTIPLY[checksum][int(_PERMUTE[position % 8][int(digit)])])
    return _INVERSE[checksum]


def digits(random: Random, count: int) -> str:
    """Return `count` random decimal digits."""
    return "".join(random.choice(string.digits) for _ in range(count))


def letters(random: Random, count: int) -> str:
    """Return `count` random upper-case letters without I and O, which look like digits."""
    return "".join(random.choice("ABCDEFGHJKLMNPQRSTUVWXYZ") for _ in range(count))


def shaped(random: Random, shapes: str) -> str:
    """Return a number in one of `shapes`, separated by bars; `#` is a digit, `@` a letter, the rest stands as it is."""
    shape = random.choice(shapes.split("|"))
    drawn = {"#": lambda: digits(random, 1), "@": lambda: letters(random, 1)}
    return "".join(drawn[character]() if character in drawn else character for character in shape)


def aadhaar(random: Random) -> str:
    """Return twelve digits with a valid check digit; the 9999 prefix is the issuer's range for tests."""
    body = "9999" + digits(random, 7)
    return body + verhoeff_digit(body)


def abha(random: Random) -> str:
    """Return an Ayushman Bharat Health Account number, 91-dddd-dddd-dddd, with a Verhoeff check digit."""
    body = "91" + digits(random, 11)
    number = body + verhoeff_digit(body)
    return f"{number[:2]}-{number[2:6]}-{number[6:10]}-{number[10:]}"


def pan(random: Random, surname: str) -> str:
    """Return a permanent account number: fourth letter P (a person), fifth the surname's initial."""
    return f"{letters(random, 3)}P{surname[0].upper()}{digits(random, 4)}{letters(random, 1)}"


def ssn(random: Random) -> str:
    """Return a social security number whose area (773-899) was given to nobody born before 2011."""
    return f"{random.randint(773, 899)}-{random.randint(1, 99):02d}-{random.randint(1, 9999):04d}"


_VIN_LETTERS = dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ", (*range(1, 9), *range(1, 6), 7, 9, *range(2, 10)), strict=True))
_VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)


def vin_check_digit(number: str) -> str:
    """Return the check digit that belongs in place nine of a vehicle identification number (49 CFR 565.15)."""
    total = sum(
        weight * (int(character) if character.isdigit() else _VIN_LETTERS[character])
        for character, weight in zip(number, _VIN_WEIGHTS, strict=True)
    )
    return "0123456789X"[total % 11]


def vin(random: Random) -> str:
    """Return a vehicle identification number with its check digit."""
    alphabet = "".join(_VIN_LETTERS) + string.digits
    body = random.choice("1245") + "".join(random.choice(alphabet) for _ in range(10)) + digits(random, 6)
    return body[:8] + vin_check_digit(body) + body[9:]


def us_phone(random: Random) -> str:
    """Return a North American number from 555-01dd, the range kept for fiction, in one of several layouts."""
    area, line = random.randint(201, 989), f"01{digits(random, 2)}"
    layout = random.choice(("({}) 555-{}", "{}-555-{}", "{}.555.{}", "+1 {} 555 {}", "{} 555 {}"))
    return layout.format(area, line)


def indian_phone(random: Random) -> str:
    """Return a ten-digit mobile number in one of the layouts in use."""
    number = random.choice("6789") + digits(random, 9)
    layout = random.choice(("+91 {}{}", "+91-{}-{}", "{} {}", "{}{}", "0{}{}", "+91{}{}"))
    return layout.format(number[:5], number[5:])


def indian_landline(random: Random) -> str:
    """Return a land line with its area code, as practices print it for their desk and fax."""
    return f"{random.choice(('020', '044', '080', '022', '033', '0484'))}-{random.randint(2, 6)}{digits(random, 7)}"


def vehicle_registration(random: Random, state: str) -> str:
    """Return an Indian registration mark of the two-letter `state`, in one of three layouts."""
    parts = (state, f"{random.randint(1, 49):02d}", letters(random, 2), digits(random, 4))
    return random.choice((" ", "-", "")).join(parts)
