"""The kinds of knowledge about a word, one bit each, shared by the builder and the look-up."""

from typing import Final


class Flag:
    """What the lists say about a lower-case word.

    Plain numbers: they are tested for every word, and an enumeration's operators cost twenty times as much.
    """

    ORDINARY: Final = 1
    """An English word, or a plural, past or -ing form of one."""
    COMMON: Final = 2
    """Among the 5,000 most frequent English words."""
    MEDICAL: Final = 4
    """Written in a diagnosis catalogue, a drug list or our own clinical list."""
    PRODUCT: Final = 8
    """A drug's or a device's proper name."""
    ABBREVIATION: Final = 16
    """A clinical abbreviation or a unit."""
    EPONYM: Final = 32
    """A person or place that gave a sign, score, disease or test its name."""
    GIVEN: Final = 64
    SURNAME: Final = 128
    FREQUENT_NAME: Final = 256
    """Among the most frequent given names or surnames."""
    PLACE: Final = 512
    """A city, district, state or country."""


VOUCHED = Flag.ORDINARY | Flag.MEDICAL | Flag.PRODUCT
NAME = Flag.GIVEN | Flag.SURNAME
