"""Pictures of pages, read by tesseract where it is installed, else by rapidocr where that is."""

import importlib.util
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

from medtui.reports import content, sandbox
from medtui.reports.draft import Draft, Found, Source, Unreadable

ADVICE = (
    "It is a scan without text and nothing here recognises text: tesseract is not installed; "
    "install it (apt install tesseract-ocr, or pip install 'medtui[ocr]') and import again."
)
RECOGNISED = "The text was recognised from a picture; check it for mistakes."
_NOTHING = "No text could be recognised in the picture; scan it again at 300 dpi, or leave it out."
# Recognition is trained on 300 dots an inch and poor below 200 (tesseract's own advice).
_DPI = 300
# Of processor time, for one page; recognition runs in one thread.
_SECONDS = 100
# A page of letters at 300 dpi has 9 million points; a plan or a crafted page may have thousands of millions.
_MOST_POINTS = 40_000_000


class NoRecognition(Exception):
    """There is nothing on this machine that recognises text in pictures."""


def available() -> bool:
    """Tell whether text recognition is installed."""
    return _program() is not None


def _program() -> list[str] | None:
    """Give the command that reads a picture from its input and writes text to its output."""
    program = shutil.which("tesseract")
    if program is not None:
        # --psm 1: find columns and turn pages that lie on their side.
        return [program, "stdin", "stdout", "--psm", "1"]
    if all(importlib.util.find_spec(name) for name in ("rapidocr", "onnxruntime")):
        return [sys.executable, "-I", "-B", "-m", "medtui.reports.readers.rapid"]
    return None


def read(source: Source) -> Iterator[Found]:
    """Read a picture as one report.

    Raises:
        Unreadable: nothing here recognises text, or there is none in it.
    """
    try:
        text = recognise(source.data)
    except NoRecognition as error:
        raise Unreadable(ADVICE) from error
    if sum(character.isalnum() for character in text) < 8:
        raise Unreadable(_NOTHING)
    yield Draft(content.sniff(source.data), text, printed=True, warnings=[RECOGNISED])


def recognise(picture: bytes) -> str:
    """Recognise the text of a picture in any of the usual formats.

    Raises:
        NoRecognition: nothing here recognises text.
        Unreadable: the picture cannot be read.
    """
    program = _program()
    if program is None:
        raise NoRecognition
    # Standard error goes where ours goes: nowhere.
    try:
        done = subprocess.run(
            program,
            input=picture,
            stdout=subprocess.PIPE,
            check=False,
            # A reader may send no signals, so the kernel ends what takes too long or outlives its reader.
            preexec_fn=_limited,
        )
    except OSError as error:
        raise NoRecognition from error
    if done.returncode == -signal.SIGXCPU:
        raise Unreadable("Recognising its text takes far too long; scan it again at 300 dpi.")
    if done.returncode != 0:
        raise Unreadable("The picture is damaged or too large to be read; scan it again at 300 dpi.")
    return done.stdout.decode("utf-8", "replace")


def _limited() -> None:
    sandbox.end_with_parent()
    sandbox.allow_cpu(_SECONDS)


def recognise_page(page: Any) -> str:
    """Recognise the text of a PDF page.

    Args:
        page: a PDFium page.

    Raises:
        NoRecognition: nothing here recognises text.
        Unreadable: the page cannot be read.
    """
    if not available():
        raise NoRecognition
    width, height = page.get_size()
    points = max(1.0, width * height)
    # Sizes are in points of 1/72 inch.
    scale = min(_DPI / 72, (_MOST_POINTS / points) ** 0.5)
    bitmap = page.render(scale=scale, grayscale=True)
    try:
        header = f"P5 {bitmap.width} {bitmap.height} 255\n".encode()
        rows = bytes(bitmap.buffer)
        if bitmap.stride != bitmap.width:
            rows = b"".join(
                rows[start : start + bitmap.width] for start in range(0, bitmap.stride * bitmap.height, bitmap.stride)
            )
    finally:
        bitmap.close()
    return recognise(header + rows)
