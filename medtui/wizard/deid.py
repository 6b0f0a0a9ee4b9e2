"""How identifiers are removed, and what was found."""

from collections.abc import Mapping, Sequence
from typing import Any

from medtui.deid.profile import DATE_SHIFT, DPDP, PROFILES, SAFE_HARBOR, SURROGATES, TAGS, Profile
from medtui.wizard.question import Consequence, Option, Outcome, Question
from medtui.wizard.units import counted

Figures = tuple[tuple[str, str], ...]

CATEGORY_NAMES = {
    "NAME": "names",
    "LOCATION": "places and addresses",
    "DATE": "dates",
    "AGE": "ages over 89",
    "PHONE": "telephone numbers",
    "FAX": "fax numbers",
    "EMAIL": "e-mail addresses",
    "SSN": "social security numbers",
    "MRN": "record numbers (MRN)",
    "HEALTH_PLAN": "health plan numbers",
    "ACCOUNT": "account numbers",
    "LICENSE": "licence numbers",
    "VEHICLE": "vehicle numbers",
    "DEVICE": "device numbers",
    "URL": "web addresses",
    "IP": "network addresses",
    "BIOMETRIC": "biometric marks",
    "PHOTO": "photographs",
    "OTHER_ID": "other numbers",
    "AADHAAR": "Aadhaar numbers",
    "ABHA": "ABHA numbers",
    "PAN": "PAN numbers",
    "VOTER_ID": "voter numbers",
    "PASSPORT": "passport numbers",
    "DRIVING_LICENCE": "driving licences",
    "UPI": "UPI addresses",
}


_DETAILS = {
    SAFE_HARBOR: "Names, places, numbers and addresses go; of dates the year stays",
    DPDP: "The same, for India; the first digit of PIN codes stays",
    DATE_SHIFT: "The same, but dates stay dates, moved by a secret number of days",
}


def questions(profiles: Sequence[Profile], documents: int) -> tuple[Question, ...]:
    """Ask for the rule by which identifiers are removed, what takes their place, and what happens to doubts.

    Args:
        profiles: rules to choose from.
        documents: reports to be de-identified.
    """
    count = (("Reports", f"{documents:,}"),)
    return (_profile(profiles, count), _replacement(count), _policies(count), _vote(count), _doubts(count))


def _profile(profiles: Sequence[Profile], count: Figures) -> Question:
    options = tuple(
        Option(
            profile.id,
            f"{profile.title} ({profile.source.partition(',')[0]})",
            _DETAILS.get(profile.id, ""),
            Consequence(count, (profile.explanation,), profile.caution),
        )
        for profile in profiles
    )
    return Question(
        "deid",
        "profile",
        "How shall patients be protected?",
        "A model can repeat what it was trained on, so nothing that identifies a patient may reach it. Every "
        "report is searched twice, and nothing goes on while a known identifier is left. The rule word by word, with "
        "its law: medtui deid rules.",
        options,
        options[0].value,
    )


def _replacement(count: Figures) -> Question:
    options = (
        Option(
            TAGS,
            "Tags such as [NAME]",
            "Plain to see; the model never learns to write a name",
            Consequence(count, ("An answer that holds a tag is not used for training, so that no tags are learned.",)),
        ),
        Option(
            SURROGATES,
            "Made-up names and numbers (surrogates)",
            "A missed name hides among them; more answers can be used",
            Consequence(
                count,
                (
                    "Drawn at random for each report, never computed from the real ones; one person keeps one name "
                    "inside a report alone, and no made-up value is a patient's of yours. Places become words.",
                ),
                "The model learns to write names and numbers that belong to nobody: drafts must be read with that in "
                "mind.",
            ),
        ),
    )
    return Question(
        "deid",
        "replacement",
        "What shall stand in the place of what is removed?",
        "Tags are the safe choice: a draft with a made-up name could be taken for a fact. Made-up values make a name "
        "that was missed hard to tell from the others.",
        options,
        TAGS,
    )


def _policies(count: Figures) -> Question:
    options = (
        Option("", "No, treat every kind as the rule says", "", Consequence(count)),
        Option(
            "LOCATION = generalise",
            "Keep the first digits of post codes",
            "Three of a ZIP code, one of a PIN code",
            Consequence(
                count,
                ("Only where more than 20,000 people live in the area (45 CFR 164.514(b)(2)(i)(B)); else 000.",),
            ),
        ),
        Option(
            "OTHER_ID = review, DEVICE = review",
            "Let me decide about device and other numbers",
            "They are removed until you have decided",
            Consequence(count, ("Training waits until each of them is decided in the review.",)),
        ),
    )
    return Question(
        "deid",
        "policies",
        "Does any kind need a rule of its own?",
        "Most practices say no. Each kind (NAME, LOCATION, DATE, PHONE, ...) can be set to remove (a tag), generalise "
        "(the year, the first digits), surrogate (a made-up value) or review (you decide about each).",
        options,
        "",
        typed="or type kinds and rules:",
        example="such as NAME = surrogate, DEVICE = review",
    )


def _doubts(count: Figures) -> Question:
    options = (
        Option(
            "redact",
            "Replace them, too",
            "Safe, and nothing to do; here and there a harmless word is lost",
            Consequence(count, ("You can still look at them afterwards and give harmless words back.",)),
        ),
        Option(
            "review",
            "Let me decide about each",
            "Training waits until the list is done",
            Consequence(
                count, ("Every doubt is shown with its sentence; one key decides. Most practices need minutes.",)
            ),
        ),
    )
    return Question(
        "deid",
        "doubts",
        "What about words that may or may not be a name?",
        "Some words are both: Rose, Baker, Long. Replacing them protects everyone; deciding about each keeps a "
        "little more of the text.",
        options,
        "redact",
    )


def _vote(count: Figures) -> Question:
    notes = (
        "What both find is replaced. What only one of them finds is replaced as well and stands in the review.",
        "It runs here; it comes by `medtui model fetch NAME` or as a spaCy folder.",
    )
    return Question(
        "deid",
        "vote",
        "Shall a model for names look at every report as well?",
        "The rules work without one. A second opinion (named entity recognition) finds a few names more that no rule "
        "sees, such as those written with small letters; without a graphics card it takes long.",
        (Option("", "No, the rules alone", "Quick; nothing to download", Consequence(count, notes)),),
        "",
        typed="or type the folder of a model for names:",
        example="such as /models/stanford-deidentifier",
    )


def outcome(result: Mapping[str, Any]) -> Outcome:
    """Put the de-identification into words."""
    left, must = int(result.get("known_identifiers_left") or 0), int(result.get("reviews_open") or 0)
    doubts = int(result.get("doubts_redacted") or 0)
    by_category = sorted((result.get("by_category") or {}).items(), key=lambda item: -item[1])
    rule = PROFILES.get(str(result.get("profile")))
    figures = [
        ("Reports", f"{int(result['documents']):,}"),
        *((("Rule", rule.title),) if rule else ()),
        ("Identifiers replaced", f"{int(result['identifiers_found']):,}"),
        ("Known identifiers left", f"{left:,}"),
        ("Doubts", f"{must:,} to decide" if must else f"{doubts:,}, replaced to be safe"),
    ]
    found = ", ".join(f"{count:,} {CATEGORY_NAMES.get(name, name)}" for name, count in by_category)
    warnings = [rule.caution] if rule and rule.caution else []
    if left:
        warnings.append(f"{counted(left, 'known identifier')} are left; training cannot start before they are gone.")
    if must:
        warnings.append(f"{counted(must, 'doubt')} must be decided before examples can be made: choose Review.")
    if back := int(result.get("given_back") or 0):
        warnings.append(
            f"Given back in the review: {counted(back, 'known identifier')}; training waits until you answer for it."
        )
    headline = "No known identifier is left." if not left else "Some reports are not safe yet."
    notes = [f"Replaced: {found}."] if found else []
    sample = result.get("sample") or {}
    if sample.get("read"):
        notes.append(str(sample["statement"]))
    else:
        notes.append("Nobody has read any of these reports yet: Sample shows how much may have been missed.")
    return Outcome(headline, tuple(figures), tuple(notes), tuple(warnings))
