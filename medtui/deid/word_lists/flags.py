"""The kinds of knowledge about a word, one bit each, shared by the builder and the look-up."""

from enum import IntFlag


class Flag(IntFlag):
    """What the lists say about a lower-case word."""

    ORDINARY = 1
    """An English word, or a plural, past or -ing form of one."""
    COMMON = 2
    """Among the 5,000 most frequent English words."""
    MEDICAL = 4
    """Written in a diagnosis catalogue, a drug list or our own clinical list."""
    PRODUCT = 8
    """A drug's or a device's proper name."""
    ABBREVIATION = 16
    """A clinical abbreviation or a unit."""
    EPONYM = 32
    """A person or place that gave a sign, score, disease or test its name."""
    GIVEN = 64
    SURNAME = 128
    FREQUENT_NAME = 256
    """Among the most frequent given names or surnames."""
    PLACE = 512
    """A city, district, state or country."""


VOUCHED = Flag.ORDINARY | Flag.MEDICAL | Flag.PRODUCT
NAME = Flag.GIVEN | Flag.SURNAME
