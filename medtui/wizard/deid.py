"""How identifiers are removed, and what was found."""

from collections.abc import Mapping
from typing import Any

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


def questions(documents: int) -> tuple[Question, ...]:
    """Ask for the rule by which identifiers are removed.

    Args:
        documents: reports to be de-identified.
    """
    safe_harbor = Option(
        "safe_harbor",
        "Remove everything that HIPAA Safe Harbor names",
        "Names, places, dates but the year, all numbers and addresses",
        Consequence(
            (("Reports", f"{documents:,}"), ("Identifiers", "18 kinds, and India's Aadhaar, ABHA, PAN")),
            ("Each is replaced by a tag such as [NAME]; dates keep their year, ages over 89 become 90+.",),
        ),
    )
    return (
        Question(
            "deid",
            "profile",
            "How shall patients be protected?",
            "A model can repeat what it was trained on, so nothing that identifies a patient may reach it. Every "
            "report is searched twice, and nothing goes on while a known identifier is left.",
            (safe_harbor,),
            "safe_harbor",
        ),
    )


def outcome(result: Mapping[str, Any]) -> Outcome:
    """Put the de-identification into words."""
    left = int(result.get("known_identifiers_left") or 0)
    doubts = int(result.get("reviews_open") or 0)
    by_category = sorted((result.get("by_category") or {}).items(), key=lambda item: -item[1])
    figures = [
        ("Reports", f"{int(result['documents']):,}"),
        ("Identifiers replaced", f"{int(result['identifiers_found']):,}"),
        ("Known identifiers left", f"{left:,}"),
        ("Doubts to look at", f"{doubts:,}"),
    ]
    found = ", ".join(f"{count:,} {CATEGORY_NAMES.get(name, name)}" for name, count in by_category)
    warnings = []
    if left:
        warnings.append(f"{counted(left, 'known identifier')} are left; training cannot start before they are gone.")
    if doubts:
        warnings.append(f"{counted(doubts, 'place')} may or may not be an identifier: choose Review to decide.")
    headline = "No known identifier is left." if not left else "Some reports are not safe yet."
    return Outcome(headline, tuple(figures), (f"Replaced: {found}.",) if found else (), tuple(warnings))
