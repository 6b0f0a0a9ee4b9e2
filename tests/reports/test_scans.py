"""Pictures of pages."""

import contextlib
import importlib.util
import io
import os
import re
import shutil
import textwrap
import threading
from pathlib import Path

import psutil
import pypdfium2 as pdfium
import pytest
from PIL import Image

from medtui.reports import importing
from medtui.reports.draft import Unreadable
from medtui.reports.readers import rapid, scan
from medtui.workspace import Workspace
from tests.reports import samples
from tests.reports.conftest import Read, one, refused

WORDS = """The heart is normal in size and the mediastinal contours are unremarkable. A small right pleural effusion is
present with adjacent atelectasis. No pneumothorax is seen. The visualised bones show mild degenerative change of the
thoracic spine. Comparison is made with the examination of last year, when the lungs were clear. There is no free
air under the diaphragm. The tip of the central venous catheter projects over the superior vena cava."""
present = pytest.mark.skipif(shutil.which("tesseract") is None, reason="tesseract is not installed on this machine")


def _picture(text: str, dpi: int) -> bytes:
    """Give a page as a picture (PGM) at so many dots an inch."""
    page = pdfium.PdfDocument(samples.pdf(textwrap.fill(text, 80)))[0]
    bitmap = page.render(scale=dpi / 72, grayscale=True)
    rows = bytes(bitmap.buffer)
    lines = [rows[start : start + bitmap.width] for start in range(0, bitmap.stride * bitmap.height, bitmap.stride)]
    return f"P5 {bitmap.width} {bitmap.height} 255\n".encode() + b"".join(lines)


@present
def test_word_recall_at_200_dots_an_inch() -> None:
    found = scan.recognise(_picture(WORDS, 200))
    words = re.findall(r"\w+", WORDS.casefold())
    seen = set(re.findall(r"\w+", found.casefold()))
    assert sum(word in seen for word in words) / len(words) >= 0.98


def _recognising() -> list[psutil.Process]:
    found = []
    for process in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):
            # By then it has the whole picture and needs its reader no more.
            found += [process] if process.name() == "tesseract" and process.cpu_times().user > 0.5 else []
    return found


@present
def test_recognition_ends_with_its_reader(workspace: Workspace, tmp_path: Path) -> None:
    page = Image.open(io.BytesIO(_picture(WORDS, 200)))
    lines = page.crop((0, 0, page.width, page.height // 6))
    # So much text on one page takes half a minute.
    poster = Image.new("L", (4 * page.width, 3 * page.height), 255)
    for place in range(4 * 18):
        poster.paste(lines, (place % 4 * page.width, place // 4 * lines.height))
    poster.save(tmp_path / "poster.png", compress_level=1)
    stop = threading.Event()
    running = threading.Thread(
        target=importing.import_paths, args=(workspace, [tmp_path]), kwargs={"cancelled": stop}, daemon=True
    )
    running.start()
    while not (programs := _recognising()):
        assert running.is_alive()
    stop.set()
    running.join()
    assert psutil.wait_procs(programs, timeout=10)[1] == []


@present
def test_a_scan_is_read_in_the_sandbox(shared_data: Path) -> None:
    document = one(list(importing.read_paths([shared_data / "formats" / "pdf_ocr" / "typewriter.png"])))
    assert document.format == "png"
    assert document.warnings == (scan.RECOGNISED,)


def test_pieces_are_put_into_lines() -> None:
    boxes = [
        [(300, 12), (380, 12), (380, 30), (300, 30)],
        [(10, 50), (90, 50), (90, 70), (10, 70)],
        [(10, 10), (90, 10), (90, 32), (10, 32)],
    ]
    assert rapid.lines(boxes, ("1.4 mg/dL", "Sodium", "Creatinine")) == "Creatinine  1.4 mg/dL\nSodium"


@pytest.mark.skipif(
    not all(importlib.util.find_spec(name) for name in ("rapidocr", "onnxruntime")),
    reason="the extra `ocr` is not installed",
)
def test_word_recall_without_tesseract(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    found = scan.recognise(_picture(WORDS, 200))
    words = re.findall(r"\w+", WORDS.casefold())
    seen = set(re.findall(r"\w+", found.casefold()))
    assert sum(word in seen for word in words) / len(words) >= 0.98


def test_without_tesseract_it_is_said(read: Read, shared_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    for name in ("typewriter.png", "ccitt.pdf"):
        assert "tesseract" in refused(read((shared_data / "formats" / "pdf_ocr" / name).read_bytes())).reason


def test_recognition_that_comes_to_no_end_is_ended_and_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "tesseract"
    program.write_text("#!/bin/sh\nwhile :; do :; done\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setattr(scan, "_SECONDS", 0)
    with pytest.raises(Unreadable, match="takes far too long"):
        scan.recognise(b"P5 1 1 255\n0")
