"""What becomes of each kind of identifier: profiles, and the policies that a practice sets itself."""

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from medtui.errors import Refusal
from medtui.phi import Category


class Policy(StrEnum):
    """What is done with a finding."""

    REMOVE = "remove"
    """A tag such as [NAME] takes its place."""
    GENERALISE = "generalise"
    """A date keeps its year, an age over 89 becomes 90+, a place keeps the first digits of its post code."""
    SURROGATE = "surrogate"
    """A made-up value of the same kind takes its place; a date is shifted."""
    REVIEW = "review"
    """A tag takes its place until a person has decided; known identifiers are removed whatever is decided."""


@dataclass(frozen=True, slots=True)
class Profile:
    """A rule for de-identification.

    Attributes:
        id: as answered.
        title: in a few words.
        source: the text of law that it follows.
        explanation: what it does, in plain words.
        policies: what is done with each kind.
        caution: what has to be said wherever the profile is named; empty when nothing.
    """

    id: str
    title: str
    source: str
    explanation: str
    policies: Mapping[Category, Policy]
    caution: str = ""

    def draws(self) -> bool:
        """Tell whether values are made up."""
        return any(policy is Policy.SURROGATE for kind, policy in self.policies.items() if kind is not Category.DATE)

    def shifts(self) -> bool:
        """Tell whether dates are shifted."""
        return self.policies[Category.DATE] is Policy.SURROGATE

    def reviewed(self) -> tuple[Category, ...]:
        """Give the kinds of which a person decides about every finding."""
        return tuple(kind for kind, policy in self.policies.items() if policy is Policy.REVIEW)

    def key(self) -> dict[str, Any]:
        """Give JSON-able values that tell this rule from any other; `restored` is the inverse."""
        return {"profile": self.id, "policies": {kind.value: policy.value for kind, policy in self.policies.items()}}


_SAFE_HARBOR = {
    category: Policy.GENERALISE if category in {Category.DATE, Category.AGE} else Policy.REMOVE for category in Category
}

SAFE_HARBOR, DPDP, DATE_SHIFT = "safe_harbor", "dpdp", "date_shift"
PROFILES = {
    SAFE_HARBOR: Profile(
        SAFE_HARBOR,
        "Safe Harbor",
        "45 CFR 164.514(b)(2)",
        "Names, places below a state, all numbers and addresses are removed; of a date the year stays, unless it tells "
        "an age over 89; ages over 89 become 90+. No code is derived from a removed value.",
        _SAFE_HARBOR,
    ),
    DPDP: Profile(
        DPDP,
        "DPDP, India",
        "Act No. 22 of 2023, s. 2(t), 8(5); Rules of 2025, r. 6",
        "India's Act has no list of identifiers: personal data is whatever a person can be identified by. So all kinds "
        "of Safe Harbor and India's own numbers are removed; a PIN code keeps its first digit, a region of millions.",
        {**_SAFE_HARBOR, Category.LOCATION: Policy.GENERALISE},
    ),
    DATE_SHIFT: Profile(
        DATE_SHIFT,
        "Dates shifted per patient",
        "45 CFR 164.514(b)(1)",
        "Like Safe Harbor, but all dates of a patient move by the same secret number of days; the time between them "
        "stays. Of an uncertain date the year stays.",
        {**_SAFE_HARBOR, Category.DATE: Policy.SURROGATE},
        "Not Safe Harbor: needs an expert's determination (164.514(b)(1)).",
    ),
}
DEFAULT = SAFE_HARBOR

# What is drawn at random when the practice asks for made-up values; places are generalised in words.
_MADE_UP = frozenset(Category) - {Category.DATE, Category.AGE, Category.BIOMETRIC, Category.PHOTO}
TAGS, SURROGATES = "tags", "surrogates"

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


def allowed(chosen: Profile, category: Category) -> tuple[Policy, ...]:
    """Give the policies that a kind may have under a profile."""
    policies = [Policy.REMOVE, Policy.REVIEW]
    if category in {Category.DATE, Category.AGE, Category.LOCATION}:
        policies.append(Policy.GENERALISE)
    if category in _MADE_UP or (category is Category.DATE and chosen.id == DATE_SHIFT):
        policies.append(Policy.SURROGATE)
    return tuple(policies)


def chosen_profile(answers: Mapping[str, Any]) -> Profile:
    """Give the rule that the answers of the deid step ask for.

    Args:
        answers: `profile`; `replacement` ("tags" or "surrogates"); `policies`, the kinds with a policy of their own,
            as a table or as text such as "LOCATION = generalise, DEVICE = review".

    Raises:
        Refusal: a profile, kind or policy that does not exist, or a policy that the profile does not allow.
    """
    base = profile(str(answers.get("profile", DEFAULT)))
    policies = dict(base.policies)
    manner = str(answers.get("replacement", TAGS))
    if manner not in {TAGS, SURROGATES}:
        raise Refusal(f"There is no way of replacing {manner!r}; choose tags or surrogates.")
    if manner == SURROGATES:
        policies.update(dict.fromkeys(_MADE_UP, Policy.SURROGATE))
    for category, policy in own_policies(answers.get("policies", "")).items():
        if policy not in allowed(base, category):
            shown = ", ".join(allowed(base, category))
            hint = ' Only the profile "date_shift" moves dates.' if category is Category.DATE else ""
            raise Refusal(f"Under {base.title}, {category} can be set to {shown}, not to {policy}.{hint}")
        policies[category] = policy
    return replace(base, policies={category: policies[category] for category in Category})


def own_policies(given: object) -> dict[Category, Policy]:
    """Read the kinds that have a policy of their own; see `chosen_profile`.

    Raises:
        Refusal: it cannot be read.
    """
    if isinstance(given, Mapping):
        pairs = [(str(kind), str(policy)) for kind, policy in given.items()]
    else:
        # A table that a form shows as text reads the same.
        text = re.sub("[{}'\"\\[\\]]", "", str(given)).replace(";", ",").replace(":", "=")
        parts = [part.partition("=") for part in text.split(",") if part.strip()]
        pairs = [(kind, policy) for kind, _, policy in parts]
    policies: dict[Category, Policy] = {}
    for kind, policy in pairs:
        try:
            policies[Category(kind.strip().upper())] = Policy(policy.strip().lower())
        except ValueError:
            raise Refusal(
                f"Cannot read {f'{kind.strip()} = {policy.strip()}'!r}; write a kind and one of "
                f"{', '.join(Policy)}, such as LOCATION = generalise. Kinds: {', '.join(Category)}."
            ) from None
    return policies


def restored(key: Mapping[str, Any]) -> Profile:
    """Give the rule that `Profile.key` described; kinds added since are removed."""
    stored = {Category(kind): Policy(policy) for kind, policy in key["policies"].items()}
    return replace(profile(key["profile"]), policies={kind: stored.get(kind, Policy.REMOVE) for kind in Category})


def earliest_year() -> int:
    """Give the first year that tells no age over 89 today."""
    return time.localtime().tm_year - OLDEST_SHOWN_AGE


def stated(result: Mapping[str, Any]) -> str:
    """Name the rule of a finished step in one sentence or two.

    Args:
        result: of the step; without one, the default rule is named.
    """
    chosen = restored(result) if "policies" in result else profile(str(result.get("profile", DEFAULT)))
    usual = PROFILES[chosen.id].policies
    own: dict[Policy, list[str]] = {}
    for kind, policy in chosen.policies.items():
        if policy is not usual[kind]:
            own.setdefault(policy, []).append(kind.value)
    changes = "; ".join(f"{policy}: {', '.join(kinds)}" for policy, kinds in own.items())
    named = f"{chosen.title} ({chosen.source})" + (f", with policies of its own ({changes})" if changes else "")
    return f"{named}. {chosen.caution}".strip()
