"""The exact rule of each profile: what becomes of every kind of identifier, and on which legal ground."""

import textwrap
from collections.abc import Iterator, Mapping
from typing import Any

from medtui.deid.post_codes import RESTRICTED_ZIP3
from medtui.deid.profile import DATE_SHIFT, DPDP, OLDEST_SHOWN_AGE, Policy, Profile, allowed
from medtui.phi import Category

# Letter of 45 CFR 164.514(b)(2)(i) for each kind; India's numbers fall under "any other unique identifying number".
_LETTERS = {
    Category.NAME: "A", Category.LOCATION: "B", Category.DATE: "C", Category.AGE: "C", Category.PHONE: "D",
    Category.FAX: "E", Category.EMAIL: "F", Category.SSN: "G", Category.MRN: "H", Category.HEALTH_PLAN: "I",
    Category.ACCOUNT: "J", Category.LICENSE: "K", Category.DRIVING_LICENCE: "K", Category.VEHICLE: "L",
    Category.DEVICE: "M", Category.URL: "N", Category.IP: "O", Category.BIOMETRIC: "P", Category.PHOTO: "Q",
}  # fmt: skip
_OTHER_LETTER = "R"

_SAFE_HARBOR_LAW = (
    "45 CFR 164.514(b)(2)(i) lists eighteen kinds of identifiers of the patient, of relatives, employers and household "
    "members; (ii) besides, the practice must not actually know that what is left could identify somebody.",
    "45 CFR 164.514(c)(1): a code may stand for a person only if it is not derived from information about the person. "
    "So made-up values are drawn at random, never computed from the real ones.",
)
_DPDP_LAW = (
    "Digital Personal Data Protection Act, 2023 (No. 22 of 2023), s. 2(t): personal data is data about an individual "
    "who is identifiable by it or in relation to it. The Act and its Rules have no list of identifiers, so what is "
    "removed here is this program's choice: the kinds of Safe Harbor and India's own numbers.",
    "s. 6(1): consent covers only the data that its purpose needs. Telling patients that reports train a model, or "
    "another legal ground for it, is the practice's matter, not this program's.",
    "s. 8(5) and Rule 6(1)(a) of the Digital Personal Data Protection Rules, 2025: personal data must be secured, by "
    "encryption, obfuscation, masking or virtual tokens among others; Rule 6(1)(c): with logs. s. 8(7): it must be "
    "erased when its purpose is served, for which there is `medtui deid purge`.",
    "s. 17(2)(b) and Rule 16: research and statistics are exempt if no decision about a single person follows and the "
    "Second Schedule's standards are kept.",
)
_DATE_SHIFT_LAW = (
    "45 CFR 164.514(b)(1): to keep dates, a person with knowledge of statistical methods must determine that "
    "the risk of identification is very small, and documents it. Shifted dates are not Safe Harbor: (b)(2)(i)(C) "
    "removes all elements of dates except the year.",
)


def law(chosen: Profile) -> tuple[str, ...]:
    """Give what the law asks for, a sentence or two each, with its sources."""
    if chosen.id == DPDP:
        return _DPDP_LAW
    return _DATE_SHIFT_LAW + _SAFE_HARBOR_LAW if chosen.id == DATE_SHIFT else _SAFE_HARBOR_LAW


def source(chosen: Profile, category: Category) -> str:
    """Give the legal ground for what happens to a kind."""
    if chosen.id == DPDP:
        return "DPDP Act s. 2(t), 8(5); own choice"
    if chosen.id == DATE_SHIFT and category is Category.DATE:
        return "45 CFR 164.514(b)(1)"
    return f"45 CFR 164.514(b)(2)(i)({_LETTERS.get(category, _OTHER_LETTER)})"


def what_happens(chosen: Profile, category: Category) -> str:
    """Say in plain words what becomes of a kind under a profile."""
    policy = chosen.policies[category]
    if policy is Policy.REVIEW:
        return (
            f"[{category}] until a person has decided about each; what a report's own fields name is removed in any "
            "case."
        )
    if category is Category.AGE and policy is Policy.GENERALISE:
        return f"An age over {OLDEST_SHOWN_AGE} becomes 90+; all others stay."
    if category is Category.DATE:
        return _dates(policy)
    if category is Category.LOCATION:
        return _places(chosen, policy)
    return _made_up(category) if policy is Policy.SURROGATE else _tagged(category)


def _made_up(category: Category) -> str:
    if category is Category.NAME:
        return (
            "A made-up name, drawn at random for each report: the same for the same name inside the report, another in "
            "every other report, nobody's of the practice; [NAME] when no name is free."
        )
    return (
        f"A made-up value of the same shape, drawn at random, invalid or nobody's of the practice; else [{category}]."
    )


def _tagged(kind: str) -> str:
    return f"[{kind}] stands in its place."


def _dates(policy: Policy) -> str:
    if policy is Policy.REMOVE:
        return "[DATE] stands in its place; a year that stands alone stays."
    kept = f"the year alone; [DATE] without a year, or where it tells an age over {OLDEST_SHOWN_AGE}"
    if policy is Policy.GENERALISE:
        return f"Of a date more exact than a year, {kept}."
    return (
        "Moved by a number of days between 1 and 365, forwards or backwards, drawn at random once for each patient and "
        f"kept in the vault alone; the time between two dates stays. Of a date whose form is not certain, {kept}."
    )


def _places(chosen: Profile, policy: Policy) -> str:
    if policy is Policy.SURROGATE:
        return "Its kind in words: a hospital, an address, a place. A made-up place could be a real one."
    if policy is Policy.REMOVE:
        return "[LOCATION] stands in its place, and no digit of a post code stays."
    if chosen.id == DPDP:
        return (
            "[LOCATION] stands in its place; the first digit of a PIN code stays, a region of several states (not 9, "
            "which is the army's)."
        )
    restricted = ", ".join(sorted(RESTRICTED_ZIP3))
    return (
        "[LOCATION] stands in its place; the first three digits of a ZIP code stay, but 000 for areas of 20,000 people "
        f"or fewer by the Census of 2000 (HHS guidance, 2012), 2010 or 2020: {restricted}. The law refers to the "
        "Census Bureau's current figures: check that this list is."
    )


def describe(chosen: Profile) -> dict[str, Any]:
    """Give the rule as JSON-able values."""
    return {
        "profile": chosen.id,
        "title": chosen.title,
        "source": chosen.source,
        "explanation": chosen.explanation,
        "caution": chosen.caution,
        "law": list(law(chosen)),
        "rules": [
            {
                "kind": category.value,
                "policy": chosen.policies[category].value,
                "allowed": [policy.value for policy in allowed(chosen, category)],
                "what": what_happens(chosen, category),
                "source": source(chosen, category),
            }
            for category in Category
        ],
    }


def in_words(rule: Mapping[str, Any], width: int = 79) -> str:
    """Put what `describe` gives into lines of at most so many characters."""
    return "\n".join(_lines(rule, width))


def _lines(rule: Mapping[str, Any], width: int) -> Iterator[str]:
    yield from textwrap.wrap(f"{rule['title']} ({rule['source']})", width)
    yield from textwrap.wrap(rule["explanation"], width)
    if rule["caution"]:
        yield from textwrap.wrap(f"CAUTION: {rule['caution']}", width)
    yield ""
    # Kinds that share policy, words and source stand in one entry.
    entries: dict[tuple[str, str, str], list[str]] = {}
    for entry in rule["rules"]:
        what = entry["what"]
        if entry["policy"] == Policy.REMOVE and what == _tagged(entry["kind"]):
            what = "A tag of its kind, such as [MRN], stands in its place."
        entries.setdefault((entry["policy"], what, entry["source"].partition("(i)")[0]), []).append(_of(entry))
    for (policy, what, _), kinds in entries.items():
        yield from textwrap.wrap(f"{', '.join(kinds)}: {policy}", width, subsequent_indent="  ")
        yield from textwrap.wrap(what, width, initial_indent="    ", subsequent_indent="    ")
    yield ""
    for sentence in rule["law"]:
        yield from textwrap.wrap(sentence, width, initial_indent="- ", subsequent_indent="  ")
    yield ""
    yield from textwrap.wrap(
        "This says what is done, not that nobody can be identified: see `medtui deid score` for what was measured.",
        width,
    )


def _of(entry: Mapping[str, Any]) -> str:
    letter = entry["source"].rpartition("(")[2].rstrip(")")
    return f"{entry['kind']} ({letter})" if len(letter) == 1 and letter.isupper() else str(entry["kind"])
