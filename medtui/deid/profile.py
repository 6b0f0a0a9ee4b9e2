"""What becomes of each kind of identifier, and on which legal ground."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from medtui.errors import Refusal
from medtui.phi import Category

REVIEWED_SOURCES = ("name:word", "place:word")


class Policy(StrEnum):
    """What is done with a finding."""

    REMOVE = "remove"
    """A tag such as [NAME] takes its place."""
    GENERALISE = "generalise"
    """A date keeps its year; an age over 89 becomes 90+."""


@dataclass(frozen=True, slots=True)
class Profile:
    """A rule for de-identification.

    Attributes:
        id: as answered.
        title: in a few words.
        source: the text of law that it follows.
        explanation: what it does, in plain words.
        policies: what is done with each kind.
    """

    id: str
    title: str
    source: str
    explanation: str
    policies: Mapping[Category, Policy]


_SAFE_HARBOR = MappingProxyType(
    {
        category: Policy.GENERALISE if category in {Category.DATE, Category.AGE} else Policy.REMOVE
        for category in Category
    }
)

PROFILES = {
    "safe_harbor": Profile(
        "safe_harbor",
        "Safe Harbor",
        "45 CFR 164.514(b)(2)",
        "Names, places below a state, all numbers and addresses are removed; of a date the year stays, unless it tells "
        "an age over 89; ages over 89 become 90+. No code is derived from a removed value.",
        _SAFE_HARBOR,
    ),
}
DEFAULT = "safe_harbor"

# 45 CFR 164.514(b)(2)(i)(C): ages over 89 and all elements of dates indicative of such age.
OLDEST_SHOWN_AGE = 89


def profile(name: str) -> Profile:
    """Give a profile by its id.

    Raises:
        Refusal: there is none of this name.
    """
    if name not in PROFILES:
        raise Refusal(f"There is no de-identification profile {name!r}; choose one of: {', '.join(PROFILES)}.")
    return PROFILES[name]


def earliest_year() -> int:
    """Give the first year that tells no age over 89 today."""
    return time.localtime().tm_year - OLDEST_SHOWN_AGE
