"""The chat step in words."""

from collections.abc import Mapping
from typing import Any

from medtui.wizard.question import Outcome
from medtui.wizard.units import counted

_KEPT = "Questions and answers are kept in the practice's vault and nowhere else. No answer is safe to use unchecked."


def outcome(result: Mapping[str, Any]) -> Outcome:
    """Say what was tried."""
    asked = int(result.get("questions") or 0)
    figures = []
    if "tuned_in_form" in result:
        figures = [
            ("Base answers in your form", f"{result['base_in_form']} of {asked}"),
            ("Tuned answers in your form", f"{result['tuned_in_form']} of {asked}"),
        ]
    return Outcome(f"{counted(asked, 'question')} put to both models.", tuple(figures), (_KEPT,))
