"""What is said when the program itself fails: where it happened, never with which values."""

import traceback
from pathlib import Path

from medtui.errors import Refusal
from medtui.text import sanitize_line

_PACKAGE = Path(__file__).resolve().parent.parent


def in_words(error: BaseException) -> str:
    """Describe a failure by its type and our own lines of code.

    Neither the exception's message nor any local value is given: both may quote patient text.
    """
    if isinstance(error, Refusal):
        # Its sentence is written for the person and never quotes a patient.
        return f"{sanitize_line(str(error))}\nNothing is lost; type `medtui` to go on where you were."
    frames = [
        f"  {Path(frame.filename).relative_to(_PACKAGE.parent)}:{frame.lineno} in {frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)
        if Path(frame.filename).is_relative_to(_PACKAGE)
    ]
    return "\n".join(
        [
            f"medtui met an unexpected {type(error).__name__} and closed its screen.",
            "Nothing is lost: every answer was saved, and work that was under way goes on.",
            "Type `medtui` to go on where you were.",
            "If it happens again, report these lines; they hold no patient data:",
            *(frames or ["  (outside medtui's own code)"]),
        ]
    )
