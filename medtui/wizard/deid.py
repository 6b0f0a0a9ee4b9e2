"""How identifiers are removed, and what was found."""

from collections.abc import Mapping, Sequence
from typing import Any

from medtui.deid.profile import Profile
from medtui.wizard.question import Consequence, Option, Outcome, Question
from medtui.wizard.units import counted

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


def questions(profiles: Sequence[Profile], documents: int) -> tuple[Question, ...]:
    """Ask for the rule by which identifiers are removed, and what happens to doubts.

    Args:
        profiles: rules to choose from.
        documents: reports to be de-identified.
    """
    count = (("Reports", f"{documents:,}"),)
    rules = tuple(
        Option(
            profile.id,
            f"{profile.title} ({profile.source})",
            "Names, places, numbers, addresses, and dates but their year",
            Consequence(count, (profile.explanation,)),
        )
        for profile in profiles
    )
    doubts = (
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
    return (
        Question(
            "deid",
            "profile",
            "How shall patients be protected?",
            "A model can repeat what it was trained on, so nothing that identifies a patient may reach it. Every "
            "report is searched twice, and nothing goes on while a known identifier is left.",
            rules,
            rules[0].value,
        ),
        Question(
            "deid",
            "doubts",
            "What about words that may or may not be a name?",
            "Some words are both: Rose, Baker, Long. Replacing them protects everyone; deciding about each keeps a "
            "little more of the text.",
            doubts,
            "redact",
        ),
    )


def outcome(result: Mapping[str, Any]) -> Outcome:
    """Put the de-identification into words."""
    left, must = int(result.get("known_identifiers_left") or 0), int(result.get("reviews_open") or 0)
    doubts = int(result.get("doubts_redacted") or 0)
    by_category = sorted((result.get("by_category") or {}).items(), key=lambda item: -item[1])
    figures = [
        ("Reports", f"{int(result['documents']):,}"),
        ("Identifiers replaced", f"{int(result['identifiers_found']):,}"),
        ("Known identifiers left", f"{left:,}"),
        ("Doubts", f"{must:,} to decide" if must else f"{doubts:,}, replaced to be safe"),
    ]
    found = ", ".join(f"{count:,} {CATEGORY_NAMES.get(name, name)}" for name, count in by_category)
    warnings = []
    if left:
        warnings.append(f"{counted(left, 'known identifier')} are left; training cannot start before they are gone.")
    if must:
        warnings.append(f"{counted(must, 'doubt')} must be decided before examples can be made: choose Review.")
    headline = "No known identifier is left." if not left else "Some reports are not safe yet."
    return Outcome(headline, tuple(figures), (f"Replaced: {found}.",) if found else (), tuple(warnings))
