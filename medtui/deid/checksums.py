"""Check digits that tell a mistyped number from a number of another kind."""

_MULTIPLY = (
    (0, 1, 2, 3, 4, 5, 6, 7, 8, 9), (1, 2, 3, 4, 0, 6, 7, 8, 9, 5), (2, 3, 4, 0, 1, 7, 8, 9, 5, 6),
    (3, 4, 0, 1, 2, 8, 9, 5, 6, 7), (4, 0, 1, 2, 3, 9, 5, 6, 7, 8), (5, 9, 8, 7, 6, 0, 4, 3, 2, 1),
    (6, 5, 9, 8, 7, 1, 0, 4, 3, 2), (7, 6, 5, 9, 8, 2, 1, 0, 4, 3), (8, 7, 6, 5, 9, 3, 2, 1, 0, 4),
    (9, 8, 7, 6, 5, 4, 3, 2, 1, 0),
)  # fmt: skip
_PERMUTE = (
    (0, 1, 2, 3, 4, 5, 6, 7, 8, 9), (1, 5, 7, 6, 2, 8, 3, 0, 9, 4), (5, 8, 0, 3, 7, 9, 6, 1, 4, 2),
    (8, 9, 1, 6, 0, 4, 3, 5, 2, 7), (9, 4, 5, 3, 1, 2, 6, 8, 7, 0), (4, 2, 8, 6, 5, 7, 3, 9, 0, 1),
    (2, 7, 9, 3, 8, 0, 6, 4, 1, 5), (7, 0, 4, 6, 9, 1, 3, 2, 5, 8),
)  # fmt: skip


def _digits(value: str) -> list[int]:
    return [int(character) for character in value if character.isdigit()]


def verhoeff_holds(value: str) -> bool:
    """Check the last digit by the dihedral group of order ten (J. Verhoeff, 1969), as Aadhaar does."""
    checksum = 0
    for position, digit in enumerate(reversed(_digits(value))):
        checksum = _MULTIPLY[checksum][_PERMUTE[position % 8][digit]]
    return checksum == 0


def luhn_holds(value: str) -> bool:
    """Check the last digit by ISO/IEC 7812-1, as payment cards do."""
    total = 0
    for position, digit in enumerate(reversed(_digits(value))):
        total += digit if position % 2 == 0 else sum(divmod(2 * digit, 10))
    return total % 10 == 0
