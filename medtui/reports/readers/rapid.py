"""Text recognition by rapidocr, the extra `ocr`, for machines without tesseract: a picture in, its text out.

Run as a program of its own, `python -m medtui.reports.readers.rapid`: it takes a gigabyte of memory and tens of seconds
of processor time a page, which the reader that asks for it must not be charged with. Its networks come with it in its
wheel; it never downloads anything.
"""

import importlib
import io
import resource
import statistics
import sys
from typing import Any

# A dense page takes 25 seconds of processor time.
_SECONDS = 100
# Pictures larger than this are plans, or made to fill the memory.
_MOST_POINTS = 40_000_000
# Pages of one picture file, as fax machines write them.
_MOST_PAGES = 50


def main() -> None:
    """Read a picture from standard input and write its text to standard output."""
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, hard))
    import numpy
    from PIL import Image, ImageSequence

    recognition = importlib.import_module("rapidocr")
    Image.MAX_IMAGE_PIXELS = _MOST_POINTS
    threads = {f"EngineConfig.onnxruntime.{kind}_op_num_threads": 1 for kind in ("intra", "inter")}
    # The network that tells lines upside down takes some upright ones for such, and they are lost.
    engine = recognition.RapidOCR(params={**threads, "Global.use_cls": False, "Global.log_level": "critical"})
    pages: list[str] = []
    with Image.open(io.BytesIO(sys.stdin.buffer.read())) as picture:
        for number, frame in enumerate(ImageSequence.Iterator(picture)):
            if number < _MOST_PAGES:
                found = engine(numpy.asarray(frame.convert("RGB")))
                pages.append(lines(found.boxes, found.txts) if found.txts else "")
    sys.stdout.buffer.write("\f".join(pages).encode())


def lines(boxes: Any, texts: Any) -> str:
    """Put pieces of text into lines by where they stand.

    Args:
        boxes: for each piece its four corners, each as (x, y).
        texts: the pieces.
    """
    pieces = sorted(
        (
            (
                statistics.fmean(float(y) for _, y in box),
                min(float(x) for x, _ in box),
                max(float(y) for _, y in box) - min(float(y) for _, y in box),
                str(text),
            )
            for box, text in zip(boxes, texts, strict=True)
        ),
    )
    rows: list[list[tuple[float, float, float, str]]] = []
    for piece in pieces:
        # On the same line when the middles are nearer than half a letter's height.
        if rows and piece[0] - rows[-1][0][0] < max(piece[2], rows[-1][0][2]) / 2:
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return "\n".join("  ".join(text for _, _, _, text in sorted(row, key=lambda piece: piece[1])) for row in rows)


if __name__ == "__main__":
    main()
